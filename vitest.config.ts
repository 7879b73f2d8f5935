import { defineConfig } from 'vitest/config';

const source = (file: string): string => new URL(`./src/${file}.ts`, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    // Tests and examples run the sources, under the names that users import.
    alias: [
      { find: '#host', replacement: source('host/node/index') },
      { find: /^myelin$/, replacement: source('index') },
      { find: /^myelin\/functional$/, replacement: source('functional') },
      { find: /^myelin\/(\w+)$/, replacement: source('$1/index') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/fonts.mjs'],
    setupFiles: ['test/helpers/equality.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});

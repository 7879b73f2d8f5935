import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '#platform': new URL('./src/engine/platform/node.ts', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});

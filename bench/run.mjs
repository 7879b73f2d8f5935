// Bundles the benchmark, whose sources are TypeScript, and runs it.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const outfile = `${here}.bundle-${process.pid}.mjs`;
await build({
  entryPoints: [`${here}main.ts`],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  external: ['#platform'],
  // The library is measured as it is published.
  plugins: [
    {
      name: 'dist',
      setup(bundler) {
        bundler.onResolve({ filter: /\/src\// }, ({ path }) => ({
          path: path.replace(/^(\.\.\/)+src\//, '../dist/'),
          external: true,
        }));
      },
    },
  ],
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
rmSync(outfile);
process.exitCode = status ?? 1;

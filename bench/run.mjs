// Bundles the benchmark, whose sources are TypeScript, and runs it: bench/ops.ts if the first word is `ops`, else
// bench/main.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const outfile = `${here}.bundle-${process.pid}.mjs`;
await build({
  entryPoints: [`${here}${process.argv[2] === 'ops' ? 'ops' : 'main'}.ts`],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
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
    {
      // All rows of the op table, which lie in test/ops/*.rows.ts.
      name: 'op-table',
      setup(bundler) {
        const resolveDir = `${here}../test/ops`;
        const files = readdirSync(resolveDir).filter((file) => file.endsWith('.rows.ts'));
        const lines = files.map((file, i) => `import { rows as rows${i} } from './${file}';`);
        const contents = `${lines.join('\n')}\nexport const tables = [${files.map((_, i) => `rows${i}`).join(', ')}];`;
        bundler.onResolve({ filter: /^op-table$/ }, ({ path }) => ({ path, namespace: 'op-table' }));
        bundler.onLoad({ filter: /.*/, namespace: 'op-table' }, () => ({ contents, resolveDir }));
      },
    },
  ],
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
rmSync(outfile);
process.exitCode = status ?? 1;

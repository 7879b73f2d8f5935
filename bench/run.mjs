// Bundles the benchmark, whose sources are TypeScript, and runs it.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const help = `npm run bench [-- [ops] [WORD …] [--write]]: measures Myelin beside PyTorch and JavaScript's libraries

  WORD …   only the workloads whose row, case or engine contains one of the words
  ops      the operations instead, each at a small and a large size; WORDs pick operations
  --write  put the tables of a whole run into docs/performance.md or, with ops, docs/performance-ops.md,
           between their markers`;

function parse() {
  try {
    const { values, positionals } = parseArgs({
      options: { write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    const isOps = positionals[0] === 'ops';
    if (values.write && positionals.length > (isOps ? 1 : 0))
      throw new Error('--write takes the tables of a whole run: leave the words out');
    return { isOps, help: values.help };
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(1);
  }
}

const options = parse();
if (options.help) {
  console.log(help);
  process.exit(0);
}

const here = fileURLToPath(new URL('.', import.meta.url));
const outfile = `${here}.bundle-${process.pid}.mjs`;
await build({
  entryPoints: [`${here}${options.isOps ? 'ops' : 'main'}.ts`],
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
      // All rows of the op table, which lie in test/ops and its folders.
      name: 'op-table',
      setup(bundler) {
        const resolveDir = `${here}../test/ops`;
        const files = readdirSync(resolveDir, { recursive: true, encoding: 'utf8' }).filter((file) =>
          file.endsWith('.rows.ts'),
        );
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

// Records what PyTorch computes for the samples of the op table.
//
//   npm run record                 all files of rows
//   npm run record -- matmul norm  these only
//
// Needs python3 with PyTorch (MYELIN_PYTHON names another interpreter). The recordings are committed;
// the tests need no Python.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const table = join(root, 'test/ops');
/** The files of rows, by their names. */
const all = new Map(
  readdirSync(table, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.rows.ts'))
    .map((file) => [basename(file, '.rows.ts'), file]),
);
const names = [...all.keys()];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : names;
for (const name of wanted)
  if (!all.has(name)) throw new Error(`no rows called ${name}; there are ${names.join(', ')}`);

const scratch = mkdtempSync(join(root, '.record-'));
try {
  for (const name of wanted) {
    const outfile = join(scratch, `${name}.mjs`);
    await build({
      stdin: {
        contents: `import { rows } from './${all.get(name)}'; import { caseSpecs, fingerprint } from './spec.ts';
          export const specs = caseSpecs(rows).map((spec) => ({ ...spec, fingerprint: fingerprint(spec) }));`,
        resolveDir: table,
      },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      alias: { '#host': join(root, 'src/host/node/index.ts') },
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(table, 'bundle.mjs')).href) },
      logLevel: 'error',
    });
    const { specs } = await import(pathToFileURL(outfile).href);
    const json = execFileSync(
      process.env.MYELIN_PYTHON ?? '/usr/bin/python3',
      [join(root, 'test/record/record-ops.py')],
      {
        // JSON has no NaN or infinity; the recorder reads them as text.
        input: JSON.stringify(specs, (_, v) =>
          typeof v === 'number' && !Number.isFinite(v) ? String(v) : v,
        ),
        maxBuffer: 1 << 30,
      },
    );
    const target = join(root, `test/recordings/${name}.json.gz`);
    writeFileSync(target, gzipSync(json, { level: 9 }));
    console.log(`${name}: ${specs.length} cases, ${Math.ceil(readFileSync(target).length / 1000)} kB`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}

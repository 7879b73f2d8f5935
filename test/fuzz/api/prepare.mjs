// Writes the samples of the op table and of the modules as source text: the calls that a run changes.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { entries, evaluate } from './scope.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Loads a test's source with the built library in the place of the sources. */
async function loadSource(folder, file) {
  const { code } = transformSync(readFileSync(join(root, 'test', file), 'utf8'), {
    loader: 'ts',
    target: 'node20',
  });
  const text = code
    .replace(
      /from "(\.[^"]*)\/src\/([^"]*)"/g,
      (_, _up, path) => `from "${pathToFileURL(join(root, 'dist', path))}"`,
    )
    .replace(/from "\.\.?\/(\w+)\.js"/g, 'from "./$1.mjs"');
  const path = join(folder, file.split('/').at(-1).replace(/\.ts$/, '.mjs'));
  writeFileSync(path, text);
  return import(pathToFileURL(path).href);
}

/** Whether the text means something outside its file. */
function standsAlone({ source, inputs }) {
  try {
    evaluate(`(${source})(${inputs.map(({ shape, dtype }) => `tn([${shape}], '${dtype}')`)})`);
  } catch (error) {
    return !(error instanceof ReferenceError || error instanceof SyntaxError);
  }
  return true;
}

export async function writeSeeds(file) {
  entries.M.onWarning(() => {});
  const folder = mkdtempSync(join(tmpdir(), 'myelin-fuzz-'));
  const seeds = [];
  await loadSource(folder, 'ops/table.ts');
  const files = readdirSync(join(root, 'test', 'ops'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((file) => file.endsWith('.rows.ts'))) {
    const { rows } = await loadSource(folder, `ops/${file}`);
    for (const { samples, errors = [] } of rows) {
      for (const { ours, inputs, dtypes = ['float32'] } of samples)
        seeds.push({
          source: String(ours),
          inputs: inputs.map(({ shape, dtype }) => ({ shape, dtype: dtype === 'any' ? dtypes[0] : dtype })),
        });
      for (const { call } of errors) seeds.push({ source: String(call), inputs: [] });
    }
  }
  const { modules } = await loadSource(folder, 'nn/modules.ts');
  for (const { name, inputs } of JSON.parse(readFileSync(join(root, 'test', 'nn', 'cases.json'), 'utf8')))
    seeds.push({
      source: `(...inputs) => (${String(modules[name])})().forward(...inputs)`,
      inputs: inputs.map((input) => ({
        shape: input.shape ?? input,
        dtype: input.shape ? 'int32' : 'float32',
      })),
    });
  rmSync(folder, { recursive: true });
  const some = seeds.filter(
    (seed) => seed.inputs.every(({ shape }) => shape.reduce((a, b) => a * b, 1) <= 4096) && standsAlone(seed),
  );
  writeFileSync(file, JSON.stringify(some));
  return { all: seeds.length, some: some.length };
}

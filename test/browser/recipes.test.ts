import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineInfo, setEngine } from '../../src/index.js';
import { type RecipeEvent, type RecipeResult, recipeNamed, run } from '../../src/recipes/index.js';
import { bundle, bundleAll, hasChromium, runInChromium } from './chromium.js';
import { type RecipeReport, recipeRuns } from './recipe-runs.js';

const rooms = fileURLToPath(new URL('../../src/recipes/', import.meta.url));
const files = readdirSync(rooms, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^ch\d.*\.ts$/.test(file))
  .sort();

// Chromium inherits it and would make the folder if it could.
const offline = { MYELIN_OFFLINE: '1', MYELIN_DATA: '', XDG_CACHE_HOME: '/dev/null/cache' };
const before = Object.keys(offline).map((name) => [name, process.env[name]] as const);
beforeAll(() => void Object.assign(process.env, offline));
afterAll(() => {
  for (const [name, value] of before)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

/** Longest time for all recipes in the browser, in milliseconds: LeNet-5 sees 20,000 digits. */
const PATIENCE = 180_000;

/** What Node's WASM engine makes of a recipe. */
async function inNode(name: string, options: Readonly<Record<string, number>>) {
  const counts: Record<string, number> = {};
  const count = ({ type }: RecipeEvent): void => {
    counts[type] = (counts[type] ?? 0) + 1;
  };
  return { counts, result: await run(recipeNamed(name), options, { onEvent: count }) };
}

const measured = ({ type: _, ...result }: RecipeResult & { readonly type?: string }): RecipeResult => result;

test('every recipe bundles for a browser, without modules of Node', async () => {
  const { scripts, inputs } = await bundleAll(files.map((file) => `${rooms}${file}`));
  expect(inputs.filter((input) => input.includes('host/node'))).toEqual([]);
  for (const [path, script] of Object.entries(scripts)) expect(/['"]node:/.test(script), path).toBe(false);
  const names = Object.keys(scripts).map((path) => basename(path, '.js'));
  expect(names).toEqual(expect.arrayContaining(files.map((file) => basename(file, '.ts'))));
}, 120_000);

test.runIf(hasChromium)(
  'recipes train in a Web Worker of Chromium, with the numbers of the WASM engine in Node',
  async () => {
    const page = await bundle('recipes.ts');
    const worker = await bundle('recipe-worker.ts');
    const report = await runInChromium<RecipeReport>(page.script, {
      isolated: true,
      files: { '/worker.js': Buffer.from(worker.script) },
      timeout: PATIENCE,
    });
    expect(report.ofPage).toEqual([]);
    const engine = engineInfo().name;
    await setEngine('wasm');
    try {
      expect(report.info).toMatchObject({ name: 'wasm', instructionSet: engineInfo().instructionSet });
      for (const [name, options] of Object.entries(recipeRuns)) {
        const { counts, result } = await inNode(name, options);
        console.log(`${name}: ${result.line}`);
        expect(measured(report.results[name]!)).toEqual(result);
        expect(report.events[name]).toEqual(counts);
      }
    } finally {
      await setEngine(engine);
    }
  },
  2 * PATIENCE,
);

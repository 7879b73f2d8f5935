/** Every recipe runs on an engine whose results arrive later, with its pictures and its report. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { type RecipeEvent, recipes, run } from '../../src/recipes/index.js';
import type { OptionSpec, OptionSpecs } from '../../src/recipes/kit/options.js';
import { lateEngine } from '../engine/late.js';
import { testEngines } from '../helpers/engines.js';
import { withoutData } from './without-data.js';

const current = vi.hoisted(() => ({ engine: null as Engine | null }));
vi.mock('../../src/engine/registry.js', async (original) => {
  const registry = await original<typeof import('../../src/engine/registry.js')>();
  return { ...registry, currentEngine: () => current.engine ?? registry.currentEngine() };
});
// Rooms with kernels of their own don't have them for such an engine.
vi.mock('../../src/engine/cpu/extension.js', () => ({
  extension: () => () => null,
  openForExtension: () => undefined,
}));

type Counts = Readonly<Record<string, number>>;
type Makers = Readonly<Record<string, (counts?: Counts) => unknown>>;

/** Makers of data that make less of it. */
const little = vi.hoisted(
  () =>
    async (original: () => Promise<unknown>, fewer: (counts: Counts) => Counts): Promise<Makers> =>
      Object.fromEntries(
        Object.entries((await original()) as Makers).map(([name, make]) => [
          name,
          (counts: Counts = {}) => make(fewer(counts)),
        ]),
      ),
);
const images = vi.hoisted(() => (counts: Counts) => ({ train: 40, test: 40, ...counts }));
const texts = vi.hoisted(() => (counts: Counts) => ({ ...counts, n: Math.min(counts.n!, 100) }));
vi.mock('../../src/data/drawn/drawn-digits.js', (original) => little(original, images));
vi.mock('../../src/data/drawn/drawn-shapes.js', (original) => little(original, images));
vi.mock('../../src/text/made/grammar.js', (original) => little(original, texts));
vi.mock('../../src/text/made/names.js', (original) => little(original, texts));
vi.mock('../../src/text/made/pairs.js', (original) => little(original, texts));
vi.mock('../../src/text/made/reviews.js', (original) => little(original, texts));

beforeAll(() => {
  withoutData();
  current.engine = lateEngine(testEngines[0]!);
});
afterAll(() => {
  current.engine = null;
});

/** The least that a recipe can do: all counts at their least, but batches, of which there should be few. */
const least = (options: OptionSpecs): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(options)
      .filter(
        (entry): entry is [string, OptionSpec & { readonly kind: 'integer' }] => entry[1].kind === 'integer',
      )
      .filter(([name]) => name !== 'seed' && name !== 'batchSize')
      .map(([name, { min }]) => [name, min]),
  );

test.each(recipes.map((recipe) => [recipe.name, recipe] as const))('%s', async (_, recipe) => {
  const events: RecipeEvent[] = [];
  const result = await run(recipe, least(recipe.options), { onEvent: (event) => void events.push(event) });
  expect(events.at(-1)).toEqual({ type: 'result', ...result });
  expect(events.map(({ type }) => type)).toContain('progress');
  expect(events.map(({ type }) => type)).toContain('figure');
});

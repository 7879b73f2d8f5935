import { expect, test } from 'vitest';
import { rand } from '../../../src/index.js';
import type { RecipeContext } from '../../../src/recipes/kit/recipe.js';
import { type Part, type PartResult, study } from '../../../src/recipes/kit/study.js';

const context: RecipeContext<unknown> = { options: { seed: 3 }, emit: async () => {} };

const drawing = (name: string): Part<PartResult> => ({
  name,
  async run(progress) {
    await progress(0.5);
    return { numbers: { drawn: rand([1]).itemSync() } };
  },
});

const conclude = (results: readonly PartResult[]) => ({
  line: String(results.length),
  numbers: Object.fromEntries(results.map(({ numbers }, i) => [`part ${i + 1}`, numbers.drawn!])),
});

test('every part starts from the same seed', async () => {
  const experiment = study(context, { parts: [drawing('a'), drawing('b')], conclude });
  expect(await experiment.train()).toBe(true);
  const { numbers } = await experiment.evaluate();
  expect(numbers['part 1']).toBe(numbers['part 2']);
});

test('a stop ends the part that is under way at its next progress', async () => {
  const reached: number[] = [];
  const abort = new AbortController();
  const slow: Part<PartResult> = {
    name: 'slow',
    async run(progress) {
      for (let i = 0; i < 10; i++) {
        reached.push(i);
        if (i === 2) abort.abort();
        await progress(i / 10);
      }
      return { numbers: {} };
    },
  };
  const experiment = study(context, { parts: [drawing('a'), slow], conclude });
  expect(await experiment.train(abort.signal)).toBe(false);
  expect([reached.at(-1), experiment.step]).toEqual([2, 1]);
  await expect(experiment.evaluate()).rejects.toThrow(
    'study: only 1 of 2 parts are done; resume the run first',
  );
});

test("what goes wrong in a part isn't taken for a stop", async () => {
  const failing: Part<PartResult> = {
    name: 'failing',
    run: () => Promise.reject(new RangeError('no such thing')),
  };
  await expect(study(context, { parts: [failing], conclude }).train()).rejects.toThrow('no such thing');
});

test('the state of other parts is refused', async () => {
  const experiment = study(context, { parts: [drawing('a')], conclude });
  const other = study(context, { parts: [drawing('b')], conclude });
  expect(() => other.loadState(experiment.state())).toThrow(
    'study: the run has the parts a, not those of this recipe',
  );
});

test('a state without the results of its parts is refused, and changes nothing', async () => {
  const experiment = study(context, { parts: [drawing('a'), drawing('b')], conclude });
  await experiment.train();
  const parts = ['a', 'b'];
  const result = { numbers: { drawn: 1 } };
  for (const results of [
    undefined,
    null,
    {},
    'x',
    [null],
    [{}],
    [{ numbers: { drawn: 'x' } }],
    [result, result, result],
  ])
    expect(() => experiment.loadState({ parts, results } as never)).toThrow(
      'study: the state has no results of its parts',
    );
  expect(experiment.step).toBe(2);
  experiment.loadState({ parts, results: [result] });
  expect(experiment.step).toBe(1);
});

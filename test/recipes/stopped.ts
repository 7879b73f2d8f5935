import { expect } from 'vitest';
import type { RecipeResult } from '../../src/recipes/kit/events.js';
import type { Experiment, Recipe } from '../../src/recipes/kit/recipe.js';
import { prepare } from '../../src/recipes/kit/run.js';
import { attachTensors, detachTensors } from '../../src/train/state.js';

const untimed = (numbers: RecipeResult['numbers']): [string, number][] =>
  Object.entries(numbers).filter(([name]) => !name.startsWith('seconds'));

/**
 * Trains a study that is stopped before its last part, and goes on twice: as it is, and from its state
 * as a checkpoint keeps it. Both must end with the same numbers.
 *
 * @param timed whether the result tells times, which are then not compared
 */
export async function trainedInTwoGoes(
  recipe: Recipe,
  options: Readonly<Record<string, number | string>> = {},
  { timed = false } = {},
): Promise<{ readonly experiment: Experiment; readonly result: RecipeResult }> {
  const abort = new AbortController();
  const experiment = await prepare(recipe, options, {
    onEvent(event) {
      if (event.type === 'part' && event.part === event.parts - 1) abort.abort();
    },
  });
  expect(await experiment.train(abort.signal)).toBe(false);
  await expect(experiment.evaluate()).rejects.toThrow(/parts are done; resume the run first/);
  const { json, tensors } = detachTensors(experiment.state());
  const resumed = await prepare(recipe, options);
  resumed.loadState(attachTensors(JSON.parse(JSON.stringify(json)), tensors));
  expect(resumed.step).toBe(experiment.step);

  expect(await experiment.train()).toBe(true);
  expect(await resumed.train()).toBe(true);
  const result = await experiment.evaluate();
  const other = await resumed.evaluate();
  expect(untimed(other.numbers)).toEqual(untimed(result.numbers));
  if (!timed) expect(other.report).toEqual(result.report);
  console.log(result.line);
  return { experiment, result };
}

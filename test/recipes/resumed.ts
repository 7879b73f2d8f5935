import { expect } from 'vitest';
import { type Experiment, prepare, type Recipe } from '../../src/recipes/recipe.js';
import { attachTensors, detachTensors, type State } from '../../src/train/state.js';

/** A state as a checkpoint gives it back. */
function throughFile(state: State): State {
  const { json, tensors } = detachTensors(state);
  return attachTensors(JSON.parse(JSON.stringify(json)), tensors);
}

/** What depends on the machine and not on the seed. */
const untimed = (numbers: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).filter(([name]) => !/seconds/i.test(name)));

/**
 * Runs a study through, and again with a stop after its first part and a resumption; expects the same
 * numbers, but for times, and returns the experiment that ran through.
 */
export async function expectSameWhenResumed(
  recipe: Recipe,
  options: Readonly<Record<string, number | string>>,
): Promise<{ experiment: Experiment; numbers: Readonly<Record<string, number>>; line: string }> {
  const experiment = await prepare(recipe, options);
  expect(await experiment.train()).toBe(true);
  const { numbers, line } = await experiment.evaluate();

  const stopped: Experiment = await prepare(recipe, options, { onPart: () => stopped.stop() });
  expect(await stopped.train()).toBe(false);
  expect(stopped.step).toBe(1);
  const resumed = await prepare(recipe, options);
  resumed.loadState(throughFile(stopped.state()));
  expect(await resumed.train()).toBe(true);
  expect(untimed((await resumed.evaluate()).numbers)).toEqual(untimed(numbers));
  return { experiment, numbers, line };
}

import { expect } from 'vitest';
import { prepare, type Recipe } from '../../src/recipes/recipe.js';

/** A study that is stopped in its second part and goes on elsewhere ends with the numbers of one that ran through. */
export async function expectResumable(
  recipe: Recipe,
  options: Readonly<Record<string, number | string>>,
  through: Readonly<Record<string, number>>,
): Promise<void> {
  const first = await prepare(recipe, options, { onPart: () => first.stop() });
  expect(await first.train()).toBe(false);
  expect(first.step).toBe(1);
  const second = await prepare(recipe, options);
  second.loadState(JSON.parse(JSON.stringify(first.state())));
  expect(await second.train()).toBe(true);
  expect((await second.evaluate()).numbers).toEqual(through);
}

import { expect } from 'vitest';
import type { Experiment } from '../../src/recipes/kit/recipe.js';

/** Names of the pictures of a run, each of which has to say of what data it is. */
export async function picturesOf(experiment: Experiment, data: string): Promise<string[]> {
  const pictures = await experiment.pictures!();
  for (const { figure } of pictures) expect(JSON.stringify(figure.spec.title)).toContain(`data: ${data}`);
  return pictures.map(({ name }) => name);
}

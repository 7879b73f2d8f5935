import type { EngineInfo } from '../../src/index.js';
import type { RecipeResult } from '../../src/recipes/index.js';

/** Recipes by name with small options: a study, a training on drawn digits, and one without a Trainer. */
export const recipeRuns = {
  xor: { starts: 2, steps: 40 },
  lenet5: { epochs: 1, batchSize: 250 },
  gridworld: { episodes: 500 },
} as const;

export interface RecipeReport {
  readonly info: EngineInfo;
  /** What the worker posted of each type of event, by recipe. */
  readonly events: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly results: Readonly<Record<string, RecipeResult>>;
  /** Global objects of a page that the worker has. */
  readonly ofPage: readonly string[];
}

/** What a worker answers with when its run is over. */
export interface Done {
  readonly type: 'done';
  readonly info: EngineInfo;
  readonly ofPage: readonly string[];
}

import { describe, isPlainObject } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { callback, checkOption, defineOptions, instance, whole } from '../../core/options.js';
import { figureEvent, type MetricsEvent, type OnEvent, type RecipeResult } from './events.js';
import { completeOptions } from './options.js';
import { type History, picturesOf } from './pictures.js';
import type { Experiment, Recipe, RecipeContext } from './recipe.js';

/** Values of a recipe's options by name, those that differ from the defaults; `data` names a folder. */
export type GivenOptions = Readonly<Record<string, number | string | undefined>>;

export interface PrepareOptions {
  /** Receives what happens. */
  readonly onEvent?: OnEvent | undefined;
  /** Epochs that the run had when it finished, if it's now extended. */
  readonly finishedEpochs?: number | undefined;
}

const aRecipe = instance(
  'a recipe',
  (value): value is Recipe => isPlainObject(value) && typeof value.prepare === 'function',
);

function requireRecipe(operation: string, recipe: unknown): void {
  if (typeof recipe === 'string')
    throw new ArgumentError(
      operation,
      `recipe must be a recipe, got ${describe(recipe)}\n  hint: write recipes.recipeNamed(${describe(recipe)})`,
    );
  checkOption(operation, 'recipe', aRecipe, recipe);
}

const prepareOptions = defineOptions({
  onEvent: callback<OnEvent>(),
  finishedEpochs: whole(undefined, { least: 1 }),
});

const runOptions = defineOptions({
  onEvent: callback<OnEvent>(),
  signal: instance('an AbortSignal', (value): value is AbortSignal => value instanceof AbortSignal),
});

/**
 * Loads the data of a recipe and builds its model: an experiment that trains, gives its state, and resumes from one.
 * `run` does all that for callers that save nothing.
 *
 * @throws ArgumentError for an option that the recipe doesn't have, or a value that it can't be
 * @example
 * const experiment = await recipes.prepare(recipes.recipeNamed('xor'), { starts: 1, steps: 10 });
 * await experiment.train();
 * const checkpoint = experiment.state();
 */
export async function prepare(
  recipe: Recipe,
  options: GivenOptions = {},
  given: PrepareOptions = {},
): Promise<Experiment> {
  requireRecipe('prepare', recipe);
  const { onEvent, finishedEpochs } = prepareOptions('prepare', given);
  return recipe.prepare({
    options: completeOptions(recipe.name, recipe.options, options) as RecipeContext['options'],
    emit: async (event) => onEvent?.(event),
    ...(finishedEpochs === undefined ? {} : { finishedEpochs }),
  });
}

export interface ConcludeOptions {
  readonly onEvent?: OnEvent | undefined;
  /** What the epochs measured, for the curves. */
  readonly history: History;
  /** False to leave the test data untouched: then there are curves but no result. */
  readonly test?: boolean | undefined;
}

/** Measures a trained experiment, and emits its figures and its result. */
export async function conclude(
  recipe: Recipe,
  experiment: Experiment,
  { onEvent, history, test = true }: ConcludeOptions,
): Promise<RecipeResult | undefined> {
  const result = test ? await experiment.evaluate() : undefined;
  for (const { name, figure } of await picturesOf(recipe, experiment, history, result))
    await onEvent?.(figureEvent(name, figure));
  if (result) await onEvent?.({ type: 'result', ...result });
  return result;
}

export interface RunOptions {
  /** Receives the events: text, progress, metrics, parts, figures, and the result. */
  readonly onEvent?: OnEvent | undefined;
  /** Stops the run. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a recipe from its data to its result, in Node, in a page, in a Web Worker. It needs no files: without any, it
 * learns from data that Myelin draws.
 *
 * In a worker, pass `onEvent: (event) => postMessage(event)`. The page should post its order only after the worker
 * says it's ready: the engine loads before the worker listens.
 *
 * @throws ArgumentError for an option that the recipe doesn't have, or a value that it can't be
 * @throws the signal's reason, if it fires before the training is done
 * @example
 * const { numbers } = await recipes.run(
 *   recipes.recipeNamed('delta-rule'),
 *   { steps: 20 },
 *   { onEvent: (event) => console.log(event.type) },
 * );
 */
export async function run(
  recipe: Recipe,
  options: GivenOptions = {},
  given: RunOptions = {},
): Promise<RecipeResult> {
  requireRecipe('run', recipe);
  const { onEvent, signal } = runOptions('run', given);
  const history: MetricsEvent[] = [];
  const experiment = await prepare(recipe, options, {
    onEvent(event) {
      if (event.type === 'metrics') history.push(event);
      return onEvent?.(event);
    },
  });
  if (!(await experiment.train(signal))) signal?.throwIfAborted();
  return (await conclude(recipe, experiment, { onEvent, history }))!;
}

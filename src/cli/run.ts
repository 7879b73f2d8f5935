import { FileError } from '../core/errors.js';
import {
  type Experiment,
  type ImageNetwork,
  prepare,
  type Recipe,
  type RecipeContext,
} from '../recipes/index.js';
import { BEST, LAST, RunFolder } from '../train/index.js';
import type { State } from '../train/state.js';
import { showLine } from './display.js';
import { UsageError } from './failure.js';
import { recipeNamed, resolveOptions, type TrainFlags, useEngine } from './options.js';

/** A run in the state it was left in. */
export interface OpenRun {
  readonly folder: RunFolder;
  readonly recipe: Recipe;
  readonly options: RecipeContext['options'];
  readonly experiment: Experiment;
  readonly say: (label: string, text: string) => void;
}

/** Creates a run's folder. @throws FileError like `RunFolder.create`, naming the option that resumes a run */
export function newFolder(recipe: string, config: RunFolder['config'], out: string | undefined): RunFolder {
  if (out !== undefined && RunFolder.exists(out))
    throw new FileError(
      'RunFolder',
      out,
      'EEXIST',
      `already holds a run; resume it with --resume ${out}, or choose another folder`,
    );
  return RunFolder.create(recipe, config, out);
}

/** The state that a run resumes from. @throws FileError if there is none yet */
export function lastState(operation: string, folder: RunFolder): State {
  if (!folder.hasCheckpoint(LAST))
    throw new FileError(
      operation,
      folder.path,
      'ENOENT',
      'has no checkpoint yet; the first is written after an epoch',
    );
  return folder.loadCheckpoint(LAST);
}

/** The checkpoint of the best epoch on validation data, or else the last. @throws FileError if there is none yet */
export const bestState = (operation: string, folder: RunFolder): State =>
  folder.hasCheckpoint(BEST) ? folder.loadCheckpoint(BEST) : lastState(operation, folder);

/**
 * Opens a run to see what it learned.
 *
 * @param stateOf which of its checkpoints
 * @throws FileError if it has none yet
 */
export async function openRun(
  operation: string,
  path: string,
  flags: Pick<TrainFlags, 'data' | 'engine' | 'threads' | 'quiet'>,
  stateOf: typeof lastState,
): Promise<OpenRun> {
  await useEngine(flags);
  const folder = RunFolder.open(path);
  const recipe = recipeNamed(String(folder.config.recipe));
  const state = stateOf(operation, folder);
  const { data } = flags;
  const options = resolveOptions(recipe, data === undefined ? {} : { data }, folder.config);
  const say = flags.quiet ? () => {} : showLine;
  say('recipe', `${recipe.title}, notes ${recipe.section}`);
  const experiment = await prepare(recipe, options, {
    onEvent: (event) => (event.type === 'text' ? say(event.label, event.text) : undefined),
  });
  experiment.loadState(state);
  say('run', `${folder.path}, after step ${experiment.step}`);
  return { folder, recipe, options, experiment, say };
}

/** A run's image network, to inspect. @throws UsageError if it has none */
export function networkOf({ recipe, experiment }: OpenRun): ImageNetwork {
  if (experiment.network === undefined)
    throw new UsageError(`'${recipe.name}' has no network for images to inspect`);
  return experiment.network;
}

import { InvalidArgumentError } from 'commander';
import { type EngineName, setEngine, setThreads } from '../index.js';
import { type Recipe, type RecipeOptions, recipes } from '../recipes/index.js';
import { nearest, UsageError } from './failure.js';

/** Options as they come from the command line. */
export interface TrainFlags {
  readonly data?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly lr?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly engine?: EngineName;
  readonly threads?: number;
  readonly quiet?: boolean;
}

export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError('It must be a positive number.');
  return value;
}

export function engineName(text: string): EngineName {
  if (text !== 'native' && text !== 'wasm') throw new InvalidArgumentError("It must be 'native' or 'wasm'.");
  return text;
}

/** @throws UsageError naming the nearest recipe */
export function recipeNamed(name: string): Recipe {
  const names = recipes.map((recipe) => recipe.name);
  const recipe = recipes.find((r) => r.name === name);
  if (recipe) return recipe;
  const like = nearest(name, names);
  throw new UsageError(
    `there is no recipe '${name}'${like ? `; did you mean '${like}'?` : ''}\nrecipes: ${names.join(', ')} (see myelin list)`,
  );
}

export function useEngine({ engine, threads }: Pick<TrainFlags, 'engine' | 'threads'>): void {
  if (engine !== undefined) setEngine(engine);
  if (threads !== undefined) setThreads(threads);
}

/** The recipe's options: its defaults, those of the run that is resumed, those given now. */
export function resolveOptions(
  recipe: Recipe,
  flags: TrainFlags,
  earlier: Readonly<Record<string, unknown>> = {},
): RecipeOptions {
  const pick = (name: 'epochs' | 'batchSize' | 'lr' | 'seed'): number => {
    const before = earlier[name];
    const given = flags[name];
    if (given !== undefined && typeof before === 'number' && given !== before)
      throw new UsageError(`the run that is resumed has ${name} ${before}; it cannot go on with ${given}`);
    return given ?? (typeof before === 'number' ? before : recipe.defaults[name]);
  };
  const data = flags.data ?? (typeof earlier.data === 'string' ? earlier.data : undefined);
  return { epochs: pick('epochs'), batchSize: pick('batchSize'), lr: pick('lr'), seed: pick('seed'), data };
}

import { resolve } from 'node:path';
import { type EngineName, engineNames } from '../core/engine-names.js';
import { word } from '../core/options.js';
import { defaultEngine } from '../engine/engines.js';
import { setEngine, setThreads } from '../index.js';
import { noRecipe } from '../recipes/all.js';
import { type OptionSpec, type Recipe, type RecipeContext, recipes } from '../recipes/index.js';
import { defaultText } from '../recipes/kit/options.js';
import { type Command, InvalidArgumentError, Option } from '../third-party/commander.js';
import { nearest, UsageError } from './failure.js';

export interface EngineFlags {
  readonly engine?: EngineName;
  readonly threads?: number;
}

/** Options of every training as they come from the command line, next to the recipe's options. */
export interface TrainFlags extends EngineFlags {
  readonly data?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly quiet?: boolean;
  /** Whether to show each event as a line of JSON. */
  readonly json?: boolean;
  /** Steps between checkpoints, besides the one after every epoch. */
  readonly checkpointEvery?: number;
  /** False to leave the test data untouched. */
  readonly test?: boolean;
  readonly [option: string]: unknown;
}

export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(
        `It must be a whole number ${most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`}.`,
      );
    return value;
  };
}

/** Reads an option's value. @throws InvalidArgumentError with what it must be */
export function parserOf(spec: OptionSpec): (text: string) => number | string {
  if (spec.kind === 'integer') return wholeNumber(spec.min, spec.max);
  if (spec.kind === 'text') return (text) => text;
  if (spec.kind === 'choice')
    return (text) => {
      if (spec.choices.includes(text)) return text;
      const like = nearest(text, spec.choices);
      throw new InvalidArgumentError(
        `It must be one of ${spec.choices.join(', ')}.${like ? ` Did you mean ${like}?` : ''}`,
      );
    };
  const {
    above = Number.NEGATIVE_INFINITY,
    min = Number.NEGATIVE_INFINITY,
    max = Number.POSITIVE_INFINITY,
  } = spec;
  const wanted = [
    above === 0 ? 'positive' : above > Number.NEGATIVE_INFINITY ? `greater than ${above}` : '',
    min > Number.NEGATIVE_INFINITY ? `at least ${min}` : '',
    max < Number.POSITIVE_INFINITY ? `at most ${max}` : '',
  ].filter((part) => part !== '');
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value <= above || value < min || value > max)
      throw new InvalidArgumentError(
        wanted[0] === 'positive' && wanted.length === 1
          ? 'It must be a positive number.'
          : `It must be a number${wanted.length > 0 ? `, ${wanted.join(' and ')}` : ''}.`,
      );
    return value;
  };
}

/** `batchSize` is `batch-size` on the command line. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const addDataOption = (command: Command, { dataset }: Recipe): Command =>
  dataset === undefined
    ? command
    : command.option('--data <dir>', `folder with ${dataset} (default: MYELIN_DATA, the cache, a download)`);

/** Placeholder for an option's value in the help. */
function valueName(spec: OptionSpec): string {
  if (spec.kind === 'choice') return spec.choices.join('|');
  if (spec.kind === 'text') return spec.value;
  return spec.kind === 'integer' ? 'n' : 'x';
}

/** Adds the options of a recipe to a command. */
export function addRecipeOptions(command: Command, recipe: Recipe): Command {
  addDataOption(command, recipe);
  for (const [name, spec] of Object.entries(recipe.options)) {
    command.addOption(
      new Option(
        `--${kebab(name)} <${valueName(spec)}>`,
        `${spec.help} (default: ${defaultText(spec)})`,
      ).argParser(parserOf(spec)),
    );
  }
  return command;
}

export function engineName(text: string): EngineName {
  const { accepts, wanted } = word(engineNames, undefined);
  if (!accepts(text)) throw new InvalidArgumentError(`It must be ${wanted}.`);
  return text as EngineName;
}

/** @throws InvalidArgumentError unless the name is one that a picture can have */
export function pictureFile(text: string): string {
  if (!/\.(png|svg)$/i.test(text)) throw new InvalidArgumentError('It must end in .png or .svg.');
  return text;
}

/** @throws UsageError naming the nearest recipe */
export function recipeNamed(name: string): Recipe {
  const recipe = recipes.find((r) => r.name === name);
  if (recipe) return recipe;
  const names = recipes.map((r) => r.name).join(', ');
  throw new UsageError(`${noRecipe(name)}\nrecipes: ${names} (see myelin list)`);
}

/** The recipe that a command's words begin with. @throws UsageError if they don't, showing the right order */
export function firstRecipe(command: Command): Recipe {
  const [name] = command.args;
  if (name === undefined) throw new UsageError('which recipe? run myelin list to see them');
  if (!name.startsWith('-')) return recipeNamed(name);
  const given = recipes.find((recipe) => command.args.includes(recipe.name))?.name;
  const others = command.args.filter((word) => word !== given);
  throw new UsageError(
    `the recipe comes first: myelin ${[command.name(), given ?? 'RECIPE', ...others].join(' ')}`,
  );
}

export async function useEngine({ engine, threads }: EngineFlags): Promise<void> {
  await setEngine(engine ?? defaultEngine());
  if (threads !== undefined) setThreads(threads);
}

/** An option of an earlier run, if it's still valid. @throws UsageError saying what it must be */
function earlierValue(name: string, spec: OptionSpec, value: unknown): number | string | undefined {
  if (value === undefined) return undefined;
  const kind = spec.kind === 'text' || spec.kind === 'choice' ? 'string' : 'number';
  try {
    if (typeof value === kind) return parserOf(spec)(String(value));
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UsageError(`the run's configuration has ${name} ${JSON.stringify(value)}. ${error.message}`);
  }
  throw new UsageError(`the run's configuration has ${name} ${JSON.stringify(value)}, which isn't a ${kind}`);
}

/**
 * The recipe's options: its defaults, then those of the resumed run, then those given now. File paths become
 * absolute, so that a run can be continued from any folder.
 *
 * @throws UsageError for a value that differs from the run's; only extendable options may grow
 */
export function resolveOptions(
  recipe: Recipe,
  flags: TrainFlags,
  earlier: Readonly<Record<string, unknown>> = {},
): RecipeContext['options'] {
  const pick = (name: string, spec: OptionSpec): number | string => {
    const before = earlierValue(name, spec, earlier[name]);
    const raw = flags[name] as number | string | undefined;
    const given = raw && spec.kind === 'text' && spec.value === 'file' ? resolve(String(raw)) : raw;
    const more = spec.kind === 'integer' && spec.extendable && (given ?? 0) > (before ?? 0);
    if (given !== undefined && before !== undefined && given !== before && !more)
      throw new UsageError(`the resumed run has --${kebab(name)} ${before}; it can't continue with ${given}`);
    return given ?? before ?? spec.default;
  };
  const own = Object.fromEntries(
    Object.entries(recipe.options).map(([name, spec]) => [name, pick(name, spec)]),
  );
  const { data: before } = earlier;
  const data =
    flags.data === undefined ? (typeof before === 'string' ? before : undefined) : resolve(flags.data);
  return { ...own, data } as RecipeContext['options'];
}

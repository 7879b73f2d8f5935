import { MyelinError } from '../core/errors.js';
import type { OptionSpec, OptionSpecs, Recipe } from '../recipes/index.js';
import { defaultText } from '../recipes/kit/options.js';
import { type Command, InvalidArgumentError, Option } from '../third-party/commander.js';
import {
  choice,
  type Dimension,
  integer,
  logUniform,
  type ParameterValue,
  uniform,
  when,
} from '../train/index.js';
import { addDataOption, kebab, parserOf } from './options.js';

/** An option of a search: one value for all trials, or a range to draw the trials' values from. */
export type Range = { readonly fixed: ParameterValue } | { readonly dimension: Dimension };

/** How to write ranges, for the help. */
export const rangeHelp = `A range is one of
  32,64,128             one of these values
  0..0.5                any number in between; a whole number if the option takes whole numbers
  log:1e-4..1e-1        the same on a logarithmic scale
followed, if it matters only for certain values of an earlier option, by
  @NAME=VALUE|VALUE     for example --momentum 0..0.9@optimizer=sgd
A single value applies to all trials.`;

function bounds(text: string, spec: OptionSpec, log: boolean): Dimension {
  if (spec.kind === 'choice' || spec.kind === 'text')
    throw new InvalidArgumentError('It takes names, not numbers; list them: a,b,c.');
  const parse = parserOf(spec);
  const ends = text.split('..');
  if (ends.length !== 2) throw new InvalidArgumentError('A range has two ends: low..high.');
  const [low, high] = ends.map(parse) as [number, number];
  if (spec.kind === 'integer') return integer(low, high, { log });
  return log ? logUniform(low, high) : uniform(low, high);
}

function dimensionOf(text: string, spec: OptionSpec): Range {
  if (text.startsWith('log:')) return { dimension: bounds(text.slice(4), spec, true) };
  if (text.includes('..')) return { dimension: bounds(text, spec, false) };
  const values = text.split(',').map(parserOf(spec));
  return values.length === 1 ? { fixed: values[0]! } : { dimension: choice(values) };
}

/**
 * Reads a range of values for an option of a recipe.
 *
 * @throws InvalidArgumentError saying what's wrong with it
 */
export function parseRange(text: string, spec: OptionSpec, specs: OptionSpecs): Range {
  const [values, condition, ...more] = text.split('@');
  try {
    const range = dimensionOf(values!, spec);
    if (condition === undefined) return range;
    const [, name, wanted] = /^([\w-]+)=(.+)$/.exec(condition) ?? [];
    if (more.length > 0 || name === undefined)
      throw new InvalidArgumentError('Write a condition as @NAME=VALUE|VALUE.');
    const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const on = specs[camel];
    if (on === undefined) throw new InvalidArgumentError(`There's no option ${name} to depend on.`);
    const dimension = 'fixed' in range ? choice([range.fixed]) : range.dimension;
    return { dimension: when(camel, wanted!.split('|').map(parserOf(on)), dimension) };
  } catch (error) {
    if (error instanceof MyelinError) throw new InvalidArgumentError(`A range ${error.detail}.`);
    throw error;
  }
}

/** Share of the training data that trials validate on, if the recipe doesn't hold any out itself. */
const HELD_BACK = 0.1;

/** An option's default in a search: without validation data, there would be nothing to compare trials by. */
export const searchDefault = (name: string, spec: OptionSpec): OptionSpec =>
  name === 'validation' && spec.kind === 'number' && spec.default === 0
    ? { ...spec, default: HELD_BACK }
    : spec;

/** Adds the options of a recipe to a command, each taking a range of values, which stays text. */
export function addRanges(command: Command, recipe: Recipe): Command {
  addDataOption(command, recipe);
  for (const [name, spec] of Object.entries(recipe.options)) {
    const range = name === 'seed' ? 'n' : spec.kind === 'choice' ? spec.choices.join(',') : 'range';
    const check = (text: string): string => {
      parseRange(text, spec, recipe.options);
      return text;
    };
    command.addOption(
      new Option(
        `--${kebab(name)} <${range}>`,
        `${spec.help} (default: ${defaultText(searchDefault(name, spec))})`,
      ).argParser(check),
    );
  }
  return command;
}

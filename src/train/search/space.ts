import { requireList, requireObject, requireRecord } from '../../core/arguments.js';
import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { callback, defineOptions, flag, instance, required } from '../../core/options.js';
import type { Generator } from '../../index.js';
import { uniformsNow } from '../../ops/random/at-once.js';

export type ParameterValue = number | string | boolean;

/** Maximum number of trials in a search. */
export const mostTrials = 2 ** 20;

/** A trial's values. A parameter whose condition doesn't hold is absent. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** Holds when the parameter `name` has one of the values. */
export interface Condition {
  readonly name: string;
  readonly values: readonly ParameterValue[];
}

/** The possible values of a hyperparameter. */
export interface Dimension {
  /** The value at `u` from [0, 1); a uniform `u` gives every value equal chance. */
  at(u: number): ParameterValue;
  /** Values for a grid: all of a choice, else about `points`, evenly spaced. */
  grid(points: number): readonly ParameterValue[];
  /** Whether values are best plotted on a logarithmic axis. */
  readonly log: boolean;
  readonly condition?: Condition;
}

/** Hyperparameters by name. A condition may refer only to earlier ones. */
export type Space = Readonly<Record<string, Dimension>>;

const checkRange = (kind: string, low: number, high: number, least = Number.NEGATIVE_INFINITY): void => {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high && low > least))
    throw new ArgumentError(
      kind,
      `needs a lower and a higher bound${least === 0 ? ', both positive' : ''}; got ${describe(low)} and ${describe(high)}`,
    );
};

/** From 0 to 1, both included. */
const even = (points: number): number[] =>
  Array.from({ length: points }, (_, i) => (points === 1 ? 0.5 : i / (points - 1)));

/** One of the values given. */
export function choice(values: readonly ParameterValue[]): Dimension {
  requireList('choice', 'values', values);
  if (values.length === 0) throw new ArgumentError('choice', 'needs at least one value');
  return { at: (u) => values[Math.floor(u * values.length)]!, grid: () => [...new Set(values)], log: false };
}

/** A number from `low` to `high`, all equally likely. */
export function uniform(low: number, high: number): Dimension {
  checkRange('uniform', low, high);
  const at = (u: number): number => low + u * (high - low);
  return { at, grid: (points) => even(points).map(at), log: false };
}

/** A number from `low` to `high` whose logarithm is uniform: 0.001 to 0.01 is as likely as 0.01 to 0.1. */
export function logUniform(low: number, high: number): Dimension {
  checkRange('logUniform', low, high, 0);
  const at = (u: number): number => Math.min(high, low * (high / low) ** u);
  return { at, grid: (points) => even(points).map(at), log: true };
}

const integerOptions = defineOptions({ log: flag(false) });

/** A whole number from `low` to `high`, both included. @param options.log whether small ones are likelier (default false) */
export function integer(low: number, high: number, options?: { readonly log?: boolean }): Dimension {
  const { log } = integerOptions('integer', options);
  checkRange('integer', low, high, log ? 0 : undefined);
  if (!(Number.isInteger(low) && Number.isInteger(high)))
    throw new ArgumentError(
      'integer',
      `the bounds must be whole numbers, got ${describe(low)} and ${describe(high)}`,
    );
  const { at } = log ? logUniform(low, high + 1) : uniform(low, high + 1);
  const whole = (x: ParameterValue): number => Math.min(high, Math.floor(x as number));
  const between = log ? logUniform(low, high) : uniform(low, high);
  return {
    at: (u) => whole(at(u)),
    grid: (points) => [...new Set(between.grid(points).map((x) => Math.round(x as number)))],
    log,
  };
}

/** A dimension that exists only when another parameter has one of the given values. */
export const when = (
  name: string,
  values: ParameterValue | readonly ParameterValue[],
  dimension: Dimension,
): Dimension => ({
  ...dimension,
  condition: { name, values: typeof values === 'object' ? values : [values] },
});

const dimensionSpec = {
  at: required(callback()),
  grid: required(callback()),
  condition: instance('a condition, made with when()', isCondition),
};

/** @throws ArgumentError for an empty space, or a condition on a parameter that doesn't come before it */
export function checkSpace(space: Space): void {
  requireObject('search', 'space', space);
  const names = Object.keys(space);
  if (names.length === 0) throw new ArgumentError('search', 'the space has no parameters');
  names.forEach((name, i) => {
    requireRecord('search', name, space[name], dimensionSpec);
    const on = space[name]!.condition?.name;
    if (on !== undefined && !names.slice(0, i).includes(on))
      throw new ArgumentError('search', `${name} depends on ${on}, which must come before it in the space`);
  });
}

function isCondition(value: unknown): value is Condition {
  const { name, values } = (value ?? {}) as Partial<Condition>;
  return typeof name === 'string' && Array.isArray(values);
}

const applies = ({ condition }: Dimension, chosen: Parameters): boolean =>
  condition === undefined || condition.values.includes(chosen[condition.name]!);

/** Parameters drawn at random. Takes one number per dimension from the generator, whatever the conditions. */
export function samplePoint(space: Space, generator: Generator): Parameters {
  const entries = Object.entries(space);
  const u = uniformsNow(entries.length, 'float64', generator);
  const chosen: Record<string, ParameterValue> = {};
  entries.forEach(([name, dimension], i) => {
    if (applies(dimension, chosen)) chosen[name] = dimension.at(u[i]!);
  });
  return chosen;
}

/** All combinations of the dimensions' grids. @throws ArgumentError if there are too many */
export function gridPoints(space: Space, points: number): Parameters[] {
  let all: Parameters[] = [{}];
  for (const [name, dimension] of Object.entries(space)) {
    const values = dimension.grid(points);
    requireList('search', `the grid of ${name}`, values);
    const combinations = all.reduce(
      (sum, chosen) => sum + (applies(dimension, chosen) ? values.length : 1),
      0,
    );
    if (combinations > mostTrials)
      throw new ArgumentError(
        'search',
        `the grid has more than ${mostTrials} combinations up to ${name}\n  hint: use fewer gridPoints, or method: 'random'`,
      );
    all = all.flatMap((chosen) =>
      applies(dimension, chosen) ? values.map((value) => ({ ...chosen, [name]: value })) : [chosen],
    );
  }
  return all;
}

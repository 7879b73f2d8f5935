import { describe, isClass, isPlainObject, oneOfWords, slip } from './describe.js';
import type { DType } from './dtype.js';
import { ArgumentError } from './errors.js';
import { inplaceHint } from './exact.js';
import { hintOf, optionHabits } from './habits.js';
import { nearest } from './nearest.js';
import { Generator } from './random.js';
import { snakeCase } from './snake-case.js';

/** What one option may be, and what it is where nobody gives it. */
export interface Option<T> {
  /** Completes "must be …": `a whole number of at least 1`. */
  readonly wanted: string;
  readonly default: T;
  /** The words it may be, if words are among its values: an error names the nearest. */
  readonly words?: readonly string[];
  /** What words that other libraries use are called here. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** Whether the caller has to give it. */
  readonly required?: true;
  accepts(value: unknown): boolean;
}

/** The options of a function or class by name. Two that share some spread them: `{ ...lossOptions, beta: … }`. */
export type Spec = Readonly<Record<string, Option<unknown>>>;

/** Options as the caller gives them. */
export type Given<S extends Spec> = { readonly [K in keyof S]?: S[K]['default'] | undefined };

/** Options, with defaults for what wasn't given. */
export type Resolved<S extends Spec> = { readonly [K in keyof S]: S[K]['default'] };

/** Names that other libraries give to an option. */
const aliases: Readonly<Record<string, string>> = {
  learningrate: 'lr',
  axis: 'dim',
  axes: 'dim',
  keepdims: 'keepdim',
  epsilon: 'eps',
  strides: 'stride',
  usebias: 'bias',
  pad: 'padding',
  rate: 'p',
  type: 'dtype',
  sizeaverage: 'reduction',
  numworkers: 'workers',
};

/** The one of some names that a key means, spelled in another way or called so by another library. */
function sameName(key: string, names: readonly string[]): string | undefined {
  const bare = key.replaceAll('_', '').toLowerCase();
  const alias = aliases[bare];
  return (
    names.find((name) => name.toLowerCase() === bare) ??
    (alias !== undefined && names.includes(alias) ? alias : undefined)
  );
}

function unknownOption(
  operation: string,
  key: string,
  names: readonly string[],
  before: readonly string[],
): ArgumentError {
  const argument = sameName(key, before);
  if (argument !== undefined)
    return new ArgumentError(
      operation,
      `there's no option '${key}'\n  hint: ${argument} comes before the options, without its name`,
    );
  if (sameName(key, ['inplace']) !== undefined)
    return new ArgumentError(operation, `there's no option '${key}'${inplaceHint}`);
  const same = sameName(key, names);
  const habit = snakeCase(key);
  if (same === undefined && Object.hasOwn(optionHabits, habit))
    return new ArgumentError(operation, `there's no option '${key}'${hintOf(optionHabits[habit]!)}`);
  const meant = same ?? nearest(key, names);
  const guess = meant === undefined ? '' : `; did you mean '${meant}'?`;
  const all = names.length === 0 ? 'it has no options' : `its options are ${names.join(', ')}`;
  return new ArgumentError(operation, `there's no option '${key}'${guess}\n  hint: ${all}`);
}

/** @throws ArgumentError unless the option takes the value; `name` is what the message calls it */
export function checkOption(operation: string, name: string, option: Option<unknown>, value: unknown): void {
  if (option.accepts(value)) return;
  const word =
    typeof value === 'string' && option.words && (option.synonyms?.[value] ?? nearest(value, option.words));
  throw new ArgumentError(
    operation,
    `${name} must be ${option.wanted}, got ${describe(value)}${word ? `; did you mean '${word}'?` : ''}${slip(value)}`,
  );
}

/** @throws ArgumentError unless every option of a spec takes what the values have under its name */
export function checkOptions(operation: string, spec: Spec, values: object): void {
  for (const [name, option] of Object.entries(spec))
    checkOption(operation, name, option, (values as Record<string, unknown>)[name]);
}

/** @throws ArgumentError for a key that isn't one of the names */
export function checkNames(operation: string, given: object, names: readonly string[]): void {
  for (const key in given) if (!names.includes(key)) throw unknownOption(operation, key, names, []);
}

/** The hint if something else is passed instead of options: the option that takes it. */
function example(spec: Spec, names: readonly string[], given: unknown): string {
  const taker = names.find((name) => spec[name]!.accepts(given));
  const shown = ['number', 'boolean', 'string'].includes(typeof given) ? describe(given) : '…';
  if (taker !== undefined) return `{ ${taker}: ${shown} }`;
  return names.length === 0 ? '{}' : `{ ${names[0]}: … }`;
}

/**
 * Options, the first of which may be passed without their names: `dropout(x, 0.5, { training })` or
 * `dropout(x, { p: 0.5, training })`.
 *
 * @param leading the arguments in front by name; the first may be the options themselves
 * @throws ArgumentError for one that is given twice
 */
export function withLeading<O extends object>(
  operation: string,
  leading: Readonly<Record<string, unknown>>,
  options?: O,
): O | undefined {
  let first: unknown;
  let count = 0;
  for (const name in leading) {
    if (leading[name] === undefined) continue;
    first = count++ === 0 ? leading[name] : first;
  }
  if (isPlainObject(first)) {
    if (count > 1 || options !== undefined)
      throw new ArgumentError(operation, 'the options are one object, the last argument');
    return first as O;
  }
  if (count === 0 || (options !== undefined && !isPlainObject(options))) return options;
  if (options === undefined) return leading as O;
  for (const name in leading)
    if (leading[name] !== undefined && Object.hasOwn(options, name))
      throw new ArgumentError(operation, `${name} is given twice, as an argument and among the options`);
  return { ...leading, ...options };
}

/**
 * Makes the function that reads a trailing options object: it checks every key and value, and fills in the
 * defaults. The interface in the signature documents the options; one that the spec lacks doesn't compile.
 *
 *     const readPool = defineOptions({ stride: size(undefined, 1), ceilMode: flag(false) });
 *     const { stride = kernelSize, ceilMode } = readPool('maxPool2d', options);
 *
 * @param before names of the arguments in front of the options: one among the options is told to stand there
 * @throws ArgumentError naming the option, and the nearest one if none has that name
 */
export function defineOptions<S extends Spec>(spec: S, before: readonly string[] = []) {
  const names = Object.keys(spec);
  const needed = names.filter((name) => spec[name]!.required);
  const defaults = Object.freeze(
    Object.fromEntries(names.map((name) => [name, spec[name]!.default])),
  ) as Resolved<S>;

  function read(operation: string, given: object | undefined): Resolved<S> {
    if (given === undefined && needed.length === 0) return defaults;
    if (!isPlainObject(given))
      throw new ArgumentError(
        operation,
        `the options must be an object, got ${describe(given)}${slip(given)}\n  hint: write ${example(spec, names, given)}`,
      );
    let out: Record<string, unknown> | null = null;
    for (const key in given) {
      const value = (given as Record<string, unknown>)[key];
      const option = Object.hasOwn(spec, key) ? spec[key]! : undefined;
      if (option === undefined) throw unknownOption(operation, key, names, before);
      if (value === undefined) continue;
      if (!option.accepts(value)) checkOption(operation, key, option, value);
      out ??= { ...defaults };
      out[key] = value;
    }
    for (const name of needed)
      if (out?.[name] === undefined)
        throw new ArgumentError(
          operation,
          `the option ${name} is missing\n  hint: ${name} must be ${spec[name]!.wanted}`,
        );
    return (out as Resolved<S> | null) ?? defaults;
  }
  return read as <O extends Given<S>>(
    operation: string,
    given: O | undefined,
  ) => Exclude<keyof O, keyof S> extends never ? Resolved<S> : { missing: Exclude<keyof O, keyof S> };
}

/** An option that the caller has to give. */
export const required = <T>(option: Option<T>): Option<Exclude<T, undefined>> =>
  ({ ...option, default: undefined, required: true }) as unknown as Option<Exclude<T, undefined>>;

/** true or false. */
export const flag = <D extends boolean | undefined>(defaultValue: D): Option<boolean | D> => ({
  wanted: 'true or false',
  default: defaultValue,
  accepts: (value) => typeof value === 'boolean',
});

export interface Range {
  /** The smallest value allowed. */
  readonly least?: number;
  /** The largest value allowed. */
  readonly most?: number;
  /** What the value must be larger than. */
  readonly above?: number;
  /** What the value must be smaller than. */
  readonly below?: number;
  /** Whether infinities are allowed (default false). */
  readonly infinite?: boolean;
  /** Whether NaN is allowed (default false). */
  readonly nan?: boolean;
}

function inWords({ least, most, above, below }: Range): string {
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const parts = [
    least === undefined ? '' : ` of at least ${least}`,
    above === undefined ? '' : ` above ${above}`,
    most === undefined ? '' : ` of at most ${most}`,
    below === undefined ? '' : ` below ${below}`,
  ];
  return parts.filter((part) => part !== '').join(' and');
}

const inside = (value: number, { least, most, above, below }: Range): boolean =>
  (least === undefined || value >= least) &&
  (most === undefined || value <= most) &&
  (above === undefined || value > above) &&
  (below === undefined || value < below);

/** A number. */
export const number = <D extends number | undefined>(
  defaultValue: D,
  range: Range = {},
): Option<number | D> => ({
  wanted: `a ${range.infinite || (range.least !== undefined && range.most !== undefined) ? '' : 'finite '}number${inWords(range)}`,
  default: defaultValue,
  accepts(value) {
    if (typeof value !== 'number') return false;
    if (Number.isNaN(value)) return range.nan === true;
    return (range.infinite === true || Number.isFinite(value)) && inside(value, range);
  },
});

/** Any number at all, infinities and NaN too. */
export const anyNumber = <D extends number | undefined>(defaultValue: D): Option<number | D> =>
  number(defaultValue, { infinite: true, nan: true });

/** A whole number. */
export const whole = <D extends number | undefined>(
  defaultValue: D,
  range: Range = {},
): Option<number | D> => ({
  wanted: `a whole number${inWords(range)}`,
  default: defaultValue,
  accepts: (value) => Number.isSafeInteger(value) && inside(value as number, range),
});

/** One of some words. */
export const word = <const W extends string, D extends W | undefined>(
  words: readonly W[],
  defaultValue: D,
): Option<W | D> => ({
  wanted: oneOfWords(words),
  default: defaultValue,
  words,
  accepts: (value) => words.includes(value as W),
});

/** One of some numbers. */
export const oneOf = <const N extends number, D extends N | undefined>(
  numbers: readonly N[],
  defaultValue: D,
): Option<N | D> => ({
  wanted: numbers.join(' or '),
  default: defaultValue,
  accepts: (value) => numbers.includes(value as N),
});

/** A function. */
export const callback = <F extends (...inputs: never[]) => unknown>(): Option<F | undefined> => ({
  wanted: 'a function',
  default: undefined,
  accepts: (value) => typeof value === 'function' && !isClass(value),
});

/** A text. */
export const text = <D extends string | undefined>(defaultValue: D): Option<string | D> => ({
  wanted: 'a string',
  default: defaultValue,
  accepts: (value) => typeof value === 'string',
});

/** Numbers in a list, or in a typed array. */
export const numberList = <D extends ArrayLike<number> | undefined>(
  defaultValue: D,
): Option<ArrayLike<number> | D> => ({
  wanted: 'a list of numbers',
  default: defaultValue,
  accepts: (value) =>
    (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) &&
    Array.prototype.every.call(value, (item) => typeof item === 'number'),
});

/** A list of what another option takes. */
export const listOf = <T, D extends readonly T[] | undefined>(
  item: Option<T>,
  defaultValue: D,
  length?: number,
): Option<readonly Exclude<T, undefined>[] | D> => ({
  wanted: `a list ${length === undefined ? '' : `of ${length} `}in which each is ${item.wanted}`,
  default: defaultValue,
  accepts: (value) =>
    Array.isArray(value) &&
    (length === undefined || value.length === length) &&
    value.every((v) => item.accepts(v)),
});

/** A list of two. */
export const pairOf = <T, D extends readonly [T, T] | undefined>(
  item: Option<T>,
  defaultValue: D,
): Option<readonly [T, T] | D> => listOf(item, defaultValue, 2) as Option<readonly [T, T] | D>;

/** What another option takes, or null. */
export const nullable = <T, D extends T | null | undefined>(
  option: Option<T>,
  defaultValue: D,
): Option<Exclude<T, undefined> | null | D> => ({
  ...option,
  wanted: `${option.wanted}, or null`,
  default: defaultValue,
  accepts: (value) => value === null || option.accepts(value),
});

/** What either of two options takes; the first one's default. */
export const either = <A, B>(a: Option<A>, b: Option<B>): Option<A | Exclude<B, undefined>> => ({
  wanted: `${a.wanted}, or ${b.wanted}`,
  default: a.default,
  words: [...(a.words ?? []), ...(b.words ?? [])],
  synonyms: { ...a.synonyms, ...b.synonyms },
  accepts: (value) => a.accepts(value) || b.accepts(value),
});

/** An instance of a class that this room doesn't know; `wanted` names it: `a Tensor`. */
export const instance = <T>(
  wanted: string,
  accepts: (value: unknown) => value is T,
): Option<T | undefined> => ({
  wanted,
  default: undefined,
  accepts,
});

/** A whole number for all axes, or a list with one for each. */
export const size = <D extends number | readonly number[] | undefined>(
  defaultValue: D,
  least: number,
): Option<number | readonly number[] | D> => ({
  wanted: `a whole number of at least ${least}, or a list of one for each axis`,
  default: defaultValue,
  accepts: (value) =>
    (Array.isArray(value) ? value : [value]).every((n) => Number.isSafeInteger(n) && (n as number) >= least),
});

/** An axis, or a list of axes; negative ones count from the end. */
export const axes = <D extends number | readonly number[] | undefined>(
  defaultValue: D,
): Option<number | readonly number[] | D> => ({
  wanted: 'an axis, or a list of axes',
  default: defaultValue,
  accepts: (value) => (Array.isArray(value) ? value : [value]).every((n) => Number.isSafeInteger(n)),
});

/** Where random numbers come from; without it, from what `manualSeed` seeds. */
export const generatorOption = instance(
  'a Generator',
  (value): value is Generator => value instanceof Generator,
);

/** A dtype. */
export const dtype = <D extends DType | undefined>(defaultValue: D): Option<DType | D> => ({
  ...word(['float32', 'float64', 'int32', 'uint8', 'bool'], defaultValue),
  synonyms: {
    half: 'float32',
    float: 'float32',
    float16: 'float32',
    bfloat16: 'float32',
    double: 'float64',
    short: 'int32',
    int: 'int32',
    long: 'int32',
    int8: 'int32',
    int16: 'int32',
    int64: 'int32',
    byte: 'uint8',
    boolean: 'bool',
  },
});

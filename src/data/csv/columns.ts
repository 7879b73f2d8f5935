import { ArgumentError } from '../../core/errors.js';
import { type Label, LabelEncoder } from '../encoding.js';

/**
 * What a column holds: `number` float64, `integer` what fits into int32, `boolean` true/false/1/0,
 * `string` text as it is, `category` one of several texts, each with an integer from 0.
 */
export type ColumnType = 'number' | 'integer' | 'boolean' | 'string' | 'category';

/** A column's type; a category may list its classes in their order. */
export type ColumnSpec = ColumnType | { readonly type: 'category'; readonly classes: readonly string[] };

/** A field as its column's type reads it; categories become their integers. */
export type Cell = number | boolean | string;

/** Values of a column in the order of the rows. */
export type ColumnValues =
  | { readonly type: 'number'; readonly values: Float64Array }
  | { readonly type: 'integer'; readonly values: Int32Array }
  | { readonly type: 'boolean'; readonly values: Uint8Array }
  | { readonly type: 'string'; readonly values: readonly string[] }
  | { readonly type: 'category'; readonly values: Int32Array; readonly encoder: LabelEncoder<string> };

/** Why a field is not of its column's type; who reads the file adds the place. */
export class FieldProblem extends Error {}

const INT32_MAX = 2 ** 31 - 1;
const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};
const truths: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

const own = <V>(table: Readonly<Record<string, V>>, key: string): V | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** The number that a text writes in decimal, or undefined. */
function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (trimmed === '' || /^[+-]?0[xob]/i.test(trimmed)) return undefined;
  return Number.isFinite(value) ? value : own(words, trimmed.toLowerCase());
}

const isInt32 = (value: number): boolean =>
  Number.isInteger(value) && value <= INT32_MAX && value >= -INT32_MAX - 1;

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** Reads the fields of a column. `missing` says what counts as no value. */
export type FieldReader = (text: string) => Cell;

const readers: Readonly<Record<Exclude<ColumnType, 'category'>, FieldReader>> = {
  string: (text) => text,
  number(text) {
    const value = numberOf(text);
    if (value === undefined) throw new FieldProblem(`${shown(text)} is no number`);
    return value;
  },
  integer(text) {
    const value = numberOf(text);
    if (value === undefined || !Number.isInteger(value))
      throw new FieldProblem(`${shown(text)} is no whole number`);
    if (!isInt32(value)) throw new FieldProblem(`${shown(text)} does not fit into int32`);
    return value;
  },
  boolean(text) {
    const value = own(truths, text.trim().toLowerCase());
    if (value === undefined) throw new FieldProblem(`${shown(text)} is neither true nor false`);
    return value;
  },
};

/** Reads categories whose classes are known. */
function categoryReader(classes: readonly string[]): FieldReader {
  const places = new Map(classes.map((label, i) => [label, i]));
  return (text) => {
    const place = places.get(text);
    if (place === undefined)
      throw new FieldProblem(`${shown(text)} is none of the classes ${classes.slice(0, 8).join(', ')}`);
    return place;
  };
}

/**
 * The reader of a column's fields. What is missing becomes NaN in a column of numbers and stays as it
 * is among strings; in other columns it is a problem.
 *
 * @throws ArgumentError for a category without its classes
 */
export function fieldReader(name: string, spec: ColumnSpec, missing: ReadonlySet<string>): FieldReader {
  if (spec === 'category')
    throw new ArgumentError(
      'streamCsv',
      `column ${JSON.stringify(name)}: rows that come one by one need { type: 'category', classes: […] }`,
    );
  const read = typeof spec === 'object' ? categoryReader(spec.classes) : readers[spec];
  if (spec === 'string') return read;
  return (text) => {
    if (!missing.has(text)) return read(text);
    if (spec === 'number') return Number.NaN;
    throw new FieldProblem(
      `the value is missing; read the column as 'number' or 'string', or drop such rows by dropMissing`,
    );
  };
}

/** Collects the values of a column. */
export interface ColumnBuilder {
  add(text: string): void;
  finish(): ColumnValues;
}

/** Numbers in an array that grows. */
function collector<A extends Float64Array | Int32Array | Uint8Array>(
  create: (length: number) => A,
  read: FieldReader,
  finish: (values: A) => ColumnValues,
): ColumnBuilder {
  let values = create(1024);
  let length = 0;
  return {
    add(text) {
      const value = Number(read(text));
      if (length === values.length) {
        const larger = create(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    finish: () => finish(values.slice(0, length) as A),
  };
}

const int32 = (length: number): Int32Array => new Int32Array(length);

/** A builder for a column of a given type. */
export function columnBuilder(name: string, spec: ColumnSpec, missing: ReadonlySet<string>): ColumnBuilder {
  if (spec === 'string' || spec === 'category') {
    const values: string[] = [];
    const add = (text: string): void => {
      if (spec === 'category' && missing.has(text))
        throw new FieldProblem('the class is missing; drop such rows by dropMissing');
      values.push(text);
    };
    return { add, finish: () => (spec === 'string' ? { type: spec, values } : categorized(values)) };
  }
  const read = fieldReader(name, spec, missing);
  if (typeof spec === 'object') {
    const encoder = new LabelEncoder(spec.classes);
    return collector(int32, read, (values) => ({ type: 'category', values, encoder }));
  }
  switch (spec) {
    case 'number':
      return collector(
        (n) => new Float64Array(n),
        read,
        (values) => ({ type: spec, values }),
      );
    case 'integer':
      return collector(int32, read, (values) => ({ type: spec, values }));
    case 'boolean':
      return collector(
        (n) => new Uint8Array(n),
        read,
        (values) => ({ type: spec, values }),
      );
  }
}

function categorized(texts: readonly string[]): ColumnValues {
  const encoder = LabelEncoder.fit(texts);
  return { type: 'category', values: encoder.integers(texts as readonly Label[]), encoder };
}

/**
 * A builder that finds out the type: `integer` if all values are, else `number`, else `boolean`, else
 * `string`. Missing values make integers numbers, and a column that has nothing else text.
 */
export function inferringBuilder(missing: ReadonlySet<string>): ColumnBuilder {
  const texts: string[] = [];
  const fits = { integer: true, number: true, boolean: true };
  let present = 0;
  return {
    add(text) {
      texts.push(text);
      if (missing.has(text)) {
        fits.integer = false;
        fits.boolean = false;
        return;
      }
      present++;
      if (!fits.number && !fits.boolean) return;
      const value = numberOf(text);
      if (value === undefined) fits.number = false;
      if (value === undefined || !isInt32(value)) fits.integer = false;
      if (!/^(true|false)$/i.test(text.trim())) fits.boolean = false;
    },
    finish() {
      const type: ColumnType =
        present === 0
          ? 'string'
          : fits.number
            ? fits.integer
              ? 'integer'
              : 'number'
            : fits.boolean
              ? 'boolean'
              : 'string';
      const builder = columnBuilder('', type, missing);
      for (const text of texts) builder.add(text);
      return builder.finish();
    },
  };
}

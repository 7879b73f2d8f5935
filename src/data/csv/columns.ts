import { ArgumentError } from '../../core/errors.js';
import { checkOption, word } from '../../core/options.js';
import { LabelEncoder } from '../encoding.js';
import type { Missing } from './missing.js';
import { isRounded, NumberScanner, type NumberStyle, numberOf } from './number.js';
import type { Scanner } from './scanner.js';

/**
 * What a column holds: `number` is float64, `integer` fits in int32, `boolean` is true/false/1/0,
 * `string` is plain text, and `category` is one of several texts, numbered from 0.
 */
export type ColumnType = 'number' | 'integer' | 'boolean' | 'string' | 'category';

/** A column's type; a category may list its classes in order. */
export type ColumnSpec = ColumnType | { readonly type: 'category'; readonly classes: readonly string[] };

/** A field as its column's type reads it; categories become their integers. */
export type Cell = number | boolean | string;

/** Values of a column, in row order. */
export type ColumnValues =
  | {
      readonly type: 'number';
      readonly values: Float64Array;
      /** A whole number that float64 can't represent, if there is one. */
      readonly rounded?: Rounded;
    }
  | { readonly type: 'integer'; readonly values: Int32Array }
  | { readonly type: 'boolean'; readonly values: Uint8Array }
  | {
      readonly type: 'string';
      readonly values: readonly string[];
      /** Why it's text, if that was inferred: `"NA" in line 3 isn't a number`. */
      readonly because?: string | undefined;
    }
  | { readonly type: 'category'; readonly values: Int32Array; readonly encoder: LabelEncoder<string> };

/** A whole number as the file and as float64 represent it. */
export interface Rounded {
  readonly text: string;
  readonly value: number;
}

/** How the fields of all columns are written. */
export interface FieldStyle extends NumberStyle {
  readonly missing: Missing;
}

/** Why a field isn't of its column's type; the reader adds the position. */
export class FieldProblem extends Error {}

const types = word(['number', 'integer', 'boolean', 'string', 'category'], undefined);

/** @throws ArgumentError for an unknown type */
export function checkSpec(operation: string, name: string, spec: ColumnSpec): void {
  const isListed =
    typeof spec === 'object' &&
    spec !== null &&
    spec.type === 'category' &&
    Array.isArray(spec.classes) &&
    spec.classes.every((label) => typeof label === 'string');
  if (!isListed) checkOption(operation, `columns.${name}`, types, spec);
}

const INT32_MAX = 2 ** 31 - 1;
const truths: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

const isInt32 = (value: number): boolean =>
  Number.isInteger(value) && value <= INT32_MAX && value >= -INT32_MAX - 1;

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** Reads a field of a row. */
export type FieldReader<C extends Cell = Cell> = (row: Scanner, field: number) => C;

/** Called with whole numbers that float64 can't represent. */
type OnRounded = (rounded: Rounded) => void;

/** Reads numbers; undefined for text that isn't one. */
function numberReader(
  style: NumberStyle,
  onRounded: OnRounded,
): (row: Scanner, field: number) => number | undefined {
  const scanner = new NumberScanner(style.decimal.charCodeAt(0));
  return (row, field) => {
    const fast = scanner.only(row.bytes, row.starts[field]!, row.ends[field]!);
    if (!Number.isNaN(fast)) return fast;
    const text = row.text(field);
    const value = numberOf(text, style);
    if (value !== undefined && isRounded(text, value, style)) onRounded({ text: text.trim(), value });
    return value;
  };
}

/** The first of the whole numbers that float64 can't represent. */
class FirstRounded {
  #first: Rounded | undefined;

  readonly note: OnRounded = (rounded) => {
    this.#first ??= rounded;
  };

  /** The values of a numeric column. */
  column(values: Float64Array): ColumnValues {
    return { type: 'number', values, ...(this.#first ? { rounded: this.#first } : {}) };
  }
}

function readerOf(
  spec: 'number' | 'integer' | 'boolean',
  style: NumberStyle,
  onRounded: OnRounded,
): FieldReader<number> {
  const read = numberReader(style, onRounded);
  switch (spec) {
    case 'number':
      return (row, field) => {
        const value = read(row, field);
        if (value === undefined) throw new FieldProblem(`${shown(row.text(field))} isn't a number`);
        return value;
      };
    case 'integer':
      return (row, field) => {
        const value = read(row, field);
        if (value === undefined || !Number.isInteger(value))
          throw new FieldProblem(`${shown(row.text(field))} isn't a whole number`);
        if (!isInt32(value)) throw new FieldProblem(`${shown(row.text(field))} doesn't fit in int32`);
        return value;
      };
    case 'boolean':
      return (row, field) => {
        const text = row.text(field).trim().toLowerCase();
        if (!Object.hasOwn(truths, text))
          throw new FieldProblem(`${shown(row.text(field))} isn't true or false`);
        return truths[text] ? 1 : 0;
      };
  }
}

/** Reads categories with known classes; a class may be a word that otherwise marks a missing value. */
function categoryReader(classes: readonly string[], missing: Missing): FieldReader<number> {
  const places = new Map(classes.map((label, i) => [label, i]));
  return (row, field) => {
    const text = row.text(field);
    const place = places.get(text);
    if (place !== undefined) return place;
    if (missing.has(row, field)) throw missingClass(text);
    throw new FieldProblem(`${shown(text)} isn't one of the classes ${classes.slice(0, 8).join(', ')}`);
  };
}

const missingClass = (text: string): FieldProblem =>
  new FieldProblem(
    `the class is missing (${shown(text)}); drop such rows with dropMissing, or list it in { type: 'category', classes: […] }`,
  );

/** A missing value becomes NaN in a numeric column; in other columns it's an error. */
function withMissing(read: FieldReader<number>, isNumber: boolean, missing: Missing): FieldReader<number> {
  return (row, field) => {
    if (!missing.has(row, field)) return read(row, field);
    if (isNumber) return Number.NaN;
    throw new FieldProblem(
      `the value is missing (${shown(row.text(field))}); read the column as 'number' or 'string', or drop such rows with dropMissing`,
    );
  };
}

const asText: FieldReader<string> = (row, field) => row.text(field);

/**
 * The reader of a column's fields.
 *
 * @param onRounded called with whole numbers that float64 can't represent
 * @throws ArgumentError for a category without its classes
 */
export function fieldReader(
  name: string,
  spec: ColumnSpec,
  style: FieldStyle,
  onRounded: OnRounded,
): FieldReader {
  if (spec === 'category')
    throw new ArgumentError(
      'streamCsv',
      `column ${JSON.stringify(name)}: rows that are streamed need { type: 'category', classes: […] }`,
    );
  if (spec === 'string') return asText;
  const read = numericReader(spec, style, onRounded);
  if (spec !== 'boolean') return read;
  return (row, field) => read(row, field) === 1;
}

type Numeric = Exclude<ColumnSpec, 'string' | 'category'>;

const numericReader = (spec: Numeric, style: FieldStyle, onRounded: OnRounded): FieldReader<number> =>
  typeof spec === 'object'
    ? categoryReader(spec.classes, style.missing)
    : withMissing(readerOf(spec, style, onRounded), spec === 'number', style.missing);

/** Collects the values of a column. */
export interface ColumnBuilder {
  add(row: Scanner, field: number): void;
  finish(): ColumnValues;
}

/** Numbers in a growable array. */
class Numbers {
  length = 0;
  #values = new Float64Array(16);

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  finish(): Float64Array {
    return this.#values.slice(0, this.length);
  }
}

function typed(spec: Numeric, values: Float64Array, rounded: FirstRounded): ColumnValues {
  if (typeof spec === 'object')
    return { type: 'category', values: Int32Array.from(values), encoder: new LabelEncoder(spec.classes) };
  switch (spec) {
    case 'number':
      return rounded.column(values);
    case 'integer':
      return { type: spec, values: Int32Array.from(values) };
    case 'boolean':
      return { type: spec, values: Uint8Array.from(values) };
  }
}

/** A builder for a column of a given type. */
export function columnBuilder(spec: ColumnSpec, style: FieldStyle): ColumnBuilder {
  if (spec === 'string') {
    const values: string[] = [];
    return { add: (row, field) => void values.push(row.text(field)), finish: () => ({ type: spec, values }) };
  }
  if (spec === 'category') return categoryBuilder(style.missing);
  const rounded = new FirstRounded();
  const read = numericReader(spec, style, rounded.note);
  const numbers = new Numbers();
  return {
    add: (row, field) => numbers.push(read(row, field)),
    finish: () => typed(spec, numbers.finish(), rounded),
  };
}

function categoryBuilder(missing: Missing): ColumnBuilder {
  const values: string[] = [];
  return {
    add(row, field) {
      if (missing.has(row, field)) throw missingClass(row.text(field));
      values.push(row.text(field));
    },
    finish() {
      const encoder = LabelEncoder.fit(values);
      return { type: 'category', values: encoder.integers(values), encoder };
    },
  };
}

/** The texts of this many rows are kept until it's known whether a column is numeric. */
const KEPT = 1000;

/**
 * Infers a column's type: `integer` if all values are, else `number`, else `boolean`, else `string`. Missing
 * values, which are NaN, turn integers and booleans into numbers, and a column with only missing values is numeric.
 */
export class InferringBuilder implements ColumnBuilder {
  /** Whether the column turned out to be text after its texts were dropped: it must be read again, as text. */
  isLost = false;
  readonly #numbers = new Numbers();
  readonly #rounded = new FirstRounded();
  readonly #read: (row: Scanner, field: number) => number | undefined;
  #texts: string[] | null = [];
  #isInteger = true;
  #length = 0;
  #because: string | undefined;

  /**
   * @param isText whether it's known to hold something other than numbers
   * @param keepsTexts whether the file can't be read again
   */
  constructor(
    readonly style: FieldStyle,
    private isText: boolean,
    readonly keepsTexts: boolean,
  ) {
    this.#read = numberReader(style, this.#rounded.note);
  }

  add(row: Scanner, field: number): void {
    const isMissing = this.style.missing.has(row, field);
    this.#length++;
    if (this.#because === undefined) this.#addNumber(row, field, isMissing);
    if (this.isText || this.#texts !== null) this.#addText(row.text(field));
  }

  #addNumber(row: Scanner, field: number, isMissing: boolean): void {
    const value = isMissing ? Number.NaN : this.#read(row, field);
    if (value !== undefined) {
      if (!this.isText) this.#numbers.push(value);
      if (this.#isInteger && !isInt32(value)) this.#isInteger = false;
      return;
    }
    this.#because = `${shown(row.text(field))} in line ${row.line} isn't a number`;
    this.isLost = !this.isText && this.#texts === null;
    this.isText = true;
  }

  #addText(text: string): void {
    this.#texts?.push(text);
    if (!this.isText && !this.keepsTexts && this.#texts!.length > KEPT) this.#texts = null;
  }

  finish(): ColumnValues {
    const texts = this.#texts;
    if (texts === null || (!this.isText && this.#length > 0))
      return typed(this.#isInteger ? 'integer' : 'number', this.#numbers.finish(), this.#rounded);
    const truths = this.#truths(texts);
    if (truths === undefined) return { type: 'string', values: texts, because: this.#because };
    if (truths.some(Number.isNaN)) return { type: 'number', values: truths };
    return { type: 'boolean', values: Uint8Array.from(truths) };
  }

  /** The values of `true` and `false`, NaN for missing ones; undefined if there are other texts, or no values. */
  #truths(texts: readonly string[]): Float64Array | undefined {
    if (texts.length === 0) return undefined;
    const values = new Float64Array(texts.length);
    for (const [i, text] of texts.entries()) {
      const word = text.trim().toLowerCase();
      if (word === 'true') values[i] = 1;
      else if (word !== 'false') {
        if (!this.style.missing.isWord(text)) return undefined;
        values[i] = Number.NaN;
      }
    }
    return values;
  }
}

import { requireIterable, requireList } from '../core/arguments.js';
import { describe } from '../core/describe.js';
import { ArgumentError, ShapeError } from '../core/errors.js';
import { checkOption, instance } from '../core/options.js';
import { type Tensor, tensor } from '../index.js';
import { checkTensors } from '../tensor/argument.js';

/** A class as it's named in the data. */
export type Label = string | number | boolean;

/** Formatted as in code, so '1' and 1 differ. */
const shown = (label: Label): string => (typeof label === 'string' ? JSON.stringify(label) : describe(label));

/** A few labels for a message. */
function some(labels: readonly Label[]): string {
  const first = labels.slice(0, 8).map(shown).join(', ');
  return labels.length > 8 ? `${first} and ${labels.length - 8} more` : first;
}

const kinds: readonly string[] = ['boolean', 'number', 'string'];

/** @throws ArgumentError for anything that isn't a label */
function requireLabels<L extends Label>(operation: string, name: string, labels: readonly L[]): readonly L[] {
  const at = labels.findIndex((label) => !kinds.includes(typeof label));
  if (at >= 0)
    throw new ArgumentError(
      operation,
      `${name} must be strings, numbers, or booleans, but number ${at} is ${describe(labels[at])}`,
    );
  return labels;
}

/** @throws ArgumentError unless labels are in a list, typed or not */
function requireListLike(operation: string, list: unknown, name = 'labels'): void {
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) requireList(operation, name, list);
}

/** Booleans, then numbers by size, then strings by code units. */
function compare(a: Label, b: Label): number {
  if (typeof a !== typeof b) return kinds.indexOf(typeof a) - kinds.indexOf(typeof b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Classes ↔ the integers from 0, in sorted order as in scikit-learn: numbers by size, strings by
 * their characters.
 *
 * @example
 * const encoder = data.LabelEncoder.fit(['cat', 'dog', 'cat']);
 * encoder.encode(['dog', 'cat']); // tensor [1, 0]
 */
export class LabelEncoder<L extends Label = Label> {
  /** The classes; the index of each is its integer. */
  readonly classes: readonly L[];
  readonly #places: ReadonlyMap<Label, number>;

  /** @throws ArgumentError if a class appears twice */
  constructor(classes: Iterable<L>) {
    requireIterable('LabelEncoder', 'classes', classes);
    this.classes = requireLabels('LabelEncoder', 'classes', [...classes]);
    this.#places = new Map<Label, number>(this.classes.map((label, i) => [label, i]));
    const twice = this.classes.find((label, i) => this.#places.get(label) !== i);
    if (twice !== undefined)
      throw new ArgumentError('LabelEncoder', `the class ${shown(twice)} appears twice`);
  }

  /** The encoder of the labels that occur. */
  static fit<L extends Label>(labels: Iterable<L>): LabelEncoder<L> {
    requireIterable('LabelEncoder', 'labels', labels);
    return new LabelEncoder([...new Set(requireLabels('LabelEncoder', 'labels', [...labels]))].sort(compare));
  }

  /**
   * The integers of labels.
   *
   * @shape (n), int32
   * @throws ArgumentError naming the label, if it isn't one of the classes
   */
  encode(labels: ArrayLike<Label>): Tensor {
    return tensor(this.integers(labels), [labels.length]);
  }

  /** Like `encode`, but returns an array. */
  integers(labels: ArrayLike<Label>): Int32Array {
    requireListLike('LabelEncoder', labels);
    return Int32Array.from(labels, (label, i) => {
      const at = this.#places.get(label);
      if (at === undefined)
        throw new ArgumentError(
          'LabelEncoder',
          `label ${shown(label)} (number ${i}) isn't one of the ${this.classes.length} classes: ${some(this.classes)}`,
        );
      return at;
    });
  }

  /**
   * The labels of integers.
   *
   * @throws ArgumentError for an integer that isn't a class
   */
  decode(integers: ArrayLike<number>): L[] {
    requireListLike('LabelEncoder', integers, 'integers');
    return Array.from(integers, (at, i) => {
      const label = this.classes[at];
      if (label === undefined)
        throw new ArgumentError(
          'LabelEncoder',
          `${describe(at)} (number ${i}) isn't a class; there are ${this.classes.length}`,
        );
      return label;
    });
  }
}

/** Labels as integers from 0, and the encoder that did it. @shape integers (n), int32 */
export function integerEncode<L extends Label>(
  labels: ArrayLike<L>,
): { integers: Tensor; encoder: LabelEncoder<L> } {
  requireListLike('integerEncode', labels);
  const encoder = LabelEncoder.fit(Array.from(labels));
  return { integers: encoder.encode(labels), encoder };
}

/**
 * Rows of categories as rows of zeros with a one for each column's class, column after column.
 * Equal to scikit-learn's `OneHotEncoder(sparse_output=False)`.
 *
 * @example
 * const encoder = data.OneHotEncoder.fit([['red', 'S'], ['blue', 'M']]);
 * encoder.encode([['red', 'M']]); // [[0, 1, 1, 0]]: blue, red | M, S
 */
export class OneHotEncoder<L extends Label = Label> {
  /** The classes of each column. */
  readonly columns: readonly LabelEncoder<L>[];
  /** Length of an encoded row. */
  readonly width: number;

  constructor(classes: Iterable<Iterable<L>>) {
    requireIterable('OneHotEncoder', 'classes', classes);
    this.columns = Array.from(classes, (column) => new LabelEncoder(column));
    this.width = this.columns.reduce((sum, { classes }) => sum + classes.length, 0);
  }

  /** @throws ArgumentError for no rows, or rows of different lengths */
  static fit<L extends Label>(rows: readonly (readonly L[])[]): OneHotEncoder<L> {
    requireList('OneHotEncoder', 'rows', rows);
    const [first] = rows;
    if (first === undefined) throw new ArgumentError('OneHotEncoder', 'there are no rows to fit');
    for (const [i, row] of rows.entries()) requireList('OneHotEncoder', `rows[${i}]`, row);
    checkLengths(rows, first.length);
    return new OneHotEncoder(first.map((_, c) => LabelEncoder.fit(rows.map((row) => row[c]!)).classes));
  }

  /**
   * @shape (rows, width), float32
   * @throws ArgumentError naming the label and the column, if `fit` didn't see it
   */
  encode(rows: readonly (readonly Label[])[]): Tensor {
    requireList('OneHotEncoder', 'rows', rows);
    for (const [i, row] of rows.entries()) requireList('OneHotEncoder', `rows[${i}]`, row);
    checkLengths(rows, this.columns.length);
    const out = new Float32Array(rows.length * this.width);
    let start = 0;
    for (const [c, column] of this.columns.entries()) {
      const places = integersOf(column, rows, c);
      for (const [i, place] of places.entries()) out[i * this.width + start + place] = 1;
      start += column.classes.length;
    }
    return tensor(out, [rows.length, this.width]);
  }

  /**
   * The categories of encoded rows: for each column, the class with the largest value.
   *
   * @throws ShapeError if the rows have another length
   */
  async decode(encoded: Tensor): Promise<L[][]> {
    checkTensors('OneHotEncoder', { encoded });
    if (encoded.ndim !== 2 || encoded.shape[1] !== this.width)
      throw new ShapeError('OneHotEncoder', `expects rows of ${this.width}`, [
        { name: 'encoded', shape: encoded.shape },
      ]);
    const values = await encoded.data();
    return Array.from({ length: encoded.shape[0]! }, (_, i) => {
      let start = i * this.width;
      return this.columns.map(({ classes }) => {
        const own = values.subarray(start, start + classes.length);
        start += classes.length;
        return classes[own.indexOf(Math.max(...own))]!;
      });
    });
  }
}

function integersOf(column: LabelEncoder, rows: readonly (readonly Label[])[], c: number): Int32Array {
  try {
    return column.integers(rows.map((row) => row[c]!));
  } catch (cause) {
    if (!(cause instanceof ArgumentError)) throw cause;
    const error = new ArgumentError('OneHotEncoder', `column ${c}: ${cause.message}`);
    error.cause = cause;
    throw error;
  }
}

function checkLengths(rows: readonly (readonly Label[])[], length: number): void {
  const wrong = rows.findIndex((row) => row.length !== length);
  if (wrong >= 0)
    throw new ArgumentError(
      'OneHotEncoder',
      `row ${wrong} has ${rows[wrong]!.length} columns, expected ${length}`,
    );
}

const encoderOption = instance(
  'a LabelEncoder',
  (value): value is LabelEncoder | undefined => value === undefined || value instanceof LabelEncoder,
);

/**
 * Labels as rows of zeros with a one at the label's class.
 *
 * @param encoder assigns positions to labels (default: the labels that occur, sorted)
 * @shape (n, classes), float32
 * @throws ArgumentError naming a label that the encoder doesn't know
 */
export function oneHotEncode(labels: ArrayLike<Label>, encoder?: LabelEncoder): Tensor {
  requireListLike('oneHotEncode', labels);
  checkOption('oneHotEncode', 'encoder', encoderOption, encoder);
  const known = encoder ?? LabelEncoder.fit(Array.from(labels));
  const width = known.classes.length;
  const out = new Float32Array(labels.length * width);
  for (const [i, place] of known.integers(labels).entries()) out[i * width + place] = 1;
  return tensor(out, [labels.length, width]);
}

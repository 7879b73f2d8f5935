import { requireList } from '../../core/arguments.js';
import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { warnOnce } from '../../core/warn.js';
import { type Tensor, tensor } from '../../index.js';
import { TensorDataset } from '../dataset.js';
import type { LabelEncoder } from '../encoding.js';
import type { Cell, ColumnValues, Rounded } from './columns.js';

/** Warns about a column's whole numbers that changed when they were read: distinct identifiers may become equal. */
export const warnOfRounded = (operation: string, column: string, { text, value }: Rounded): void =>
  warnOnce(
    operation,
    `column ${JSON.stringify(column)} has integers that float64 can't tell apart: ${text} became ${BigInt(value)}; ${IDENTIFIER}`,
  );

const IDENTIFIER = "read an identifier as 'string' or 'category', or leave it out";

/**
 * Writes numbers as float32, `step` apart, starting at `at`. Warns about integers from 2²⁴ up that float32 can't
 * represent, because distinct identifiers may become equal, and about missing values.
 */
export function toFloat32(
  operation: string,
  column: string,
  values: ArrayLike<number>,
  out: Float32Array,
  at = 0,
  step = 1,
): void {
  let rounded: number | undefined;
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const to = at + i * step;
    out[to] = value;
    if (Number.isNaN(value)) missing++;
    else if (rounded === undefined && out[to] !== value && Number.isInteger(value)) rounded = value;
  }
  if (missing > 0)
    warnOnce(
      operation,
      `column ${JSON.stringify(column)} has missing values, which are NaN in the tensor; to drop such rows, read the file with dropMissing: true`,
    );
  if (rounded !== undefined)
    warnOnce(
      operation,
      `column ${JSON.stringify(column)} has integers that float32 can't tell apart: ${rounded} became ${Math.fround(rounded)}; ${IDENTIFIER}`,
    );
}

/** Columns of typed values, all the same length. */
export class Table {
  readonly #columns: ReadonlyMap<string, ColumnValues>;
  /** Number of rows. */
  readonly length: number;

  constructor(columns: ReadonlyMap<string, ColumnValues>, length: number) {
    this.#columns = columns;
    this.length = length;
  }

  /** Column names, in file order. */
  get names(): string[] {
    return [...this.#columns.keys()];
  }

  /**
   * Type and values of a column; a category has its encoder, too.
   *
   * @throws ArgumentError if there's no such column
   */
  column(name: string): ColumnValues {
    const found = this.#columns.get(name);
    if (!found)
      throw new ArgumentError(
        'Table',
        `there's no column ${JSON.stringify(name)}; the columns are ${this.names
          .slice(0, 20)
          .map((n) => JSON.stringify(n))
          .join(', ')}${this.#columns.size > 20 ? ` and ${this.#columns.size - 20} more` : ''}`,
      );
    return found;
  }

  /** The classes of a category column and their integers. @throws ArgumentError for another column */
  encoder(name: string): LabelEncoder<string> {
    const column = this.column(name);
    if (column.type !== 'category')
      throw new ArgumentError('Table', `column ${JSON.stringify(name)} is ${column.type}, not a category`);
    return column.encoder;
  }

  /** A row by number, with values of the columns' types. */
  row(index: number): Record<string, Cell> {
    if (!(Number.isInteger(index) && index >= 0 && index < this.length))
      throw new ArgumentError('Table', `there's no row ${describe(index)}; there are ${this.length}`);
    return Object.fromEntries(
      Array.from(this.#columns, ([name, { type, values }]): [string, Cell] => [
        name,
        type === 'boolean' ? values[index] === 1 : values[index]!,
      ]),
    );
  }

  /**
   * One column, or several side by side. Several become float32; a single one keeps its kind: number becomes
   * float32, integer and category int32, boolean bool.
   *
   * @param columns a name, or names (default: all columns of numbers or booleans)
   * @shape (rows) for a name, (rows, columns) for names
   * @throws ArgumentError for a text column, or one that doesn't exist
   */
  toTensor(columns?: string | readonly string[]): Tensor {
    if (typeof columns === 'string') {
      const { type, values } = this.#numeric(columns);
      if (type !== 'number')
        return tensor(values, [this.length], { dtype: type === 'boolean' ? 'bool' : 'int32' });
      const out = new Float32Array(this.length);
      toFloat32('Table', columns, values, out);
      return tensor(out, [this.length]);
    }
    if (columns !== undefined) requireList('toTensor', 'columns', columns);
    const names = columns ?? this.#features('toTensor', undefined);
    const out = new Float32Array(this.length * names.length);
    for (const [c, name] of names.entries()) {
      const { values } = this.#numeric(name);
      toFloat32('Table', name, values, out, c, names.length);
    }
    return tensor(out, [this.length, names.length]);
  }

  /**
   * Examples `[x, y]`: the features of a row, float32, and its target as from `toTensor(target)`.
   *
   * @param features names (default: all columns of numbers or booleans except the target)
   */
  toDataset(target: string, features?: readonly string[]): TensorDataset<[Tensor, Tensor]> {
    this.column(target);
    const names = features ?? this.#features('toDataset', target);
    return new TensorDataset(this.toTensor(names), this.toTensor(target));
  }

  /** The columns of numbers or booleans; columns whose type was inferred to be text are named in a warning. */
  #features(method: string, target: string | undefined): string[] {
    const others = [...this.#columns].filter(([name]) => name !== target);
    const left = others.flatMap(([name, column]) =>
      column.type === 'string' && column.because !== undefined
        ? [`${JSON.stringify(name)} (${column.because})`]
        : [],
    );
    if (left.length > 0)
      warnOnce(
        'Table',
        `${method} leaves out columns of text: ${left.slice(0, 8).join(', ')}${left.length > 8 ? ` and ${left.length - 8} more` : ''}; if such a word means a missing value, pass it in missing; if text is intended, pass columns: { name: 'string' }`,
      );
    return others.filter(([, { type }]) => !['string', 'category'].includes(type)).map(([name]) => name);
  }

  #numeric(name: string): Exclude<ColumnValues, { type: 'string' }> {
    const column = this.column(name);
    if (column.type === 'string') {
      const why = column.because === undefined ? '' : ` (${column.because})`;
      throw new ArgumentError(
        'Table',
        `column ${JSON.stringify(name)} holds text${why}; read it as 'category', or encode it with oneHotEncode; pass a word that means a missing value in missing`,
      );
    }
    return column;
  }
}

import { ArgumentError } from '../../core/errors.js';
import { type Tensor, tensor } from '../../index.js';
import { TensorDataset } from '../dataset.js';
import type { LabelEncoder } from '../encoding.js';
import type { Cell, ColumnValues } from './columns.js';

/** Columns of typed values, all of one length. */
export class Table {
  readonly #columns: ReadonlyMap<string, ColumnValues>;
  /** Number of rows. */
  readonly length: number;

  constructor(columns: ReadonlyMap<string, ColumnValues>, length: number) {
    this.#columns = columns;
    this.length = length;
  }

  /** Names of the columns, in the order of the file. */
  get names(): string[] {
    return [...this.#columns.keys()];
  }

  /**
   * Type and values of a column; a category has its encoder too.
   *
   * @throws ArgumentError if there is no such column
   */
  column(name: string): ColumnValues {
    const found = this.#columns.get(name);
    if (!found)
      throw new ArgumentError(
        'Table',
        `there is no column ${JSON.stringify(name)}; the columns are ${this.names.map((n) => JSON.stringify(n)).join(', ')}`,
      );
    return found;
  }

  /** The classes of a category column and their integers. @throws ArgumentError for another column */
  encoder(name: string): LabelEncoder<string> {
    const column = this.column(name);
    if (column.type !== 'category')
      throw new ArgumentError('Table', `column ${JSON.stringify(name)} is no category but ${column.type}`);
    return column.encoder;
  }

  /** A row by its number, as the columns' types read it. */
  row(index: number): Record<string, Cell> {
    if (!(Number.isInteger(index) && index >= 0 && index < this.length))
      throw new ArgumentError('Table', `there is no row ${index}; there are ${this.length}`);
    return Object.fromEntries(
      Array.from(this.#columns, ([name, { type, values }]): [string, Cell] => [
        name,
        type === 'boolean' ? values[index] === 1 : values[index]!,
      ]),
    );
  }

  /**
   * One column, or several side by side. Several become float32; one keeps its kind: number float32,
   * integer and category int32, boolean bool.
   *
   * @param columns a name, or names (default: all columns that hold numbers or booleans)
   * @shape (rows) for a name, (rows, columns) for names
   * @throws ArgumentError for a column of text, or one that is not there
   */
  toTensor(columns?: string | readonly string[]): Tensor {
    if (typeof columns === 'string') {
      const { type, values } = this.#numeric(columns);
      const dtype = type === 'number' ? 'float32' : type === 'boolean' ? 'bool' : 'int32';
      return tensor(values, [this.length], { dtype });
    }
    const names =
      columns ?? this.names.filter((name) => !['string', 'category'].includes(this.column(name).type));
    const out = new Float32Array(this.length * names.length);
    for (const [c, name] of names.entries()) {
      const { values } = this.#numeric(name);
      for (let i = 0; i < this.length; i++) out[i * names.length + c] = values[i]!;
    }
    return tensor(out, [this.length, names.length]);
  }

  /**
   * Examples `[x, y]`: the features of a row, float32, and its target as `toTensor(target)` gives it.
   *
   * @param features names (default: all columns that hold numbers or booleans, but the target)
   */
  toDataset(target: string, features?: readonly string[]): TensorDataset<[Tensor, Tensor]> {
    const others = this.names.filter(
      (name) => name !== target && !['string', 'category'].includes(this.column(name).type),
    );
    return new TensorDataset(this.toTensor(features ?? others), this.toTensor(target));
  }

  #numeric(name: string): Exclude<ColumnValues, { type: 'string' }> {
    const column = this.column(name);
    if (column.type === 'string')
      throw new ArgumentError(
        'Table',
        `column ${JSON.stringify(name)} holds text; read it as 'category', or encode it with oneHotEncode`,
      );
    return column;
  }
}

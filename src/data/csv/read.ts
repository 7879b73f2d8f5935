import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { type Tensor, tensor } from '../../index.js';
import { IterableDataset } from '../dataset.js';
import {
  type Cell,
  type ColumnBuilder,
  type ColumnSpec,
  columnBuilder,
  FieldProblem,
  fieldReader,
  inferringBuilder,
} from './columns.js';
import { CsvError, type CsvFormat, type CsvRecord, csvRecords } from './records.js';
import { Table } from './table.js';

export interface CsvOptions extends CsvFormat {
  /** Whether the first row has the columns' names (default true), or the names; false: `0`, `1`, … */
  readonly header?: boolean | readonly string[];
  /** Types of columns by name (default of the others: found out by `readCsv`, `string` in `streamCsv`). */
  readonly columns?: Readonly<Record<string, ColumnSpec>>;
  /** Fields that stand for no value (default: the empty one). */
  readonly missing?: readonly string[];
  /** Whether rows with a missing value are left out (default false). */
  readonly dropMissing?: boolean;
}

/** A row by the columns' names. */
export type CsvRow = Record<string, Cell>;

/** Most bytes of text that become a table: beyond, rows are better taken one by one. */
const MAX_TABLE = 2 ** 31;

/** Reads rows and finds the columns' names. */
class Rows {
  names: readonly string[] | undefined;
  readonly missing: ReadonlySet<string>;

  constructor(
    readonly operation: string,
    readonly path: string,
    readonly options: CsvOptions,
  ) {
    this.missing = new Set(options.missing ?? ['']);
  }

  /** The rows but the header, and those that are to be left out. */
  async *records(maxBytes?: number): AsyncGenerator<CsvRecord, void> {
    const { header = true, dropMissing = false } = this.options;
    for await (const record of csvRecords(this.operation, this.path, this.options, maxBytes)) {
      if (this.names === undefined) {
        this.names = this.#namesFrom(record, header);
        if (header === true) continue;
      }
      if (dropMissing && record.fields.some((field) => this.missing.has(field))) continue;
      yield record;
    }
    if (this.names === undefined)
      throw new CsvError(this.operation, this.path, 0, 1, undefined, 'the file is empty');
  }

  #namesFrom({ fields, line, bytes }: CsvRecord, header: boolean | readonly string[]): readonly string[] {
    const names = header === true ? fields : header === false ? fields.map((_, i) => String(i)) : header;
    const fail = (column: string | undefined, problem: string): never => {
      throw new CsvError(this.operation, this.path, bytes, line, column, problem);
    };
    if (names.length !== fields.length)
      fail(
        undefined,
        `${fields.length} fields, the header given has ${names.length}; is the delimiter right?`,
      );
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) fail(twice, 'two columns have this name; pass header with names of your own');
    const unknown = Object.keys(this.options.columns ?? {}).find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new ArgumentError(
        this.operation,
        `${this.path} has no column ${JSON.stringify(unknown)}; its columns are ${names.map((n) => JSON.stringify(n)).join(', ')}`,
      );
    return names;
  }

  /** Runs `read` for each field and adds the place to what goes wrong. */
  each({ fields, line, bytes }: CsvRecord, read: (field: string, column: number) => void): void {
    let column = 0;
    try {
      for (; column < fields.length; column++) read(fields[column]!, column);
    } catch (cause) {
      if (!(cause instanceof FieldProblem)) throw cause;
      throw new CsvError(this.operation, this.path, bytes, line, this.names![column], cause.message);
    }
  }

  specOf(name: string): ColumnSpec | undefined {
    const { columns = {} } = this.options;
    return Object.hasOwn(columns, name) ? columns[name] : undefined;
  }
}

/**
 * Reads a CSV or TSV file, gzipped or not, into typed columns.
 *
 * @throws FileError if it cannot be read
 * @throws CsvError naming line and column: a field of the wrong type, rows of several lengths, an empty file
 * @throws ArgumentError for the type of a column that is not there
 * @example
 * const table = await data.readCsv('iris.csv', { columns: { species: 'category' } });
 * const set = table.toDataset('species');
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<Table> {
  const rows = new Rows('readCsv', path, options);
  let builders: ColumnBuilder[] | undefined;
  const start = (): ColumnBuilder[] =>
    rows.names!.map((name) => {
      const spec = rows.specOf(name);
      return spec === undefined ? inferringBuilder(rows.missing) : columnBuilder(name, spec, rows.missing);
    });
  let length = 0;
  for await (const record of rows.records(MAX_TABLE)) {
    builders ??= start();
    const into = builders;
    rows.each(record, (field, column) => into[column]!.add(field));
    length++;
  }
  builders ??= start();
  return new Table(new Map(rows.names!.map((name, i) => [name, builders[i]!.finish()])), length);
}

/**
 * The rows of a CSV or TSV file one by one, in memory that does not grow with the file. A category
 * needs its classes, and becomes its integer; columns without a type are strings.
 *
 * @throws as `readCsv`, at the row where it happens
 * @example
 * let widest = 0;
 * for await (const row of data.streamCsv('iris.csv', { columns: { petal: 'number' } }))
 *   widest = Math.max(widest, row.petal as number);
 * widest; // 6.1
 */
export async function* streamCsv(path: string, options: CsvOptions = {}): AsyncGenerator<CsvRow, void> {
  const rows = new Rows('streamCsv', path, options);
  let readers: ((text: string) => Cell)[] | undefined;
  for await (const record of rows.records()) {
    const names = rows.names!;
    readers ??= names.map((name) => fieldReader(name, rows.specOf(name) ?? 'string', rows.missing));
    const read = readers;
    const cells: [string, Cell][] = [];
    rows.each(record, (field, column) => cells.push([names[column]!, read[column]!(field)]));
    yield Object.fromEntries(cells);
  }
}

export interface CsvDatasetOptions extends CsvOptions {
  /** Columns of x; all have a type that is a number. */
  readonly features: readonly string[];
  /** Column of y. */
  readonly target: string;
  /** Number of rows, where it is known: a `Trainer` needs it. */
  readonly length?: number;
}

/**
 * Examples `[x, y]` from a CSV file that is read anew in each iteration and never held whole: x the
 * features, float32; y the target, float32 where its type is `number`, else int32.
 *
 * @throws ArgumentError if a feature or the target has no type, or is text; for an impossible length
 */
export class CsvDataset extends IterableDataset<[Tensor, Tensor]> {
  constructor(
    readonly path: string,
    readonly options: CsvDatasetOptions,
  ) {
    super();
    for (const name of [...options.features, options.target]) {
      const spec = options.columns?.[name];
      if (spec === undefined || spec === 'string')
        throw new ArgumentError(
          'CsvDataset',
          `column ${JSON.stringify(name)} needs a type in \`columns\` that gives numbers`,
        );
    }
    const { length } = options;
    if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0))
      throw new ArgumentError('CsvDataset', `length must be a whole number from 0, not ${describe(length)}`);
  }

  override get length(): number | undefined {
    return this.options.length;
  }

  override async *[Symbol.asyncIterator](): AsyncGenerator<[Tensor, Tensor], void> {
    const { features, target } = this.options;
    const dtype = this.options.columns![target] === 'number' ? 'float32' : 'int32';
    for await (const row of streamCsv(this.path, this.options)) {
      const x = Float32Array.from(features, (name) => Number(row[name]));
      yield [tensor(x, [features.length]), tensor(Number(row[target]), { dtype })];
    }
  }
}

import { stat } from 'node:fs/promises';
import { requireText } from '../../core/arguments.js';
import { plural } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import {
  defineOptions,
  either,
  flag,
  instance,
  listOf,
  type Resolved,
  text,
  whole,
} from '../../core/options.js';
import { warnOnce } from '../../core/warn.js';
import { type Tensor, tensor } from '../../index.js';
import { IterableDataset } from '../dataset.js';
import { textChunks } from './chunks.js';
import {
  type Cell,
  type ColumnBuilder,
  type ColumnSpec,
  type ColumnValues,
  checkSpec,
  columnBuilder,
  FieldProblem,
  type FieldReader,
  type FieldStyle,
  fieldReader,
  InferringBuilder,
} from './columns.js';
import { type CsvFormat, cutsOf, formatOptions } from './format.js';
import { Missing, usualMissing } from './missing.js';
import { numberOf } from './number.js';
import { Scanner } from './scanner.js';
import { Table, toFloat32, warnOfRounded } from './table.js';

export interface CsvOptions extends CsvFormat {
  /** Whether the first row has the columns' names (default true), or the names; false: `0`, `1`, … */
  readonly header?: boolean | readonly string[] | undefined;
  /** Types of columns by name (default of the others: found out by `readCsv`, `string` in `streamCsv`). */
  readonly columns?: Readonly<Record<string, ColumnSpec>> | undefined;
  /**
   * Fields that stand for no value, blanks around them left out (default: blank, `NA`, `N/A`, `NaN`, `null`, `None`,
   * `?` and the like).
   */
  readonly missing?: readonly string[] | undefined;
  /** Whether rows with a missing value are left out (default false). */
  readonly dropMissing?: boolean | undefined;
}

/** A row by the columns' names. */
export type CsvRow = Record<string, Cell>;

const isSpecs = (value: unknown): value is Readonly<Record<string, ColumnSpec>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const csvSpec = {
  ...formatOptions,
  header: either(flag(true), listOf(text(''), undefined)),
  columns: instance('an object of column types by name', isSpecs),
  missing: listOf(text(''), usualMissing),
  dropMissing: flag(false),
};
const readOptions = defineOptions(csvSpec);
const datasetOptions = defineOptions({
  ...csvSpec,
  features: listOf(text(''), undefined),
  target: text(undefined),
  length: whole(undefined, { least: 0 }),
});

/** Most bytes of text that become a table: beyond, rows are better taken one by one. */
const MAX_TABLE = 2 ** 31;
/** Most bytes of text for each byte of a file, and for any file: a small one must not fill the memory. */
const [MOST_UNPACKED, FREELY_UNPACKED] = [100, 2 ** 26];

const quotedNames = (names: readonly string[]): string =>
  names.length > 20
    ? `${quotedNames(names.slice(0, 20))} and ${names.length - 20} more`
    : names.map((name) => JSON.stringify(name)).join(', ');

/** Reads rows and finds the columns' names. */
class Rows {
  names: readonly string[] | undefined;
  readonly style: FieldStyle;
  readonly #options: Resolved<typeof csvSpec>;

  constructor(
    readonly operation: string,
    readonly path: string,
    given: CsvOptions,
  ) {
    const options = readOptions(operation, given);
    this.#options = options;
    const { decimal, thousands, missing } = options;
    this.style = { decimal, thousands, missing: new Missing(missing) };
    for (const [name, spec] of Object.entries(options.columns ?? {})) checkSpec(operation, name, spec);
  }

  /** The scanner, each time that there may be new rows in it; those but the header are taken by `next`. */
  async *scan(maxBytes = Number.POSITIVE_INFINITY): AsyncGenerator<Scanner, void> {
    const { operation, path } = this;
    const scanner = new Scanner(operation, path, cutsOf(operation, path, this.#options));
    for await (const chunk of textChunks(operation, path, maxBytes)) if (scanner.push(chunk)) yield scanner;
    scanner.end();
    yield scanner;
    if (this.names === undefined) scanner.fail(0, 'the file is empty', undefined, 1);
  }

  /** Goes to the next row that is not a header, and not to be left out. */
  next(row: Scanner): boolean {
    const { header, dropMissing } = this.#options;
    while (row.next()) {
      if (this.names === undefined) {
        this.names = this.#namesFrom(row, header);
        if (header === true) continue;
      }
      if (!dropMissing || !this.#lacksValue(row)) return true;
    }
    return false;
  }

  #lacksValue(row: Scanner): boolean {
    const { missing } = this.style;
    for (let field = 0; field < row.count; field++) if (missing.has(row, field)) return true;
    return false;
  }

  #namesFrom(row: Scanner, header: boolean | readonly string[]): readonly string[] {
    const fields = row.texts();
    const names = header === true ? fields : header === false ? fields.map((_, i) => String(i)) : header;
    if (names.length !== fields.length)
      row.fail(
        0,
        `${plural(fields.length, 'field')}, the header given has ${names.length}; is the delimiter right?`,
      );
    if (header === true) this.#warnOfData(fields);
    const known = new Set<string>();
    for (const name of names) {
      if (known.has(name))
        row.fail(0, 'two columns have this name; pass header with names of your own', name);
      known.add(name);
    }
    const unknown = Object.keys(this.#options.columns ?? {}).find((name) => !known.has(name));
    if (unknown !== undefined)
      throw new ArgumentError(
        this.operation,
        `${this.path} has no column ${JSON.stringify(unknown)}; its columns are ${quotedNames(names)}`,
      );
    return names;
  }

  /** Warns of a header with numbers for names, unless they count: those are numbers of columns, or years. */
  #warnOfData(fields: readonly string[]): void {
    const numbers = fields.map((field) => numberOf(field, this.style)).filter((value) => value !== undefined);
    const counts = numbers.every((value, i) => i === 0 || value === numbers[i - 1]! + 1);
    if (numbers.length === 0 || (counts && numbers.length > 1 && Number.isInteger(numbers[0]))) return;
    warnOnce(
      this.operation,
      `${this.path}: the first line looks like data: ${quotedNames(fields)}; pass { header: false } or the names`,
    );
  }

  /** Runs `read` for each field and adds the place to what goes wrong. */
  each(row: Scanner, read: (field: number) => void): void {
    let field = 0;
    try {
      for (; field < row.count; field++) read(field);
    } catch (cause) {
      if (!(cause instanceof FieldProblem)) throw cause;
      row.fail(row.starts[field]!, cause.message, this.names![field]);
    }
  }

  specOf(name: string): ColumnSpec | undefined {
    const { columns = {} } = this.#options;
    return Object.hasOwn(columns, name) ? columns[name] : undefined;
  }
}

/** Whether a file can be read twice, which a pipe cannot, and most bytes of text that it may have. */
const limitsOf = (path: string): Promise<{ isRegular: boolean; maxBytes: number }> =>
  stat(path).then(
    (found) => {
      const unpacked = FREELY_UNPACKED + MOST_UNPACKED * found.size;
      return {
        isRegular: found.isFile(),
        maxBytes: found.isFile() ? Math.min(MAX_TABLE, unpacked) : MAX_TABLE,
      };
    },
    // Who opens the file says what is wrong.
    () => ({ isRegular: true, maxBytes: MAX_TABLE }),
  );

/**
 * Reads a CSV or TSV file, gzipped or not, into typed columns. A column whose type is not given is `integer`,
 * `number`, `boolean` or `string`, the first that all its values fit; a missing one becomes NaN.
 *
 * @throws FileError if it cannot be read
 * @throws CsvError naming line and column: a field of the wrong type, rows of several lengths, an empty file,
 * a byte that is not UTF-8
 * @throws FileFormatError if it is a file of another kind
 * @throws ArgumentError for the type of a column that is not there
 * @example
 * const table = await data.readCsv('iris.csv', { columns: { species: 'category' } });
 * const set = table.toDataset('species');
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<Table> {
  requireText('readCsv', 'path', path);
  const { isRegular, maxBytes } = await limitsOf(path);
  // The second time, what turned out to be text late is text from the start.
  const asText = new Set<string>();
  for (;;) {
    const { table, lost } = await readTable(path, options, asText, !isRegular, maxBytes);
    if (lost.length === 0) return table();
    for (const name of lost) asText.add(name);
  }
}

async function readTable(
  path: string,
  options: CsvOptions,
  asText: ReadonlySet<string>,
  keepsTexts: boolean,
  maxBytes: number,
): Promise<{ table: () => Table; lost: readonly string[] }> {
  const rows = new Rows('readCsv', path, options);
  let builders: ColumnBuilder[] | undefined;
  const start = (): ColumnBuilder[] =>
    rows.names!.map((name) => {
      const spec = rows.specOf(name);
      return spec === undefined
        ? new InferringBuilder(rows.style, asText.has(name), keepsTexts)
        : columnBuilder(spec, rows.style);
    });
  let length = 0;
  for await (const row of rows.scan(maxBytes))
    while (rows.next(row)) {
      builders ??= start();
      const into = builders;
      rows.each(row, (field) => into[field]!.add(row, field));
      length++;
    }
  const columns = builders ?? start();
  const names = rows.names!;
  return {
    table: () => new Table(new Map(names.map((name, i) => [name, finished(name, columns[i]!)])), length),
    lost: names.filter((_, i) => (columns[i] as Partial<InferringBuilder>).isLost),
  };
}

function finished(name: string, builder: ColumnBuilder): ColumnValues {
  const column = builder.finish();
  if (column.type === 'number' && column.rounded) warnOfRounded('readCsv', name, column.rounded);
  return column;
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
  requireText('streamCsv', 'path', path);
  const rows = new Rows('streamCsv', path, options);
  let readers: FieldReader[] | undefined;
  for await (const row of rows.scan())
    while (rows.next(row)) {
      const names = rows.names!;
      readers ??= names.map((name) =>
        fieldReader(name, rows.specOf(name) ?? 'string', rows.style, (rounded) =>
          warnOfRounded('streamCsv', name, rounded),
        ),
      );
      const read = readers;
      const cells: [string, Cell][] = [];
      rows.each(row, (field) => cells.push([names[field]!, read[field]!(row, field)]));
      yield Object.fromEntries(cells);
    }
}

export interface CsvDatasetOptions extends CsvOptions {
  /** Columns of x; all have a type that is a number. */
  readonly features: readonly string[];
  /** Column of y. */
  readonly target: string;
  /** Number of rows, where it is known: a `Trainer` needs it. */
  readonly length?: number | undefined;
}

/**
 * Examples `[x, y]` from a CSV file that is read anew in each iteration and never held whole: x the
 * features, float32; y the target, float32 where its type is `number`, else int32. Integers that float32 cannot
 * tell apart are a warning.
 *
 * @throws ArgumentError if a feature or the target has no type, or is text; for an impossible length
 */
export class CsvDataset extends IterableDataset<[Tensor, Tensor]> {
  readonly #csv: CsvOptions;

  constructor(
    readonly path: string,
    readonly options: CsvDatasetOptions,
  ) {
    super();
    const { features, target, length: _, ...csv } = datasetOptions('CsvDataset', options);
    if (features === undefined || target === undefined)
      throw new ArgumentError('CsvDataset', 'features and target must name columns');
    for (const name of [...features, target]) {
      const spec = csv.columns?.[name];
      if (spec === undefined || spec === 'string')
        throw new ArgumentError(
          'CsvDataset',
          `column ${JSON.stringify(name)} needs a type in \`columns\` that gives numbers`,
        );
    }
    this.#csv = csv;
  }

  override get length(): number | undefined {
    return this.options.length;
  }

  override async *[Symbol.asyncIterator](): AsyncGenerator<[Tensor, Tensor], void> {
    const { features, target } = this.options;
    const dtype = this.options.columns![target] === 'number' ? 'float32' : 'int32';
    const y = new Float32Array(1);
    for await (const row of streamCsv(this.path, this.#csv)) {
      const x = new Float32Array(features.length);
      for (const [i, name] of features.entries()) toFloat32('CsvDataset', name, [Number(row[name])], x, i);
      if (dtype === 'float32') toFloat32('CsvDataset', target, [Number(row[target])], y);
      yield [tensor(x, [features.length]), tensor(Number(row[target]), { dtype })];
    }
  }
}

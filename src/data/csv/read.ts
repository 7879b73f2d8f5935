import { requireBytes, requireText } from '../../core/arguments.js';
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
import type { FileKind } from '../../host/files.js';
import { requireFiles } from '../../host/require.js';
import { type Tensor, tensor } from '../../index.js';
import { fileChunks, textChunks } from '../chunks.js';
import { IterableDataset } from '../dataset.js';
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
  /** Whether the first row has the column names (default true), or the names; false: `0`, `1`, … */
  readonly header?: boolean | readonly string[] | undefined;
  /** Column types by name (default for the others: inferred by `readCsv`, `string` in `streamCsv`). */
  readonly columns?: Readonly<Record<string, ColumnSpec>> | undefined;
  /**
   * Fields that mean a missing value, ignoring surrounding blanks (default: blank, `NA`, `N/A`, `NaN`, `null`, `None`,
   * `?`, and the like).
   */
  readonly missing?: readonly string[] | undefined;
  /** Whether to drop rows with a missing value (default false). */
  readonly dropMissing?: boolean | undefined;
}

/** A row by column name. */
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
const parseOptions = defineOptions({ ...csvSpec, name: text('bytes') });
const datasetOptions = defineOptions({
  ...csvSpec,
  features: listOf(text(''), undefined),
  target: text(undefined),
  length: whole(undefined, { least: 0 }),
});

/** What to use where there are no files. */
const PORTABLE = 'use data.parseCsv(bytes)';

/** Most bytes of text that become a table: beyond that, it's better to stream rows. */
const MAX_TABLE = 2 ** 31;
/** Most bytes of text per byte of a file, and for any file: a small file must not fill the memory. */
const [MOST_UNPACKED, FREELY_UNPACKED] = [100, 2 ** 26];

const quotedNames = (names: readonly string[]): string =>
  names.length > 20
    ? `${quotedNames(names.slice(0, 20))} and ${names.length - 20} more`
    : names.map((name) => JSON.stringify(name)).join(', ');

/** Where the bytes of a table come from. */
interface Source {
  /** Shown in errors. */
  readonly name: string;
  chunks(): AsyncIterable<Uint8Array>;
  /** Whether it can be read twice, which a pipe can't. */
  readonly isRepeatable: boolean;
  /** Most bytes of text it may have. */
  readonly maxBytes: number;
}

const fileSource = (operation: string, path: string): Source => ({
  name: path,
  chunks: () => fileChunks(operation, path, PORTABLE),
  ...limitsOf(requireFiles(operation, PORTABLE).look(path)),
});

const bytesSource = (name: string, bytes: Uint8Array): Source => ({
  name,
  async *chunks() {
    yield bytes;
  },
  ...limitsOf({ kind: 'file', bytes: bytes.length }),
});

/** If the file isn't there, opening it reports what's wrong. */
function limitsOf(
  found: { kind: FileKind; bytes: number } | null,
): Pick<Source, 'isRepeatable' | 'maxBytes'> {
  if (found?.kind !== 'file') return { isRepeatable: found === null, maxBytes: MAX_TABLE };
  return { isRepeatable: true, maxBytes: Math.min(MAX_TABLE, FREELY_UNPACKED + MOST_UNPACKED * found.bytes) };
}

/** Reads rows and finds the column names. */
class Rows {
  names: readonly string[] | undefined;
  readonly style: FieldStyle;
  readonly #options: Resolved<typeof csvSpec>;

  constructor(
    readonly operation: string,
    readonly source: Source,
    given: CsvOptions,
  ) {
    const options = readOptions(operation, given);
    this.#options = options;
    const { decimal, thousands, missing } = options;
    this.style = { decimal, thousands, missing: new Missing(missing) };
    for (const [name, spec] of Object.entries(options.columns ?? {})) checkSpec(operation, name, spec);
  }

  /** Yields the scanner each time it may have new rows; get them with `next`, which skips the header. */
  async *scan(maxBytes?: number): AsyncGenerator<Scanner, void> {
    const { operation, source } = this;
    const { name } = source;
    const scanner = new Scanner(operation, name, cutsOf(operation, name, this.#options));
    const kind = {
      expected: 'a text table (CSV)',
      ...(maxBytes !== undefined && {
        limit: { bytes: maxBytes, advice: 'too much for a table; read it with streamCsv' },
      }),
    };
    for await (const chunk of textChunks(operation, name, source.chunks(), kind))
      if (scanner.push(chunk)) yield scanner;
    scanner.end();
    yield scanner;
    if (this.names === undefined) scanner.fail(0, 'the file is empty', undefined, 1);
  }

  /** Goes to the next row that isn't a header and shouldn't be dropped. */
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
        `${plural(fields.length, 'field')}, but the given header has ${names.length}; is the delimiter right?`,
      );
    if (header === true) this.#warnOfData(fields);
    const known = new Set<string>();
    for (const name of names) {
      if (known.has(name)) row.fail(0, 'two columns have this name; pass your own names as header', name);
      known.add(name);
    }
    const unknown = Object.keys(this.#options.columns ?? {}).find((name) => !known.has(name));
    if (unknown !== undefined)
      throw new ArgumentError(
        this.operation,
        `${this.source.name} has no column ${JSON.stringify(unknown)}; its columns are ${quotedNames(names)}`,
      );
    return names;
  }

  /** Warns about a header of numbers, unless they count up: those are column numbers, or years. */
  #warnOfData(fields: readonly string[]): void {
    const numbers = fields.map((field) => numberOf(field, this.style)).filter((value) => value !== undefined);
    const counts = numbers.every((value, i) => i === 0 || value === numbers[i - 1]! + 1);
    if (numbers.length === 0 || (counts && numbers.length > 1 && Number.isInteger(numbers[0]))) return;
    warnOnce(
      this.operation,
      `${this.source.name}: the first line looks like data: ${quotedNames(fields)}; pass { header: false } or the names`,
    );
  }

  /** Runs `read` for each field and adds the position to any error. */
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

/**
 * Reads a CSV or TSV file, gzipped or not, into typed columns. A column without a given type is `integer`,
 * `number`, `boolean`, or `string`, the first that fits all its values; missing values become NaN.
 *
 * @throws FileError if it can't be read
 * @throws CsvError naming the line and column: a field of the wrong type, rows of different lengths, an empty
 * file, a byte that isn't UTF-8
 * @throws FileFormatError if it's a file of another kind
 * @throws ArgumentError for the type of a column that doesn't exist
 * @example
 * const table = await data.readCsv('iris.csv', { columns: { species: 'category' } });
 * const set = table.toDataset('species');
 */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<Table> {
  requireText('readCsv', 'path', path);
  return tableOf('readCsv', fileSource('readCsv', path), options);
}

/**
 * Reads the bytes, or the text, of a CSV or TSV file; see `readCsv`.
 *
 * @param options.name what errors call it (default `bytes`)
 * @throws like `readCsv`
 * @example
 * const table = await data.parseCsv('x,y\n1,2\n3,4\n');
 * table.length; // 2
 */
export async function parseCsv(
  content: Uint8Array | string,
  options: CsvOptions & { readonly name?: string } = {},
): Promise<Table> {
  const { name, ...own } = parseOptions('parseCsv', options);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  requireBytes('parseCsv', 'the content', bytes);
  return tableOf('parseCsv', bytesSource(name, bytes), own);
}

async function tableOf(operation: string, source: Source, options: CsvOptions): Promise<Table> {
  // The second time, columns that turned out to be text late are text from the start.
  const asText = new Set<string>();
  for (;;) {
    const { table, lost } = await readTable(operation, source, options, asText);
    if (lost.length === 0) return table();
    for (const name of lost) asText.add(name);
  }
}

async function readTable(
  operation: string,
  source: Source,
  options: CsvOptions,
  asText: ReadonlySet<string>,
): Promise<{ table: () => Table; lost: readonly string[] }> {
  const { isRepeatable, maxBytes } = source;
  const rows = new Rows(operation, source, options);
  let builders: ColumnBuilder[] | undefined;
  const start = (): ColumnBuilder[] =>
    rows.names!.map((name) => {
      const spec = rows.specOf(name);
      return spec === undefined
        ? new InferringBuilder(rows.style, asText.has(name), !isRepeatable)
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
    table: () =>
      new Table(new Map(names.map((name, i) => [name, finished(operation, name, columns[i]!)])), length),
    lost: names.filter((_, i) => (columns[i] as Partial<InferringBuilder>).isLost),
  };
}

function finished(operation: string, name: string, builder: ColumnBuilder): ColumnValues {
  const column = builder.finish();
  if (column.type === 'number' && column.rounded) warnOfRounded(operation, name, column.rounded);
  return column;
}

/**
 * The rows of a CSV or TSV file one by one, in memory that doesn't grow with the file. A category
 * needs its classes and becomes an integer; columns without a type are strings.
 *
 * @throws like `readCsv`, at the row where it happens
 * @example
 * let widest = 0;
 * for await (const row of data.streamCsv('iris.csv', { columns: { petal: 'number' } }))
 *   widest = Math.max(widest, row.petal as number);
 * widest; // 6.1
 */
export async function* streamCsv(path: string, options: CsvOptions = {}): AsyncGenerator<CsvRow, void> {
  requireText('streamCsv', 'path', path);
  const rows = new Rows('streamCsv', fileSource('streamCsv', path), options);
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
  /** Columns of x; all have a numeric type. */
  readonly features: readonly string[];
  /** Column of y. */
  readonly target: string;
  /** Number of rows, if known: a `Trainer` needs it. */
  readonly length?: number | undefined;
}

/**
 * Examples `[x, y]` from a CSV file that's read again in each iteration and never held in memory as a whole:
 * x is the features, float32; y is the target, float32 if its type is `number`, else int32. Warns about integers
 * that float32 can't tell apart.
 *
 * @throws ArgumentError if a feature or the target has no type, or is text; for an invalid length
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
          `column ${JSON.stringify(name)} needs a numeric type in \`columns\``,
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

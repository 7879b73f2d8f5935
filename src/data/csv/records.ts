import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError as ParserError, parse } from 'csv-parse';
import { describe } from '../../core/describe.js';
import { ArgumentError, FileFormatError } from '../../core/errors.js';
import { fileError } from '../../io/atomic.js';

/** How the text of a file is cut into fields. */
export interface CsvFormat {
  /** Between fields (default: a tab for files named .tsv or .tab, else a comma). */
  readonly delimiter?: string;
  /** Around fields that contain what would end them (default `"`); false: quotes are ordinary characters. */
  readonly quote?: string | false;
  /** Lines that begin with it are left out (default: none). */
  readonly comment?: string;
  /** How bytes become characters (default `utf-8`). */
  readonly encoding?: 'utf-8' | 'latin1';
  /** Longest row in characters, which guards against a quote that is never closed (default 2²⁰). */
  readonly maxRowLength?: number;
}

/** A CSV file whose content is not what was asked for. */
export class CsvError extends FileFormatError {
  override name = 'CsvError';

  constructor(
    operation: string,
    file: string,
    offset: number,
    /** Line on which the row ends, from 1. */
    readonly line: number,
    /** Name of the column, where one is to blame. */
    readonly column: string | undefined,
    problem: string,
  ) {
    const place = column === undefined ? '' : `, column ${JSON.stringify(column)}`;
    super(operation, file, offset, `line ${line}${place}: ${problem}`);
  }
}

/** A row and where it ends. */
export interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
  readonly bytes: number;
}

/** What the parser's complaints mean for who reads a file. */
const complaints: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE:
    'something follows a closing quote; if quotes are ordinary here, pass quote: false',
  INVALID_OPENING_QUOTE: 'a quote stands within a field; if quotes are ordinary here, pass quote: false',
};

function problemOf(error: ParserError, limit: number): string {
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return `a row of more than ${limit} characters; a quote may be left open, or raise maxRowLength`;
  if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
    const [, expected, found] = /expect (\d+), got (\d+)/.exec(error.message) ?? [];
    return `${found} fields, the rows before have ${expected}; is the delimiter right?`;
  }
  return complaints[error.code] ?? error.message;
}

function checkFormat({ delimiter, quote = '"', comment, maxRowLength }: CsvFormat): void {
  const single = (name: string, value: string | false | undefined): void => {
    if (typeof value === 'string' && (value.length === 0 || /[\r\n]/.test(value)))
      throw new ArgumentError('readCsv', `${name} must be a character other than a line break`);
  };
  single('delimiter', delimiter);
  single('quote', quote);
  single('comment', comment);
  if (quote && quote === delimiter)
    throw new ArgumentError('readCsv', 'delimiter and quote must be different characters');
  if (maxRowLength !== undefined && !(Number.isSafeInteger(maxRowLength) && maxRowLength > 0))
    throw new ArgumentError(
      'readCsv',
      `maxRowLength must be a positive whole number, not ${describe(maxRowLength)}`,
    );
}

/** Whether the file begins as gzip does. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** Lets bytes pass up to a limit. */
function limited(limit: number, tooMany: () => Error): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(tooMany());
      else done(null, chunk);
    },
  });
}

/**
 * The rows of a CSV file one by one, in memory that does not grow with the file; gzip is told by the
 * first bytes. Empty lines are left out, a byte order mark too.
 *
 * @param maxBytes most bytes of text
 * @throws FileError if it cannot be read
 * @throws CsvError naming the line, for rows of several lengths and quotes that do not match
 */
export async function* csvRecords(
  operation: string,
  path: string,
  format: CsvFormat,
  maxBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<CsvRecord, void> {
  checkFormat(format);
  const { quote = '"', comment, encoding = 'utf-8', maxRowLength = 2 ** 20 } = format;
  const delimiter = format.delimiter ?? (/\.(tsv|tab)(\.gz)?$/i.test(path) ? '\t' : ',');
  const parser = parse({
    delimiter,
    quote,
    // Within quotes, a quote is written twice.
    escape: quote,
    comment: comment ?? null,
    comment_no_infix: true,
    encoding: encoding === 'latin1' ? 'latin1' : 'utf8',
    bom: encoding === 'utf-8',
    skip_empty_lines: true,
    max_record_size: maxRowLength,
    info: true,
  });
  try {
    const tooMany = (): Error =>
      new FileFormatError(
        operation,
        path,
        0,
        `holds more than ${maxBytes} bytes of text; read it by streamCsv`,
      );
    const packed = await isGzip(path);
    const stages = [
      createReadStream(path),
      ...(packed ? [createGunzip()] : []),
      limited(maxBytes, tooMany),
      parser,
    ];
    // Errors reach the reader of the last stage; leaving the loop closes them all.
    pipeline(stages, () => {});
    for await (const item of parser) {
      const { record, info } = item as { record: string[]; info: { lines: number; bytes: number } };
      yield { fields: record, line: info.lines, bytes: info.bytes };
    }
  } catch (cause) {
    throw translated(operation, path, cause, maxRowLength);
  }
}

function translated(operation: string, path: string, cause: unknown, maxRowLength: number): unknown {
  if (cause instanceof ParserError) {
    const { lines = 0, bytes = 0 } = cause as ParserError & { lines?: number; bytes?: number };
    const error = new CsvError(operation, path, bytes, lines, undefined, problemOf(cause, maxRowLength));
    error.cause = cause;
    return error;
  }
  if (!(cause instanceof Error && 'code' in cause)) return cause;
  const code = String(cause.code);
  if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new FileFormatError(operation, path, 0, `is not whole as gzip: ${cause.message}`);
  return 'syscall' in cause ? fileError(operation, path, cause) : cause;
}

import { ArgumentError, FileFormatError } from '../../core/errors.js';
import { type Option, text, whole, word } from '../../core/options.js';

/** How the text of a file is cut into fields, and how numbers are written in it. */
export interface CsvFormat {
  /** Between fields (default: a tab for files named .tsv or .tab, a semicolon if `decimal` is a comma, else a comma). */
  readonly delimiter?: string | undefined;
  /** Around fields that contain what would end them (default `"`); false: quotes are ordinary characters. */
  readonly quote?: string | false | undefined;
  /** Lines that begin with it are left out (default: none). */
  readonly comment?: string | undefined;
  /** How bytes become characters (default `utf-8`); `latin1` is Windows-1252, as browsers have it. */
  readonly encoding?: 'utf-8' | 'latin1' | undefined;
  /** Before the fraction of a number (default `.`). */
  readonly decimal?: '.' | ',' | undefined;
  /** Between groups of three digits, such as `,` or a space (default: none). */
  readonly thousands?: string | undefined;
  /** Longest row in bytes, which guards against a quote that is never closed (default 2²⁰). */
  readonly maxRowLength?: number | undefined;
}

const quote: Option<string | false> = {
  wanted: 'a string, or false',
  default: '"',
  accepts: (value) => typeof value === 'string' || value === false,
};

export const formatOptions = {
  delimiter: text(undefined),
  quote,
  comment: text(undefined),
  encoding: word(['utf-8', 'latin1'], 'utf-8'),
  decimal: word(['.', ','], '.'),
  thousands: text(undefined),
  maxRowLength: whole(2 ** 20, { least: 1 }),
};

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

/** How the bytes of a file are cut into fields. */
export interface Cuts {
  readonly delimiter: Uint8Array;
  readonly quote: number | undefined;
  readonly comment: Uint8Array | undefined;
  readonly isUtf8: boolean;
  readonly maxRowLength: number;
}

/** @throws ArgumentError for characters that cannot be told apart */
export function cutsOf(
  operation: string,
  path: string,
  {
    delimiter,
    quote = '"',
    comment,
    encoding = 'utf-8',
    decimal,
    thousands,
    maxRowLength = 2 ** 20,
  }: CsvFormat,
): Cuts {
  const check = (name: string, value: string | false | undefined): void => {
    if (typeof value === 'string' && (value === '' || /[\r\n]/.test(value)))
      throw new ArgumentError(operation, `${name} must be a character other than a line break`);
  };
  check('delimiter', delimiter);
  check('quote', quote);
  check('comment', comment);
  check('thousands', thousands);
  if (quote && (quote.length !== 1 || quote > '\x7f'))
    throw new ArgumentError(operation, `quote must be one ASCII character, not ${JSON.stringify(quote)}`);
  if (quote && quote === delimiter)
    throw new ArgumentError(operation, 'delimiter and quote must be different characters');
  if (
    thousands !== undefined &&
    (thousands.length !== 1 || /[\d+\-eE]/.test(thousands) || thousands === (decimal ?? '.'))
  )
    throw new ArgumentError(
      operation,
      `thousands must be a character that numbers do not have otherwise, not ${JSON.stringify(thousands)}`,
    );
  const usual = /\.(tsv|tab)(\.gz)?$/i.test(path) ? '\t' : decimal === ',' ? ';' : ',';
  const bytes = (value: string): Uint8Array =>
    encoding === 'latin1'
      ? Uint8Array.from({ length: value.length }, (_, i) => value.charCodeAt(i))
      : new TextEncoder().encode(value);
  return {
    delimiter: bytes(delimiter ?? usual),
    quote: quote ? quote.charCodeAt(0) : undefined,
    comment: comment === undefined ? undefined : bytes(comment),
    isUtf8: encoding === 'utf-8',
    maxRowLength,
  };
}

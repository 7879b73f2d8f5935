import { ArgumentError, FileFormatError } from '../../core/errors.js';
import { type Option, text, whole, word } from '../../core/options.js';
import type { Encoding } from '../characters.js';

/** How the text of a file splits into fields, and how it writes numbers. */
export interface CsvFormat {
  /** Separates fields (default: a tab for files named .tsv or .tab, a semicolon if `decimal` is a comma, else a comma). */
  readonly delimiter?: string | undefined;
  /** Encloses fields that contain delimiters or line breaks (default `"`); false: quotes are ordinary characters. */
  readonly quote?: string | false | undefined;
  /** Lines that begin with this are skipped (default: none). */
  readonly comment?: string | undefined;
  /** How bytes become characters (default `utf-8`); `latin1` is Windows-1252, as in browsers. */
  readonly encoding?: Encoding | undefined;
  /** The decimal separator (default `.`). */
  readonly decimal?: '.' | ',' | undefined;
  /** Separates groups of three digits, such as `,` or a space (default: none). */
  readonly thousands?: string | undefined;
  /** Longest row in bytes; guards against a quote that's never closed (default 2²⁰). */
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

/** A CSV file whose content isn't what you asked for. */
export class CsvError extends FileFormatError {
  override name = 'CsvError';

  constructor(
    operation: string,
    file: string,
    offset: number,
    /** Line where the row ends, from 1. */
    readonly line: number,
    /** Name of the column, if one is to blame. */
    readonly column: string | undefined,
    problem: string,
  ) {
    const place = column === undefined ? '' : `, column ${JSON.stringify(column)}`;
    super(operation, file, offset, `line ${line}${place}: ${problem}`);
  }
}

/** How the bytes of a file split into fields. */
export interface Cuts {
  readonly delimiter: Uint8Array;
  readonly quote: number | undefined;
  readonly comment: Uint8Array | undefined;
  readonly isUtf8: boolean;
  readonly maxRowLength: number;
}

/** @throws ArgumentError for characters that can't be told apart */
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
    throw new ArgumentError(operation, `quote must be one ASCII character, got ${JSON.stringify(quote)}`);
  if (quote && quote === delimiter)
    throw new ArgumentError(operation, 'delimiter and quote must be different characters');
  if (
    thousands !== undefined &&
    (thousands.length !== 1 || /[\d+\-eE]/.test(thousands) || thousands === (decimal ?? '.'))
  )
    throw new ArgumentError(
      operation,
      `thousands must be a character that doesn't otherwise occur in numbers, got ${JSON.stringify(thousands)}`,
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

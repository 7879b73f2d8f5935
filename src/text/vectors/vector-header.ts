import { BYTE_ORDER_MARK } from '../../data/characters.js';

/** The first line of word2vec's formats: the number of words, and of numbers in a vector. */
export interface Header {
  readonly count: number;
  readonly dim: number;
  /** Where the first word begins in the file. */
  readonly end: number;
}

const LINE_FEED = 0x0a;

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Longest header. */
const LONGEST = 64;

/** Bytes of the byte order mark that a file starts with; 0 if there's none. */
export const markOf = (start: Uint8Array): number =>
  BYTE_ORDER_MARK.every((byte, i) => start[i] === byte) ? BYTE_ORDER_MARK.length : 0;

/** The header at the start of a file, after a byte order mark; null if it begins with a word. */
export function headerOf(start: Uint8Array): Header | null {
  const mark = markOf(start);
  const feed = start.indexOf(LINE_FEED);
  if (feed < 0 || feed > mark + LONGEST) return null;
  const match = /^(\d+)[ \t]+(\d+)[ \t]*\r?$/.exec(latin1(start.subarray(mark, feed)));
  return match === null ? null : { count: Number(match[1]), dim: Number(match[2]), end: feed + 1 };
}

/** Longest text of a number, with the blank before it. */
const LONGEST_NUMBER = 32;

/** Whether what follows the header is binary: its first line isn't a word and numbers in text. */
export function isBinary(start: Uint8Array, { end, dim }: Header): boolean {
  const line = start.subarray(end, end + 256 + LONGEST_NUMBER * Math.min(dim, 64));
  const blank = line.indexOf(0x20);
  const feed = line.indexOf(LINE_FEED, blank + 1);
  const numbers = line.subarray(blank + 1, feed < 0 ? line.length : feed);
  return blank >= 0 && !/^[-+.\deE \t\rnaif]*$/.test(latin1(numbers));
}

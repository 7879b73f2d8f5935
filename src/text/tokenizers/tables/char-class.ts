/** What the scanners tell apart. Surrogates that stand alone are `other`. */
export const letter = 1;
export const digit = 2;
export const space = 3;
export const other = 4;

const letters = /\p{L}/u;
const digits = /\p{N}/u;
const spaces = /\s/u;

/** Classes by code point; 0 where none was asked for yet. */
const classes = new Uint8Array(0x110000);

function classify(codePoint: number): number {
  const char = String.fromCodePoint(codePoint);
  const found = letters.test(char) ? letter : digits.test(char) ? digit : spaces.test(char) ? space : other;
  classes[codePoint] = found;
  return found;
}

/** The class of a code point: `\p{L}`, `\p{N}`, `\s`, or none of these. */
export const classOf = (codePoint: number): number => classes[codePoint] || classify(codePoint);

/** The code point at a place; a surrogate that stands alone, or whose other half lies behind `end`, is one. */
export function codePointAt(text: string, at: number, end: number): number {
  const high = text.charCodeAt(at);
  if ((high & 0xfc00) !== 0xd800 || at + 1 >= end) return high;
  const low = text.charCodeAt(at + 1);
  return (low & 0xfc00) === 0xdc00 ? ((high - 0xd800) << 10) + (low - 0xdc00) + 0x10000 : high;
}

/** UTF-16 code units of a code point. */
export const unitsOf = (codePoint: number): number => (codePoint > 0xffff ? 2 : 1);

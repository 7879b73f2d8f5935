/** What the scanners tell apart. Lone surrogates are `other`. */
export const letter = 1;
export const digit = 2;
export const space = 3;
export const other = 4;

/** A function of code points with small positive values, which are computed once each. */
export function classifier(classify: (char: string) => number): (codePoint: number) => number {
  const classes = new Uint8Array(0x110000);
  const classifyNew = (codePoint: number): number => {
    const found = classify(String.fromCodePoint(codePoint));
    classes[codePoint] = found;
    return found;
  };
  return (codePoint) => classes[codePoint] || classifyNew(codePoint);
}

const letters = /\p{L}/u;
const digits = /\p{N}/u;
const spaces = /\s/u;

/** The class of a code point: `\p{L}`, `\p{N}`, `\s`, or none of these. */
export const classOf = classifier((char) =>
  letters.test(char) ? letter : digits.test(char) ? digit : spaces.test(char) ? space : other,
);

/** The code point at a place; a lone surrogate, or one whose other half is beyond `end`, counts as one too. */
export function codePointAt(text: string, at: number, end: number): number {
  const high = text.charCodeAt(at);
  if ((high & 0xfc00) !== 0xd800 || at + 1 >= end) return high;
  const low = text.charCodeAt(at + 1);
  return (low & 0xfc00) === 0xdc00 ? ((high - 0xd800) << 10) + (low - 0xdc00) + 0x10000 : high;
}

/** UTF-16 code units of a code point. */
export const unitsOf = (codePoint: number): number => (codePoint > 0xffff ? 2 : 1);

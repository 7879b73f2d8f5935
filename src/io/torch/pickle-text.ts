import { quoted, refuse } from './fail.js';
import type { PyValue } from './values.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether this is a lone half of a surrogate pair, as Python encodes it. */
const isHalf = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0xed && bytes[at + 1]! >> 5 === 0b101 && bytes[at + 2]! >> 6 === 0b10;

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse("has a string that isn't UTF-8");
  }
}

/** The string that Python wrote, including lone surrogates. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    if (!isHalf(bytes, at)) continue;
    const half = 0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
    text += decode(bytes.subarray(from, at)) + String.fromCharCode(half);
    from = at + 3;
  }
  return text + decode(bytes.subarray(from));
}

const encoder = new TextEncoder();

/** A string as Python writes it, including lone surrogates. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  const pieces = text.split(/(\p{Cs})/u);
  if (pieces.length === 1) return encoder.encode(text);
  pieces.forEach((piece, i) => {
    const half = piece.charCodeAt(0);
    if (i % 2 === 0) for (const byte of encoder.encode(piece)) bytes.push(byte);
    else bytes.push(0xed, 0x80 | ((half >> 6) & 0x3f), 0x80 | (half & 0x3f));
  });
  return Uint8Array.from(bytes);
}

/** A Python 2 string: text if it's UTF-8, as PyTorch reads it, else bytes. */
export function decodeOldString(bytes: Uint8Array): string | Uint8Array {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.slice();
  }
}

export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** The quoted string that Python 2's `repr` wrote. */
export function parseQuoted(line: string): string | Uint8Array {
  const quote = line[0];
  if (line.length < 2 || (quote !== "'" && quote !== '"') || line.at(-1) !== quote)
    return refuse(`has a string without quotes, ${quoted(line)}`);
  const text = line
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|([\s\S]?))/g, (whole, hex?: string, letter?: string) =>
      hex === undefined ? (escapes[letter ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return decodeOldString(latin1(text));
}

/** Text where `\uXXXX` is an escape and nothing else is. */
export const parseRawUnicode = (line: string): string =>
  line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, four?: string, eight?: string) => {
    const code = Number.parseInt(four ?? eight!, 16);
    return code > 0x10ffff ? refuse(`has ${whole}, which isn't a character`) : String.fromCodePoint(code);
  });

/** A whole number as a number if that's exact, else as a bigint. */
export const whole = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** Number of digits in the longest number that Python reads. */
const longest = 4300;

/** `12`, `12L`, or `00` and `01` for False and True. */
export function parseInteger(line: string, hasSuffix: boolean): PyValue {
  if (!hasSuffix && (line === '00' || line === '01')) return line === '01';
  const digits = hasSuffix && line.endsWith('L') ? line.slice(0, -1) : line;
  if (!/^[-+]?\d+$/.test(digits) || digits.length > longest)
    return refuse(`has ${quoted(line)} for a whole number`);
  return whole(BigInt(digits.replace(/^\+/, '')));
}

const words: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
  '-nan': Number.NaN,
};

export function parseFloatLine(line: string): number {
  if (Object.hasOwn(words, line)) return words[line]!;
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(line)
    ? Number(line)
    : refuse(`has ${quoted(line)} for a number`);
}

/** A whole number in two's complement, little-endian. */
export function integerOf(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0;
  if (bytes.length > longest / 2) return refuse(`has a whole number of ${bytes.length} bytes`);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).reverse();
  return whole(BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex.join('')}`)));
}

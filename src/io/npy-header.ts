import { plural } from '../core/describe.js';
import { FileFormatError } from '../core/errors.js';
import type { ByteSource } from '../host/byte-source.js';
import { KIND_BYTES, otherKind } from './file-kind.js';
import { type StoredDType, storedTypes } from './stored.js';
import { UnsupportedError } from './unsupported.js';

/** What the header of a .npy file says. */
export interface NpyHeader {
  readonly stored: StoredDType;
  readonly bigEndian: boolean;
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Byte where the elements begin. */
  readonly begin: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** A header for plain numbers takes about 100 bytes; headers of structured arrays, which aren't supported, take more. */
const MAX_HEADER = 2 ** 16;
const MAX_AXES = 32;

/** Element types by the letter and byte count in NumPy's `descr`. */
const types: Readonly<Record<string, StoredDType>> = {
  b1: 'BOOL',
  '?': 'BOOL',
  i1: 'I8',
  u1: 'U8',
  i2: 'I16',
  u2: 'U16',
  i4: 'I32',
  u4: 'U32',
  i8: 'I64',
  u8: 'U64',
  f2: 'F16',
  f4: 'F32',
  f8: 'F64',
};

/** `descr` without the byte order, for writing. */
export const descrOf: ReadonlyMap<StoredDType, string> = new Map(
  Object.entries(types)
    .filter(([descr]) => descr !== '?')
    .map(([descr, stored]) => [stored, descr]),
);

/** Why elements of a kind aren't supported. */
const refused: Readonly<Record<string, string>> = {
  O: "Python objects, which run code when they're loaded; save numbers instead",
  c: 'complex numbers; save the real and imaginary parts',
  U: 'text',
  S: 'text',
  a: 'text',
  V: 'raw bytes',
  M: 'dates; save them as numbers',
  m: 'durations; save them as numbers',
  f: 'floats of a size that only some machines have; save them as float64',
};

/** @param supported false if the file is fine, but its elements have no dtype here (default true) */
type Fail = (at: number, problem: string, supported?: boolean) => never;
type Token = { readonly at: number; readonly text: string };

const tokenPattern = /\s*('[^'\\]*'|"[^"\\]*"|\d+L?|True\b|False\b|[{}()[\]:,])/y;

/** The tokens of a Python literal. */
function tokenize(text: string, base: number, fail: Fail): Token[] {
  const end = text.trimEnd().length;
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (!match) return fail(base + at, `the header isn't a valid dictionary literal here`);
    tokens.push({ at: base + tokenPattern.lastIndex - match[1]!.length, text: match[1]! });
  }
  return tokens;
}

/** The three entries of the dictionary, each as a list of tokens. */
function readEntries(tokens: readonly Token[], base: number, fail: Fail): Map<string, readonly Token[]> {
  let next = 0;
  const take = (expected?: string): Token => {
    const token = tokens[next++];
    if (!token) return fail(tokens.at(-1)?.at ?? base, 'the header breaks off');
    if (expected !== undefined && token.text !== expected)
      return fail(token.at, `expected ${expected}, found ${token.text}`);
    return token;
  };
  const entries = new Map<string, readonly Token[]>();
  take('{');
  while (tokens[next]?.text !== '}') {
    const key = take();
    const name = key.text.slice(1, -1);
    if (!['descr', 'fortran_order', 'shape'].includes(name) || !/^['"]/.test(key.text))
      return fail(key.at, `${key.text} isn't a key that the header may have`);
    if (entries.has(name)) return fail(key.at, `the key ${key.text} appears twice`);
    take(':');
    const value: Token[] = [];
    for (let depth = 0; depth > 0 || (tokens[next]?.text !== ',' && tokens[next]?.text !== '}'); ) {
      const token = take();
      if ('([{'.includes(token.text)) depth++;
      else if (')]}'.includes(token.text)) depth--;
      if (depth < 0) return fail(token.at, `${token.text} has no matching opening bracket`);
      value.push(token);
    }
    if (value.length === 0) return fail(key.at, `the key ${key.text} has no value`);
    entries.set(name, value);
    if (tokens[next]?.text === ',') next++;
  }
  take('}');
  if (next < tokens.length) fail(tokens[next]!.at, "something follows the header's dictionary");
  return entries;
}

function readDescr(value: readonly Token[], fail: Fail): { stored: StoredDType; bigEndian: boolean } {
  const [{ at, text }] = value as [Token];
  if (text === '[')
    return fail(at, 'holds records of several fields; save each field as a separate array', false);
  const match = /^['"]([<>|=]?)([a-zA-Z?])(\d*)(?:\[\w+\])?['"]$/.exec(text);
  if (!match || value.length > 1) return fail(at, `${text} isn't an element type`);
  const [, order, kind, size] = match;
  const name = kind! + size!;
  const stored = Object.hasOwn(types, name) ? types[name] : undefined;
  if (stored === undefined) {
    const reason = Object.hasOwn(refused, kind!) ? `holds ${refused[kind!]}` : 'unknown element type';
    return fail(at, `${reason} (dtype ${text})`, false);
  }
  return { stored, bigEndian: order === '>' };
}

function readShape(value: readonly Token[], fail: Fail): number[] {
  const at = value[0]!.at;
  const text = value.map((token) => token.text).join('');
  if (!/^\((\d+L?(,\d+L?)*,?)?\)$/.test(text) || /^\(\d+L?\)$/.test(text))
    return fail(at, `the shape ${text.slice(0, 80)} isn't a tuple of lengths`);
  const shape = value
    .filter((token) => /^\d/.test(token.text))
    .map((token) => {
      const length = Number.parseInt(token.text, 10);
      return length < 2 ** 31 ? length : fail(token.at, `an axis of length ${token.text}`);
    });
  if (shape.length > MAX_AXES) fail(at, `${shape.length} axes; at most ${MAX_AXES} are supported`);
  return shape;
}

/**
 * Reads the header: 6 bytes of magic, the version (1 to 3), the length of what follows in 2 or 4
 * bytes, then a Python dictionary with `descr`, `fortran_order` and `shape`. The elements must fill
 * the rest of the file. Nothing is evaluated.
 *
 * @throws FileFormatError naming the byte, for any deviation
 * @source numpy.lib.format
 */
export function readNpyHeader(operation: string, source: ByteSource): NpyHeader {
  const fail: Fail = (at, problem, supported = true) => {
    throw new (supported ? FileFormatError : UnsupportedError)(operation, source.name, at, problem);
  };
  const first = source.read(0, Math.min(KIND_BYTES, source.size));
  if (MAGIC.some((byte, i) => i < first.length && first[i] !== byte))
    fail(0, otherKind(first, 'a .npy file') ?? "isn't a .npy file: it doesn't begin with \\x93NUMPY");
  if (source.size < 10)
    fail(source.size, `ends after ${plural(source.size, 'byte')}; a .npy file begins with 10`);
  const version = first[6]!;
  if (version < 1 || version > 3 || first[7] !== 0)
    fail(6, `version ${version}.${first[7]}; versions 1.0 to 3.0 are supported`);
  const view = new DataView(first.buffer, first.byteOffset, first.length);
  const start = version === 1 ? 10 : 12;
  if (first.length < start) fail(source.size, 'ends within the length of its header');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER) fail(8, `claims a header of ${length} bytes; at most ${MAX_HEADER} are supported`);
  const begin = start + length;
  if (begin > source.size) fail(source.size, `ends within its header of ${plural(length, 'byte')}`);

  // In Latin-1 each character is one byte, so positions in the text are positions in the file.
  const text = Array.from(source.read(start, length), (byte) => String.fromCharCode(byte)).join('');
  const entries = readEntries(tokenize(text, start, fail), start, fail);
  const value = (key: string): readonly Token[] =>
    entries.get(key) ?? fail(start, `the header has no '${key}'`);
  const { stored, bigEndian } = readDescr(value('descr'), fail);
  const order = value('fortran_order');
  if (order.length > 1 || !['True', 'False'].includes(order[0]!.text))
    fail(order[0]!.at, `fortran_order is ${order[0]!.text}, not True or False`);
  const shape = readShape(value('shape'), fail);
  const bytes = shape.reduce((product, n) => product * n, storedTypes[stored].bytes);
  const have = source.size - begin;
  if (bytes > have)
    fail(
      source.size,
      `ends early: (${shape.join(', ')}) takes ${plural(bytes, 'byte')}, the file has ${have}`,
    );
  if (bytes < have)
    fail(begin + bytes, `${plural(have - bytes, 'byte')} more than the array; a .npy file holds only one`);
  return { stored, bigEndian, fortranOrder: order[0]!.text === 'True', shape, begin };
}

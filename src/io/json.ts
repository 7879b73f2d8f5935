/** A JSON value that remembers the byte of its file where it begins. */
export type JsonNode =
  | { readonly kind: 'object'; readonly at: number; readonly entries: readonly JsonEntry[] }
  | { readonly kind: 'array'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'number'; readonly at: number; readonly value: number }
  | { readonly kind: 'literal'; readonly at: number; readonly value: boolean | null };

export interface JsonEntry {
  readonly key: string;
  /** Byte where the key begins. */
  readonly at: number;
  readonly value: JsonNode;
}

/** Called with the byte and the problem; throws. */
export type JsonFail = (at: number, problem: string) => never;

const code = (character: string): number => character.charCodeAt(0);
const QUOTE = code('"');
const BACKSLASH = code('\\');
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const numberPattern = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const [SPACE, TAB, LINE_FEED, RETURN] = [0x20, 0x09, 0x0a, 0x0d];
const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];
/** Longest string, in bytes, that's decoded in one go. */
const SHORT = 200;
/** Up to this many keys of an object are compared one by one. */
const FEW = 8;
const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB;
const MAX_DEPTH = 32;

/**
 * Reads JSON (RFC 8259) from bytes that may be hostile: it reports what `JSON.parse` accepts or can't
 * locate (repeated keys, bytes that aren't UTF-8, bottomless nesting) with the byte.
 *
 * @param base position of the first byte in the file
 */
export function parseJson(bytes: Uint8Array, base: number, fail: JsonFail): JsonNode {
  let at = 0;

  const problem = (what: string, where = at): never => fail(base + where, what);

  const skipSpace = (): void => {
    while (isSpace(bytes[at])) at++;
  };

  const shown = (): string => {
    if (at >= bytes.length) return 'the end of the JSON';
    const byte = bytes[at]!;
    return byte > SPACE && byte < 127 ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16)}`;
  };

  const expect = (character: string): void => {
    if (bytes[at] !== code(character)) problem(`expected '${character}', found ${shown()}`);
    at++;
  };

  const readString = (): string => {
    const start = at;
    expect('"');
    let isPlain = true;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      if (byte === undefined) return problem('an unterminated string', start);
      if (byte === BACKSLASH) at++;
      if (byte < SPACE || byte > 126 || byte === BACKSLASH) isPlain = false;
      at++;
    }
    at++;
    if (isPlain && at - start < SHORT)
      return String.fromCharCode.apply(null, bytes.subarray(start + 1, at - 1) as unknown as number[]);
    try {
      // JSON.parse undoes the escapes and rejects bare control characters.
      return JSON.parse(utf8.decode(bytes.subarray(start, at))) as string;
    } catch {
      return problem("a string that isn't valid UTF-8 JSON", start);
    }
  };

  const readNumber = (): number => {
    const start = at;
    let value = 0;
    while (bytes[at]! >= ZERO && bytes[at]! <= NINE) value = 10 * value + bytes[at++]! - ZERO;
    const isPlain = at > start && at - start < 15 && (bytes[start] !== ZERO || at - start === 1);
    if (isPlain && !/[-+.eE]/.test(String.fromCharCode(bytes[at]!))) return value;
    at = start;
    while (at < bytes.length && /[-+.0-9eE]/.test(String.fromCharCode(bytes[at]!))) at++;
    const text = String.fromCharCode(...bytes.subarray(start, Math.min(at, start + 400)));
    if (!numberPattern.test(text)) problem(`'${text.slice(0, 40)}' isn't a number`, start);
    return Number(text);
  };

  const readLiteral = (): boolean | null => {
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (String.fromCharCode(...bytes.subarray(at, at + word.length)) === word) {
        at += word.length;
        return value;
      }
    }
    return problem(`expected a JSON value, found ${shown()}`);
  };

  /** Items between brackets, separated by commas. */
  const readList = (open: string, close: string, readItem: () => void): void => {
    expect(open);
    skipSpace();
    if (bytes[at] === code(close)) {
      at++;
      return;
    }
    for (;;) {
      skipSpace();
      readItem();
      skipSpace();
      if (bytes[at] === code(close)) break;
      if (bytes[at] !== code(',')) problem(`expected ',' or '${close}', found ${shown()}`);
      at++;
    }
    at++;
  };

  const readValue = (depth: number): JsonNode => {
    if (depth > MAX_DEPTH) problem(`nested deeper than ${MAX_DEPTH} levels`);
    const start = base + at;
    const byte = bytes[at];
    if (byte === code('{')) {
      const entries: JsonEntry[] = [];
      let seen: Set<string> | undefined;
      const isTaken = (key: string): boolean => {
        if (entries.length < FEW) return entries.some((entry) => entry.key === key);
        seen ??= new Set(entries.map((entry) => entry.key));
        return seen.size === seen.add(key).size;
      };
      readList('{', '}', () => {
        const keyAt = base + at;
        const key = readString();
        if (isTaken(key)) fail(keyAt, `key ${JSON.stringify(key)} appears twice`);
        skipSpace();
        expect(':');
        skipSpace();
        entries.push({ key, at: keyAt, value: readValue(depth + 1) });
      });
      return { kind: 'object', at: start, entries };
    }
    if (byte === code('[')) {
      const items: JsonNode[] = [];
      readList('[', ']', () => items.push(readValue(depth + 1)));
      return { kind: 'array', at: start, items };
    }
    if (byte === QUOTE) return { kind: 'string', at: start, value: readString() };
    if (byte === MINUS || (byte !== undefined && byte >= ZERO && byte <= NINE))
      return { kind: 'number', at: start, value: readNumber() };
    return { kind: 'literal', at: start, value: readLiteral() };
  };

  skipSpace();
  const root = readValue(0);
  skipSpace();
  if (at < bytes.length) problem(`expected the end of the JSON, found ${shown()}`);
  return root;
}

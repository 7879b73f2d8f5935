/** A JSON value that remembers at which byte of its file it began. */
export type JsonNode =
  | { readonly kind: 'object'; readonly at: number; readonly entries: readonly JsonEntry[] }
  | { readonly kind: 'array'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'number'; readonly at: number; readonly value: number }
  | { readonly kind: 'literal'; readonly at: number; readonly value: boolean | null };

export interface JsonEntry {
  readonly key: string;
  /** Byte at which the key begins. */
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
const SPACES: ReadonlySet<number> = new Set([' ', '\t', '\n', '\r'].map(code));
const MAX_DEPTH = 32;

/**
 * Reads JSON (RFC 8259) from bytes that may be hostile: what `JSON.parse` lets pass or cannot locate
 * (repeated keys, bytes that are not UTF-8, bottomless nesting) is reported with its byte.
 *
 * @param base position in the file of the first of `bytes`
 */
export function parseJson(bytes: Uint8Array, base: number, fail: JsonFail): JsonNode {
  let at = 0;

  const problem = (what: string, where = at): never => fail(base + where, what);

  const skipSpace = (): void => {
    while (SPACES.has(bytes[at] ?? -1)) at++;
  };

  const shown = (): string => {
    if (at >= bytes.length) return 'the end of the JSON';
    const byte = bytes[at]!;
    return byte > 32 && byte < 127 ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16)}`;
  };

  const expect = (character: string): void => {
    if (bytes[at] !== code(character)) problem(`expected '${character}', found ${shown()}`);
    at++;
  };

  const readString = (): string => {
    const start = at;
    expect('"');
    while (bytes[at] !== QUOTE) {
      if (at >= bytes.length) problem('a string that never ends', start);
      at += bytes[at] === BACKSLASH ? 2 : 1;
    }
    at++;
    try {
      // JSON.parse undoes the escapes and rejects bare control characters.
      return JSON.parse(utf8.decode(bytes.subarray(start, at))) as string;
    } catch {
      return problem('a string that is not valid JSON in UTF-8', start);
    }
  };

  const readNumber = (): number => {
    const start = at;
    while (at < bytes.length && /[-+.0-9eE]/.test(String.fromCharCode(bytes[at]!))) at++;
    const text = String.fromCharCode(...bytes.subarray(start, Math.min(at, start + 400)));
    if (!numberPattern.test(text)) problem(`'${text.slice(0, 40)}' is not a number`, start);
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
      const seen = new Set<string>();
      readList('{', '}', () => {
        const keyAt = base + at;
        const key = readString();
        if (seen.has(key)) fail(keyAt, `key ${JSON.stringify(key)} appears twice`);
        seen.add(key);
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
    if (byte === code('-') || (byte !== undefined && byte >= 48 && byte <= 57))
      return { kind: 'number', at: start, value: readNumber() };
    return { kind: 'literal', at: start, value: readLiteral() };
  };

  skipSpace();
  const root = readValue(0);
  skipSpace();
  if (at < bytes.length) problem(`expected the end of the JSON, found ${shown()}`);
  return root;
}

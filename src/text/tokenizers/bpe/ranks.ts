import { requireList } from '../../../core/arguments.js';
import { describe } from '../../../core/describe.js';
import { ArgumentError } from '../../../core/errors.js';
import { toChars } from './bytes.js';
import { MergeTable } from './merge-table.js';

/** Tokens in the order of their numbers: texts, or bytes if those aren't UTF-8. Holes are unused numbers. */
export type TokenRanks = readonly (string | readonly number[] | undefined)[];

const isByte = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256;

/** The bytes of each token. @throws ArgumentError for an item that isn't text or bytes */
function bytesOfRanks(operation: string, ranks: TokenRanks): (Uint8Array | undefined)[] {
  requireList(operation, 'ranks', ranks);
  const utf8 = new TextEncoder();
  return Array.from(ranks, (item, rank) => {
    if (item === undefined) return undefined;
    if (typeof item === 'string') return utf8.encode(item);
    if (Array.isArray(item) && item.every(isByte)) return Uint8Array.from(item);
    throw new ArgumentError(
      operation,
      `ranks[${rank}] must be a string or a list of bytes, got ${describe(item)}`,
    );
  });
}

/**
 * The merges behind a list of tokens. Encoding a token's bytes with the tokens before it leaves two pieces; these two are merged.
 *
 * @returns the tokens by number, written as byte-level tokenizers do, and pairs of them
 * @throws ArgumentError if bytes are missing, a token is there twice, or can't be merged of earlier ones
 */
export function mergesOfRanks(
  operation: string,
  ranks: TokenRanks,
): { tokens: (readonly [string, number])[]; merges: (readonly [string, string])[] } {
  const list = bytesOfRanks(operation, ranks);
  const byteIds = new Int32Array(256).fill(-1);
  for (const [id, bytes] of list.entries()) if (bytes?.length === 1) byteIds[bytes[0]!] = id;
  const missing = byteIds.indexOf(-1);
  if (missing >= 0) throw new ArgumentError(operation, `ranks have no token for the byte ${missing}`);

  const table = new MergeTable();
  const merges: (readonly [string, string])[] = [];
  const chars: string[] = [];
  for (const [id, bytes] of list.entries()) {
    if (bytes === undefined) continue;
    chars[id] = toChars(bytes);
    if (bytes.length === 1 && byteIds[bytes[0]!] === id) continue;
    const symbols = Int32Array.from(bytes, (byte) => byteIds[byte]!);
    if (table.apply(symbols, symbols.length) !== 2)
      throw new ArgumentError(
        operation,
        `ranks[${id}], ${describe(ranks[id])}, isn't made of two tokens before it`,
      );
    table.add(symbols[0]!, symbols[1]!, id);
    merges.push([chars[symbols[0]!]!, chars[symbols[1]!]!]);
  }
  return { tokens: chars.flatMap((token, id) => [[token, id] as const]), merges };
}

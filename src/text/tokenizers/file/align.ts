import { fromChars } from '../bpe/bytes.js';
import type { GrowingInts } from '../tables/growing.js';

/** How far ahead a token is looked for in the text, in folded characters. */
const reach = 64;

const marks = /[\p{M}\s▁]/gu;

/** What of a text is the same before and after any normalization: its letters, without accents, case, and spaces. */
const fold = (text: string): string => text.normalize('NFKD').toLowerCase().replace(marks, '');

/** A text folded, with the place that each folded code unit comes from. */
function foldWithPlaces(text: string): { folded: string; starts: number[]; ends: number[] } {
  let folded = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const char of text) {
    const part = fold(char);
    folded += part;
    for (let i = 0; i < part.length; i++) {
      starts.push(at);
      ends.push(at + char.length);
    }
    at += char.length;
  }
  return { folded, starts, ends };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: readonly number[]): string | null {
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

/** The byte that a token such as `<0xE2>` stands for; -1 if it's none. */
const byteOf = (token: string): number =>
  /^<0x[0-9A-F]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : -1;

/** The texts of tokens; tokens that are a character only together have it together, in the first one's place. */
function surfaces(tokens: readonly string[], byteLevel: boolean): { text: string; tokens: number }[] {
  const out: { text: string; tokens: number }[] = [];
  let bytes: number[] = [];
  let pending = 0;
  for (const token of tokens) {
    const own = byteLevel ? fromChars(token) : byteOf(token) >= 0 ? Uint8Array.of(byteOf(token)) : null;
    if (own === null) {
      if (pending > 0) out.push({ text: '', tokens: pending });
      out.push({ text: token.replace(/^##|<\/w>$/g, ''), tokens: 1 });
      [bytes, pending] = [[], 0];
      continue;
    }
    bytes.push(...own);
    pending++;
    const text = decoded(bytes);
    if (text === null && pending < 8) continue;
    out.push({ text: text ?? '', tokens: pending });
    [bytes, pending] = [[], 0];
  }
  if (pending > 0) out.push({ text: '', tokens: pending });
  return out;
}

/**
 * Finds where tokens are in a text that was normalized in any way, by what normalization leaves alone. A token that
 * isn't found is empty, right after the one before.
 */
export function align(
  text: string,
  tokens: readonly string[],
  byteLevel: boolean,
  offsets: GrowingInts,
): void {
  const { folded, starts, ends } = foldWithPlaces(text);
  let cursor = 0;
  let end = 0;
  for (const surface of surfaces(tokens, byteLevel)) {
    const wanted = fold(surface.text);
    const found = wanted === '' ? -1 : folded.slice(cursor, cursor + reach + wanted.length).indexOf(wanted);
    let start = end;
    if (found >= 0) {
      start = starts[cursor + found]!;
      cursor += found + wanted.length;
      end = ends[cursor - 1]!;
    }
    for (let i = 0; i < surface.tokens; i++) {
      offsets.push(start);
      offsets.push(end);
    }
  }
}

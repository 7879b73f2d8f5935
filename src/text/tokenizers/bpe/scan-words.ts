import { classOf, codePointAt, digit, letter, other, space, unitsOf } from '../tables/char-class.js';

/** Code units of `'s`, `'t`, `'re` … at a place; 0 if none is there. */
function contraction(text: string, at: number, end: number): number {
  if (at + 1 >= end) return 0;
  const first = text.charCodeAt(at + 1);
  if (first === 0x73 || first === 0x74 || first === 0x6d || first === 0x64) return 2; // s t m d
  if (at + 2 >= end) return 0;
  const second = text.charCodeAt(at + 2);
  if (second === 0x65) return first === 0x72 || first === 0x76 ? 3 : 0; // re ve
  return first === 0x6c && second === 0x6c ? 3 : 0; // ll
}

/** The end of a run of code points of a class. */
function endOfRun(text: string, at: number, end: number, kind: number): number {
  let place = at;
  while (place < end) {
    const unit = text.charCodeAt(place);
    const codePoint = (unit & 0xf800) === 0xd800 ? codePointAt(text, place, end) : unit;
    if (classOf(codePoint) !== kind) break;
    place += unitsOf(codePoint);
  }
  return place;
}

/**
 * Where the word ends that starts at `at`, in a text that ends at `end`: the end of what GPT-2's expression matches there,
 *
 *     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 *
 * @source Radford et al. 2019, Language models are unsupervised multitask learners
 */
export function endOfWord(text: string, at: number, end: number): number {
  const first = text.charCodeAt(at);
  if (first === 0x27) {
    const units = contraction(text, at, end);
    if (units > 0) return at + units;
  }
  const start = first === 0x20 ? at + 1 : at;
  if (start < end) {
    const kind = classOf(codePointAt(text, start, end));
    if (kind === letter || kind === digit || kind === other) return endOfRun(text, start, end, kind);
  }
  const last = endOfRun(text, at, end, space);
  // The last of several spaces belongs to the word behind them.
  return last === end || last === at + 1 ? last : last - 1;
}

import type { SymbolWords } from '../bpe/learn-merges.js';
import { GrowingInts } from '../tables/growing.js';
import { PairTable } from '../tables/pair-table.js';

/** Pieces of words: where an occurrence of each lies among the words' symbols, its length, and how often it occurs. */
export interface Pieces {
  readonly places: Int32Array;
  readonly lengths: Int32Array;
  readonly counts: Float64Array;
}

/** The most pieces that training starts with. */
const mostSeeds = 1_000_000;

/**
 * Pieces of up to `longest` symbols that occur at least `minFrequency` times, and all single symbols. A longer piece is
 * looked for only if both of its parts that are one symbol shorter are frequent. If there are too many, the ones that
 * cover the most text stay.
 */
export function seedPieces(
  words: SymbolWords,
  numSymbols: number,
  longest: number,
  minFrequency: number,
): Pieces {
  const { symbols, starts, counts } = words;
  const places = new GrowingInts();
  const lengths = new GrowingInts();
  const frequencies: number[] = [];
  // The number of the piece of the current length that starts at each place; -1 if it is rare.
  let current = symbols.slice();
  const single = new Float64Array(numSymbols);
  const placeOf = new Int32Array(numSymbols).fill(-1);
  for (let word = 0; word < counts.length; word++)
    for (let i = starts[word]!; i < starts[word + 1]!; i++) {
      single[symbols[i]!]! += counts[word]!;
      placeOf[symbols[i]!] = i;
    }
  for (let symbol = 0; symbol < numSymbols; symbol++) {
    places.push(placeOf[symbol]!);
    lengths.push(1);
    frequencies.push(single[symbol]!);
  }
  for (let length = 2; length <= longest; length++) {
    const table = new PairTable();
    const next = new Int32Array(symbols.length).fill(-1);
    const found: number[] = [];
    const where: number[] = [];
    for (let word = 0; word < counts.length; word++)
      for (let i = starts[word]!; i + length <= starts[word + 1]!; i++) {
        if (current[i]! < 0 || current[i + 1]! < 0) continue;
        const piece = table.getOrSet(current[i]!, current[i + 1]!, found.length);
        if (piece === found.length) {
          found.push(0);
          where.push(i);
        }
        found[piece]! += counts[word]!;
        next[i] = piece;
      }
    let kept = 0;
    for (const [piece, count] of found.entries()) {
      if (count < minFrequency) continue;
      places.push(where[piece]!);
      lengths.push(length);
      frequencies.push(count);
      kept++;
    }
    if (kept === 0) break;
    for (let i = 0; i < next.length; i++) if (next[i]! >= 0 && found[next[i]!]! < minFrequency) next[i] = -1;
    current = next;
  }
  return heaviest(
    { places: places.toArray(), lengths: lengths.toArray(), counts: Float64Array.from(frequencies) },
    numSymbols,
  );
}

/** Single symbols, and the pieces that cover the most text. */
function heaviest(pieces: Pieces, numSymbols: number): Pieces {
  const { places, lengths, counts } = pieces;
  if (counts.length <= mostSeeds) return pieces;
  const order = Array.from({ length: counts.length - numSymbols }, (_, i) => i + numSymbols)
    .sort((a, b) => counts[b]! * lengths[b]! - counts[a]! * lengths[a]! || a - b)
    .slice(0, mostSeeds - numSymbols);
  const kept = [...Array.from({ length: numSymbols }, (_, i) => i), ...order];
  return {
    places: Int32Array.from(kept, (i) => places[i]!),
    lengths: Int32Array.from(kept, (i) => lengths[i]!),
    counts: Float64Array.from(kept, (i) => counts[i]!),
  };
}

import { host } from '#host';
import type { SymbolWords } from '../bpe/learn-merges.js';
import { Lattice } from './lattice.js';
import { type Pieces, seedPieces } from './seed-pieces.js';

export interface UnigramLearning {
  /** Different symbols in the words. */
  readonly numSymbols: number;
  /** Pieces at the end, single symbols included; fewer if fewer pieces are frequent enough. */
  readonly size: number;
  readonly minFrequency: number;
  /** The most symbols of a piece. */
  readonly longest: number;
  /** Is called with how many pieces are left. */
  onPrune?: ((left: number) => void) | undefined;
}

/** Learned pieces with their logarithmic probabilities, the most probable first. */
export interface UnigramPieces {
  readonly pieces: readonly Int32Array[];
  readonly scores: readonly number[];
}

/** Of the pieces, how many stay each time. */
const shrink = 0.75;
/** Pieces at the end of pruning, over those at the end of training. */
const margin = 1.1;
/** Expected occurrences below which a piece is dropped at once. */
const leastExpected = 0.5;

/**
 * Learns pieces of words and their probabilities. Starts from all frequent substrings; then, in turns, expectation
 * maximization fits the probabilities, and a quarter of the pieces is dropped: the ones that the text can do without at
 * the least loss of probability.
 *
 * @source Kudo 2018, Subword regularization, arXiv:1804.10959
 */
export async function learnUnigram(words: SymbolWords, learning: UnigramLearning): Promise<UnigramPieces> {
  const { numSymbols, size, minFrequency, longest, onPrune } = learning;
  const { symbols } = words;
  const seeds = seedPieces(words, numSymbols, longest, minFrequency);
  const sequenceOf = ({ places, lengths }: Pieces, piece: number): Int32Array =>
    symbols.subarray(places[piece]!, places[piece]! + lengths[piece]!);
  const latticeOf = (of: Pieces, scores: Float64Array): Lattice =>
    new Lattice(scores, (piece) => sequenceOf(of, piece));

  let pieces = seeds;
  let scores = logShares(seeds.counts.map((count, i) => count * seeds.lengths[i]!));
  for (;;) {
    for (let round = 0; round < 2; round++) {
      ({ pieces, scores } = maximize(pieces, expectations(words, latticeOf(pieces, scores)), numSymbols));
      await host.turn();
    }
    onPrune?.(scores.length);
    const least = Math.max(Math.floor(size * margin), numSymbols);
    if (scores.length <= least) break;
    const most = Math.max(least, Math.floor(scores.length * shrink));
    const kept = prune(words, pieces, latticeOf(pieces, scores), sequenceOf, numSymbols, most);
    if (kept.length === scores.length) break;
    scores = Float64Array.from(kept, (piece) => scores[piece]!);
    pieces = pick(pieces, kept);
    await host.turn();
  }
  // Single symbols stay, so every word can be made.
  const byScore = Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
  let room = size - numSymbols;
  const final = byScore.filter((piece) => pieces.lengths[piece] === 1 || room-- > 0);
  return {
    pieces: final.map((piece) => sequenceOf(pieces, piece).slice()),
    scores: final.map((piece) => scores[piece]!),
  };
}

const pick = ({ places, lengths, counts }: Pieces, kept: readonly number[]): Pieces => ({
  places: Int32Array.from(kept, (i) => places[i]!),
  lengths: Int32Array.from(kept, (i) => lengths[i]!),
  counts: Float64Array.from(kept, (i) => counts[i]!),
});

function logShares(weights: Float64Array): Float64Array {
  const total = Math.log(weights.reduce((sum, weight) => sum + weight, 0));
  return weights.map((weight) => Math.log(weight) - total);
}

/** How often each piece occurs in all words, on average over the ways to make them. */
function expectations(words: SymbolWords, lattice: Lattice): Float64Array {
  const expected = new Float64Array(lattice.size);
  const { symbols, starts, counts } = words;
  for (let word = 0; word < counts.length; word++)
    lattice.expect(symbols, starts[word]!, starts[word + 1]!, counts[word]!, expected);
  return expected;
}

/** Probabilities from expectations, with a prior under which rare pieces lose. */
function maximize(
  pieces: Pieces,
  expected: Float64Array,
  numSymbols: number,
): { pieces: Pieces; scores: Float64Array } {
  const kept = Array.from(expected, (_, i) => i).filter(
    (i) => i < numSymbols || expected[i]! >= leastExpected,
  );
  const counts = Float64Array.from(kept, (i) => Math.max(expected[i]!, leastExpected));
  const total = digamma(counts.reduce((sum, count) => sum + count, 0));
  return { pieces: pick(pieces, kept), scores: counts.map((count) => digamma(count) - total) };
}

/** The pieces that stay: single symbols, and those without which the text would lose the most probability. */
function prune(
  words: SymbolWords,
  pieces: Pieces,
  lattice: Lattice,
  sequenceOf: (of: Pieces, piece: number) => Int32Array,
  numSymbols: number,
  most: number,
): number[] {
  const used = new Float64Array(lattice.size);
  const { symbols, starts, counts } = words;
  for (let word = 0; word < counts.length; word++) {
    const count = counts[word]!;
    lattice.best(symbols, starts[word]!, starts[word + 1]!, -1, (piece) => {
      used[piece]! += count;
    });
  }
  const total = used.reduce((sum, count) => sum + count, 0);
  const losses: { piece: number; loss: number }[] = [];
  for (let piece = numSymbols; piece < used.length; piece++) {
    const count = used[piece]!;
    if (count === 0) continue;
    const sequence = sequenceOf(pieces, piece);
    // In place of the piece, the text would have the best other way to make it.
    let parts = 0;
    let logOther = 0;
    lattice.best(sequence, 0, sequence.length, piece, (part) => {
      parts++;
      logOther += Math.log(used[part]! + count);
    });
    logOther -= parts * Math.log(total + count * (parts - 1));
    losses.push({ piece, loss: count * (Math.log(count / total) - logOther) });
  }
  losses.sort((a, b) => b.loss - a.loss || a.piece - b.piece);
  const kept = losses.slice(0, Math.max(0, most - numSymbols)).map(({ piece }) => piece);
  return [...Array.from({ length: numSymbols }, (_, i) => i), ...kept.sort((a, b) => a - b)];
}

/** ψ(x), the derivative of ln Γ(x), for x > 0. */
function digamma(x: number): number {
  let value = x;
  let result = 0;
  while (value < 7) result -= 1 / value++;
  value -= 0.5;
  const inverse = 1 / (value * value);
  return result + Math.log(value) + inverse * (1 / 24 - inverse * (7 / 960 - inverse * (31 / 8064)));
}

import type { Tensor } from '../../index.js';
import type { AliasTable } from './noise.js';

/** What training reads and doesn't change. */
export interface Word2VecTask {
  readonly model: 'skip-gram' | 'cbow';
  /** Number of words of the vocabulary. */
  readonly words: number;
  /** Floats of a row, a multiple of 16. */
  readonly stride: number;
  readonly window: number;
  readonly negative: number;
  readonly shards: number;
  /** Tokens that a shard trains on in a round; windows end at the borders of a chunk. */
  readonly chunk: number;
  readonly seed: number;
  /** The numbers of the words; −1 ends a sentence. */
  readonly tokens: Int32Array;
  /** The share of each word's occurrences that trains. */
  readonly keep: Float32Array;
  readonly noise: AliasTable;
}

/** Some rounds of an epoch; each round trains on a chunk of every shard. */
export interface Rounds {
  readonly epoch: number;
  readonly round: number;
  /** The learning rate of each. */
  readonly rates: Float32Array;
}

/** Tokens that all shards together train on in a round, if there are few of them, and the fewest of a shard. */
const [ROUND, LEAST_CHUNK] = [2 ** 13, 2 ** 9];

/**
 * Tokens of a chunk. Long chunks cost less to join, but shards that go too long without each other's changes learn less
 * from a text.
 */
export const chunkSize = (shards: number): number =>
  shards === 1 ? LEAST_CHUNK : Math.max(LEAST_CHUNK, Math.floor(ROUND / shards));

/** The part of the text that a shard trains on in a round. */
export function chunkOf(task: Word2VecTask, shard: number, round: number): readonly [number, number] {
  const { tokens, shards, chunk } = task;
  const last = Math.floor((tokens.length * (shard + 1)) / shards);
  const begin = Math.min(last, Math.floor((tokens.length * shard) / shards) + round * chunk);
  return [begin, Math.min(last, begin + chunk)];
}

/** Rounds of an epoch. */
export const roundsOf = ({ tokens, shards, chunk }: Word2VecTask): number =>
  Math.ceil(Math.ceil(tokens.length / shards) / chunk);

/** Trains rows (2, words, stride); the tally (shards, 3), float64, grows by loss, pairs it was measured on, and words. */
export type TrainRounds = (rows: Tensor, tally: Tensor, rounds: Rounds) => void;

/** Rounds of word2vec, composed of operations: one window at a time, on any engine. Defines what the kernel does. */
import { arange, type Tensor, tensor } from '../../index.js';
import { Draws } from './word-draws.js';
import { chunkOf, type TrainRounds, type Word2VecTask } from './word2vec-task.js';

/** A word to predict, from the words around it, against noise. */
export interface WordWindow {
  /** Rows of the words around it, with repetitions. */
  readonly contexts: readonly number[];
  /** The word, then noise that isn't the word, with repetitions. */
  readonly outputs: readonly number[];
  /** The place of the word among those that train. */
  readonly place: number;
}

/** The windows of a chunk, and the number of words that train. */
export function windowsOf(
  task: Word2VecTask,
  [begin, end]: readonly [number, number],
  draws: Draws,
): { windows: WordWindow[]; trained: number } {
  const { tokens, keep, negative, noise, words, chunk } = task;
  const kept: number[] = [];
  for (let i = begin; i < end; i++) {
    const word = tokens[i]!;
    if (word < 0 || draws.unit(i - begin) < keep[word]!) kept.push(word);
  }
  const windows: WordWindow[] = [];
  kept.forEach((word, place) => {
    if (word < 0) return;
    const radius = 1 + draws.below(chunk + place, task.window);
    const contexts: number[] = [];
    for (const step of [-1, 1])
      for (let i = place + step; Math.abs(i - place) <= radius && (kept[i] ?? -1) >= 0; i += step)
        contexts.push(kept[i]!);
    const outputs = [word];
    for (let j = 0; j < negative; j++) {
      const at = 2 * chunk + 2 * (place * negative + j);
      const column = draws.below(at, words);
      const drawn = draws.unit(at + 1) < noise.share[column]! ? column : noise.alias[column]!;
      if (drawn !== word) outputs.push(drawn);
    }
    if (contexts.length > 0) windows.push({ contexts, outputs, place });
  });
  return { windows, trained: kept.filter((word) => word >= 0).length };
}

/** The loss is measured on one window of so many. */
const LOSS_EVERY = 16;

/** How many pairs each row trained with: those of the vectors, then those that predict. */
type Pairs = Map<number, number>;

const addPairs = (pairs: Pairs, row: number, count: number): void => {
  pairs.set(row, (pairs.get(row) ?? 0) + count);
};

/** Trains a window; returns its loss, Σ −log σ(±score). */
function trainWindow({ model }: Word2VecTask, rows: Tensor, window: WordWindow, rate: number): Tensor {
  const inputs = tensor(window.contexts, { dtype: 'int32' });
  const outputs = tensor(window.outputs, { dtype: 'int32' });
  const vectors = rows.select(0, 0); // (words, stride)
  const predicting = rows.select(0, 1);
  const isBag = model === 'cbow';
  const gathered = vectors.indexSelect(0, inputs);
  const h = isBag ? gathered.mean(0, { keepdim: true }) : gathered; // (I, stride)
  const o = predicting.indexSelect(0, outputs); // (O, stride)
  const scores = h.matmul(o.t()); // (I, O)
  const label = arange(window.outputs.length).eq(0).to('float32');
  const g = label.sub(scores.sigmoid()).mul(rate);
  const change = g.matmul(o);
  vectors.indexAdd_(0, inputs, isBag ? change.expand(gathered.shape) : change);
  predicting.indexAdd_(0, outputs, g.t().matmul(h));
  const right = scores.mul(label.mul(2).sub(1));
  return right.sigmoid().log().neg().sum();
}

/** Trains a chunk; returns how many pairs each row trained with. */
function trainChunk(
  task: Word2VecTask,
  rows: Tensor,
  tally: Tensor,
  shard: number,
  { epoch, round }: { epoch: number; round: number },
  rate: number,
): Pairs {
  const draws = new Draws(task.seed, epoch, round, shard);
  const { windows, trained } = windowsOf(task, chunkOf(task, shard, round), draws);
  const pairs: Pairs = new Map();
  const [loss, measured] = [tally.at(shard, 0), tally.at(shard, 1)];
  for (const window of windows) {
    const { contexts, outputs, place } = window;
    const inputs = task.model === 'cbow' ? 1 : new Set(contexts).size;
    const predicted = new Set(outputs);
    for (const row of new Set(contexts)) addPairs(pairs, row, predicted.size);
    for (const row of predicted) addPairs(pairs, task.words + row, inputs);
    const windowLoss = trainWindow(task, rows, window, rate);
    if (place % LOSS_EVERY !== 0) continue;
    loss.add_(windowLoss.to('float64'));
    measured.add_(task.model === 'cbow' ? 1 : contexts.length);
  }
  tally.at(shard, 2).add_(trained);
  return pairs;
}

/** How far a row has gone toward where its pairs pull it: each goes about a tenth of the rate of the way that is left. */
const progress = (pairs: number, rate: number): number => (0.1 * pairs * rate) / (0.1 * pairs * rate + 1);

/**
 * Adds what the shards changed. Changes of a row add up as long as shards pulled it only a little; they're averaged if each
 * of them pulled it all the way, since their sum would overshoot.
 */
function joinShards(rows: Tensor, shards: readonly { rows: Tensor; pairs: Pairs }[], rate: number): void {
  const width = rows.shape[2]!;
  const scales = new Float32Array(rows.count / width);
  for (let row = 0; row < scales.length; row++) {
    const pairs = shards.map((shard) => shard.pairs.get(row) ?? 0);
    const total = pairs.reduce((a, b) => a + b, 0);
    const sum = pairs.reduce((a, b) => a + progress(b, rate), 0);
    scales[row] = total === 0 ? 0 : progress(total, rate) / sum;
  }
  const change = shards.map((shard) => shard.rows.sub(rows)).reduce((a, b) => a.add(b));
  rows.add_(change.mul(tensor(scales, [2, scales.length / 2, 1])));
}

/** Trains rounds only with operations. */
export const composedRounds =
  (task: Word2VecTask): TrainRounds =>
  (rows, tally, { epoch, round, rates }) => {
    rates.forEach((rate, i) => {
      const at = { epoch, round: round + i };
      if (task.shards === 1) {
        trainChunk(task, rows, tally, 0, at, rate);
        return;
      }
      const shards = Array.from({ length: task.shards }, (_, shard) => {
        const own = rows.clone();
        return { rows: own, pairs: trainChunk(task, own, tally, shard, at, rate) };
      });
      joinShards(rows, shards, rate);
    });
  };

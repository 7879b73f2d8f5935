/** Rounds of word2vec with the full softmax: products of matrices, which the engines' kernels do on their threads. */
import { ArgumentError } from '../../core/errors.js';
import { type Tensor, tensor, tidy, zeros } from '../../index.js';
import { Draws } from './word-draws.js';
import { type WordWindow, windowsOf } from './word2vec-composed.js';
import { chunkOf, type TrainRounds, type Word2VecTask } from './word2vec-task.js';

/** Most words of a vocabulary. */
const MOST_SOFTMAX_WORDS = 2 ** 15;

/** Windows that train at once, from the same rows; what they change adds up. */
const WINDOWS_AT_ONCE = 32;

/** The mean of each window's words as a matrix. @shape (windows, contexts of all windows) */
function meansOf(windows: readonly WordWindow[]): Tensor {
  const columns = windows.reduce((sum, { contexts }) => sum + contexts.length, 0);
  const means = new Float32Array(windows.length * columns);
  let at = 0;
  windows.forEach(({ contexts }, i) => {
    means.fill(1 / contexts.length, i * columns + at, i * columns + at + contexts.length);
    at += contexts.length;
  });
  return tensor(means, [windows.length, columns]);
}

/**
 * A step of gradient descent on Σ −log p(word | h), p = softmax(h·oᵀ): h is each word around it in turn, or for CBOW their
 * mean. Returns the loss and the number of predictions.
 */
export function trainWindows(
  model: Word2VecTask['model'],
  rows: Tensor,
  windows: readonly WordWindow[],
  rate: number,
): { loss: Tensor; predictions: number } {
  const isBag = model === 'cbow';
  const inputs = tensor(
    windows.flatMap(({ contexts }) => contexts),
    { dtype: 'int32' },
  ); // (C)
  const predicted = windows.flatMap(({ contexts, outputs }) =>
    isBag ? outputs[0]! : contexts.map(() => outputs[0]!),
  );
  const target = tensor(predicted, { dtype: 'int32' }).unsqueeze(1); // (P, 1)
  const [vectors, o] = [rows.select(0, 0), rows.select(0, 1)]; // (words, stride)
  const around = vectors.indexSelect(0, inputs); // (C, stride)
  const means = isBag ? meansOf(windows) : null; // (P, C)
  const h = means ? means.matmul(around) : around; // (P, stride)
  const logP = h.matmul(o.t()).logSoftmax(1); // (P, words)
  const pull = logP.exp().neg().scatterAdd(1, target, zeros(target.shape).add(1)).mul(rate); // −rate·∂loss/∂score
  const change = pull.matmul(o); // (P, stride)
  o.add_(pull.t().matmul(h));
  vectors.indexAdd_(0, inputs, means ? means.t().matmul(change) : change);
  return { loss: logP.gather(1, target).sum().neg(), predictions: predicted.length };
}

/** Trains rounds with the full softmax; a task of one shard. */
export const softmaxRounds =
  (task: Word2VecTask): TrainRounds =>
  (rows, tally, { epoch, round, rates }) => {
    rates.forEach((rate, i) => {
      const draws = new Draws(task.seed, epoch, round + i, 0);
      const { windows, trained } = windowsOf({ ...task, negative: 0 }, chunkOf(task, 0, round + i), draws);
      for (let first = 0; first < windows.length; first += WINDOWS_AT_ONCE)
        tidy(() => {
          const some = windows.slice(first, first + WINDOWS_AT_ONCE);
          const { loss, predictions } = trainWindows(task.model, rows, some, rate);
          tally.at(0, 0).add_(loss.to('float64'));
          tally.at(0, 1).add_(predictions);
        });
      tally.at(0, 2).add_(trained);
    });
  };

/** @throws ArgumentError for too many words, or several shards */
export function requireSoftmax(words: number, shards: number | undefined): void {
  if (words > MOST_SOFTMAX_WORDS)
    throw new ArgumentError(
      'Word2Vec',
      `a softmax takes at most ${MOST_SOFTMAX_WORDS} words, and the corpus has ${words}\n  hint: use loss: 'negative-sampling', or a corpus with a larger minCount or fewer maxWords`,
    );
  if (shards !== undefined && shards > 1)
    throw new ArgumentError(
      'Word2Vec',
      `loss: 'softmax' trains on one shard, got shards: ${shards}; its matrix products use all threads`,
    );
}

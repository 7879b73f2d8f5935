/** Rounds of word2vec: by a kernel on CPU engines. */
import { pointer } from '../../engine/cpu/context.js';
import { extension } from '../../engine/cpu/extension.js';
import type { Engine } from '../../engine/engine.js';
import { tensor } from '../../index.js';
import { composedRounds } from './word2vec-composed.js';
import type { TrainRounds, Word2VecTask } from './word2vec-task.js';

const kernelsOf = extension(({ abi }) => abi);

/** A function that trains rounds of this task, on an engine. */
export function trainerOf(task: Word2VecTask, engine: Engine): TrainRounds {
  const kernels = kernelsOf(engine);
  if (kernels === null) return composedRounds(task);
  const tokens = tensor(task.tokens);
  const keep = tensor(task.keep);
  const share = tensor(task.noise.share);
  const alias = tensor(task.noise.alias);
  return (rows, tally, { epoch, round, rates }) =>
    kernels.word2vec_train(
      pointer(rows),
      task.words,
      task.stride,
      pointer(tokens),
      task.tokens.length,
      pointer(keep),
      pointer(share),
      pointer(alias),
      pointer(tensor(rates)),
      Number(task.model === 'cbow'),
      task.window,
      task.negative,
      task.shards,
      task.chunk,
      task.seed,
      epoch,
      round,
      rates.length,
      pointer(tally),
    );
}

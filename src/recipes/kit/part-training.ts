import { NonFiniteError } from '../../core/errors.js';
import { isfinite, type Tensor } from '../../index.js';
import {
  type Batches,
  type EpochReport,
  type FitOptions,
  Trainer,
  type TrainerOptions,
} from '../../train/index.js';
import { numberOf } from './read.js';
import type { PartProgress } from './study.js';

/** Means over an epoch, as they go into a part's result and into `learningCurves`. */
export type EpochMeans = Pick<EpochReport, 'epoch' | 'train' | 'validation'>;

/** Whether all values are finite; the logits of a network that diverged aren't. */
export const allFinite = async (x: Tensor): Promise<boolean> =>
  (await numberOf(() => isfinite(x).all())) !== 0;

/** Steps between two progress reports. */
const EVERY = 50;

/**
 * One training as a part of a study: reports its progress, and returns the results of each epoch. A training
 * whose loss is no longer a number has diverged: it ends there, and its last epoch has the loss ∞.
 */
export async function trainPart<B>(
  options: TrainerOptions<B>,
  batches: Batches<B>,
  { epochs, validation }: FitOptions<B>,
  progress: PartProgress,
): Promise<EpochMeans[]> {
  const seen: EpochMeans[] = [];
  const trainer = new Trainer<B>({
    ...options,
    callbacks: [
      ...(options.callbacks ?? []),
      {
        async onStep({ step, stepsPerEpoch }) {
          if (step % EVERY === 0) await progress(step / (epochs * stepsPerEpoch));
        },
        onEpochEnd({ epoch, train, validation }) {
          seen.push({ epoch, train, ...(validation ? { validation } : {}) });
          return progress(epoch / epochs);
        },
      },
    ],
  });
  try {
    await trainer.fit(batches, { epochs, ...(validation ? { validation } : {}) });
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    seen.push({ epoch: seen.length + 1, train: { loss: Number.POSITIVE_INFINITY } });
  }
  return seen;
}

import { ArgumentError } from '../core/errors.js';
import { noGrad, tidy } from '../index.js';
import type { Module } from '../nn/index.js';
import { detached, firstTensorLength, valuesOf } from './batch-values.js';
import { Breath } from './breath.js';
import { WeightedMeans } from './means.js';
import type { Batches, Scalars } from './trainer-options.js';

export interface EvaluationOptions<B> {
  /** Put into evaluation, and back afterwards. */
  readonly models: readonly Module[];
  readonly step: (batch: B) => Scalars;
  readonly sizeOf?: ((batch: B) => number) | undefined;
}

/** Means of what `step` gives for each batch, weighted by the sizes of the batches. */
export async function meansOver<B>(
  batches: Batches<B>,
  { models, step, sizeOf = firstTensorLength }: EvaluationOptions<B>,
): Promise<Record<string, number>> {
  if (batches.length === 0) throw new ArgumentError('evaluate', 'there are no batches to evaluate on');
  const breath = new Breath();
  const means = new WeightedMeans();
  const modes = models.map(({ training }) => training);
  for (const model of models) model.eval();
  try {
    for await (const batch of batches) {
      means.add(await valuesOf(noGrad(() => tidy(() => detached(step(batch))))), sizeOf(batch));
      await breath.take();
    }
  } finally {
    models.forEach((model, i) => {
      model.train(modes[i]);
    });
  }
  return means.means();
}

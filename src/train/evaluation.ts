import { noGrad, tidy } from '../index.js';
import type { Module } from '../nn/index.js';
import {
  computed,
  detached,
  firstTensorLength,
  requireBatches,
  requireSize,
  valuesOf,
} from './batch-values.js';
import { Breath } from './breath.js';
import { WeightedMeans } from './means.js';
import type { Members } from './named.js';
import { numbersOf } from './read.js';
import { scalarsOf } from './step-result.js';
import type { Batches, MetricLike, Scalars } from './trainer-options.js';

export interface EvaluationOptions<B> {
  /** Put into evaluation mode, then restored. */
  readonly models: readonly Module[];
  readonly step: (batch: B) => Scalars;
  /** Computed at the end; left in the state they were in. */
  readonly metrics: Members<MetricLike>;
  readonly sizeOf?: ((batch: B) => number) | undefined;
}

/** Means of what `step` returns for each batch, weighted by batch size, and metrics. */
export async function evaluate<B>(
  batches: Batches<B>,
  { models, step, metrics, sizeOf = firstTensorLength }: EvaluationOptions<B>,
): Promise<Record<string, number>> {
  requireBatches('evaluate', batches, 'evaluate on');
  const breath = new Breath();
  const means = new WeightedMeans();
  const modes = models
    .flatMap((model) => model.modules())
    .map((module) => [module, module.training] as const);
  const before = metrics.state();
  for (const model of models) model.eval();
  for (const metric of metrics.list) metric.reset();
  try {
    for await (const batch of batches) {
      const size = sizeOf(batch);
      requireSize('evaluate', size);
      const measured = noGrad(() => tidy(() => detached(scalarsOf('evaluate', 'step', step(batch), false))));
      means.add(await valuesOf(measured, metrics), size);
      await breath.take();
    }
    return { ...means.means(), ...(await valuesOf(computed('evaluate', metrics))) };
  } finally {
    metrics.load(before);
    await numbersOf([], metrics);
    for (const [module, training] of modes) module.training = training;
  }
}

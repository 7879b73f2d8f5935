import type { Figure } from './figure.js';
import { lineChart } from './line-chart.js';

/** What was measured in one epoch, as the lines of `metrics.jsonl` have it. */
export interface EpochMetrics {
  readonly epoch: number;
  readonly train: Readonly<Record<string, number>>;
  readonly validation?: Readonly<Record<string, number>> | undefined;
}

/** Each metric over the epochs, on the training and the validation data, a panel a metric. */
export function learningCurves(
  epochs: readonly EpochMetrics[],
  { title }: { readonly title: string },
): Figure {
  const x = epochs.map(({ epoch }) => epoch);
  return lineChart([{ name: 'loss', x, y: epochs.map(({ train }) => train.loss ?? Number.NaN) }], { title });
}

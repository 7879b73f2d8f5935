import type { Figure } from './figure.js';
import { heatmap } from './heatmap.js';

export interface ConfusionMatrixOptions {
  readonly title: string;
  /** Names of the classes (default: their numbers). */
  readonly classes?: readonly string[] | undefined;
}

/** How often each class (row) was taken for each (column). */
export function confusionMatrix(
  matrix: readonly (readonly number[])[],
  { title }: ConfusionMatrixOptions,
): Figure {
  return heatmap(matrix, { title, xLabel: 'predicted class', yLabel: 'true class' });
}

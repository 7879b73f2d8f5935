import type { Tensor } from '../index.js';
import { type ChartOptions, Figure } from './figure.js';

/** What came out of a layer; or its gradients, or anything else that has a value a unit. */
export interface LayerValues {
  readonly name: string;
  readonly values: Tensor | readonly number[] | Float32Array;
}

/** The distribution of values in each layer, from the first to the last. */
export async function activations(_layers: readonly LayerValues[], { title }: ChartOptions): Promise<Figure> {
  return new Figure(title, { title, data: { values: [] }, mark: 'bar' }, () => title);
}

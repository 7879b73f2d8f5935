import { readTogether } from '../tensor/read-together.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Members } from './named.js';
import type { MetricLike } from './trainer-options.js';

/**
 * The numbers of tensors of one element. Batches of `metrics` that arrive later are counted, too, with the same read of the
 * engine.
 */
export async function numbersOf(
  scalars: readonly Tensor[],
  metrics?: Members<MetricLike>,
): Promise<readonly number[]> {
  const reading = readTogether(scalars);
  const [read] = await Promise.all([reading, ...(metrics?.list ?? []).map((metric) => metric.settled?.())]);
  return read.map((elements) => elements[0]!);
}

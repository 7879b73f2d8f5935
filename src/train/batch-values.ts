import { Tensor } from '../index.js';
import type { Members } from './named.js';
import type { MetricLike, Scalars } from './trainer-options.js';

/** Examples in a batch: the length of the first axis of its first tensor. */
export const firstTensorLength = (batch: unknown): number => {
  const first =
    batch instanceof Tensor ? batch : Object.values(batch as object).find((x) => x instanceof Tensor);
  return first instanceof Tensor && first.ndim > 0 ? first.shape[0]! : 1;
};

/** The same values without the graph that made them. */
export const detached = (scalars: Scalars): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(scalars).map(([name, scalar]) => [name, scalar.detach()]));

export async function valuesOf(scalars: Scalars): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [name, scalar] of Object.entries(scalars)) values[name] = await scalar.item();
  return values;
}

/** What the metrics say of all batches since they were reset. */
export const computed = (metrics: Members<MetricLike>): Scalars =>
  Object.fromEntries(metrics.entries().map(([name, metric]) => [name, metric.compute()]));

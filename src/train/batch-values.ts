import { describe, slip } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { Tensor } from '../index.js';
import type { Members } from './named.js';
import { numbersOf } from './read.js';
import { scalarsOf } from './step-result.js';
import type { Batches, MetricLike, Scalars } from './trainer-options.js';

/** Examples in a batch: the length of the first axis of its first tensor. */
export function firstTensorLength(batch: unknown): number {
  const first = firstTensor(batch);
  return first !== undefined && first.ndim > 0 ? first.shape[0]! : 1;
}

/** The first tensor of a batch: itself, or one in its list or object, or in theirs. */
function firstTensor(batch: unknown): Tensor | undefined {
  if (batch instanceof Tensor) return batch;
  if (typeof batch !== 'object' || batch === null || ArrayBuffer.isView(batch)) return undefined;
  for (const part of Object.values(batch)) {
    const found = firstTensor(part);
    if (found) return found;
  }
  return undefined;
}

/** @throws ArgumentError unless these are batches, at least one; `purpose` says what they're for */
export function requireBatches(operation: string, batches: Batches<unknown>, purpose: string): void {
  const given = batches as Partial<Batches<unknown>> & Partial<Iterable<unknown>>;
  const iterable = given?.[Symbol.asyncIterator] ?? given?.[Symbol.iterator];
  if (
    given === null ||
    typeof given !== 'object' ||
    typeof iterable !== 'function' ||
    given instanceof Tensor
  )
    throw new ArgumentError(
      operation,
      `the batches to ${purpose} must be a DataLoader or something like it, got ${describe(given)}${slip(given)}`,
    );
  const { length } = given;
  if (!(Number.isSafeInteger(length) && length! >= 0))
    throw new ArgumentError(
      operation,
      `the batches to ${purpose} must have a length, the number of batches; got ${describe(length)}`,
    );
  if (length === 0) throw new ArgumentError(operation, `there are no batches to ${purpose}`);
}

/** @throws ArgumentError unless `sizeOf` returned a number of examples */
export function requireSize(operation: string, size: unknown): void {
  if (!(Number.isSafeInteger(size) && (size as number) >= 0))
    throw new ArgumentError(
      operation,
      `sizeOf returned ${describe(size)}, but it must return the number of examples, a whole number of at least 0`,
    );
}

/** The same values, detached from the graph that made them. */
export const detached = (scalars: Scalars): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(scalars).map(([name, scalar]) => [name, scalar.detach()]));

/** The values as numbers, once batches of `metrics` are counted, too. */
export async function valuesOf(
  scalars: Scalars,
  metrics?: Members<MetricLike>,
): Promise<Record<string, number>> {
  const numbers = await numbersOf(Object.values(scalars), metrics);
  return Object.fromEntries(Object.keys(scalars).map((name, i) => [name, numbers[i]!]));
}

/** The metrics' values over all batches since the last reset. @throws ArgumentError if one isn't a number */
export const computed = (operation: string, metrics: Members<MetricLike>): Scalars =>
  scalarsOf(
    operation,
    'a metric',
    Object.fromEntries(metrics.entries().map(([name, metric]) => [name, metric.compute()])),
    false,
  );

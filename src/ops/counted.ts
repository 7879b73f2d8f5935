import { enableGrad, isGradEnabled, noGrad } from '../autograd/mode.js';
import { EngineError } from '../core/errors.js';
import type { Count } from '../engine/fault.js';
import { copied } from '../tensor/filled.js';
import { Tensor } from '../tensor/tensor.js';

// The size of the result of `nonzero`, `unique`, and the like depends on the elements. Each has two forms: `nonzero`,
// for engines that have results immediately, and `nonzeroAsync`, for all engines.

/** A result that can be made once its number of elements is known. */
export interface Counted<R> {
  readonly count: Count;
  finish(count: number): R;
}

/** The name of the async form: `nonzeroAsync`, `indexPutAsync_`. */
const awaited = (operation: string): string => operation.replace(/_?$/, (tail) => `Async${tail}`);

/** @throws EngineError if the elements of `x` arrive later */
export function requireNow(operation: string, x: unknown): void {
  if (x instanceof Tensor && !x.engine.synchronous)
    throw new EngineError(
      operation,
      `the result depends on elements, which arrive later on the ${x.engine.name} engine\n  hint: await ${awaited(operation)}`,
    );
}

/** Checks the arguments of an operation, and counts. */
type Plan<X, Y, R> = (operation: string, x: X, y: Y) => Counted<R>;

/** The result, synchronously. @throws EngineError if the elements of `x` arrive later */
export function atOnce<X, Y, R>(operation: string, plan: Plan<X, Y, R>, x: X, y: Y): R {
  requireNow(operation, x);
  try {
    const counted = plan(operation, x, y);
    return counted.finish(counted.count as number);
  } catch (error) {
    throw EngineError.inOperation(error, operation);
  }
}

/** What `work` returns after a wait, recorded in the graph if it would have been at the time of the call. */
export async function afterwards<T, R>(waited: T | Promise<T>, work: (value: T) => R): Promise<R> {
  const scope = isGradEnabled() ? enableGrad : noGrad;
  const value = await waited;
  return scope(() => work(value));
}

/** The result, once its size is known. */
export async function whenCounted<X, Y, R>(operation: string, plan: Plan<X, Y, R>, x: X, y: Y): Promise<R> {
  try {
    const counted = plan(operation, x, y);
    return await afterwards(counted.count, counted.finish);
  } catch (error) {
    throw EngineError.inOperation(error, operation);
  }
}

/** The current `x`: a copy if it might change before its elements are counted. */
export const steady = (x: Tensor): Tensor => (x.engine.synchronous ? x : copied(x));

import { enableGrad, isGradEnabled, noGrad } from '../autograd/mode.js';
import { checkInputs } from '../autograd/op.js';
import { EngineError } from '../core/errors.js';
import type { Count } from '../engine/fault.js';
import { copied } from '../tensor/filled.js';
import { Tensor } from '../tensor/tensor.js';

// How long `nonzero`, `unique` and their like are stands in the elements. Each has two forms: `nonzero`, for engines
// that have results at once, and `nonzeroAsync`, for all.

/** A result that can be made once it's known how many elements it has. */
export interface Counted<R> {
  readonly count: Count;
  finish(count: number): R;
}

/** The name of the form that is awaited: `nonzeroAsync`, `indexPutAsync_`. */
const awaited = (operation: string): string => operation.replace(/_?$/, (tail) => `Async${tail}`);

/** @throws EngineError where the elements of `x` arrive later */
export function requireNow(operation: string, x: unknown): void {
  if (x instanceof Tensor && !x.engine.synchronous)
    throw new EngineError(
      operation,
      `the result depends on elements, which the ${x.engine.name} engine has later\n  hint: await ${awaited(operation)}`,
    );
}

/** The result at once. @throws EngineError where the elements of `x` arrive later */
export function atOnce<R>(operation: string, x: unknown, plan: () => Counted<R>): R {
  requireNow(operation, x);
  const { count, finish } = plan();
  return finish(count as number);
}

/** What `work` gives after a wait, in the graph if it would have been at the time of the call. */
export async function afterwards<T, R>(waited: T | Promise<T>, work: (value: T) => R): Promise<R> {
  const scope = isGradEnabled() ? enableGrad : noGrad;
  const value = await waited;
  return scope(() => work(value));
}

/** Runs kernels that count, with the checks and the errors of an operation on those operands. */
export function counting<R>(operation: string, operands: readonly Tensor[], work: () => R): R {
  checkInputs(operation, operands);
  return EngineError.naming(operation, work);
}

/** The result when its size is known. */
export const whenCounted = <R>({ count, finish }: Counted<R>): Promise<R> => afterwards(count, finish);

/** `x` as it is now: a copy where it might change until its elements are counted. */
export const steady = (x: Tensor): Tensor => (x.engine.synchronous ? x : copied(x));

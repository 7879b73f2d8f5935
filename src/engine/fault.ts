import type { TypedArray } from '../core/dtype.js';
import type { MyelinError } from '../core/errors.js';

// Errors that depend on the operands' elements. An engine whose results are available immediately throws such an
// error when the operation is called. One whose results arrive later keeps it, and its next read throws it.

/** Makes the error for a result that its dtype doesn't hold. */
export type Overflow = () => MyelinError;

/** Makes the error for the element at `position`, in row-major order, which is `value`. */
export type OutOfRange = (position: number, value: number) => MyelinError;

/** Makes the error for more results than there's room or sources for. */
export type TooMany = (count: number) => MyelinError;

/** Makes the error for elements that an operation can't take; null if they're fine. */
export type Verdict = (elements: TypedArray) => MyelinError | null;

/**
 * The number of results. On an engine whose results arrive later, it's a promise and counts as a read: it throws the
 * error that an earlier check found.
 */
export type Count = number | Promise<number>;

/**
 * For an engine whose results arrive later: the errors that its checks find, for the next read to throw.
 *
 * A fault is raised once. Those found after it but before that read are its consequences, and are dropped.
 */
export class FaultQueue {
  readonly #pending = new Set<Promise<void>>();
  #checks = 0;
  #first: { readonly check: number; readonly error: unknown } | null = null;

  /** Adds a check that ends with an error or null. */
  watch(outcome: Promise<MyelinError | null>): void {
    const check = this.#checks++;
    const keep = (error: unknown): void => {
      if (error !== null && (this.#first === null || check < this.#first.check))
        this.#first = { check, error };
    };
    const done: Promise<void> = outcome.then(keep, keep).finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  /** Waits for all checks so far and throws the error of the first that failed. */
  async raise(): Promise<void> {
    await Promise.all(this.#pending);
    const first = this.#first;
    this.#first = null;
    if (first !== null) throw first.error;
  }
}

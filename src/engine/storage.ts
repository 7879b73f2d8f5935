import type { DType } from '../core/dtype.js';
import { DisposedError, EngineError, formatShape } from '../core/errors.js';
import type { Shape } from '../core/shape.js';

/** What all code may know about an engine; the engines themselves are built from the types in this file. */
export interface Owner {
  readonly name: string;
}

/**
 * An engine's memory that holds the elements of one or more tensors. Each engine has its own class of storage, which
 * knows where the memory is; it has all the fields itself, because a base class would cost a twentieth of a small
 * operation's time.
 */
export interface Storage<E extends Owner = Owner> {
  readonly engine: E;
  readonly bytes: number;
  /** Counts in-place changes, starting at 0; lets autograd notice that a saved tensor has changed. */
  version: number;
  /** The version at which an in-place operation last gave this memory a new place in the graph; −1 at first. */
  rebased: number;
  /** The scope that releases the memory at its end; null if none does. */
  scope: Storage<E>[] | null;
  /** Where the memory was released; undefined while it's in use. */
  disposedAt: Error | undefined;
}

/** What kernels see of a tensor: elements of a storage, walked with strides. */
export interface View {
  readonly storage: Storage;
  readonly dtype: DType;
  readonly shape: Shape;
  /** In elements; 0 repeats an element along an axis. */
  readonly strides: Shape;
  /** In elements, from the start of the storage. */
  readonly offset: number;
  /** The number of elements. */
  readonly count: number;
  /** Whether the strides walk the elements in order without gaps. */
  readonly packed: boolean;
}

/** The error for an operation whose `operand` (1, 2, …) is on a different engine than its first. */
export const engineMismatch = (operation: string, operand: number, view: View, first: View): EngineError =>
  new EngineError(
    operation,
    `operand ${operand} is on engine ${view.storage.engine.name}, the first on ${first.storage.engine.name}\n` +
      '  hint: move one of them with to()',
  );

/** The error for using `view` in `operation` after its memory was released. */
export function disposedError(operation: string, name: string, view: View): DisposedError {
  const frames = (view.storage.disposedAt?.stack ?? '').split('\n').slice(1);
  return new DisposedError(
    operation,
    `${name}, ${view.dtype} ${formatShape(view.shape)}, was disposed${frames.length ? `\n  disposed${frames.join('\n  ')}` : ''}`,
  );
}

import type { DType } from '../core/dtype.js';
import { DisposedError, EngineError, formatShape } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import type { Engine } from './engine.js';

/** Memory of an engine that holds the elements of one or more tensors. */
export class Storage {
  /** Counts in-place changes; lets autograd notice that a saved tensor is no longer what it was. */
  version = 0;
  /** The version at which an in-place operation last gave this memory a new place in the graph. */
  rebased = -1;
  /** The scope that gives the memory back at its end; null if none does. */
  scope: Storage[] | null = null;
  /** Where the memory was given back; undefined while it is in use. */
  disposedAt: Error | undefined = undefined;

  constructor(
    readonly engine: Engine,
    readonly bytes: number,
    /** Where the engine's kernels find the first byte. */
    readonly address: number,
    /** What keeps the memory alive, for the engine's own use. */
    readonly owner: unknown,
  ) {}
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
  /** Elements in all. */
  readonly count: number;
  /** Whether the strides walk the elements in order without gaps. */
  readonly packed: boolean;
}

/** The error for an operation whose `operand` (1, 2, …) lies on another engine than its first. */
export const engineMismatch = (operation: string, operand: number, view: View, first: View): EngineError =>
  new EngineError(
    operation,
    `operand ${operand} lies on engine ${view.storage.engine.name}, the first on ${first.storage.engine.name}\n` +
      '  hint: move one of them with to()',
  );

/** The error for a use of `view` by `operation` after its memory was given back. */
export function disposedError(operation: string, name: string, view: View): DisposedError {
  const frames = (view.storage.disposedAt?.stack ?? '').split('\n').slice(1);
  return new DisposedError(
    operation,
    `${name}, ${view.dtype} ${formatShape(view.shape)}, was disposed${frames.length ? `\n  disposed${frames.join('\n  ')}` : ''}`,
  );
}

import type { DType } from '../core/dtype.js';
import type { Shape } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import type { Storage } from '../engine/storage.js';

/** Memory of tensors. */
export type TensorStorage = Storage<Engine>;

/** Storages allocated since a scope was opened. */
type Scope = TensorStorage[];

let current: Scope | null = null;

/** Allocates memory that the innermost open scope watches. */
export function allocate(engine: Engine, size: number, dtype: DType, shape: Shape): TensorStorage {
  const storage = engine.allocate(size, dtype, shape);
  adopt(storage);
  return storage;
}

/** Gives a storage back to its engine; a later use of it is an error that tells `where`. */
export function dispose(storage: TensorStorage, where: Error): void {
  if (storage.disposedAt !== undefined) return;
  storage.disposedAt = where;
  storage.engine.release(storage);
}

/**
 * Runs `work` and returns its result with the storages allocated in it, which no outer scope
 * watches: the caller disposes of each or hands it on with `adopt`. If `work` throws, they go back.
 */
export function watchAllocations<R>(work: () => R): { result: R; allocated: readonly TensorStorage[] } {
  const outer = current;
  const allocated: Scope = [];
  current = allocated;
  try {
    return { result: work(), allocated };
  } catch (error) {
    const where = new Error();
    for (const storage of allocated) dispose(storage, where);
    throw error;
  } finally {
    current = outer;
  }
}

/** Hands a storage to the innermost open scope. */
export function adopt(storage: TensorStorage): void {
  storage.scope = current;
  if (current !== null) current.push(storage);
}

/** Lets a storage live as long as another: if a scope gives that one back, it does so with both. */
export function accompany(storage: TensorStorage, other: TensorStorage): void {
  storage.scope = other.scope;
  if (other.scope !== null) other.scope.push(storage);
}

/** Gives a storage back if a scope is open, which would do so at its end. */
export function disposeInScope(storage: TensorStorage, where: Error): void {
  if (current !== null) dispose(storage, where);
}

/** Runs `work` without watching: what it allocates outlives every open scope. */
export function outliving<R>(work: () => R): R {
  const outer = current;
  current = null;
  try {
    return work();
  } finally {
    current = outer;
  }
}

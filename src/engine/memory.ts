import { bytesPerElement, type DType } from '../core/dtype.js';
import { EngineError, engineItself, formatShape } from '../core/errors.js';
import { mostElements, type Shape, shapeProblem, sizeOf } from '../core/shape.js';
import type { Verdict } from './fault.js';
import type { Owner, Storage, View } from './storage.js';

/** An engine's memory. */
export interface MemoryEngine extends Owner {
  /** Whether results can be read synchronously: `readSync` works, and checks throw when an operation is called. */
  readonly synchronous: boolean;

  /**
   * Memory with undefined content.
   *
   * @param size the number of elements, from `newSize`
   * @param shape the tensor's shape, for the error
   * @throws EngineError that names shape and bytes, if no tensor can have that shape or there's no memory for it
   */
  allocate(size: number, dtype: DType, shape: Shape): Storage<this>;

  /** Releases memory immediately, for the next allocation; nothing may use the storage after that. */
  release(storage: Storage): void;

  write(storage: Storage, byteOffset: number, bytes: Uint8Array): void;

  /** A copy of the bytes, once all earlier kernels have run. Throws the error that an earlier check found. */
  read(storage: Storage, byteOffset: number, byteLength: number): Promise<ArrayBuffer>;

  /** Synchronous `read`; throws EngineError on an engine whose results arrive later. */
  readSync(storage: Storage, byteOffset: number, byteLength: number): ArrayBuffer;

  /** Checks the elements of a dense view as they are now. Throws the verdict immediately, or at the next read. */
  inspect(view: View, verdict: Verdict): void;
}

/** The error for a tensor that no engine can hold, or not this one. */
export function refusal(
  size: number,
  dtype: DType,
  shape: Shape,
  largest: number,
  engine: string,
): EngineError {
  const elements = Number.isNaN(size) ? sizeOf(shape) : size;
  const wrong = shape.some((n) => !Number.isInteger(n) || n < 0);
  const tooLong = !(elements > mostElements) && shape.some((n) => n > mostElements);
  if (wrong || tooLong) return new EngineError(engineItself, shapeProblem(shape));
  const bytes = elements * bytesPerElement[dtype];
  return new EngineError(
    engineItself,
    `a tensor ${formatShape(shape)} of ${dtype} takes ${bytes} bytes (${(bytes / 2 ** 30).toFixed(2)} GiB); ` +
      (bytes > largest
        ? `the ${engine} engine holds at most ${largest} in one`
        : `it has ${elements} elements, but at most ${mostElements} fit in one`),
  );
}

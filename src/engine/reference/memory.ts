import { bytesPerElement, typedArray } from '../../core/dtype.js';
import { EngineError, engineItself } from '../../core/errors.js';
import type { Engine } from '../engine.js';
import { FaultQueue, type OutOfRange, type TooMany } from '../fault.js';
import { type MemoryEngine, refusal } from '../memory.js';
import type { Storage } from '../storage.js';
import { bufferOf } from './cells.js';

/** What this engine's checks found, for the next read. */
export class Faults extends FaultQueue {
  /** Whether all indices are in [least, end); keeps the fault of the first one that isn't. */
  requireInside(indices: readonly number[], least: number, end: number, fault: OutOfRange | null): boolean {
    const bad = indices.findIndex((i) => i < least || i >= end);
    if (bad >= 0 && fault !== null) this.watch(Promise.resolve(fault(bad, indices[bad]!)));
    return bad < 0;
  }

  /** Keeps the fault if there are more than `most`. */
  requireAtMost(most: number, count: number, fault: TooMany | null): void {
    if (count > most && fault !== null) this.watch(Promise.resolve(fault(count)));
  }
}

/** The most bytes in a tensor; larger ones would take hours. */
const largest = 2 ** 28;

type Memory = Omit<Pick<Engine, keyof MemoryEngine>, 'name'>;

/** Memory that's read later: a read copies immediately, but returns the copy after others had their turn. */
export const memory = (engine: Engine, faults: Faults): Memory => ({
  synchronous: false,
  allocate(size, dtype, shape) {
    const bytes = size * bytesPerElement[dtype];
    if (!(bytes >= 0 && bytes <= largest && Number.isInteger(bytes)))
      throw refusal(size, dtype, shape, largest, engine.name);
    const state = { version: 0, rebased: -1, scope: null, disposedAt: undefined };
    return { engine, bytes, ...state, buffer: new ArrayBuffer(bytes) } as Storage<Engine>;
  },
  release() {},
  write(storage, byteOffset, bytes) {
    new Uint8Array(bufferOf(storage)).set(bytes, byteOffset);
  },
  async read(storage, byteOffset, byteLength) {
    const copy = bufferOf(storage).slice(byteOffset, byteOffset + byteLength);
    await faults.raise();
    return copy;
  },
  readSync() {
    throw new EngineError(
      engineItself,
      `results arrive later on the ${engine.name} engine\n  hint: await data(), item() or toArray()`,
    );
  },
  inspect({ storage, dtype, offset, count }, verdict) {
    const [first, bytes] = [offset * bytesPerElement[dtype], count * bytesPerElement[dtype]];
    const copy = bufferOf(storage).slice(first, first + bytes);
    faults.watch(Promise.resolve().then(() => verdict(typedArray(dtype, copy, 0, count))));
  },
});

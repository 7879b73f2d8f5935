import type { Storage } from './storage.js';

/** Memory of an engine. */
export interface MemoryEngine {
  /** Memory for `bytes` bytes with undefined content. */
  allocate(bytes: number): Storage;

  /** Gives memory back at once, for the next allocation; nothing may use the storage afterwards. */
  release(storage: Storage): void;

  write(storage: Storage, byteOffset: number, bytes: Uint8Array): void;

  /** A copy of the bytes, once all kernels before have run. */
  read(storage: Storage, byteOffset: number, byteLength: number): Promise<ArrayBuffer>;

  /** As `read`, at once; throws EngineError on an engine whose results arrive later. */
  readSync(storage: Storage, byteOffset: number, byteLength: number): ArrayBuffer;
}

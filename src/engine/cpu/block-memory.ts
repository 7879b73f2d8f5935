import { bytesPerElement, type DType } from '../../core/dtype.js';
import { EngineError, engineItself, formatShape } from '../../core/errors.js';
import type { Shape } from '../../core/shape.js';
import type { Engine } from '../engine.js';
import { refusal } from '../memory.js';
import type { Storage } from '../storage.js';
import type { Block } from './block.js';
import { BlockPool } from './block-pool.js';
import type { CpuMemory } from './host.js';
import { CpuStorage } from './storage.js';

export interface BlockPolicy {
  /** The most bytes that a tensor can have. */
  readonly largest: number;
  /** How many bytes of released memory may wait for reuse. */
  readonly poolLimit: number;
  /** Whether each tensor gets its own block of exactly its size, for tools that watch the ends of blocks. */
  readonly exact: boolean;
}

export const blockAlignment = 64;
const slabBytes = 32 * 1024;
const largestInSlab = 1024;

/** Block sizes are rounded up so that tensors of similar sizes share them. */
function roundUp(bytes: number): number {
  const step = bytes <= 32 * 1024 ? blockAlignment : bytes <= 1024 * 1024 ? 4096 : 64 * 1024;
  return Math.ceil(bytes / step) * step;
}

/** A block from which small tensors are cut, one after the other. */
class Slab implements Block {
  used = 0;
  /** The number of tensors in it that haven't been released. */
  inUse = 0;

  constructor(readonly block: Block) {}

  get bytes(): number {
    return this.block.bytes;
  }

  get address(): number {
    return this.block.address;
  }

  view(address: number, byteLength: number): Uint8Array {
    return this.block.view(address, byteLength);
  }
}

/**
 * Tensor memory in blocks that the garbage collector reclaims. Blocks released early wait in a pool, by
 * size. Small tensors are cut from slabs; each slab is reclaimed or released with the last tensor in it.
 */
export abstract class BlockMemory implements CpuMemory {
  readonly #pool: BlockPool;
  #slab: Slab | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly policy: BlockPolicy,
  ) {
    this.#pool = new BlockPool(policy.poolLimit, (block) => this.discard(block));
  }

  /** A new block of at least `bytes` bytes with undefined content; null if there's no memory for it. */
  protected abstract newBlock(bytes: number): Block | null;

  /** What to add to the error when there's no block: the total memory, or a hint. */
  protected abstract shortage(): string;

  /** Disposes of an unused block that the pool has no room for; otherwise, the collector would reclaim it later. */
  protected abstract discard(block: Block): void;

  allocate = (size: number, dtype: DType, shape: Shape): CpuStorage => {
    const bytes = size * bytesPerElement[dtype];
    if (!(bytes >= 0 && bytes <= this.policy.largest && Number.isInteger(bytes)))
      throw refusal(size, dtype, shape, this.policy.largest, this.engine.name);
    const storage = this.#allocate(bytes);
    if (storage === null)
      throw new EngineError(
        engineItself,
        `no memory for the ${bytes} bytes of a tensor ${formatShape(shape)} of ${dtype}${this.shortage()}`,
      );
    return storage;
  };

  #allocate(bytes: number): CpuStorage | null {
    if (bytes <= largestInSlab && !this.policy.exact) return this.#small(bytes);
    const block = this.policy.exact ? this.newBlock(bytes) : this.#take(roundUp(bytes));
    return block === null ? null : new CpuStorage(this.engine, bytes, block.address, block);
  }

  #small(bytes: number): CpuStorage | null {
    const rounded = bytes === 0 ? blockAlignment : Math.ceil(bytes / blockAlignment) * blockAlignment;
    if (this.#slab === null || this.#slab.used + rounded > slabBytes) {
      const block = this.#take(slabBytes);
      if (block === null) return null;
      const full = this.#slab;
      this.#slab = new Slab(block);
      if (full?.inUse === 0) this.#pool.keep(full.block);
    }
    const slab = this.#slab;
    const address = slab.address + slab.used;
    slab.used += rounded;
    slab.inUse++;
    return new CpuStorage(this.engine, bytes, address, slab);
  }

  release = (storage: Storage): void => {
    if (this.policy.exact) return;
    const { block } = storage as CpuStorage;
    if (block instanceof Slab) this.#releaseSmall(block);
    else this.#pool.keep(block);
  };

  #releaseSmall(slab: Slab): void {
    slab.inUse--;
    if (slab.inUse === 0 && slab !== this.#slab) this.#pool.keep(slab.block);
  }

  #take(capacity: number): Block | null {
    const made = this.#pool.take(capacity) ?? this.newBlock(capacity);
    if (made !== null) return made;
    this.#pool.drain();
    return this.newBlock(capacity);
  }

  write = (storage: Storage, byteOffset: number, bytes: Uint8Array): void => {
    this.#bytes(storage, byteOffset, bytes.length).set(bytes);
  };

  readSync = (storage: Storage, byteOffset: number, byteLength: number): ArrayBuffer => {
    const copy = new Uint8Array(byteLength);
    copy.set(this.#bytes(storage, byteOffset, byteLength));
    return copy.buffer;
  };

  abstract read: CpuMemory['read'];

  #bytes(storage: Storage, byteOffset: number, byteLength: number): Uint8Array {
    const { block, address } = storage as CpuStorage;
    return block.view(address + byteOffset, byteLength);
  }
}

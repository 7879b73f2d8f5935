import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../engine.js';
import type { MemoryEngine } from '../memory.js';
import { Storage } from '../storage.js';
import { createCpuEngine, type KernelAbi } from './engine.js';

/** What kernels/native/addon.cc exports. */
interface Addon {
  readonly isa: string;
  readonly kernels: KernelAbi;
  addressOf(buffer: ArrayBufferLike): number;
  setThreads(threads: number): void;
  threads(): number;
}

const root = new URL('../../../', import.meta.url);

/** Built in this checkout, or carried by the published package. */
const candidates = ['build/Release/myelin.node', `prebuilds/${process.platform}-${process.arch}/myelin.node`];

function loadAddon(): Addon | null {
  const require = createRequire(import.meta.url);
  for (const candidate of process.env.MYELIN_ADDON ? [process.env.MYELIN_ADDON] : candidates) {
    const path = fileURLToPath(new URL(candidate, root));
    if (!existsSync(path)) continue;
    try {
      return require(path) as Addon;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_DLOPEN_FAILED') throw error;
    }
  }
  return null;
}

let addon: Addon | null | undefined;

const loadedAddon = (): Addon | null => {
  if (addon === undefined) addon = loadAddon();
  return addon;
};

/** Whether there is an addon for this machine. */
export const hasNative = (): boolean => loadedAddon() !== null;

/** Vectors of 64 bytes should not straddle cache lines. */
const alignment = 64;

/** A piece of memory that V8's collector manages, and its aligned address, taken once. */
class Block {
  readonly #buffer: ArrayBuffer;
  readonly #skip: number;
  readonly address: number;

  constructor(
    { addressOf }: Addon,
    readonly bytes: number,
  ) {
    // Uninitialised, and never part of Buffer's shared pool.
    this.#buffer = Buffer.allocUnsafeSlow(bytes + alignment).buffer;
    const start = addressOf(this.#buffer);
    this.address = Math.ceil(start / alignment) * alignment;
    this.#skip = this.address - start;
  }

  /** The bytes from `address` on. */
  view(address: number, byteLength: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#skip + address - this.address, byteLength);
  }

  /** All of it, as integers. */
  int32(): Int32Array {
    return new Int32Array(this.#buffer, this.#skip, this.bytes / Int32Array.BYTES_PER_ELEMENT);
  }
}

const slabBytes = 32 * 1024;
const largestInSlab = 1024;
const poolLimit = 512 * 1024 * 1024;

/** Block sizes are rounded up so that tensors of similar sizes share them. */
function roundUp(bytes: number): number {
  const step = bytes <= 32 * 1024 ? alignment : bytes <= 1024 * 1024 ? 4096 : 64 * 1024;
  return Math.ceil(bytes / step) * step;
}

/**
 * Tensor memory as ArrayBuffers: nobody has to free them, for V8 knows their size and collects them,
 * even in a synchronous loop. What is given back early waits in a pool, by size. Small tensors are cut
 * from slabs, each collected with the last tensor in it.
 */
class NativeMemory implements MemoryEngine {
  readonly #pool = new Map<number, Block[]>();
  #pooled = 0;
  #slab: Block;
  #slabUsed = 0;

  constructor(
    private readonly native: Addon,
    private readonly engine: Engine,
  ) {
    this.#slab = new Block(native, slabBytes);
  }

  allocate = (bytes: number): Storage => {
    if (bytes <= largestInSlab) return this.#small(bytes);
    const capacity = roundUp(bytes);
    const pooled = this.#pool.get(capacity);
    if (pooled !== undefined && pooled.length > 0) {
      const block = pooled.pop()!;
      this.#pooled -= capacity;
      return new Storage(this.engine, bytes, block.address, block);
    }
    const block = new Block(this.native, capacity);
    return new Storage(this.engine, bytes, block.address, block);
  };

  #small(bytes: number): Storage {
    const rounded = bytes === 0 ? alignment : Math.ceil(bytes / alignment) * alignment;
    if (this.#slabUsed + rounded > slabBytes) {
      this.#slab = new Block(this.native, slabBytes);
      this.#slabUsed = 0;
    }
    const address = this.#slab.address + this.#slabUsed;
    this.#slabUsed += rounded;
    return new Storage(this.engine, bytes, address, this.#slab);
  }

  release = (storage: Storage): void => {
    if (storage.bytes <= largestInSlab) return;
    const block = storage.owner as Block;
    const capacity = block.bytes;
    if (this.#pooled + capacity > poolLimit) return;
    this.#pooled += capacity;
    const pooled = this.#pool.get(capacity);
    if (pooled === undefined) this.#pool.set(capacity, [block]);
    else pooled.push(block);
  };

  write = (storage: Storage, byteOffset: number, bytes: Uint8Array): void => {
    this.#bytes(storage, byteOffset, bytes.length).set(bytes);
  };

  readSync = (storage: Storage, byteOffset: number, byteLength: number): ArrayBuffer => {
    const copy = new Uint8Array(byteLength);
    copy.set(this.#bytes(storage, byteOffset, byteLength));
    return copy.buffer;
  };

  read = async (storage: Storage, byteOffset: number, byteLength: number): Promise<ArrayBuffer> =>
    this.readSync(storage, byteOffset, byteLength);

  #bytes(storage: Storage, byteOffset: number, byteLength: number): Uint8Array {
    return (storage.owner as Block).view(storage.address + byteOffset, byteLength);
  }
}

const metaLength = 4096;

/** Starts the engine over the native addon. Call it only where `hasNative()`. */
export function createNativeEngine(threads: number): Engine {
  const native = loadedAddon()!;
  native.setThreads(threads);
  const meta = new Block(native, metaLength * Int32Array.BYTES_PER_ELEMENT);
  return createCpuEngine({
    name: 'native',
    abi: native.kernels,
    meta: meta.int32(),
    metaAddress: meta.address,
    memory: (engine) => {
      const { allocate, release, write, read, readSync } = new NativeMemory(native, engine);
      return { allocate, release, write, read, readSync };
    },
    info: () => ({ name: 'native', instructionSet: native.isa, threads: native.threads() }),
    setThreads: (count) => native.setThreads(count),
  });
}

import { host } from '#host';
import type { NativeHost } from '../../host/host.js';
import type { Engine } from '../engine.js';
import type { Storage } from '../storage.js';
import type { KernelAbi } from './abi.js';
import { requireAbi } from './abi-version.js';
import type { Block } from './block.js';
import { BlockMemory, blockAlignment } from './block-memory.js';
import { createCpuEngine } from './engine.js';
import { KernelNumbers, refusedBy } from './numbers.js';

/** What kernels/native/addon.cc exports. */
interface Addon {
  readonly abiVersion?: number;
  readonly isa: string;
  /** The instruction sets that it supports, best first. */
  readonly built: readonly string[];
  /** Whether it was built with AddressSanitizer. */
  readonly sanitized: boolean;
  readonly kernels: KernelAbi;
  addressOf(buffer: ArrayBufferLike): number;
  /** Sets the function that makes the error for a call with numbers that a kernel can't take. */
  onRefusal(makeError: (kernel: string, problem: string) => Error): void;
  setThreads(threads: number): void;
  threads(): number;
  /** Continues a CRC-32 over bytes; only present if the processor has instructions for it. */
  crc32?(bytes: Uint8Array, before: number): number;
}

interface Native extends NativeHost {
  readonly addon: Addon;
}

const native = (): Native | null => host.native() as Native | null;

/** Whether there's an addon for this machine. */
export const hasNative = (): boolean => native() !== null;

/** The instruction sets that the addon was built with, best first. */
export const builtSets = (): readonly string[] => native()?.addon.built ?? [];

/** The addon's CRC-32; undefined without the addon, or if this processor has no instructions for it. */
export const nativeCrc32 = (): Addon['crc32'] => native()?.addon.crc32;

/** A piece of memory that V8's collector manages, and its aligned address, taken once. */
class BufferBlock implements Block {
  readonly #buffer: ArrayBuffer;
  readonly #skip: number;
  readonly address: number;

  constructor(
    { newBuffer, addon: { addressOf, sanitized } }: Native,
    readonly bytes: number,
  ) {
    // A buffer of no bytes would have no address.
    const length = sanitized ? Math.max(bytes, 1) : bytes + blockAlignment;
    this.#buffer = newBuffer(length);
    const start = addressOf(this.#buffer);
    this.address = sanitized ? start : Math.ceil(start / blockAlignment) * blockAlignment;
    this.#skip = this.address - start;
  }

  /** The bytes starting at `address`. */
  view(address: number, byteLength: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#skip + address - this.address, byteLength);
  }

  /** The whole memory, as integers. */
  int32(): Int32Array {
    return new Int32Array(this.#buffer, this.#skip, this.bytes / Int32Array.BYTES_PER_ELEMENT);
  }
}

const poolLimit = 512 * 1024 * 1024;
/** The most bytes that aligning and rounding up add. */
const added = 128 * 1024;

/**
 * Tensor memory as ArrayBuffers: nobody needs to free them, because V8 knows their size and collects them,
 * even in a synchronous loop.
 */
class NativeMemory extends BlockMemory {
  constructor(
    private readonly native: Native,
    engine: Engine,
  ) {
    const { largestBuffer, addon } = native;
    super(engine, { largest: largestBuffer - added, poolLimit, exact: addon.sanitized });
  }

  protected newBlock(bytes: number): Block | null {
    try {
      return new BufferBlock(this.native, bytes);
    } catch (error) {
      if (error instanceof RangeError) return null; // what Node throws when the system is out of memory
      throw error;
    }
  }

  protected shortage(): string {
    return "\n  hint: use a smaller batch, or noGrad() if you don't need gradients";
  }

  protected discard(): void {}

  read = async (storage: Storage, byteOffset: number, byteLength: number): Promise<ArrayBuffer> =>
    this.readSync(storage, byteOffset, byteLength);
}

const numbersLength = 4096;
/** More wouldn't help: the pool has no more. */
const mostThreads = 64;

/** Starts the engine on the native addon. Call it only if `hasNative()`. @throws EngineError if it's an old one */
export function createNativeEngine(threads: number): Engine {
  const loaded = native()!;
  const { addon } = loaded;
  requireAbi('native', addon.abiVersion);
  addon.onRefusal(refusedBy);
  const setThreads = (count: number): void => addon.setThreads(Math.min(count, mostThreads));
  setThreads(threads);
  const numbers = new BufferBlock(loaded, numbersLength * Int32Array.BYTES_PER_ELEMENT);
  return createCpuEngine({
    name: 'native',
    abi: addon.kernels,
    numbers: new KernelNumbers(numbers.address, () => numbers.int32()),
    memory: (engine) => {
      const { allocate, release, write, read, readSync } = new NativeMemory(loaded, engine);
      return { allocate, release, write, read, readSync };
    },
    info: () => ({ instructionSet: addon.isa, threads: addon.threads() }),
    setThreads,
  });
}

import { constants } from 'node:buffer';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../engine.js';
import type { Storage } from '../storage.js';
import { type Block, BlockMemory, blockAlignment } from './block-memory.js';
import { createCpuEngine, type KernelAbi } from './engine.js';
import { KernelNumbers, refusedBy } from './numbers.js';

/** What kernels/native/addon.cc exports. */
interface Addon {
  readonly isa: string;
  /** Whether it was built with AddressSanitizer. */
  readonly sanitized: boolean;
  readonly kernels: KernelAbi;
  addressOf(buffer: ArrayBufferLike): number;
  /** Takes what makes the error for a call with numbers that a kernel cannot take. */
  onRefusal(makeError: (kernel: string, problem: string) => Error): void;
  setThreads(threads: number): void;
  threads(): number;
  /** Continues a CRC-32 over bytes; there only if the processor has instructions for it. */
  crc32?(bytes: Uint8Array, before: number): number;
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

/** The CRC-32 of the addon; undefined where this processor has no instructions for it. */
export const nativeCrc32 = (): Addon['crc32'] => loadedAddon()?.crc32;

/** A piece of memory that V8's collector manages, and its aligned address, taken once. */
class BufferBlock implements Block {
  readonly #buffer: ArrayBuffer;
  readonly #skip: number;
  readonly address: number;

  constructor(
    { addressOf, sanitized }: Addon,
    readonly bytes: number,
  ) {
    // Uninitialized, and never part of Buffer's shared pool. One of no bytes would have no address.
    const length = sanitized ? Math.max(bytes, 1) : bytes + blockAlignment;
    this.#buffer = Buffer.allocUnsafeSlow(length).buffer;
    const start = addressOf(this.#buffer);
    this.address = sanitized ? start : Math.ceil(start / blockAlignment) * blockAlignment;
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

const poolLimit = 512 * 1024 * 1024;
/** What an ArrayBuffer can have, less what aligning and rounding up add. */
const largest = constants.MAX_LENGTH - 128 * 1024;

/**
 * Tensor memory as ArrayBuffers: nobody has to free them, for V8 knows their size and collects them,
 * even in a synchronous loop.
 */
class NativeMemory extends BlockMemory {
  constructor(
    private readonly native: Addon,
    engine: Engine,
  ) {
    super(engine, { largest, poolLimit, exact: native.sanitized });
  }

  protected newBlock(bytes: number): Block | null {
    try {
      return new BufferBlock(this.native, bytes);
    } catch (error) {
      if (error instanceof RangeError) return null; // what Node throws when the system has no more
      throw error;
    }
  }

  protected shortage(): string {
    return '\n  hint: a smaller batch, or noGrad() where no gradient is needed, takes less memory';
  }

  protected discard(): void {}

  read = async (storage: Storage, byteOffset: number, byteLength: number): Promise<ArrayBuffer> =>
    this.readSync(storage, byteOffset, byteLength);
}

const numbersLength = 4096;
/** More are as good: the pool has no more. */
const mostThreads = 64;

/** Starts the engine over the native addon. Call it only where `hasNative()`. */
export function createNativeEngine(threads: number): Engine {
  const native = loadedAddon()!;
  native.onRefusal(refusedBy);
  const setThreads = (count: number): void => native.setThreads(Math.min(count, mostThreads));
  setThreads(threads);
  const numbers = new BufferBlock(native, numbersLength * Int32Array.BYTES_PER_ELEMENT);
  return createCpuEngine({
    name: 'native',
    abi: native.kernels,
    numbers: new KernelNumbers(numbers.address, () => numbers.int32()),
    memory: (engine) => {
      const { allocate, release, write, read, readSync } = new NativeMemory(native, engine);
      return { allocate, release, write, read, readSync };
    },
    info: () => ({ name: 'native', instructionSet: native.isa, threads: native.threads() }),
    setThreads,
  });
}

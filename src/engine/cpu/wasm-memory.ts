import { host } from '#host';
import type { Engine } from '../engine.js';
import type { Storage } from '../storage.js';
import type { Block } from './block.js';
import { BlockMemory } from './block-memory.js';

/** The heap inside the WebAssembly memory (kernels/wasm/heap.cc). */
export interface WasmHeap {
  readonly memory: WebAssembly.Memory;
  /** The address of new memory as a signed 32-bit number; 0 if there's none left. */
  allocate(bytes: number): number;
  release(address: number): void;
}

class HeapBlock implements Block {
  constructor(
    private readonly memory: WebAssembly.Memory,
    readonly address: number,
    readonly bytes: number,
  ) {}

  view(address: number, byteLength: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, byteLength);
  }
}

const megabyte = 1024 * 1024;
const poolLimit = 128 * megabyte;
/** Rounded-up sizes stay below 2³², where addresses wrap; the heap's own limit is a little higher. */
const largest = 2 ** 32 - 16 * megabyte;
const turnAfter = 4 * megabyte;
const collectAfter = 128 * megabyte;

/**
 * Tensor memory inside the WebAssembly memory. Nobody needs to free it: a FinalizationRegistry releases
 * what the collector finds unreachable. The collector doesn't see how large it is, and finalizers run
 * only between tasks of the event loop, so an awaited read (`item()`, `data()`) lets the loop turn once,
 * and triggers a collection when much has been allocated since the last one.
 */
export class WasmMemory extends BlockMemory {
  readonly #finalizers: FinalizationRegistry<number>;
  #sinceTurn = 0;
  #sinceCollection = 0;

  constructor(
    private readonly heap: WasmHeap,
    engine: Engine,
  ) {
    super(engine, { largest, poolLimit, exact: false });
    this.#finalizers = new FinalizationRegistry((address) => heap.release(address));
  }

  protected newBlock(bytes: number): Block | null {
    const address = this.heap.allocate(bytes) >>> 0;
    if (address === 0) return null;
    this.#sinceTurn += bytes;
    this.#sinceCollection += bytes;
    const block = new HeapBlock(this.heap.memory, address, bytes);
    this.#finalizers.register(block, address, block);
    return block;
  }

  protected shortage(): string {
    const megabytes = (this.heap.memory.buffer.byteLength / megabyte).toFixed(0);
    return (
      ` in the WebAssembly memory (${megabytes} MB in all)\n` +
      '  hint: wrap each step in tidy(() => …), or await something once per step, so that unused tensors can be collected'
    );
  }

  protected discard(block: Block): void {
    this.#finalizers.unregister(block);
    this.heap.release(block.address);
  }

  read = async (storage: Storage, byteOffset: number, byteLength: number): Promise<ArrayBuffer> => {
    const result = this.readSync(storage, byteOffset, byteLength);
    if (this.#sinceCollection > collectAfter) {
      host.collect(this.#sinceCollection);
      this.#sinceCollection = 0;
      this.#sinceTurn = turnAfter + 1;
    }
    if (this.#sinceTurn > turnAfter) {
      this.#sinceTurn = 0;
      await host.turn();
    }
    return result;
  };
}

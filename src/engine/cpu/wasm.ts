import { host } from '#host';
import { EngineError } from '../../core/errors.js';
import type { WasmModule } from '../../host/host.js';
import type { Engine } from '../engine.js';
import type { KernelAbi } from './abi.js';
import { requireAbi } from './abi-version.js';
import { createCpuEngine } from './engine.js';
import { KernelNumbers } from './numbers.js';
import { type GuardExports, WasmGuard } from './wasm-guard.js';
import { type WasmHeap, WasmMemory } from './wasm-memory.js';

/** What kernels/wasm/runtime.cc and the linker export. */
interface RuntimeExports extends GuardExports {
  __wasm_call_ctors(): void;
  host_abi_version?(): number;
  host_allocate(bytes: number): number;
  host_release(address: number): void;
  host_set_threads(threads: number): void;
  host_threads(): number;
  host_may_block(may: number): void;
  readonly __tls_size: WebAssembly.Global;
}

const numbersBytes = 16 * 1024;
const stackBytes = 1024 * 1024;

/** Starts the engine on the WebAssembly kernels; returns a promise if their module must be fetched first. */
export function startWasmEngine(threads: number): Engine | Promise<Engine> {
  const loaded = host.wasm.load();
  return loaded instanceof Promise
    ? loaded.then((module) => createWasmEngine(module, threads))
    : createWasmEngine(loaded, threads);
}

function createWasmEngine(loaded: WasmModule, threads: number): Engine {
  const { variant, module, memory, mostThreads } = loaded;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const runtime = exports as unknown as RuntimeExports;
  requireAbi('wasm', runtime.host_abi_version?.());
  runtime.__wasm_call_ctors();
  const guard = new WasmGuard(runtime);
  runtime.host_may_block(host.wasm.mainMayBlock ? 1 : 0);

  const allocate = (bytes: number): number => {
    const address = runtime.host_allocate(bytes) >>> 0;
    if (address === 0) throw new EngineError('wasm', 'no memory for the engine itself');
    return address;
  };

  let started = 1;
  const setThreads = (count: number): void => {
    guard.requireAlive();
    const wanted = Math.min(Math.max(count, 1), mostThreads);
    for (; started < wanted; started++) {
      const stack = allocate(stackBytes) + stackBytes;
      const tls = allocate(runtime.__tls_size.value as number);
      loaded.startWorker({ id: started, stack, tls });
    }
    runtime.host_set_threads(wanted);
  };
  setThreads(threads);

  const numbers = allocate(numbersBytes);
  return createCpuEngine({
    name: 'wasm',
    abi: guard.kernels(exports, memory) as unknown as KernelAbi,
    numbers: new KernelNumbers(numbers, () => new Int32Array(memory.buffer, numbers, numbersBytes / 4)),
    memory: (engine) => {
      const heap: WasmHeap = {
        memory,
        allocate(bytes) {
          guard.requireAlive();
          return runtime.host_allocate(bytes);
        },
        release(address) {
          if (guard.alive) runtime.host_release(address);
        },
      };
      const { allocate, release, write, read, readSync } = new WasmMemory(heap, engine);
      return { allocate, release, write, read, readSync };
    },
    info: () => ({
      instructionSet: variant.startsWith('relaxed') ? 'relaxed-simd' : 'simd128',
      threads: runtime.host_threads(),
    }),
    setThreads,
  });
}

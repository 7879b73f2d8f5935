import { EngineError } from '../../core/errors.js';
import type { WasmHost, WasmModule } from '../host.js';
import { newWasmMemory, unshared } from '../wasm-memory.js';
import {
  chooseVariant,
  hasSimd,
  hasThreads,
  moduleOf,
  type WasmModuleName,
  type WasmVariant,
  wasmModules,
} from '../wasm-variant.js';
import { workerSource } from '../wasm-worker.js';
import { env } from './env.js';

/** Each is spelled out, because that's how bundlers recognize files that belong to a module. */
const urls: Readonly<Record<WasmModuleName, () => URL>> = {
  relaxed: () => new URL('../../../wasm/relaxed.wasm', import.meta.url),
  simd: () => new URL('../../../wasm/simd.wasm', import.meta.url),
};

async function compile(variant: WasmVariant): Promise<WebAssembly.Module> {
  const base = env('MYELIN_WASM_URL');
  const name = moduleOf(variant);
  const url =
    base === undefined ? urls[name]() : new URL(`${name}.wasm`, new URL(base, globalThis.location.href));
  const fail = (problem: string): EngineError =>
    new EngineError(
      'wasm',
      `${url.href}: ${problem}\n  hint: serve the folder wasm/ of the package and set globalThis.MYELIN_WASM_URL to its address before myelin is imported`,
    );
  const response = await fetch(url).catch((error: unknown) => {
    throw fail(String(error));
  });
  if (!response.ok) throw fail(`${response.status} ${response.statusText}`);
  const threaded = hasThreads(variant);
  if (threaded && response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!WebAssembly.validate(bytes)) throw fail("isn't a WebAssembly module");
  return WebAssembly.compile(threaded ? bytes : unshared(bytes));
}

/** A worker that runs and waits for its place. */
interface Idle {
  readonly worker: Worker;
  readonly box: Int32Array;
}

/** Starts workers and waits until they run. Returns none if one can't start, for example because of a page's security policy. */
async function startIdle(
  count: number,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<Idle[]> {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const idle = Array.from({ length: count }, () => ({
    worker: new Worker(url, { name: 'myelin' }),
    box: new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)),
  }));
  const running = idle.map(({ worker, box }) => {
    worker.postMessage({ module, memory, box });
    return new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
    });
  });
  const results = await Promise.allSettled(running);
  return results.every(({ status }) => status === 'fulfilled') ? idle : [];
}

let loaded: WasmModule | undefined;

/** Compiles the module; with threads if the page is cross-origin isolated. */
async function load(): Promise<WasmModule> {
  if (!hasSimd()) throw new EngineError('wasm', 'this browser has no SIMD in WebAssembly');
  const variant = chooseVariant(env('MYELIN_WASM'), globalThis.crossOriginIsolated);
  const module = await compile(variant);
  const threaded = hasThreads(variant);
  const memory = newWasmMemory(threaded);
  const idle = threaded ? await startIdle(navigator.hardwareConcurrency - 1, module, memory) : [];
  loaded = {
    variant,
    module,
    memory,
    mostThreads: 1 + idle.length,
    startWorker({ id, stack, tls }) {
      const { box } = idle[id - 1]!;
      box.set([id, stack, tls], 1);
      Atomics.store(box, 0, 1);
      Atomics.notify(box, 0);
    },
  };
  return loaded;
}

export const wasm: WasmHost = {
  mainMayBlock: false,
  built: () => wasmModules,
  load: () => loaded ?? load(),
};

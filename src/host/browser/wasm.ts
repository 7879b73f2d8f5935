import { EngineError } from '../../core/errors.js';
import type { WasmHost, WasmModule } from '../host.js';
import { chooseVariant, hasSimd, hasThreads, type WasmVariant, wasmVariants } from '../wasm-variant.js';
import { workerSource } from '../wasm-worker.js';
import { env } from './env.js';

/** Each spelled out, which is the form in which bundlers recognize files that belong to a module. */
const urls: Readonly<Record<WasmVariant, () => URL>> = {
  'relaxed-threads': () => new URL('../../../wasm/relaxed-threads.wasm', import.meta.url),
  'relaxed-single': () => new URL('../../../wasm/relaxed-single.wasm', import.meta.url),
  'simd-threads': () => new URL('../../../wasm/simd-threads.wasm', import.meta.url),
  'simd-single': () => new URL('../../../wasm/simd-single.wasm', import.meta.url),
};

async function compile(variant: WasmVariant): Promise<WebAssembly.Module> {
  const base = env('MYELIN_WASM_URL');
  const url =
    base === undefined
      ? urls[variant]()
      : new URL(`${variant}.wasm`, new URL(base, globalThis.location.href));
  const fail = (problem: string): EngineError =>
    new EngineError(
      'wasm',
      `${url.href}: ${problem}\n  hint: serve the folder wasm/ of the package and set globalThis.MYELIN_WASM_URL to its address before myelin is imported`,
    );
  const response = await fetch(url).catch((error: unknown) => {
    throw fail(String(error));
  });
  if (!response.ok) throw fail(`${response.status} ${response.statusText}`);
  if (response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  const bytes = await response.arrayBuffer();
  if (!WebAssembly.validate(bytes)) throw fail('is no WebAssembly module');
  return WebAssembly.compile(bytes);
}

/** Workers that run and wait for what to do. */
const idle: Worker[] = [];

let workerUrl: string | undefined;

function newWorker(): Worker {
  workerUrl ??= URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  return new Worker(workerUrl, { name: 'myelin' });
}

/** Starts workers and waits until they run; leaves none where one can't, as where a page's security policy forbids it. */
async function startIdle(count: number): Promise<void> {
  const workers = Array.from({ length: count }, newWorker);
  const results = await Promise.allSettled(
    workers.map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.onmessage = resolve;
          worker.onerror = reject;
        }),
    ),
  );
  if (results.every(({ status }) => status === 'fulfilled')) idle.push(...workers);
}

let loaded: WasmModule | undefined;

/** Compiles the module; with threads if the page is cross-origin isolated. */
async function compileBest(): Promise<WasmModule> {
  if (!hasSimd()) throw new EngineError('wasm', 'this browser has no SIMD in WebAssembly');
  const variant = chooseVariant(env('MYELIN_WASM'), globalThis.crossOriginIsolated);
  const module = await compile(variant);
  if (hasThreads(variant)) await startIdle(navigator.hardwareConcurrency - 1);
  loaded = { variant, module, mostThreads: 1 + idle.length };
  return loaded;
}

export const wasm: WasmHost = {
  mainMayBlock: false,
  built: () => wasmVariants,
  load: () => loaded ?? compileBest(),
  startWorker: (data) => idle.pop()!.postMessage(data),
};

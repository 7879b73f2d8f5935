import { EngineError } from '../../core/errors.js';
import type { Engine } from '../engine.js';
import { createWasmEngine } from './wasm.js';
import type { Collector } from './wasm-memory.js';
import { bestVariant, hasSimd, type WasmVariant } from './wasm-variant.js';
import { type WorkerData, workerSource } from './wasm-worker.js';

declare global {
  /** Where the page serves Myelin's `wasm/` folder, if the bundler does not place it by itself. */
  var MYELIN_WASM_URL: string | undefined;
}

/** Each spelled out, which is the form in which bundlers recognize files that belong to a module. */
const urls: Readonly<Record<WasmVariant, () => URL>> = {
  'relaxed-threads': () => new URL('../../../wasm/relaxed-threads.wasm', import.meta.url),
  'relaxed-single': () => new URL('../../../wasm/relaxed-single.wasm', import.meta.url),
  'simd-threads': () => new URL('../../../wasm/simd-threads.wasm', import.meta.url),
  'simd-single': () => new URL('../../../wasm/simd-single.wasm', import.meta.url),
};

async function compile(variant: WasmVariant): Promise<WebAssembly.Module> {
  const url =
    globalThis.MYELIN_WASM_URL === undefined
      ? urls[variant]()
      : new URL(`${variant}.wasm`, new URL(globalThis.MYELIN_WASM_URL, globalThis.location.href));
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

/**
 * A page cannot ask for a collection, but V8 makes one when ArrayBuffers weigh much: so it is shown as
 * much untouched memory as was allocated, for a moment.
 */
class BrowserCollector implements Collector {
  readonly #channel = new MessageChannel();
  readonly #waiting: (() => void)[] = [];

  constructor() {
    this.#channel.port1.onmessage = () => this.#waiting.shift()?.();
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#channel.port2.postMessage(null);
    });
  }

  provoke(allocated: number): void {
    new ArrayBuffer(allocated);
  }
}

/** Starts workers and tells when they take part. */
class Workers {
  readonly #ready: Promise<void>[] = [];
  readonly #url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));

  start = (data: WorkerData): void => {
    const worker = new Worker(this.#url, { name: 'myelin' });
    this.#ready.push(
      new Promise((resolve, reject) => {
        worker.onmessage = () => resolve();
        worker.onerror = reject;
      }),
    );
    worker.postMessage(data);
  };

  /** False if one could not start, as where the page's security policy forbids it. */
  async allReady(): Promise<boolean> {
    const results = await Promise.allSettled(this.#ready);
    return results.every(({ status }) => status === 'fulfilled');
  }
}

/** Starts the WebAssembly engine; with threads if the page is cross-origin isolated. */
export async function createWasmEngineInBrowser(): Promise<Engine> {
  if (!hasSimd()) throw new EngineError('wasm', 'this browser has no SIMD in WebAssembly');
  const variant = bestVariant(globalThis.crossOriginIsolated);
  const module = await compile(variant);
  const workers = new Workers();
  const engine = createWasmEngine(
    { variant, module, mainMayBlock: false, collector: new BrowserCollector(), startWorker: workers.start },
    navigator.hardwareConcurrency,
  );
  if (!(await workers.allReady())) engine.setThreads(1);
  return engine;
}

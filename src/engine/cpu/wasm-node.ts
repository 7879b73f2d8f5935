import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { ArgumentError } from '../../core/errors.js';
import type { Engine } from '../engine.js';
import { createWasmEngine } from './wasm.js';
import type { Collector } from './wasm-memory.js';
import { bestVariant, type WasmVariant, wasmVariants } from './wasm-variant.js';
import { type WorkerData, workerSource } from './wasm-worker.js';

const pathOf = (variant: WasmVariant): string =>
  fileURLToPath(new URL(`../../../wasm/${variant}.wasm`, import.meta.url));

/**
 * The V8 of Node 20 has relaxed SIMD behind a flag, its next version without one. The fused
 * multiply-add in it makes matrix products faster by a sixth.
 */
function enableRelaxedSimd(): void {
  if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/** The best module for this machine, or the one that `MYELIN_WASM` names. */
function chooseVariant(): WasmVariant {
  enableRelaxedSimd();
  const wanted = process.env.MYELIN_WASM;
  if (!wanted) return bestVariant(true);
  const variant = wasmVariants.find((name) => name === wanted);
  if (variant === undefined)
    throw new ArgumentError(
      'MYELIN_WASM',
      `there is no module '${wanted}'; there is ${wasmVariants.join(', ')}`,
    );
  return variant;
}

/** Whether the WebAssembly modules were built. */
export const hasWasm = (): boolean => wasmVariants.every((variant) => existsSync(pathOf(variant)));

/** Node can be told to collect; asking for the function costs 2 ms, so it is done when it is needed. */
class NodeCollector implements Collector {
  #collect: (() => void) | null = null;

  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  provoke(): void {
    if (this.#collect === null) {
      setFlagsFromString('--expose-gc');
      this.#collect = runInNewContext('gc') as () => void;
    }
    this.#collect();
  }
}

function startWorker(data: WorkerData): void {
  const worker = new Worker(workerSource, { eval: true, workerData: data, execArgv: [], name: 'myelin' });
  worker.unref();
}

/** Starts the WebAssembly engine. Call it only where `hasWasm()`. */
export function createWasmEngineOnNode(threads: number): Engine {
  const variant = chooseVariant();
  const module = new WebAssembly.Module(readFileSync(pathOf(variant)));
  return createWasmEngine(
    { variant, module, mainMayBlock: true, collector: new NodeCollector(), startWorker },
    threads,
  );
}

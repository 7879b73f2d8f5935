import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../core/errors.js';
import type { WasmHost } from '../host.js';
import { newWasmMemory, unshared } from '../wasm-memory.js';
import { chooseVariant, hasThreads, moduleOf, type WasmModuleName, wasmModules } from '../wasm-variant.js';
import { type WorkerPlace, workerSource } from '../wasm-worker.js';

const pathOf = (name: WasmModuleName): string =>
  fileURLToPath(new URL(`../../../wasm/${name}.wasm`, import.meta.url));

/**
 * The V8 of Node 20 has relaxed SIMD behind a flag, its next version without one. The fused
 * multiply-add in it makes matrix products faster by a sixth.
 */
function enableRelaxedSimd(): void {
  if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
}

export const wasm: WasmHost = {
  mainMayBlock: true,
  built: () => wasmModules.filter((name) => existsSync(pathOf(name))),
  load() {
    enableRelaxedSimd();
    const variant = chooseVariant(process.env.MYELIN_WASM, true);
    const name = moduleOf(variant);
    const built = wasm.built();
    if (!built.includes(name))
      throw new EngineError(
        'wasm',
        `module '${name}' isn't built; available: ${built.join(', ')}\n  hint: in a checkout, \`npm run build:wasm\` builds all`,
      );
    const threaded = hasThreads(variant);
    const bytes = readFileSync(pathOf(name));
    const module = new WebAssembly.Module(threaded ? bytes : unshared(bytes));
    const memory = newWasmMemory(threaded);
    const startWorker = (place: WorkerPlace): void => {
      const workerData = { module, memory, place };
      new Worker(workerSource, { eval: true, workerData, execArgv: [], name: 'myelin' }).unref();
    };
    return { variant, module, memory, mostThreads: threaded ? 64 : 1, startWorker };
  },
};

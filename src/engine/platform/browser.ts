import { createWasmEngineInBrowser } from '../cpu/wasm-browser.js';
import type { Engine, EngineName } from '../engine.js';

// A browser compiles and starts workers only asynchronously; awaited here, so that all else is as on Node.
const wasm = await createWasmEngineInBrowser();

/** The engines that can run here. */
export const availableEngines = (): readonly EngineName[] => ['wasm'];

export const createEngine = (_name: EngineName): Engine => wasm;

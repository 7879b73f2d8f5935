// Loads the WebAssembly engine in a page that started with another, and reports on `window`.
import './other-engine.js';
import { type EngineInfo, engineInfo, setEngine, tensor } from '../../src/index.js';

export interface OnDemandReport {
  /** WebAssembly modules that were fetched before and after it was asked for. */
  readonly fetched: readonly [before: number, after: number];
  readonly info: EngineInfo;
  readonly sum: number;
}

const fetched = (): number =>
  performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length;

const before = fetched();
globalThis.MYELIN_ENGINE = undefined;
await setEngine('wasm');
const report: OnDemandReport = {
  fetched: [before, fetched()],
  info: engineInfo(),
  sum: await tensor([1, 2, 3]).sum().item(),
};
Object.assign(window, { report });

// Loads the WebAssembly engine in a page that uses another, and reports on `window`.
import './other-engine.js';
import { type EngineInfo, engineInfo, setEngine, tensor } from '../../src/index.js';

export interface OnDemandReport {
  /** What the page starts with. */
  readonly first: { readonly engine: string; readonly sum: number };
  /** WebAssembly modules that were fetched before and after it was asked for. */
  readonly fetched: readonly [before: number, after: number];
  readonly info: EngineInfo;
  readonly sum: number;
}

const fetched = (): number =>
  performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length;

await setEngine('reference');
const first = { engine: engineInfo().name, sum: await tensor([1, 2]).sum().item() };
const before = fetched();
await setEngine('wasm');
const report: OnDemandReport = {
  first,
  fetched: [before, fetched()],
  info: engineInfo(),
  sum: await tensor([1, 2, 3]).sum().item(),
};
Object.assign(window, { report });

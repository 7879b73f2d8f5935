import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Host } from '../host.js';
import { native, nativeSets } from './native.js';
import { wasm } from './wasm.js';

let runCollector: (() => void) | undefined;

/** Node can be told to collect; asking for the function costs 2 ms, so it is done when it is needed. */
function collect(): void {
  if (runCollector === undefined) {
    setFlagsFromString('--expose-gc');
    runCollector = runInNewContext('gc') as () => void;
  }
  runCollector();
}

export const host: Host = {
  env: (name) => process.env[name] || undefined,
  threads: availableParallelism(),
  turn: () => new Promise((resolve) => setImmediate(resolve)),
  collect,
  native,
  nativeSets,
  wasm,
};

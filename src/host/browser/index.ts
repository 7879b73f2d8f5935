import type { Host } from '../host.js';
import { env } from './env.js';
import { wasm } from './wasm.js';

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

export const host: Host = {
  env,
  threads: navigator.hardwareConcurrency,
  turn: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    }),
  // A page can't ask for a collection, but V8 makes one when ArrayBuffers weigh much: so it is shown as much
  // untouched memory as was allocated, for a moment.
  collect(allocated) {
    new ArrayBuffer(allocated);
  },
  native: () => null,
  nativeSets: [],
  wasm,
};

// A browser compiles and starts workers only asynchronously; awaited here, so that all else is as on Node. A page that
// starts with another engine loads this one when it asks for it.
if ((env('MYELIN_ENGINE') ?? 'wasm') === 'wasm') await wasm.load();

import type { Host } from '../host.js';
import { downloads } from './downloads.js';
import { env } from './env.js';
import { gunzip } from './gunzip.js';
import { text } from './text.js';
import { wasm } from './wasm.js';

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

export const host: Host = {
  env,
  files: null,
  crc32: null,
  description: () => ({ browser: navigator.userAgent, cores: navigator.hardwareConcurrency }),
  cores: navigator.hardwareConcurrency,
  threads: null,
  packages: null,
  terminal: () => null,
  downloads,
  gunzip,
  text,
  turn: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    }),
  // A page can't ask for a collection, but V8 starts one when ArrayBuffers take much memory. So it's briefly shown
  // as much untouched memory as was allocated.
  collect(allocated) {
    new ArrayBuffer(allocated);
  },
  native: () => null,
  nativeSets: [],
  wasm,
};

// A browser compiles and starts workers only asynchronously. That's awaited here, so that everything else works as on
// Node. A page that starts with another engine loads this one when it asks for it.
if ((env('MYELIN_ENGINE') ?? 'wasm') === 'wasm') await wasm.load();

import { availableParallelism, cpus, totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as zlib from 'node:zlib';
import type { Host } from '../host.js';
import { files } from './files.js';
import { gunzip } from './gunzip.js';
import { native, nativeSets } from './native.js';
import { packages } from './packages.js';
import { terminal } from './terminal.js';
import { text } from './text.js';
import { threads } from './threads.js';
import { wasm } from './wasm.js';

let runCollector: (() => void) | undefined;

/** Node can be told to collect; asking for the function takes 2 ms, so it's done only when needed. */
function collect(): void {
  if (runCollector === undefined) {
    setFlagsFromString('--expose-gc');
    runCollector = runInNewContext('gc') as () => void;
  }
  runCollector();
}

export const host: Host = {
  env: (name) => process.env[name] || undefined,
  files,
  // From Node 20.15 on.
  crc32: typeof zlib.crc32 === 'function' ? (bytes, before) => zlib.crc32(bytes, before) : null,
  description: () => ({
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  }),
  cores: availableParallelism(),
  threads,
  packages,
  terminal,
  downloads: null,
  gunzip,
  text,
  turn: () => new Promise((resolve) => setImmediate(resolve)),
  collect,
  native,
  nativeSets,
  wasm,
};

import { fileError } from '../host/node/file-error.js';
import { exitCode, report } from './failure.js';

/** Signals closer than this are one: npm passes on the Ctrl-C that the terminal sent already, in milliseconds. */
const ECHO = 1000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends what is under way, if it wants to be asked. */
let stopNow: (() => void) | undefined;

/**
 * The first Ctrl-C, or the end of the terminal, calls `stop`; a later one ends the process at once. Returns
 * what ends the listening.
 */
export function onInterrupt(stop: () => void): () => void {
  let first: number | undefined;
  const handle = (): void => {
    if (first === undefined) {
      first = performance.now();
      stop();
    } else if (performance.now() - first > ECHO) process.exit(exitCode.interrupted);
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  stopNow = handle;
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
    stopNow = undefined;
  };
}

/**
 * Ends when the output can't be written any more: quietly where nobody reads it, as in `myelin list | head -1`,
 * else, on a full disk, with a line that says so. A training stops as by Ctrl-C, with a checkpoint.
 */
export function heedClosedOutput(): void {
  let failed = false;
  const onError = (error: Error & { readonly code?: string }): void => {
    const isClosed = error.code === 'EPIPE';
    if (!failed && !isClosed) {
      report(fileError('myelin', 'the output cannot be written', error), false);
      // Whatever the command makes of being stopped.
      process.once('exit', () => {
        process.exitCode = exitCode.failure;
      });
    }
    failed = true;
    if (stopNow) stopNow();
    else process.exit(isClosed ? exitCode.brokenPipe : exitCode.failure);
  };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onError);
}

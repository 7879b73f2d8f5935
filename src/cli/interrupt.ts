import { fileError } from '../host/node/file-error.js';
import { exitCode, report } from './failure.js';

/** Signals closer than this, in milliseconds, count as one: npm forwards the Ctrl-C that the terminal already sent. */
const ECHO = 1000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Stops the work in progress, if it can be stopped. */
let stopNow: (() => void) | undefined;

/**
 * The first Ctrl-C, or the terminal closing, calls `stop`; a later one ends the process at once. Returns
 * a function that stops listening.
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
 * Ends when the output can't be written anymore: quietly if nobody reads it, as in `myelin list | head -1`,
 * otherwise, as on a full disk, with a line that says so. A training stops with a checkpoint, as on Ctrl-C.
 */
export function heedClosedOutput(): void {
  let failed = false;
  const onError = (error: Error & { readonly code?: string }): void => {
    const isClosed = error.code === 'EPIPE';
    if (!failed && !isClosed) {
      report(fileError('myelin', "can't write the output", error), false);
      // No matter how the command handles being stopped.
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

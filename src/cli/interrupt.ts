import { exitCode } from './failure.js';

/** Signals closer than this are one: npm passes on the Ctrl-C that the terminal sent already, in milliseconds. */
const ECHO = 1000;

/** The first Ctrl-C calls `stop`, a later one ends the process at once. Returns what ends the listening. */
export function onInterrupt(stop: () => void): () => void {
  let first: number | undefined;
  const handle = (): void => {
    if (first === undefined) {
      first = performance.now();
      stop();
    } else if (performance.now() - first > ECHO) process.exit(exitCode.interrupted);
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return () => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
}

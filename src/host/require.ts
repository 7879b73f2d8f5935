import { host } from '#host';
import { HostError } from '../core/errors.js';
import type { Files } from './files.js';
import type { Threads } from './threads.js';

/**
 * The files of this platform.
 *
 * @param instead what to do without them: `use io.parseSafetensors(bytes)`
 * @throws HostError if there are none
 */
export function requireFiles(operation: string, instead: string): Files {
  if (host.files === null) throw new HostError(operation, `a browser has no files; ${instead}`);
  return host.files;
}

/** Threads that make examples. @throws HostError if there are none */
export function requireThreads(operation: string): Threads {
  if (host.threads === null)
    throw new HostError(
      operation,
      "a browser can't start these threads; use the data set itself, or your own Web Worker",
    );
  return host.threads;
}

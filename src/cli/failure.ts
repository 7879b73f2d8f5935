import { FileError, FileFormatError, MyelinError } from '../core/errors.js';
import { CommanderError } from '../third-party/commander.js';

/** A mistake in how the command was called. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const exitCode = { failure: 1, usage: 2, interrupted: 130, brokenPipe: 141 } as const;

export { nearest } from '../core/nearest.js';

/** Prints an error in the form its reader needs; returns the exit code. */
export function report(error: unknown, debug: boolean): number {
  // commander has already printed its message, and help isn't a failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
  const usage = error instanceof UsageError;
  if (debug && error instanceof Error) console.error(error.stack);
  else if (usage) console.error(`error: ${error.message}`);
  // It doesn't matter here which library function reported the file.
  else if (error instanceof FileError || error instanceof FileFormatError)
    console.error(`${error.name}: ${error.detail}`);
  else if (error instanceof MyelinError) console.error(`${error.name}: ${error.message}`);
  else
    console.error(`error: ${error instanceof Error ? error.message : String(error)}\n(--debug shows where)`);
  return usage ? exitCode.usage : exitCode.failure;
}

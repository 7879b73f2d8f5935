import { FileError, FileFormatError, MyelinError } from '../core/errors.js';
import { CommanderError } from '../third-party/commander.js';

/** A mistake in how the command was called. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const exitCode = { failure: 1, usage: 2, interrupted: 130, brokenPipe: 141 } as const;

export { nearest } from '../core/nearest.js';

/** Shows an error as its reader needs it; returns the exit code. */
export function report(error: unknown, debug: boolean): number {
  // commander has printed its own message, and help is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
  const usage = error instanceof UsageError;
  if (debug && error instanceof Error) console.error(error.stack);
  else if (usage) console.error(`error: ${error.message}`);
  // Which function of the library noticed a file doesn't matter here.
  else if (error instanceof FileError || error instanceof FileFormatError)
    console.error(`${error.name}: ${error.detail}`);
  else if (error instanceof MyelinError) console.error(`${error.name}: ${error.message}`);
  else
    console.error(`error: ${error instanceof Error ? error.message : String(error)}\n(--debug shows where)`);
  return usage ? exitCode.usage : exitCode.failure;
}

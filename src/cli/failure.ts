import { CommanderError } from 'commander';
import { MyelinError } from '../core/errors.js';

/** A mistake in how the command was called. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const exitCode = { failure: 1, usage: 2, interrupted: 130 } as const;

/** Number of letters to add, drop or change to make `b` of `a` (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** The name most like `wanted`, if one is like it at all. */
export function nearest(wanted: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, away: distance(wanted.toLowerCase(), name) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** Shows an error as its reader needs it; returns the exit code. */
export function report(error: unknown, debug: boolean): number {
  // commander has printed its own message, and help is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
  const usage = error instanceof UsageError;
  if (debug && error instanceof Error) console.error(error.stack);
  else if (usage) console.error(`error: ${error.message}`);
  else if (error instanceof MyelinError) console.error(`${error.name}: ${error.message}`);
  else
    console.error(`error: ${error instanceof Error ? error.message : String(error)}\n(--debug shows where)`);
  return usage ? exitCode.usage : exitCode.failure;
}

import { requireFunction } from './arguments.js';
import { exact } from './exact.js';
import { callback, checkOption, nullable } from './options.js';
/** What the library warns of: something that works, but that the program's author hardly meant. */
export interface Warning {
  /** The operation that noticed, for example `mseLoss`. */
  readonly operation: string;
  readonly message: string;
}

export type WarningHandler = (warning: Warning) => void;

const print: WarningHandler = ({ operation, message }) => console.warn(`myelin: ${operation}: ${message}`);

let handler = print;
const said = new Set<string>();

/**
 * Sends the library's warnings to `take` instead of `console.warn`; null puts `console.warn` back.
 *
 * Each warning comes once a program, and again after a new handler takes over.
 *
 * @returns the handler before
 * @example
 * onWarning(({ operation, message }) => console.info(`${operation} warns: ${message}`));
 * onWarning(null);
 */
export const onWarning = exact('onWarning(take)', (take: WarningHandler | null): WarningHandler => {
  checkOption('onWarning', 'the handler', nullable(callback(), null), take);
  if (take !== null) requireFunction('onWarning', 'take', take);
  const before = handler;
  handler = take ?? print;
  said.clear();
  return before;
});

/** Warns, unless the same operation warned with the same message before. */
export function warnOnce(operation: string, message: string): void {
  const key = `${operation}\0${message}`;
  if (said.has(key)) return;
  said.add(key);
  handler({ operation, message });
}

import { FileError } from '../core/errors.js';
import { BEST, LAST, type RunFolder } from '../train/index.js';
import type { State } from '../train/state.js';

/** Shows a line with its label, unless the command is to be quiet. */
export const sayUnless =
  (quiet: boolean | undefined) =>
  (label: string, text: string): void => {
    if (!quiet) console.log(`${label.padEnd(9)} ${text}`);
  };

/** What a run is gone on with. @throws FileError if there is nothing yet */
export function lastState(operation: string, folder: RunFolder): State {
  if (!folder.hasCheckpoint(LAST))
    throw new FileError(
      operation,
      folder.path,
      'ENOENT',
      'has no checkpoint yet; the first is written after an epoch',
    );
  return folder.loadCheckpoint(LAST);
}

/** The checkpoint of the best epoch on validation data, else the last. @throws FileError if there is none yet */
export const bestState = (operation: string, folder: RunFolder): State =>
  folder.hasCheckpoint(BEST) ? folder.loadCheckpoint(BEST) : lastState(operation, folder);

import { FileError } from '../core/errors.js';
import type { Files, LockHolder } from '../host/files.js';

const lockOf = (files: Files, folder: string): string => files.join(folder, 'run.lock');

/**
 * Makes this process the only one that writes a run, until `unlock` or its end.
 *
 * @throws FileError if another process writes the run
 */
export function lock(files: Files, folder: string): void {
  const taken = files.lock('RunFolder', lockOf(files, folder));
  if (taken !== null) throw inUse(files, folder, taken.holder);
}

function inUse(files: Files, folder: string, holder: LockHolder): FileError {
  const isHere = holder === undefined || holder.host === files.machine;
  const who =
    holder === undefined ? 'another process' : `process ${holder.pid}${isHere ? '' : ` on ${holder.host}`}`;
  const remedy = isHere ? '' : `; if that process is gone, delete ${files.absolute(lockOf(files, folder))}`;
  return new FileError(
    'RunFolder',
    folder,
    'EBUSY',
    `${who} is writing this run; wait for its end, or choose another folder${remedy}`,
  );
}

/** Lets other processes write the run. */
export const unlock = (files: Files, folder: string): void => files.unlock(lockOf(files, folder));

/** The runs that are being recorded in this process, by where their folders really are. */
const recorded = new Set<string>();

/** @throws FileError if this process is recording the run */
export function requireNoRecording(files: Files, folder: string): void {
  if (!recorded.has(files.realPath(folder))) return;
  throw new FileError(
    'RunFolder',
    folder,
    'EBUSY',
    'a training of this process is being recorded in this run; wait for its end, or choose another folder',
  );
}

/**
 * Locks a run for one recording of this process; what it returns ends that.
 *
 * @throws FileError if another recording, or another process, writes the run
 */
export function beginRecording(files: Files, folder: string): () => void {
  lock(files, folder);
  requireNoRecording(files, folder);
  const path = files.realPath(folder);
  recorded.add(path);
  return () => {
    recorded.delete(path);
    unlock(files, folder);
  };
}

import { FileError } from '../core/errors.js';
import type { Files, LockHolder } from '../host/files.js';

const lockOf = (files: Files, folder: string): string => files.join(folder, 'run.lock');

/**
 * Makes this process the only one that may write a run, until `unlock` or until it exits.
 *
 * @throws FileError if another process is writing the run
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
    `${who} is writing this run; wait until it ends, or choose another folder${remedy}`,
  );
}

/** Lets other processes write the run. */
export const unlock = (files: Files, folder: string): void => files.unlock(lockOf(files, folder));

/** The runs being recorded in this process, by the real paths of their folders. */
const recorded = new Set<string>();

/** @throws FileError if this process is recording the run */
export function requireNoRecording(files: Files, folder: string): void {
  if (!recorded.has(files.realPath(folder))) return;
  throw new FileError(
    'RunFolder',
    folder,
    'EBUSY',
    'this process is already recording a training in this run; wait until it ends, or choose another folder',
  );
}

/**
 * Locks a run for one recording in this process; the returned function unlocks it.
 *
 * @throws FileError if another recording, or another process, is writing the run
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

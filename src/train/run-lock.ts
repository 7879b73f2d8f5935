import {
  closeSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { FileError } from '../core/errors.js';
import { fileError } from '../io/atomic.js';

/** Who writes a run. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as the system counts it: a later process may have the same number. */
  readonly started: string | null;
}

/** Milliseconds after which a lock without an owner was left by a process that died while it wrote the lock. */
const WRITTEN = 10_000;

/** Start of a process in the system's own count; null where the system doesn't tell. */
function startOf(pid: number): string | null {
  try {
    // The 22nd field; the second, the name in parentheses, may hold spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const me = (): Owner => ({ pid: process.pid, host: hostname(), started: startOf(process.pid) });

const isMine = (owner: Owner): boolean => JSON.stringify(owner) === JSON.stringify(me());

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code;

/** Whether the process that wrote a lock may still be there; on another machine nobody can tell. */
function mayLive({ pid, host, started }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // A process of somebody else answers EPERM.
    if (isCode(cause, 'ESRCH')) return false;
  }
  const start = startOf(pid);
  return started === null || start === null || start === started;
}

/** The owner that a lock names; `writing` for a lock whose content isn't there yet, `gone` for one whose owner is dead. */
function ownerOf(path: string): Owner | 'writing' | 'gone' {
  let text: string;
  let age: number;
  try {
    text = readFileSync(path, 'utf8');
    age = Date.now() - statSync(path).mtimeMs;
  } catch {
    return 'gone';
  }
  let owner: Partial<Owner> | null = null;
  try {
    owner = JSON.parse(text) as Partial<Owner> | null;
  } catch {}
  if (!Number.isSafeInteger(owner?.pid) || owner!.pid! <= 0 || typeof owner!.host !== 'string')
    return age < WRITTEN ? 'writing' : 'gone';
  const found = { pid: owner!.pid!, host: owner!.host, started: owner!.started ?? null };
  return mayLive(found) ? found : 'gone';
}

/** Creates a lock; whether there was none. */
function create(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx');
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) return false;
    throw cause;
  }
  writeSync(descriptor, `${JSON.stringify(me())}\n`);
  closeSync(descriptor);
  return true;
}

/** Removes a lock whose owner is dead. Of several processes that try, one finds it. */
function removeStale(path: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return;
    throw cause;
  }
  // Another process may have been faster, and this is its lock.
  if (ownerOf(aside) === 'gone') unlinkSync(aside);
  else renameSync(aside, path);
}

const held = new Set<string>();

/**
 * Makes this process the only one that writes a run, until `unlock` or its end. The lock is a file that
 * names the process; one whose process is dead is taken over.
 *
 * @throws FileError if another process writes the run
 */
export function lock(folder: string): void {
  const path = resolve(folder, 'run.lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      if (create(path)) {
        if (held.size === 0) process.once('exit', unlockAll);
        held.add(path);
        return;
      }
      const owner = ownerOf(path);
      if (owner === 'gone') removeStale(path);
      else if (owner !== 'writing' && isMine(owner)) return;
      else throw inUse(folder, path, owner);
    } catch (cause) {
      throw cause instanceof FileError ? cause : fileError('RunFolder', path, cause);
    }
  }
  throw inUse(folder, path, ownerOf(path));
}

/** The runs that are being recorded in this process, by where their folders really are. */
const recorded = new Set<string>();

/** @throws FileError if this process is recording the run */
export function requireNoRecording(folder: string): void {
  if (!recorded.has(realpathSync(folder))) return;
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
export function beginRecording(folder: string): () => void {
  lock(folder);
  requireNoRecording(folder);
  const path = realpathSync(folder);
  recorded.add(path);
  return () => {
    recorded.delete(path);
    unlock(folder);
  };
}

function inUse(folder: string, path: string, owner: Owner | 'writing' | 'gone'): FileError {
  const { pid, host } = typeof owner === 'object' ? owner : { pid: undefined, host: hostname() };
  const who =
    pid === undefined ? 'another process' : `process ${pid}${host === hostname() ? '' : ` on ${host}`}`;
  const remedy = host === hostname() ? '' : `; if that process is gone, delete ${path}`;
  return new FileError(
    'RunFolder',
    folder,
    'EBUSY',
    `${who} is writing this run; wait for its end, or choose another folder${remedy}`,
  );
}

/** Lets other processes write the run. */
export function unlock(folder: string): void {
  release(resolve(folder, 'run.lock'));
}

function release(path: string): void {
  if (!held.delete(path)) return;
  if (held.size === 0) process.off('exit', unlockAll);
  try {
    unlinkSync(path);
  } catch {
    // The folder is gone, and the lock with it.
  }
}

function unlockAll(): void {
  for (const path of [...held]) release(path);
}

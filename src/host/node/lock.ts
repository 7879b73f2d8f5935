import { closeSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { LockHolder } from '../files.js';
import { fileError } from './file-error.js';

/** The process that holds a lock. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as the system counts it: a later process may have the same number. */
  readonly started: string | null;
}

/** Milliseconds after which a lock without an owner counts as left by a process that died while writing it. */
const WRITTEN = 10_000;

/** When a process started, in the system's own units; null if the system doesn't say. */
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

/** Whether the process that wrote a lock may still be running, which can't be known for another machine. */
function mayLive({ pid, host, started }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // Another user's process gives EPERM.
    if (isCode(cause, 'ESRCH')) return false;
  }
  const start = startOf(pid);
  return started === null || start === null || start === started;
}

/** The owner that a lock names; `writing` if it isn't written yet, `gone` if the owner is dead. */
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

/** Creates a lock and returns whether there was none. */
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

/** Removes a lock whose owner is dead. If several processes try, only one finds it. */
function removeStale(path: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return;
    throw cause;
  }
  // Another process may have been faster; this is its lock.
  if (ownerOf(aside) === 'gone') unlinkSync(aside);
  else renameSync(aside, path);
}

const held = new Set<string>();

/** Takes a lock. Returns null, or who holds it. @throws FileError if it can't be written */
export function lock(operation: string, path: string): { readonly holder: LockHolder } | null {
  const at = resolve(path);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      if (create(at)) {
        if (held.size === 0) process.once('exit', unlockAll);
        held.add(at);
        return null;
      }
      const owner = ownerOf(at);
      if (owner === 'gone') removeStale(at);
      else if (owner === 'writing') return { holder: undefined };
      else return isMine(owner) ? null : { holder: owner };
    } catch (cause) {
      throw fileError(operation, at, cause);
    }
  }
  const owner = ownerOf(at);
  return { holder: typeof owner === 'object' ? owner : undefined };
}

export const unlock = (path: string): void => release(resolve(path));

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

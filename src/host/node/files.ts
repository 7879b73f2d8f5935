import {
  createReadStream,
  type Dirent,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { FileEntry, FileKind, Files } from '../files.js';
import { fileError } from './file-error.js';
import { lock, unlock } from './lock.js';
import { withFile } from './open.js';
import { appendWhole, makeFolder, writeFileAtomic } from './write.js';

/** Runs `work`; what the system refuses is a FileError. */
function naming<R>(operation: string, path: string, work: () => R, consequence?: string): R {
  try {
    return work();
  } catch (cause) {
    throw fileError(operation, path, cause, consequence);
  }
}

const kindOf = (found: Pick<Stats, 'isFile' | 'isDirectory'>): FileKind =>
  found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';

function look(path: string): { kind: FileKind; bytes: number } | null {
  try {
    const found = statSync(path);
    return { kind: kindOf(found), bytes: found.size };
  } catch {
    return null;
  }
}

const entryOf = (folder: string, entry: Dirent): FileEntry => ({
  name: entry.name,
  kind: entry.isSymbolicLink() ? (look(join(folder, entry.name))?.kind ?? 'nowhere') : kindOf(entry),
});

async function* stream(operation: string, path: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: chunkBytes });
  } catch (cause) {
    throw fileError(operation, path, cause);
  }
}

function makeNewFolder(operation: string, path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw fileError(operation, path, cause);
  }
}

export const files: Files = {
  machine: hostname(),
  process: process.pid,
  join,
  baseName: (path) => basename(path),
  parent: dirname,
  absolute: (path) => resolve(path),
  realPath: realpathSync,
  cacheFolder: () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'myelin'),
  look,
  list: (operation, folder) =>
    naming(operation, folder, () =>
      readdirSync(folder, { withFileTypes: true }).map((entry) => entryOf(folder, entry)),
    ),
  read: (operation, path) => naming(operation, path, () => readFileSync(path)),
  readLater: (operation, path) =>
    readFile(path).catch((cause: unknown) => {
      throw fileError(operation, path, cause);
    }),
  readText: (operation, path, consequence) =>
    naming(operation, path, () => readFileSync(path, 'utf8'), consequence),
  open: withFile,
  stream,
  write: writeFileAtomic,
  append: appendWhole,
  remove: (operation, path) => naming(operation, path, () => unlinkSync(path)),
  makeFolder,
  makeNewFolder,
  lock,
  unlock,
};

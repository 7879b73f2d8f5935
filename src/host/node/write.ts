import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { requireBytes, requireIterable, requirePath } from '../../core/arguments.js';
import { FileError } from '../../core/errors.js';
import { fileError } from './file-error.js';

let counter = 0;

/** The most links that the system follows from one name. */
const MOST_LINKS = 40;

/** Characters of a file's name that a temporary file beside it repeats: names are at most 255 bytes. */
const NAME_KEPT = 40;

/** Where a path leads, with links followed, even one to a file that doesn't exist yet. */
function followed(path: string): string {
  let at = path;
  for (let links = 0; lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink(); links++) {
    if (links === MOST_LINKS) statSync(at);
    const folder = dirname(at);
    const to = readlinkSync(at);
    at = isAbsolute(to) ? to : join(existsSync(folder) ? realpathSync(folder) : folder, to);
  }
  return at;
}

function writeAll(descriptor: number, chunks: Iterable<Uint8Array>): void {
  for (const chunk of chunks) {
    requireBytes('writeFileAtomic', 'a chunk of content', chunk);
    for (let done = 0; done < chunk.length; ) done += writeSync(descriptor, chunk, done);
  }
}

/** Gives a new file the permissions of the one it replaces, and the owner if the system allows it. */
function passOn(old: Stats, descriptor: number): void {
  const { uid, gid } = fstatSync(descriptor);
  if (uid !== old.uid || gid !== old.gid)
    try {
      fchownSync(descriptor, old.uid, old.gid);
    } catch {
      // Only an administrator can change the owner.
    }
  // After the owner, because changing the owner clears special bits.
  fchmodSync(descriptor, old.mode & 0o7777);
}

/**
 * Writes a file so that readers see either the old content or the new, never a part: the bytes go to a temporary
 * file beside it, reach the disk, and are renamed into place. If anything fails, such as a full disk, the temporary
 * file is removed and the old content stays. A link is followed, and the old file's permissions stay. Pipes and
 * devices are written to directly.
 *
 * @param content text, bytes, or chunks of bytes, taken one by one
 * @throws FileError also if the old file is write-protected
 */
export function writeFileAtomic(path: string, content: string | Uint8Array | Iterable<Uint8Array>): void {
  requirePath('writeFileAtomic', 'path', path);
  requireIterable('writeFileAtomic', 'content', content);
  const chunks: Iterable<Uint8Array> =
    typeof content === 'string'
      ? [Buffer.from(content)]
      : content instanceof Uint8Array
        ? [content]
        : content;
  let target = path;
  let temporary: string | undefined;
  let descriptor: number | undefined;
  let consequence = '; nothing was written';
  try {
    target = followed(path);
    const old = path.endsWith(sep) ? undefined : statSync(target, { throwIfNoEntry: false });
    if (path.endsWith(sep) || old?.isDirectory())
      throw new FileError('writeFileAtomic', path, 'EISDIR', 'is the name of a folder; name a file in it');
    if (old !== undefined && !old.isFile()) {
      consequence = '; not all of it was written';
      descriptor = openSync(target, 'w');
      writeAll(descriptor, chunks);
      return;
    }
    if (old !== undefined) {
      consequence = '; the old file is unchanged';
      accessSync(target, constants.W_OK);
    }
    const folder = dirname(target);
    const name = `.${basename(target).slice(0, NAME_KEPT)}.${process.pid}-${counter++}.tmp`;
    descriptor = openSync(join(folder, name), 'wx', 0o666);
    temporary = join(folder, name);
    if (old !== undefined) passOn(old, descriptor);
    writeAll(descriptor, chunks);
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, target);
    temporary = undefined;
    syncFolder(folder);
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause && 'syscall' in cause
      ? fileError('writeFileAtomic', path, cause, consequence)
      : cause;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
    if (temporary !== undefined) unlinkSync(temporary);
  }
}

/**
 * Appends to a file. If that fails, for example because the disk is full, the file stays as it was.
 *
 * @throws FileError
 */
export function appendWhole(path: string, content: string | Uint8Array): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'a');
    const before = fstatSync(descriptor).size;
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    } catch (cause) {
      if (fstatSync(descriptor).size > before) ftruncateSync(descriptor, before);
      throw cause;
    }
  } catch (cause) {
    throw fileError('appendWhole', path, cause, '; nothing was added');
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Makes a rename survive a power failure; not every file system can. */
function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch {
    return;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Creates a folder and its parents; an existing one stays as it is. @throws FileError */
export function makeFolder(path: string): void {
  try {
    createFolder(path);
  } catch (cause) {
    throw fileError('makeFolder', path, cause);
  }
}

/** `mkdir -p`. Node's own never returns if the working folder is gone, or in /proc. */
function createFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (cause) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const above = dirname(path);
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') || above === path)
      throw cause;
    createFolder(above);
    // Another process may have been faster.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(path);
  }
}

import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FileError } from '../core/errors.js';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would exceed the size limit',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'is a folder',
  EEXIST: 'exists already',
  ENAMETOOLONG: 'the name is too long',
};

/** The system's error as a FileError that says what it means for the file. */
export function fileError(operation: string, file: string, cause: unknown, consequence = ''): FileError {
  const code =
    cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNKNOWN';
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const error = new FileError(operation, file, code, reason + consequence);
  error.cause = cause;
  return error;
}

let counter = 0;

/**
 * Writes a file so that whoever looks sees the old content or the new, never a part: the bytes go to
 * a temporary file beside it, reach the disk, and are renamed into place. When anything fails, a full
 * disk above all, the temporary file is removed and the old content stays.
 *
 * @param content text, bytes, or chunks of bytes that are drawn one by one
 * @throws FileError
 */
export function writeFileAtomic(path: string, content: string | Uint8Array | Iterable<Uint8Array>): void {
  const chunks: Iterable<Uint8Array> =
    typeof content === 'string'
      ? [Buffer.from(content)]
      : content instanceof Uint8Array
        ? [content]
        : content;
  // A rename would replace a symbolic link by a file; what it points to is meant.
  const target = existsSync(path) ? realpathSync(path) : path;
  const folder = dirname(target);
  const temporary = join(folder, `.${basename(target)}.${process.pid}-${counter++}.tmp`);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(temporary, 'wx', 0o666);
    for (const chunk of chunks) {
      for (let done = 0; done < chunk.length; ) done += writeSync(descriptor, chunk, done);
    }
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, target);
    syncFolder(folder);
  } catch (cause) {
    if (descriptor !== undefined) closeSync(descriptor);
    if (existsSync(temporary)) unlinkSync(temporary);
    const consequence = existsSync(target) ? '; the old file is unchanged' : '; nothing was written';
    throw cause instanceof Error && 'code' in cause && 'syscall' in cause
      ? fileError('writeFileAtomic', path, cause, consequence)
      : cause;
  }
}

/**
 * Adds to the end of a file. When it fails, on a full disk for example, the file is as it was.
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

/** Makes a rename last through a power failure; not every file system can. */
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

/** Creates a folder and those above it. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw fileError('makeFolder', path, cause);
  }
}

import { FileError } from '../../core/errors.js';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would exceed the size limit',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such file or folder',
  ENOTDIR: "a part of the path isn't a folder",
  EISDIR: 'is a folder',
  EEXIST: 'exists already',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the links lead in a circle',
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

import type { ByteSource } from './byte-source.js';

/** What a path leads to, links followed. */
export type FileKind = 'file' | 'folder' | 'other';

export interface FileEntry {
  readonly name: string;
  /** `nowhere`: a link that leads to nothing. */
  readonly kind: FileKind | 'nowhere';
}

/** The process that holds a lock; `undefined` if it isn't known yet. */
export type LockHolder = { readonly pid: number; readonly host: string } | undefined;

/**
 * Files, if the platform has them. A failure throws a FileError that names `operation`; `consequence` is added to its
 * message.
 */
export interface Files {
  /** Name of this machine. */
  readonly machine: string;
  /** Number of this process. */
  readonly process: number;

  join(...parts: readonly string[]): string;
  /** The last part of a path. */
  baseName(path: string): string;
  /** The folder that a path lies in. */
  parent(path: string): string;
  /** A path from the root of the file system. */
  absolute(path: string): string;
  /** Where a file or folder really is, with links followed. */
  realPath(path: string): string;
  /** Where downloads are kept. */
  cacheFolder(): string;

  /** What this path leads to; null if nothing. */
  look(path: string): { readonly kind: FileKind; readonly bytes: number } | null;
  /** The contents of a folder. */
  list(operation: string, folder: string): readonly FileEntry[];

  read(operation: string, path: string): Uint8Array;
  /** Like `read`, without blocking the thread. */
  readLater(operation: string, path: string): Promise<Uint8Array>;
  readText(operation: string, path: string, consequence?: string): string;
  /** Calls `work` with an open file, of which only the requested parts are read. */
  open<R>(operation: string, path: string, work: (source: ByteSource) => R): R;
  /** The bytes in chunks, using memory that doesn't grow with the file. */
  stream(operation: string, path: string, chunkBytes: number): AsyncIterable<Uint8Array>;

  /** Writes a file completely or not at all. */
  write(path: string, content: string | Uint8Array | Iterable<Uint8Array>): void;
  /** Appends to a file. If that fails, the file stays as it was. */
  append(path: string, content: string | Uint8Array): void;
  remove(operation: string, path: string): void;
  /** Creates a folder and its parents; an existing one stays as it is. */
  makeFolder(path: string): void;
  /** Creates a folder; returns false if the name is taken. */
  makeNewFolder(operation: string, path: string): boolean;

  /**
   * Makes this process the only holder of the lock, a file at `path`, until `unlock` or the process ends. A dead
   * process's lock is taken over.
   *
   * @returns null, or who holds the lock
   */
  lock(operation: string, path: string): { readonly holder: LockHolder } | null;
  unlock(path: string): void;
}

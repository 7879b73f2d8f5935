import type { ByteSource } from './byte-source.js';

/** What a path leads to, links followed. */
export type FileKind = 'file' | 'folder' | 'other';

export interface FileEntry {
  readonly name: string;
  /** `nowhere`: a link that leads to nothing. */
  readonly kind: FileKind | 'nowhere';
}

/** The process that holds a lock; `undefined` if it hasn't said yet who it is. */
export type LockHolder = { readonly pid: number; readonly host: string } | undefined;

/**
 * Files, where the platform has them. What fails throws a FileError; `operation` is named in it, and
 * `consequence` added to its message.
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
  /** Where a file or folder really is, links followed. */
  realPath(path: string): string;
  /** Where downloads are kept. */
  cacheFolder(): string;

  /** What there is under this path; null if nothing. */
  look(path: string): { readonly kind: FileKind; readonly bytes: number } | null;
  /** What lies in a folder. */
  list(operation: string, folder: string): readonly FileEntry[];

  read(operation: string, path: string): Uint8Array;
  /** As `read`, without holding the thread. */
  readLater(operation: string, path: string): Promise<Uint8Array>;
  readText(operation: string, path: string, consequence?: string): string;
  /** Calls `work` with an open file, of which only what is asked for is read. */
  open<R>(operation: string, path: string, work: (source: ByteSource) => R): R;
  /** The bytes in chunks, in memory that doesn't grow with the file. */
  stream(operation: string, path: string, chunkBytes: number): AsyncIterable<Uint8Array>;

  /** Writes a file whole or not at all. */
  write(path: string, content: string | Uint8Array | Iterable<Uint8Array>): void;
  /** Adds to the end of a file. When it fails, the file is as it was. */
  append(path: string, content: string | Uint8Array): void;
  remove(operation: string, path: string): void;
  /** Creates a folder and those above it; one that is there is left as it is. */
  makeFolder(path: string): void;
  /** Creates a folder; false if there is something of that name. */
  makeNewFolder(operation: string, path: string): boolean;

  /**
   * Makes this process the only one that holds the lock, a file at `path`, until `unlock` or its end; one whose
   * process is dead is taken over.
   *
   * @returns null if the lock is held now, else who holds it
   */
  lock(operation: string, path: string): { readonly holder: LockHolder } | null;
  unlock(path: string): void;
}

import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { FileError } from '../core/errors.js';
import { callback, defineOptions, flag, text } from '../core/options.js';
import { makeFolder, writeFileAtomic } from '../io/atomic.js';

/** A file of a data set: its name, its size and what its bytes hash to. */
export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RemoteDataset {
  /** As people write it, for messages. */
  readonly title: string;
  /** Name of its folder in the cache and within a data folder. */
  readonly folder: string;
  /** Other names that its folder has within a data folder. */
  readonly otherFolders?: readonly string[];
  /**
   * Whether files of another data set are called the same (default false): in a folder that was not named for
   * this set they then count only if the folder is called as this set's.
   */
  readonly ambiguous?: boolean;
  readonly files: readonly RemoteFile[];
  /** Addresses that the files' names are appended to, tried in order. */
  readonly mirrors: readonly string[];
}

export interface FindOptions {
  /** Folder to look in first; if it is given, nowhere else. */
  readonly data?: string | undefined;
  /** Whether to download what is found nowhere (default: unless `MYELIN_OFFLINE` is set). */
  readonly download?: boolean | undefined;
  /** Told of each file before it is downloaded. */
  readonly onDownload?: ((url: string, bytes: number) => void) | undefined;
}

/** What `FindOptions` may be. */
export const findSpec = {
  data: text(undefined),
  download: flag(undefined),
  onDownload: callback<(url: string, bytes: number) => void>(),
};

const findOptions = defineOptions(findSpec);

/** Where downloads are kept: `$XDG_CACHE_HOME/myelin`, or `~/.cache/myelin`. */
export const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'myelin');

/** Longest wait for a server's answer, and for its next bytes, in milliseconds. */
const PATIENCE = 15_000;

/** Names under which a file may lie: as published, gzipped or not, and with a dot as some archives have it. */
function namesOf(file: string): string[] {
  const unpacked = file.replace(/\.gz$/, '');
  return [`${unpacked}.gz`, unpacked, unpacked.replace(/-(idx\d)/, '.$1')];
}

/**
 * Where each of these files lies: in the usual sub-folders of `root`, or in itself; the missing ones as
 * `undefined`.
 *
 * @param meant whether `root` was named for this data set
 */
export function locateFiles(
  { folder, otherFolders = [], ambiguous = false }: RemoteDataset,
  names: readonly string[],
  root: string,
  meant = false,
): Map<string, string | undefined> {
  const upper = folder.toUpperCase();
  const usual = [folder, upper, join(upper, 'raw'), ...otherFolders];
  const folders = usual.map((name) => join(root, name));
  if (!ambiguous || meant || usual.includes(basename(root))) folders.push(root, join(root, 'raw'));
  const find = (file: string): string | undefined =>
    folders
      .flatMap((path) => namesOf(file).map((name) => join(path, name)))
      .find((path) => existsSync(path) && statSync(path).isFile());
  return new Map(names.map((name) => [name, find(name)]));
}

/** Folders to look in, in this order: the one given, else `MYELIN_DATA` and the data set's in the cache. */
export function rootsOf({ folder }: RemoteDataset, { data }: FindOptions): string[] {
  if (data !== undefined) return [data];
  const named = process.env.MYELIN_DATA;
  return [...(named ? [named] : []), join(cacheFolder(), folder)];
}

/** The files if all are there. */
function complete(found: Map<string, string | undefined>): Map<string, string> | undefined {
  const paths = new Map<string, string>();
  for (const [name, path] of found) if (path !== undefined) paths.set(name, path);
  return paths.size === found.size ? paths : undefined;
}

/** What is wrong with a folder that has not all files. */
export const lacking = (dataset: RemoteDataset, folder: string): string =>
  existsSync(folder) ? `has not all of ${dataset.title}` : 'no such folder';

/**
 * Finds the files of a data set: in the folder given, else in `MYELIN_DATA`, else in the cache, else
 * by download, which is checked and kept in the cache.
 *
 * @returns path of each file by its name
 * @throws FileError naming the files and where to put them
 */
export async function findFiles(dataset: RemoteDataset, options?: FindOptions): Promise<Map<string, string>> {
  const read = findOptions('findFiles', options);
  const { data, download = !process.env.MYELIN_OFFLINE, onDownload } = read;
  const names = dataset.files.map((file) => file.name);
  if (data !== undefined) {
    const found = locateFiles(dataset, names, data, true);
    const paths = complete(found);
    if (paths) return paths;
    const missing = names.filter((name) => found.get(name) === undefined);
    throw new FileError(
      'findFiles',
      data,
      'ENOENT',
      `${lacking(dataset, data)}; put ${missing.join(', ')} there`,
    );
  }
  const cache = join(cacheFolder(), dataset.folder);
  const named = process.env.MYELIN_DATA;
  for (const root of rootsOf(dataset, {})) {
    const paths = complete(locateFiles(dataset, names, root));
    if (paths) return paths;
  }
  const notFound = (reason: string, cause?: unknown): FileError => {
    const tried = named ? ` (MYELIN_DATA is ${named}: ${lacking(dataset, named)})` : '';
    const advice = `put ${names.join(', ')} into ${cache}, or name their folder with --data or MYELIN_DATA`;
    const error = new FileError(
      'findFiles',
      dataset.title,
      'ENOENT',
      `not found${tried}${reason}; ${advice}`,
    );
    error.cause = cause;
    return error;
  };
  if (!download) throw notFound('');

  const found = locateFiles(dataset, names, cache);
  try {
    makeFolder(cache);
    for (const file of dataset.files) {
      if (found.get(file.name) !== undefined) continue;
      const path = join(cache, file.name);
      writeFileAtomic(path, await fetchFromAny(dataset.mirrors, file, onDownload));
      found.set(file.name, path);
    }
  } catch (cause) {
    throw notFound(`, and ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  return complete(found)!;
}

async function fetchFromAny(
  mirrors: readonly string[],
  file: RemoteFile,
  onDownload: FindOptions['onDownload'],
): Promise<Uint8Array> {
  const reasons: string[] = [];
  for (const mirror of mirrors) {
    const url = mirror + file.name;
    try {
      onDownload?.(url, file.bytes);
      return await fetchFile(url, file);
    } catch (cause) {
      reasons.push(`${new URL(url).host}: ${cause instanceof Error ? describe(cause) : String(cause)}`);
    }
  }
  throw new Error(`${file.name} could not be downloaded (${reasons.join('; ')})`);
}

/** fetch hides why it failed in the cause. */
const describe = (error: Error): string =>
  error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;

async function fetchFile(url: string, file: RemoteFile): Promise<Uint8Array> {
  const abort = new AbortController();
  const wait = (): NodeJS.Timeout =>
    setTimeout(() => abort.abort(new Error(`no answer for ${PATIENCE / 1000} s`)), PATIENCE);
  let timer = wait();
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
    const bytes = new Uint8Array(file.bytes);
    let length = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = wait();
      if (length + chunk.length > bytes.length) throw new Error(`more than the expected ${file.bytes} bytes`);
      bytes.set(chunk, length);
      length += chunk.length;
    }
    if (length < file.bytes) throw new Error(`${length} bytes instead of ${file.bytes}`);
    if (sha256(bytes) !== file.sha256) throw new Error('the content does not have the expected checksum');
    return bytes;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

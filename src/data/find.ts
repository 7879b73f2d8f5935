import { host } from '#host';
import type { Files } from '../host/files.js';
import { requireFiles } from '../host/require.js';
import { download } from './download.js';
import { complete, lacking, locateFiles, rootsOf } from './locate.js';
import {
  type FindOptions,
  findOptions,
  found,
  foundOr,
  missing,
  type RemoteDataset,
  requireDataset,
  type Search,
} from './remote.js';

/** Where downloads are kept: `$XDG_CACHE_HOME/myelin`, or `~/.cache/myelin`. */
export const cacheFolder = (): string =>
  requireFiles('cacheFolder', 'the browser keeps its cache itself').cacheFolder();

const mayDownload = ({ download }: FindOptions): boolean =>
  download ?? host.env('MYELIN_OFFLINE') === undefined;

const because = (cause: unknown): string => `, and ${cause instanceof Error ? cause.message : String(cause)}`;

/** Paths of a data set's files, by name. */
async function findPaths(
  files: Files,
  dataset: RemoteDataset,
  options: FindOptions,
): Promise<Search<Map<string, string>>> {
  const { data, onDownload } = options;
  const { title, folder } = dataset;
  const names = dataset.files.map((file) => file.name);
  if (data !== undefined) {
    const located = locateFiles(files, dataset, names, data, true);
    const paths = complete(located);
    if (paths) return found(paths);
    const absent = names.filter((name) => located.get(name) === undefined);
    return missing(data, `${lacking(files, dataset, data)}; put ${absent.join(', ')} there`);
  }
  for (const root of rootsOf(files, dataset, {})) {
    const paths = complete(locateFiles(files, dataset, names, root));
    if (paths) return found(paths);
  }
  const cache = files.join(files.cacheFolder(), folder);
  const named = host.env('MYELIN_DATA');
  const nowhere = (reason: string, cause?: unknown): Search<never> => {
    const tried = named ? ` (MYELIN_DATA is ${named}: ${lacking(files, dataset, named)})` : '';
    const advice = `put ${names.join(', ')} into ${cache}, or name their folder with --data or MYELIN_DATA`;
    return missing(title, `not found${tried}${reason}; ${advice}`, cause);
  };
  if (!mayDownload(options)) return nowhere('');

  const located = locateFiles(files, dataset, names, cache);
  try {
    files.makeFolder(cache);
    for (const file of dataset.files) {
      if (located.get(file.name) !== undefined) continue;
      const path = files.join(cache, file.name);
      files.write(path, await download(dataset.mirrors, file, onDownload));
      located.set(file.name, path);
    }
  } catch (cause) {
    return nowhere(because(cause), cause);
  }
  return found(complete(located)!);
}

/**
 * Finds the files of a data set: in the given folder, or else in `MYELIN_DATA`, then in the cache. If it
 * finds none, it downloads them, verifies their checksums, and keeps them in the cache.
 *
 * @returns the path of each file, by name
 * @throws FileError naming the files and where to put them
 */
export async function findFiles(dataset: RemoteDataset, options?: FindOptions): Promise<Map<string, string>> {
  const files = requireFiles('findFiles', 'use data.lookFor(dataset)');
  requireDataset('findFiles', dataset);
  return foundOr('findFiles', await findPaths(files, dataset, findOptions('findFiles', options)));
}

/** A file of a data set. */
export interface DataFile {
  /** Where it is, for messages: a path, or a name in the browser's cache. */
  readonly path: string;
  read(): Uint8Array;
}

/** The files of a data set, by name, in a browser: from its cache, or else downloaded. */
async function findDownloads(
  { title, folder, files, mirrors }: RemoteDataset,
  options: FindOptions,
): Promise<Search<ReadonlyMap<string, DataFile>>> {
  const { data, onDownload } = options;
  const nowhere = (reason: string, cause?: unknown): Search<never> =>
    missing(title, `not found${reason}; a browser has only what it downloads`, cause);
  if (data !== undefined)
    return missing(title, 'not found; a browser has no folders, only what it downloads');
  const all = new Map<string, DataFile>();
  for (const file of files) {
    const path = `${folder}/${file.name}`;
    let bytes = await host.downloads?.read(path);
    if (!bytes) {
      if (!mayDownload(options)) return nowhere('');
      try {
        bytes = await download(mirrors, file, onDownload);
      } catch (cause) {
        return nowhere(because(cause), cause);
      }
      await host.downloads?.keep(path, bytes);
    }
    const content = bytes;
    all.set(file.name, { path, read: () => content });
  }
  return found(all);
}

/**
 * Looks for the files of a data set like `findFiles`, but works in a browser, too, and doesn't throw if
 * files are missing.
 *
 * @returns `found`: the files by name, or `missing`: which ones are missing and where to put them
 * @example
 * const { found, missing } = await data.lookFor(data.mnistFiles, { download: false });
 * found?.get('train-labels-idx1-ubyte.gz')?.read();
 * missing?.problem;
 */
export async function lookFor(
  dataset: RemoteDataset,
  options?: FindOptions,
): Promise<Search<ReadonlyMap<string, DataFile>>> {
  requireDataset('lookFor', dataset);
  const read = findOptions('lookFor', options);
  const { files } = host;
  if (files === null) return findDownloads(dataset, read);
  const paths = await findPaths(files, dataset, read);
  if (paths.missing !== null) return paths;
  const at = (path: string): DataFile => ({ path, read: () => files.read('lookFor', path) });
  return found(new Map([...paths.found].map(([name, path]) => [name, at(path)])));
}

import { host } from '#host';
import type { Files } from '../host/files.js';
import type { FindOptions, RemoteDataset } from './remote.js';

/** Possible names of a file: as published, gzipped or not, and with a dot as in some archives. */
function namesOf(file: string): string[] {
  const unpacked = file.replace(/\.gz$/, '');
  return [`${unpacked}.gz`, unpacked, unpacked.replace(/-(idx\d)/, '.$1')];
}

/**
 * Where each of these files is: in the usual subfolders of `root`, or in `root` itself; `undefined` for missing
 * ones.
 *
 * @param meant whether `root` was named for this data set
 */
export function locateFiles(
  files: Files,
  { folder, otherFolders = [], ambiguous = false }: RemoteDataset,
  names: readonly string[],
  root: string,
  meant = false,
): Map<string, string | undefined> {
  const upper = folder.toUpperCase();
  const usual = [folder, upper, files.join(upper, 'raw'), ...otherFolders];
  const folders = usual.map((name) => files.join(root, name));
  if (!ambiguous || meant || usual.includes(files.baseName(root)))
    folders.push(root, files.join(root, 'raw'));
  const find = (file: string): string | undefined =>
    folders
      .flatMap((path) => namesOf(file).map((name) => files.join(path, name)))
      .find((path) => files.look(path)?.kind === 'file');
  return new Map(names.map((name) => [name, find(name)]));
}

/** Folders to search, in order: the given one, else `MYELIN_DATA` and the data set's folder in the cache. */
export function rootsOf(files: Files, { folder }: RemoteDataset, { data }: FindOptions): string[] {
  if (data !== undefined) return [data];
  const named = host.env('MYELIN_DATA');
  return [...(named === undefined ? [] : [named]), files.join(files.cacheFolder(), folder)];
}

/** The files if all are there. */
export function complete(located: Map<string, string | undefined>): Map<string, string> | undefined {
  const paths = new Map<string, string>();
  for (const [name, path] of located) if (path !== undefined) paths.set(name, path);
  return paths.size === located.size ? paths : undefined;
}

/** What's wrong with a folder that doesn't have all the files. */
export const lacking = (files: Files, dataset: RemoteDataset, folder: string): string =>
  files.look(folder) === null ? 'no such folder' : `doesn't have all of ${dataset.title}`;

import { host } from '#host';
import type { Files } from '../host/files.js';
import type { FindOptions, RemoteDataset } from './remote.js';

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

/** Folders to look in, in this order: the one given, else `MYELIN_DATA` and the data set's in the cache. */
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

/** What is wrong with a folder that has not all files. */
export const lacking = (files: Files, dataset: RemoteDataset, folder: string): string =>
  files.look(folder) === null ? 'no such folder' : `has not all of ${dataset.title}`;

import { host } from '#host';
import { FileFormatError } from '../../core/errors.js';
import { readTar, readUnpacked } from '../../data/archive.js';
import { type DataFile, lookFor } from '../../data/find.js';
import { complete, lacking, locateFiles, rootsOf } from '../../data/locate.js';
import {
  type FindOptions,
  found,
  missing,
  type RemoteDataset,
  type RemoteFile,
  type Search,
} from '../../data/remote.js';
import type { Files } from '../../host/files.js';
import { readZip } from './zip.js';

/** A published data set of text files; you can get each part by itself. */
export interface TextFiles extends Omit<RemoteDataset, 'files'> {
  /** The archive that is downloaded, if it's published as one. */
  readonly archive?: RemoteFile;
  /** Where to get it, if it can't be downloaded. */
  readonly published?: string;
}

/** Files that make a part of a data set. */
export interface PartFiles {
  /** Lists of names, gzipped or not; any of the lists will do, and the first is as published. */
  readonly names: readonly (readonly string[])[];
  /** The files that are downloaded, if they are published by themselves. */
  readonly remote?: readonly RemoteFile[];
}

/** The wanted files of an archive; all must be in it. */
function membersOf(operation: string, archive: DataFile, names: readonly string[]): DataFile[] {
  const { path } = archive;
  const unpack = path.endsWith('.zip')
    ? readZip(operation, path, archive.read())
    : readTar(operation, path, readUnpacked(operation, archive));
  return names.map((name) => {
    const bytes = unpack.get(name);
    if (bytes === undefined) throw new FileFormatError(operation, path, 0, `has no file ${name}`);
    return { path: `${path}/${name}`, read: () => bytes };
  });
}

/** The files of a part at `root`, loose or in an archive; undefined if they aren't there. */
function findAt(
  operation: string,
  files: Files,
  { archive, ...set }: TextFiles,
  { names }: PartFiles,
  root: string,
  meant: boolean,
): DataFile[] | undefined {
  const at = (path: string): DataFile => ({ path, read: () => files.read(operation, path) });
  const dataset = { ...set, files: [] };
  for (const alternative of names) {
    const loose = complete(locateFiles(files, dataset, alternative, root, meant));
    if (loose) return [...loose.values()].map(at);
  }
  if (archive === undefined) return undefined;
  const packed = complete(locateFiles(files, dataset, [archive.name], root, true));
  return packed && membersOf(operation, at(packed.get(archive.name)!), names[0]!);
}

/**
 * Looks for the files of one part of a data set, in the order of its names, and downloads them if they aren't anywhere.
 *
 * @throws FileFormatError if an archive is damaged, or lacks a file
 */
export async function findPart(
  operation: string,
  set: TextFiles,
  part: PartFiles,
  options: FindOptions,
): Promise<Search<readonly DataFile[]>> {
  const { title, folder, archive, published } = set;
  const { data } = options;
  const [names] = part.names as [readonly string[]];
  const wanted = `${names.join(', ')} (gzipped or not)${archive ? ` or ${archive.name}` : ''}`;
  const { files } = host;
  if (files !== null) {
    for (const root of rootsOf(files, { ...set, files: [] }, options)) {
      const there = findAt(operation, files, set, part, root, data !== undefined);
      if (there) return found(there);
    }
    if (data !== undefined)
      return missing(data, `${lacking(files, { ...set, files: [] }, data)}; put ${wanted} there`);
  }
  const remote = archive ? [archive] : part.remote;
  if (remote === undefined) {
    const where =
      files === null
        ? 'a browser has only what it downloads'
        : `put ${wanted} into ${files.join(files.cacheFolder(), folder)}, or name their folder with --data or MYELIN_DATA`;
    return missing(title, `not found${published ? `; it's published at ${published}` : ''}; ${where}`);
  }
  const whole = await lookFor({ ...set, files: remote }, options);
  if (whole.missing !== null) return whole;
  const all = remote.map(({ name }) => whole.found.get(name)!);
  return found(archive ? membersOf(operation, all[0]!, names) : all);
}

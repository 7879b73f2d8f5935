import { FileError } from '../core/errors.js';
import { callback, checkOption, defineOptions, flag, instance, text } from '../core/options.js';

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

const anyDataset = instance(
  'an object with a title, a folder, files and mirrors',
  (value): value is RemoteDataset => {
    const { title, folder, files, mirrors } = (value ?? {}) as Partial<RemoteDataset>;
    return [title, folder].every((name) => typeof name === 'string') && [files, mirrors].every(Array.isArray);
  },
);

/** @throws ArgumentError unless it describes a data set */
export const requireDataset = (operation: string, dataset: RemoteDataset): void =>
  checkOption(operation, 'the data set', anyDataset, dataset);

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

export const findOptions = defineOptions(findSpec);

/** What was looked for and is nowhere. */
export interface Missing {
  /** The data set, or the folder in which it should be. */
  readonly what: string;
  /** Why, which files they are and where to put them. */
  readonly problem: string;
  /** What went wrong when it was downloaded. */
  readonly cause?: unknown;
}

/** What a search gave. */
export type Search<T> =
  | { readonly found: T; readonly missing: null }
  | { readonly found: null; readonly missing: Missing };

export const found = <T>(value: T): Search<T> => ({ found: value, missing: null });
export const missing = (
  what: string,
  problem: string,
  cause?: unknown,
): { found: null; missing: Missing } => ({
  found: null,
  missing: { what, problem, cause },
});

/** What was found. @throws FileError naming the files and where to put them, if it is missing */
export function foundOr<T>(operation: string, search: Search<T>): T {
  if (search.missing === null) return search.found;
  const { what, problem, cause } = search.missing;
  const error = new FileError(operation, what, 'ENOENT', problem);
  error.cause = cause;
  throw error;
}

import { FileError } from '../core/errors.js';
import { callback, checkOption, defineOptions, flag, instance, text } from '../core/options.js';

/** A file of a data set: its name, its size, and the hash of its bytes. */
export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RemoteDataset {
  /** The name that people use, for messages. */
  readonly title: string;
  /** Name of its folder in the cache and within a data folder. */
  readonly folder: string;
  /** Other names that its folder may have within a data folder. */
  readonly otherFolders?: readonly string[];
  /**
   * Whether another data set has files with the same names (default false): then files in a folder that wasn't
   * given for this set count only if the folder has this set's name.
   */
  readonly ambiguous?: boolean;
  readonly files: readonly RemoteFile[];
  /** Base URLs for the files' names, tried in order. */
  readonly mirrors: readonly string[];
}

const anyDataset = instance(
  'an object with a title, a folder, files and mirrors',
  (value): value is RemoteDataset => {
    const { title, folder, files, mirrors } = (value ?? {}) as Partial<RemoteDataset>;
    return [title, folder].every((name) => typeof name === 'string') && [files, mirrors].every(Array.isArray);
  },
);

/** @throws ArgumentError if it doesn't describe a data set */
export const requireDataset = (operation: string, dataset: RemoteDataset): void =>
  checkOption(operation, 'the data set', anyDataset, dataset);

export interface FindOptions {
  /** The only folder to look in, if given. */
  readonly data?: string | undefined;
  /** Whether to download files that aren't found (default: unless `MYELIN_OFFLINE` is set). */
  readonly download?: boolean | undefined;
  /** Called with each file before it's downloaded. */
  readonly onDownload?: ((url: string, bytes: number) => void) | undefined;
}

/** What `FindOptions` may be. */
export const findSpec = {
  data: text(undefined),
  download: flag(undefined),
  onDownload: callback<(url: string, bytes: number) => void>(),
};

export const findOptions = defineOptions(findSpec);

/** What wasn't found. */
export interface Missing {
  /** The data set, or the folder where it should be. */
  readonly what: string;
  /** Why, which files are missing, and where to put them. */
  readonly problem: string;
  /** What went wrong in the download. */
  readonly cause?: unknown;
}

/** The result of a search. */
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

/** What was found. @throws FileError naming the files and where to put them, if they're missing */
export function foundOr<T>(operation: string, search: Search<T>): T {
  if (search.missing === null) return search.found;
  const { what, problem, cause } = search.missing;
  const error = new FileError(operation, what, 'missing', problem);
  error.cause = cause;
  throw error;
}

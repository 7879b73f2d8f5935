import { host } from '#host';
import { FileFormatError } from '../../core/errors.js';
import type { Files } from '../../host/files.js';
import { otherKind } from '../../io/file-kind.js';
import { readTar, readUnpacked } from '../archive.js';
import { type DataFile, lookFor } from '../find.js';
import { lacking, locateFiles, rootsOf } from '../locate.js';
import { type FindOptions, found, missing, type RemoteDataset, type Search } from '../remote.js';

/** Bytes of an image: 32 × 32 of red, of green, of blue. */
const IMAGE_BYTES = 3 * 32 * 32;

/** A data set in CIFAR's binary format: records of label bytes and an image. */
export interface CifarFormat {
  /** The archive as published. */
  readonly archive: RemoteDataset;
  /** The files in it, which may also be unpacked, gzipped or not. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** How many classes each label byte distinguishes. */
  readonly classes: readonly number[];
}

export interface CifarRecords {
  /** @shape (N, 3, 32, 32) */
  readonly images: Uint8Array;
  /** For each label byte of the format, those of all images. */
  readonly labels: readonly Uint8Array[];
  /** Files of this part that are missing. */
  readonly missing: readonly string[];
}

interface Part {
  /** Name shown in errors. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Splits files into records. */
function parse(
  operation: string,
  parts: readonly Part[],
  classes: readonly number[],
): Omit<CifarRecords, 'missing'> {
  const record = classes.length + IMAGE_BYTES;
  for (const { file, bytes } of parts) {
    const whole = Math.floor(bytes.length / record);
    if (bytes.length === 0) throw new FileFormatError(operation, file, 0, 'is empty');
    const other =
      bytes[0]! >= classes[0]! || bytes.length % record !== 0
        ? otherKind(bytes, 'a file of CIFAR')
        : undefined;
    if (other !== undefined) throw new FileFormatError(operation, file, 0, other);
    if (bytes.length % record !== 0)
      throw new FileFormatError(
        operation,
        file,
        bytes.length,
        `ends within image ${whole}: each takes ${record} bytes`,
      );
  }
  const count = parts.reduce((sum, { bytes }) => sum + bytes.length / record, 0);
  const images = new Uint8Array(count * IMAGE_BYTES);
  const labels = classes.map(() => new Uint8Array(count));
  let image = 0;
  for (const { file, bytes } of parts)
    for (let at = 0; at < bytes.length; at += record, image++) {
      classes.forEach((most, k) => {
        const label = bytes[at + k]!;
        if (label >= most)
          throw new FileFormatError(
            operation,
            file,
            at + k,
            `label ${label} of image ${at / record} isn't one of 0 to ${most - 1}`,
          );
        labels[k]![image] = label;
      });
      images.set(bytes.subarray(at + classes.length, at + record), image * IMAGE_BYTES);
    }
  return { images, labels };
}

/** The wanted files of an archive; all must be in it. */
function partsOf(operation: string, archive: DataFile, names: readonly string[]): Part[] {
  const { path } = archive;
  const files = readTar(operation, path, readUnpacked(operation, archive));
  return names.map((name) => {
    const bytes = files.get(name);
    if (bytes === undefined) throw new FileFormatError(operation, path, 0, `has no file ${name}`);
    return { file: `${path}/${name}`, bytes };
  });
}

/** What of these files lies at `root`, loose or in an archive; all if they can be had. */
function findAt(
  operation: string,
  files: Files,
  { archive }: CifarFormat,
  names: readonly string[],
  root: string,
  meant: boolean,
): { parts: Part[]; missing: readonly string[] } | undefined {
  const at = (path: string): DataFile => ({ path, read: () => files.read(operation, path) });
  const loose = locateFiles(files, archive, names, root, meant);
  const missing = names.filter((name) => loose.get(name) === undefined);
  if (missing.length > 0) {
    const [packed] = locateFiles(
      files,
      archive,
      archive.files.map(({ name }) => name),
      root,
      true,
    ).values();
    if (packed !== undefined) return { parts: partsOf(operation, at(packed), names), missing: [] };
  }
  const paths = [...loose.values()].filter((path) => path !== undefined);
  if (paths.length === 0) return undefined;
  return { parts: paths.map((file) => ({ file, bytes: readUnpacked(operation, at(file)) })), missing };
}

/**
 * Looks for one part of a data set, downloading its archive if there's no file of it, and reads it. Of the
 * training files, those that are there will do.
 *
 * @throws FileFormatError naming the file and the byte, if one isn't valid
 */
export async function findCifar(
  operation: string,
  format: CifarFormat,
  train: boolean,
  options: FindOptions,
): Promise<Search<CifarRecords>> {
  const { archive, classes } = format;
  const { data } = options;
  const names = train ? format.train : format.test;
  const { name } = archive.files[0]!;
  const { files } = host;
  if (files !== null) {
    for (const root of rootsOf(files, archive, options)) {
      const there = findAt(operation, files, format, names, root, data !== undefined);
      if (there) return found({ ...parse(operation, there.parts, classes), missing: there.missing });
    }
    if (data !== undefined)
      return missing(
        data,
        `${lacking(files, archive, data)}; put ${names.join(', ')} (gzipped or not) or ${name} there`,
      );
  }
  const whole = await lookFor(archive, options);
  if (whole.missing !== null) return whole;
  const parts = partsOf(operation, whole.found.get(name)!, names);
  return found({ ...parse(operation, parts, classes), missing: [] });
}

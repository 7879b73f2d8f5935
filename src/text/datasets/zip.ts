import { FileFormatError } from '../../core/errors.js';
import { bytesSource } from '../../host/byte-source.js';
import { crc32 } from '../../io/torch/crc32.js';
import { readDirectory, ZipContents } from '../../io/torch/zip-reader.js';

/**
 * The files of a zip archive by their names without folders, each unpacked when it's needed.
 *
 * @throws FileFormatError if it isn't an archive, or is damaged
 */
export function readZip(
  operation: string,
  path: string,
  bytes: Uint8Array,
): { get(name: string): Uint8Array | undefined } {
  const fail = (at: number, problem: string): never => {
    throw new FileFormatError(operation, path, at, problem);
  };
  const source = bytesSource(bytes, path);
  const contents = new ZipContents(source, crc32, fail);
  const entries = [...readDirectory(source, fail).values()];
  return {
    get(name) {
      const entry = entries.find((entry) => entry.name === name || entry.name.endsWith(`/${name}`));
      return entry && contents.read(entry);
    },
  };
}

import { defineOptions, flag, text } from '../../core/options.js';
import { type ByteSource, bytesSource } from '../../host/byte-source.js';
import { KIND_BYTES, otherKind } from '../file-kind.js';
import { convert } from './convert.js';
import { type Crc32, crc32 } from './crc32.js';
import { Cursor } from './cursor.js';
import { expected, type Fail, failure } from './fail.js';
import { TorchWorld } from './globals.js';
import { readLegacy } from './legacy.js';
import type { TorchValue } from './python-object.js';
import { Storages } from './storages.js';
import { unpickle } from './unpickler.js';
import { readDirectory, ZipContents, type ZipEntry } from './zip-reader.js';

export interface LoadTorchOptions {
  /** Whether the checksums of zip archives are checked (default true). */
  readonly verify?: boolean;
}

/** What `LoadTorchOptions` may be. */
export const loadTorchSpec = { verify: flag(true) };
const bytesOptions = defineOptions({ ...loadTorchSpec, name: text(undefined) });

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PICKLE_FILE = 'data.pkl';

/** What a source holds, in either of PyTorch's formats. */
export function readTorch(source: ByteSource, verify: boolean, sum: Crc32): TorchValue {
  const fail = failure(source.name);
  if (source.size === 0) return fail(0, 'the file is empty');
  const start = source.read(0, Math.min(KIND_BYTES, source.size));
  return ZIP.every((byte, i) => start[i] === byte)
    ? readZip(source, start, verify ? sum : null, fail)
    : readLegacy(source, start, fail);
}

function readZip(source: ByteSource, start: Uint8Array, sum: Crc32 | null, fail: Fail): TorchValue {
  const entries = readDirectory(source, fail);
  const contents = new ZipContents(source, sum, fail);
  const pickle = findPickle(entries, start, fail);
  const root = pickle.name.slice(0, -PICKLE_FILE.length);
  const bigEndian = isBigEndian(entries.get(`${root}byteorder`), contents, fail);
  const bytes = contents.read(pickle);
  const cursor = new Cursor(bytesSource(bytes), fail, 0, pickle.deflated ? 0 : pickle.begin);
  const value = unpickle(cursor, new TorchWorld(bytes.length));
  const find = (key: string) => {
    const entry = entries.get(`${root}data/${key}`);
    return (
      entry && {
        begin: entry.begin,
        size: entry.size,
        bigEndian,
        read: () => contents.read(entry),
        pieces: () => contents.pieces(entry),
      }
    );
  };
  return convert(value, new Storages(find, fail, pickle.begin), fail, pickle.begin);
}

function findPickle(entries: ReadonlyMap<string, ZipEntry>, start: Uint8Array, fail: Fail): ZipEntry {
  const found = [...entries.values()].filter(({ name }) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (found.length !== 1)
    return fail(
      0,
      (found.length === 0 && otherKind(start, expected)) ||
        `the archive has ${found.length} files ${PICKLE_FILE}; PyTorch's archives have one, so this is another kind of archive`,
    );
  const [pickle] = found;
  if (entries.has(`${pickle!.name.slice(0, -PICKLE_FILE.length)}constants.pkl`))
    return fail(
      pickle!.begin,
      "is a TorchScript program; save its weights: torch.save(torch.jit.load(file).state_dict(), 'model.pt')",
    );
  return pickle!;
}

function isBigEndian(entry: ZipEntry | undefined, contents: ZipContents, fail: Fail): boolean {
  if (entry === undefined) return false;
  const order = entry.size < 10 ? String.fromCharCode(...contents.read(entry)) : '';
  if (order !== 'big' && order !== 'little')
    return fail(entry.begin, "the archive's byte order isn't big or little");
  return order === 'big';
}

/**
 * Reads the bytes of a file written by `torch.save`; see `loadTorch`.
 *
 * @param options.name what errors call it (default `bytes`)
 * @throws FileFormatError naming the byte
 */
export const loadTorchBytes = <T = TorchValue>(
  bytes: Uint8Array,
  options?: LoadTorchOptions & { readonly name?: string },
): T => {
  const { name, verify } = bytesOptions('loadTorchBytes', options);
  return readTorch(bytesSource(bytes, name, 'loadTorchBytes'), verify, crc32) as T;
};

import type { ByteSource } from '../../host/byte-source.js';
import { otherKind } from '../file-kind.js';
import { convert } from './convert.js';
import { Cursor } from './cursor.js';
import { expected, type Fail } from './fail.js';
import { TorchWorld } from './globals.js';
import type { TorchValue } from './python-object.js';
import { type StorageBytes, Storages } from './storages.js';
import { StorageRef } from './tensor-spec.js';
import { unpickle } from './unpickler.js';
import { kindOf, type PyValue } from './values.js';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const FORMAT = 1001;
const TAR_MAGIC_AT = 257;
const TAR_MAGIC = 'ustar';

/** Records how wide each storage's elements are, because the storages don't say. */
class LegacyWorld extends TorchWorld {
  readonly widths = new Map<string, number>();

  override persistent(id: PyValue): PyValue {
    const storage = super.persistent(id);
    if (storage instanceof StorageRef) {
      const { key, type } = storage;
      if (!this.widths.has(key)) this.widths.set(key, type.width);
    }
    return storage;
  }
}

function isTar(source: ByteSource): boolean {
  if (source.size < 512) return false;
  return String.fromCharCode(...source.read(TAR_MAGIC_AT, TAR_MAGIC.length)) === TAR_MAGIC;
}

/**
 * The format before PyTorch 1.6: pickles of a magic number, the format's version, the machine's
 * properties, the value, and the storages' keys; then each storage as its length and its elements,
 * little-endian.
 */
export function readLegacy(source: ByteSource, start: Uint8Array, fail: Fail): TorchValue {
  if (isTar(source))
    return fail(0, 'is in the tar format of PyTorch before 0.1.10; load it with PyTorch and save it again');
  const cursor = new Cursor(source, fail);
  const world = new LegacyWorld(source.size);
  readMagic(cursor, start, world, fail);
  const versionAt = cursor.at;
  const version = unpickle(cursor, world);
  if (version !== FORMAT)
    fail(
      versionAt,
      `is in version ${String(version).slice(0, 40)} of the format; only ${FORMAT} is supported`,
    );
  unpickle(cursor, world);
  const valueAt = cursor.at;
  const value = unpickle(cursor, world);
  const storages = readPlaces(cursor, source, world, fail);
  return convert(value, new Storages((key) => storages.get(key), fail, valueAt), fail, valueAt);
}

function readMagic(cursor: Cursor, start: Uint8Array, world: TorchWorld, fail: Fail): void {
  // Protocols from 2 up begin with their number; PyTorch never wrote others unless told to.
  const magic =
    start[0] === 0x80 || /^L\d/.test(String.fromCharCode(...start.subarray(0, 2)))
      ? unpickle(cursor, world)
      : null;
  if (magic === MAGIC) return;
  fail(
    0,
    magic === null
      ? (otherKind(start, expected) ?? "isn't a zip archive or a pickle, so torch.save didn't write it")
      : `is a pickle of ${kindOf(magic)} that torch.save didn't write; save it with torch.save`,
  );
}

/** Where each storage is. */
function readPlaces(
  cursor: Cursor,
  source: ByteSource,
  world: LegacyWorld,
  fail: Fail,
): Map<string, StorageBytes> {
  const keysAt = cursor.at;
  const keys = unpickle(cursor, world);
  if (!Array.isArray(keys)) return fail(keysAt, `the keys of the storages are ${kindOf(keys)}`);
  const places = new Map<string, StorageBytes>();
  for (const item of keys) {
    const key = String(item);
    if (typeof item !== 'string' && typeof item !== 'number')
      fail(keysAt, `a storage has ${kindOf(item)} as its key`);
    if (places.has(key)) fail(keysAt, `storage ${key} is listed twice`);
    const width = world.widths.get(key);
    if (width === undefined) return fail(keysAt, `storage ${key} is listed, but nothing refers to it`);
    const size = cursor.length() * width;
    const begin = cursor.at;
    if (size > cursor.remaining)
      fail(
        begin,
        `storage ${key} claims ${size} bytes, but the file has only ${cursor.remaining} more; it's cut off`,
      );
    places.set(key, {
      begin,
      size,
      bigEndian: false,
      read: () => source.read(begin, size),
      pieces: () => source.pieces(begin, size),
    });
    cursor.at += size;
  }
  return places;
}

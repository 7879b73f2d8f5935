import type { Crc32 } from './crc32.js';

export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const ALIGNMENT = 64;
const UTF8_NAMES = 0x800;
/** January 1, 1980, so the same content gives the same archive. */
const DATE = 0x21;
const PADDING = 0x4246;
const utf8 = new TextEncoder();

/** Little-endian numbers, one after another. */
class Fields {
  readonly #bytes: number[] = [];

  u16(...values: number[]): this {
    for (const value of values) this.#bytes.push(value & 0xff, (value >>> 8) & 0xff);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.u16(value & 0xffff, value >>> 16);
    return this;
  }

  u64(...values: number[]): this {
    for (const value of values) this.u32(value % 2 ** 32, Math.floor(value / 2 ** 32));
    return this;
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  get length(): number {
    return this.#bytes.length;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/**
 * A zip archive of stored files, chunk by chunk; the content of each begins at a multiple of 64, as
 * in PyTorch's archives.
 *
 * @param wideFrom sizes and positions from this value up are written in 64 bits
 * @source PKWARE APPNOTE.TXT, version 6.3.10
 */
export function* zipArchive(
  files: readonly ZipFile[],
  crc32: Crc32,
  wideFrom = 0xffffffff,
): Generator<Uint8Array> {
  const directory = new Fields();
  let offset = 0;
  const narrow = (value: number): number => (value >= wideFrom ? 0xffffffff : value);
  for (const { name, bytes } of files) {
    const encoded = utf8.encode(name);
    const sum = crc32(bytes, 0);
    const size = bytes.length;
    const extra = new Fields();
    if (size >= wideFrom) extra.u16(1, 16).u64(size, size);
    const fixed = offset + 30 + encoded.length + extra.length + 4;
    const padding = (ALIGNMENT - (fixed % ALIGNMENT)) % ALIGNMENT;
    extra.u16(PADDING, padding).raw(new Uint8Array(padding));
    const version = size >= wideFrom || offset >= wideFrom ? 45 : 20;
    const header = new Fields()
      .u32(0x04034b50)
      .u16(version, UTF8_NAMES, 0, 0, DATE)
      .u32(sum, narrow(size), narrow(size))
      .u16(encoded.length, extra.length)
      .raw(encoded)
      .raw(extra.bytes())
      .bytes();
    const wide = [size, size, offset].filter((value) => value >= wideFrom);
    directory
      .u32(0x02014b50)
      .u16(version, version, UTF8_NAMES, 0, 0, DATE)
      .u32(sum, narrow(size), narrow(size))
      .u16(encoded.length, wide.length > 0 ? 4 + 8 * wide.length : 0, 0, 0, 0)
      .u32(0, narrow(offset))
      .raw(encoded);
    if (wide.length > 0) directory.u16(1, 8 * wide.length).u64(...wide);
    yield header;
    yield bytes;
    offset += header.length + size;
  }
  const end = new Fields();
  const large = files.length >= 0xffff || offset >= wideFrom;
  if (large) {
    end.u32(0x06064b50).u64(44).u16(45, 45).u32(0, 0);
    end.u64(files.length, files.length, directory.length, offset);
    end
      .u32(0x07064b50, 0)
      .u64(offset + directory.length)
      .u32(1);
  }
  const count = large ? 0xffff : files.length;
  end
    .u32(0x06054b50)
    .u16(0, 0, count, count)
    .u32(directory.length, large ? 0xffffffff : offset)
    .u16(0);
  yield directory.bytes();
  yield end.bytes();
}

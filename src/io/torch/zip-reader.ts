import type { ByteSource } from '../../host/byte-source.js';
import { inflateSync } from '../../third-party/fflate.js';
import type { Crc32 } from './crc32.js';
import type { Fail } from './fail.js';

/** A file inside an archive, as the archive's directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  /** Where its bytes begin in the archive, and how many there are. */
  readonly begin: number;
  readonly packed: number;
  /** Bytes of the content. */
  readonly size: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
/** The most bytes that one byte of deflated data can become. */
const DEFLATE_LIMIT = 1032;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface Directory {
  readonly begin: number;
  readonly bytes: number;
  readonly entries: number;
}

/** Finds the directory at the end of the archive. */
function findDirectory(source: ByteSource, fail: Fail): Directory {
  const tailBytes = Math.min(source.size, END_BYTES + LONGEST_COMMENT);
  const tailAt = source.size - tailBytes;
  const tail = viewOf(source.read(tailAt, tailBytes));
  let at = tailBytes - END_BYTES;
  while (
    at >= 0 &&
    !(tail.getUint32(at, true) === END && at + END_BYTES + tail.getUint16(at + 20, true) === tailBytes)
  )
    at--;
  if (at < 0)
    return fail(source.size, 'the archive has no directory at its end; the file is cut off or damaged');
  const end = tailAt + at;
  const short = {
    entries: tail.getUint16(at + 10, true),
    bytes: tail.getUint32(at + 12, true),
    begin: tail.getUint32(at + 16, true),
  };
  const wide = short.entries === 0xffff || short.bytes === 0xffffffff || short.begin === 0xffffffff;
  const found = wide ? (findDirectory64(source, end, fail) ?? { ...short, end }) : { ...short, end };
  if (found.begin + found.bytes > found.end)
    fail(
      end,
      `the archive's directory claims to end at ${found.begin + found.bytes}, after byte ${found.end}`,
    );
  if (found.entries * ENTRY_BYTES > found.bytes)
    fail(end, `the archive's directory claims ${found.entries} entries in ${found.bytes} bytes`);
  return found;
}

/** The directory according to the records for large archives; null if there are none. */
function findDirectory64(source: ByteSource, end: number, fail: Fail): (Directory & { end: number }) | null {
  if (end < 20) return null;
  const locator = viewOf(source.read(end - 20, 20));
  if (locator.getUint32(0, true) !== LOCATOR_64) return null;
  const at = wholeNumber(locator, 8, end - 20, fail);
  if (at > end - 20 - 56) return fail(end - 20, `the large-archive record claims to be at byte ${at}`);
  const record = viewOf(source.read(at, 56));
  if (record.getUint32(0, true) !== END_64)
    return fail(at, "the large-archive record isn't where it should be");
  return {
    entries: wholeNumber(record, 32, at, fail),
    bytes: wholeNumber(record, 40, at, fail),
    begin: wholeNumber(record, 48, at, fail),
    end: at,
  };
}

function wholeNumber(view: DataView, offset: number, at: number, fail: Fail): number {
  const value = view.getBigUint64(offset, true);
  return value > BigInt(Number.MAX_SAFE_INTEGER)
    ? fail(at, `the archive has a length of ${value} bytes`)
    : Number(value);
}

/** Sizes and position of an entry of 4 GB or more, which are in its extra field 1. */
function wideFields(extra: DataView, fields: number[], at: number, fail: Fail): number[] {
  for (let i = 0; i + 4 <= extra.byteLength; ) {
    const bytes = extra.getUint16(i + 2, true);
    if (extra.getUint16(i, true) === 1) {
      let next = i + 4;
      return fields.map((value) => {
        if (value !== 0xffffffff) return value;
        if (next + 8 > Math.min(extra.byteLength, i + 4 + bytes))
          return fail(at, 'an entry lacks its 64-bit length');
        next += 8;
        return wholeNumber(extra, next - 8, at, fail);
      });
    }
    i += 4 + bytes;
  }
  return fields;
}

/**
 * The files of a zip archive. Names must be relative and unique, and contents must not overlap.
 *
 * @throws FileFormatError naming the byte, for any deviation
 * @source PKWARE APPNOTE.TXT, version 6.3.10
 */
export function readDirectory(source: ByteSource, fail: Fail): Map<string, ZipEntry> {
  const directory = findDirectory(source, fail);
  const bytes = source.read(directory.begin, directory.bytes);
  const view = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  const ranges: { begin: number; end: number; name: string }[] = [];
  let at = 0;
  for (let i = 0; i < directory.entries; i++) {
    const place = directory.begin + at;
    if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      return fail(place, `the archive's directory breaks off after ${i} of ${directory.entries} entries`);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((o) => view.getUint16(at + o, true));
    const nameAt = at + ENTRY_BYTES;
    const extraAt = nameAt + nameBytes!;
    const next = extraAt + extraBytes! + commentBytes!;
    if (next > bytes.length) return fail(place, `the archive's directory breaks off within entry ${i}`);
    const name = entryName(bytes.subarray(nameAt, extraAt), place, fail);
    if (entries.has(name)) return fail(place, `the archive has ${JSON.stringify(name)} twice`);
    const fields = [24, 20, 42].map((o) => view.getUint32(at + o, true));
    const extra = viewOf(bytes.subarray(extraAt, extraAt + extraBytes!));
    const [size, packed, header] = wideFields(extra, fields, place, fail);
    const label = `entry ${JSON.stringify(name)} of the archive`;
    const method = view.getUint16(at + 10, true);
    if (view.getUint16(at + 8, true) & 1) return fail(place, `${label} is encrypted`);
    if (method !== 0 && method !== 8)
      return fail(place, `${label} is compressed by method ${method}; only deflate is supported`);
    if (method === 0 && size !== packed)
      return fail(place, `${label} is stored, but its sizes ${size} and ${packed} differ`);
    if (size! > packed! * DEFLATE_LIMIT)
      return fail(place, `${label} can't inflate from ${packed} to ${size} bytes`);
    const begin = contentOf(source, bytes.subarray(nameAt, extraAt), header!, directory.begin, label, fail);
    if (begin + packed! > directory.begin)
      return fail(place, `${label} ends at ${begin + packed!}, beyond the contents`);
    ranges.push({ begin: header!, end: begin + packed!, name });
    const crc = view.getUint32(at + 16, true);
    entries.set(name, { name, deflated: method === 8, crc, begin, packed: packed!, size: size! });
    at = next;
  }
  ranges.sort((a, b) => a.begin - b.begin);
  for (const [i, { begin, name }] of ranges.entries())
    if (i > 0 && begin < ranges[i - 1]!.end)
      fail(
        begin,
        `entries ${JSON.stringify(ranges[i - 1]!.name)} and ${JSON.stringify(name)} of the archive overlap`,
      );
  return entries;
}

function entryName(bytes: Uint8Array, at: number, fail: Fail): string {
  let name: string;
  try {
    name = utf8.decode(bytes);
  } catch {
    return fail(at, "the archive has a name that isn't UTF-8");
  }
  if (name.includes('\\') || name.includes('\0') || name.startsWith('/') || name.split('/').includes('..'))
    fail(at, `the archive has ${JSON.stringify(name)}, a path that leads out of it`);
  return name;
}

/** Where the content of an entry begins; its header must give the same name as the directory. */
function contentOf(
  source: ByteSource,
  name: Uint8Array,
  header: number,
  limit: number,
  label: string,
  fail: Fail,
): number {
  if (header + LOCAL_BYTES + name.length > limit) return fail(header, `${label} is beyond the contents`);
  const local = source.read(header, LOCAL_BYTES + name.length);
  const view = viewOf(local);
  const same =
    view.getUint16(26, true) === name.length && name.every((byte, i) => local[LOCAL_BYTES + i] === byte);
  if (view.getUint32(0, true) !== LOCAL_ENTRY || !same)
    return fail(header, `${label} isn't where the directory says`);
  return header + LOCAL_BYTES + name.length + view.getUint16(28, true);
}

/** Contents of an archive's entries, checked against their checksums. */
export class ZipContents {
  #inflatable: number;

  constructor(
    private readonly source: ByteSource,
    private readonly crc32: Crc32 | null,
    private readonly fail: Fail,
  ) {
    this.#inflatable = 20 * source.size + 64 * 2 ** 20;
  }

  /** All bytes of an entry. */
  read(entry: ZipEntry): Uint8Array {
    const packed = this.source.read(entry.begin, entry.packed);
    const bytes = entry.deflated ? this.#inflate(entry, packed) : packed;
    this.#check(entry, this.crc32?.(bytes, 0));
    return bytes;
  }

  /** The bytes in pieces; the checksum is checked after the last. */
  *pieces(entry: ZipEntry): Generator<Uint8Array> {
    if (entry.deflated) {
      yield this.read(entry);
      return;
    }
    let sum = 0;
    for (const piece of this.source.pieces(entry.begin, entry.packed)) {
      if (this.crc32) sum = this.crc32(piece, sum);
      yield piece;
    }
    this.#check(entry, this.crc32 ? sum : undefined);
  }

  #inflate({ name, begin, size }: ZipEntry, packed: Uint8Array): Uint8Array {
    const label = `entry ${JSON.stringify(name)} of the archive`;
    this.#inflatable -= size;
    if (this.#inflatable < 0)
      return this.fail(begin, `${label} inflates to ${size} bytes, far more than the file has`);
    let bytes: Uint8Array;
    try {
      // One byte more than needed shows whether it's too long.
      bytes = inflateSync(packed, { out: new Uint8Array(size + 1) });
    } catch {
      return this.fail(begin, `${label} doesn't inflate; it's damaged`);
    }
    return bytes.length === size ? bytes : this.fail(begin, `${label} doesn't inflate to ${size} bytes`);
  }

  #check({ name, begin, crc }: ZipEntry, sum: number | undefined): void {
    if (sum !== undefined && sum !== crc)
      this.fail(
        begin,
        `the checksum of entry ${JSON.stringify(name)} is wrong; the file is damaged: copy it again`,
      );
  }
}

/** Continues a CRC-32 as zip archives use it: `before` is the CRC of the bytes so far, 0 at the start. */
export type Crc32 = (bytes: Uint8Array, before: number) => number;

const SLICES = 16;
let tables: Uint32Array | undefined;

/** Entry [k·256 + b]: what byte b does to the sum when k more bytes follow it. */
function makeTables(): Uint32Array {
  const table = new Uint32Array(SLICES * 256);
  for (let b = 0; b < 256; b++) {
    let sum = b;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    table[b] = sum;
  }
  for (let i = 256; i < table.length; i++) {
    const shorter = table[i - 256]!;
    table[i] = (shorter >>> 8) ^ table[shorter & 0xff]!;
  }
  return table;
}

/**
 * CRC-32 (polynomial 0xEDB88320, reflected), sixteen bytes at a time.
 *
 * @source Kounavis and Berry 2005, "A systematic approach to building high performance CRC generators"
 */
export const crc32: Crc32 = (bytes, before) => {
  tables ??= makeTables();
  const t = tables;
  let sum = ~before;
  let at = 0;
  for (const end = bytes.length - (SLICES - 1); at < end; at += SLICES) {
    sum =
      t[3840 + ((bytes[at]! ^ sum) & 0xff)]! ^
      t[3584 + (bytes[at + 1]! ^ ((sum >>> 8) & 0xff))]! ^
      t[3328 + (bytes[at + 2]! ^ ((sum >>> 16) & 0xff))]! ^
      t[3072 + (bytes[at + 3]! ^ (sum >>> 24))]! ^
      t[2816 + bytes[at + 4]!]! ^
      t[2560 + bytes[at + 5]!]! ^
      t[2304 + bytes[at + 6]!]! ^
      t[2048 + bytes[at + 7]!]! ^
      t[1792 + bytes[at + 8]!]! ^
      t[1536 + bytes[at + 9]!]! ^
      t[1280 + bytes[at + 10]!]! ^
      t[1024 + bytes[at + 11]!]! ^
      t[768 + bytes[at + 12]!]! ^
      t[512 + bytes[at + 13]!]! ^
      t[256 + bytes[at + 14]!]! ^
      t[bytes[at + 15]!]!;
  }
  for (; at < bytes.length; at++) sum = (sum >>> 8) ^ t[(sum ^ bytes[at]!) & 0xff]!;
  return ~sum >>> 0;
};

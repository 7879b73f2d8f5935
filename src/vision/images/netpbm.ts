import type { CheckSize, Fail } from './bmp.js';
import type { Raster } from './channels.js';

const [HASH, LINE_FEED, ZERO, NINE] = [0x23, 0x0a, 0x30, 0x39];
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || (byte! >= 0x09 && byte! <= 0x0d);

/** P1 to P6: bits, gray, and colors, as text and as bytes. */
export const isNetpbm = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1]! > ZERO && bytes[1]! <= ZERO + 6 && (isSpace(bytes[2]) || bytes[2] === HASH);

/** Reads the numbers of a header or of pixels as text. */
class Reader {
  at = 2;

  constructor(
    readonly bytes: Uint8Array,
    readonly fail: Fail,
  ) {}

  #skipSpace(): void {
    while (isSpace(this.bytes[this.at]) || this.bytes[this.at] === HASH) {
      if (this.bytes[this.at] === HASH) {
        const end = this.bytes.indexOf(LINE_FEED, this.at);
        this.at = end < 0 ? this.bytes.length : end;
      } else this.at++;
    }
  }

  /** A whole number, or one digit of it. */
  number(isDigit = false): number {
    this.#skipSpace();
    const start = this.at;
    let value = 0;
    for (let byte = this.bytes[this.at]!; byte >= ZERO && byte <= NINE; byte = this.bytes[++this.at]!) {
      value = 10 * value + byte - ZERO;
      if (isDigit) {
        this.at++;
        break;
      }
    }
    if (this.at >= this.bytes.length && this.at === start) this.fail(this.at, 'the image ends early');
    if (this.at === start || value > 2 ** 31)
      this.fail(start, 'the image is damaged: no number where one should be');
    return value;
  }
}

/** Stretches a value to 8 bits, rounded as Pillow does. */
const stretch = (most: number): ((value: number) => number) =>
  most === 255 ? (value) => value : (value) => Math.round((Math.min(value, most) * 255) / most);

/** Values of the pixels, one after another, 8 bits each. */
function readValues(
  reader: Reader,
  kind: number,
  width: number,
  height: number,
  perPixel: number,
): Uint8Array {
  const { bytes, fail } = reader;
  const isBits = kind === 1 || kind === 4;
  const most = isBits ? 1 : reader.number();
  if (most < 1 || most > 65535) fail(reader.at, `the image is damaged: values up to ${most}`);
  const values = new Uint8Array(width * height * perPixel);
  const to8 = stretch(most);
  if (kind <= 3) {
    for (let i = 0; i < values.length; i++) {
      const value = reader.number(isBits);
      if (value > most) fail(reader.at, `the image is damaged: ${value} where values are up to ${most}`);
      values[i] = isBits ? 255 * (1 - value) : to8(value);
    }
    return values;
  }
  const begin = reader.at + 1;
  const bytesPerRow = isBits ? Math.ceil(width / 8) : width * perPixel * (most > 255 ? 2 : 1);
  if (begin + bytesPerRow * height > bytes.length) fail(bytes.length, 'the image ends early');
  for (let i = 0; i < values.length; i++) {
    if (isBits) {
      const x = i % width;
      const byte = bytes[begin + Math.floor(i / width) * bytesPerRow + (x >> 3)]!;
      values[i] = (byte >> (7 - (x & 7))) & 1 ? 0 : 255;
    } else
      values[i] = to8(
        most > 255 ? (bytes[begin + 2 * i]! << 8) | bytes[begin + 2 * i + 1]! : bytes[begin + i]!,
      );
  }
  return values;
}

/**
 * Reads a PBM, PGM, or PPM: the first image of the file.
 *
 * @source https://netpbm.sourceforge.net/doc/
 */
export function readNetpbm(bytes: Uint8Array, checkSize: CheckSize, fail: Fail): Raster {
  const kind = bytes[1]! - ZERO;
  const reader = new Reader(bytes, fail);
  const width = reader.number();
  const height = reader.number();
  if (width === 0 || height === 0) fail(2, `the image has ${width} × ${height} pixels`);
  checkSize(width, height, 3, 1);
  const gray = kind % 3 !== 0;
  // Text has at least two bytes per value, except for bits.
  const least = kind <= 3 ? width * height * (gray ? 1 : 3) : 0;
  if (least > bytes.length) fail(bytes.length, 'the image ends early');
  const values = readValues(reader, kind, width, height, gray ? 1 : 3);
  if (!gray) return { width, height, pixels: values, channels: 3, gray };
  const pixels = new Uint8Array(3 * values.length);
  for (let i = 0; i < values.length; i++) pixels.fill(values[i]!, 3 * i, 3 * i + 3);
  return { width, height, pixels, channels: 3, gray };
}

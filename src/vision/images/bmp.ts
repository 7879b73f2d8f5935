import type { Raster } from './channels.js';

/** Called with the byte and the problem; throws. */
export type Fail = (at: number, problem: string) => never;
/** Called with an image's unpacked size before unpacking; throws if that's too much. */
export type CheckSize = (width: number, height: number, channels: number, bytesPerChannel: number) => void;

const FILE_HEADER = 14;
/** Of OS/2 1.x; its sizes have 2 bytes and its colors 3. */
const CORE_HEADER = 12;
const INFO_HEADER = 40;
const [RGB, RLE8, RLE4, BIT_FIELDS, ALPHA_BIT_FIELDS] = [0, 1, 2, 3, 6];

export const isBmp = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x42 && bytes[1] === 0x4d && [12, 40, 52, 56, 64, 108, 124].includes(bytes[FILE_HEADER]!);

interface Header {
  readonly width: number;
  readonly height: number;
  /** Whether the lowest row comes first. */
  readonly isUpward: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly headerBytes: number;
  readonly colors: number;
  /** Byte at which the pixels begin. */
  readonly begin: number;
}

function readHeader(view: DataView, fail: Fail): Header {
  if (view.byteLength < FILE_HEADER + CORE_HEADER) fail(view.byteLength, 'the image ends early');
  const headerBytes = view.getUint32(FILE_HEADER, true);
  if (view.byteLength < FILE_HEADER + headerBytes) fail(view.byteLength, 'the image ends early');
  const begin = view.getUint32(10, true);
  if (headerBytes === CORE_HEADER)
    return {
      width: view.getUint16(18, true),
      height: view.getUint16(20, true),
      isUpward: true,
      bits: view.getUint16(24, true),
      compression: RGB,
      headerBytes,
      colors: 0,
      begin,
    };
  const height = view.getInt32(22, true);
  return {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    isUpward: height > 0,
    bits: view.getUint16(28, true),
    compression: view.getUint32(30, true),
    headerBytes,
    colors: view.getUint32(46, true),
    begin,
  };
}

/** Colors of a palette as RGB, black after the last. */
function readPalette(bytes: Uint8Array, { headerBytes, bits, colors, begin }: Header): Uint8Array {
  const width = headerBytes === CORE_HEADER ? 3 : 4;
  const start = FILE_HEADER + headerBytes;
  const room = Math.floor((Math.min(begin, bytes.length) - start) / width);
  const count = Math.max(0, Math.min(colors === 0 ? 2 ** bits : colors, 2 ** bits, room));
  const palette = new Uint8Array(3 * 2 ** bits);
  for (let color = 0; color < count; color++)
    for (let channel = 0; channel < 3; channel++)
      palette[3 * color + channel] = bytes[start + width * color + 2 - channel]!;
  return palette;
}

/** Undoes the run lengths; each pixel is a byte. Those that are skipped are 0. */
function unpackRuns(bytes: Uint8Array, { width, height, bits, begin }: Header, fail: Fail): Uint8Array {
  const out = new Uint8Array(width * height);
  const perByte = 8 / bits;
  let at = begin;
  let [x, y] = [0, 0];
  const next = (): number => (at < bytes.length ? bytes[at++]! : fail(bytes.length, 'the image ends early'));
  const put = (value: number): void => {
    if (x < width && y < height) out[y * width + x] = value;
    x++;
  };
  const part = (byte: number, i: number): number =>
    perByte === 1 ? byte : i % 2 === 0 ? byte >> 4 : byte & 0xf;
  while (y < height) {
    const count = next();
    const value = next();
    if (count > 0) for (let i = 0; i < count; i++) put(part(value, i));
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) break;
    else if (value === 2) [x, y] = [x + next(), y + next()];
    else {
      const stored = Math.ceil(value / perByte);
      for (let i = 0, byte = 0; i < value; i++) {
        if (i % perByte === 0) byte = next();
        put(part(byte, i));
      }
      if (stored % 2 === 1) at++;
    }
  }
  return out;
}

/** Indices into the palette, one byte per pixel, with rows in the file's order. */
function readIndices(bytes: Uint8Array, header: Header, fail: Fail): Uint8Array {
  const { width, height, bits, compression, begin } = header;
  if (compression !== RGB) return unpackRuns(bytes, header, fail);
  const out = new Uint8Array(width * height);
  const stride = rowBytes(header);
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const byte = bytes[begin + y * stride + Math.floor(x / perByte)]!;
      out[y * width + x] = (byte >> (8 - bits * (1 + (x % perByte)))) & mask;
    }
  return out;
}

const rowBytes = ({ width, bits }: Header): number => 4 * Math.ceil((width * bits) / 32);

/** Where the channels of 16 or 32 bits are: red, green, blue, and opacity. */
function readMasks(view: DataView, { compression, bits, headerBytes }: Header): number[] {
  if (compression === RGB) return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const hasOpacity = compression === ALPHA_BIT_FIELDS || headerBytes >= 56;
  return [0, 1, 2, 3].map((i) =>
    i < 3 || hasOpacity ? view.getUint32(FILE_HEADER + INFO_HEADER + 4 * i, true) : 0,
  );
}

/** Takes a channel out of a pixel and stretches it to 8 bits, rounded down as Pillow does. */
function channelOf(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 255;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => Math.floor((((pixel & mask) >>> shift) * 255) / most);
}

/**
 * Reads a BMP: 1, 4, and 8 bits with a palette, run lengths included; 16, 24, and 32 bits with the file's masks.
 * Opacity is what a mask says; without a mask, the fourth byte means nothing.
 *
 * @source Windows GDI, bitmap storage (BITMAPFILEHEADER to BITMAPV5HEADER)
 */
export function readBmp(bytes: Uint8Array, checkSize: CheckSize, fail: Fail): Raster {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view, fail);
  const { width, height, bits, compression, begin, isUpward } = header;
  const isPacked = (compression === RLE8 && bits === 8) || (compression === RLE4 && bits === 4);
  const hasMasks = [BIT_FIELDS, ALPHA_BIT_FIELDS].includes(compression) && (bits === 16 || bits === 32);
  if (!(width > 0 && height > 0)) fail(18, `the image has ${width} × ${height} pixels`);
  if (![1, 4, 8, 16, 24, 32].includes(bits) || !(compression === RGB || isPacked || hasMasks))
    fail(28, `can't read a BMP of ${bits} bits and compression ${compression}`);
  if (hasMasks && bytes.length < FILE_HEADER + INFO_HEADER + 16) fail(bytes.length, 'the image ends early');
  const masks = hasMasks || bits === 16 || bits === 32 ? readMasks(view, header) : [];
  const channels = masks[3] ? 4 : 3;
  checkSize(width, height, channels, 1);
  if (
    !isPacked &&
    begin + height * rowBytes(header) - (rowBytes(header) - Math.ceil((width * bits) / 8)) > bytes.length
  )
    fail(bytes.length, 'the image ends early');

  const pixels = new Uint8Array(width * height * channels);
  const row = (y: number): number => (isUpward ? height - 1 - y : y);
  if (bits <= 8) {
    const palette = readPalette(bytes, header);
    const indices = readIndices(bytes, header, fail);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const color = 3 * indices[row(y) * width + x]!;
        pixels.set(palette.subarray(color, color + 3), 3 * (y * width + x));
      }
    const gray = palette.every((value, i) => value === palette[i - (i % 3)]);
    return { width, height, pixels, channels, gray };
  }
  const parts = masks.slice(0, channels).map(channelOf);
  const stride = rowBytes(header);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0, from = begin + row(y) * stride; x < width; x++, from += bits / 8) {
      if (bits === 24) for (let channel = 2; channel >= 0; channel--) pixels[to++] = bytes[from + channel]!;
      else {
        const pixel = bits === 16 ? view.getUint16(from, true) : view.getUint32(from, true);
        for (const part of parts) pixels[to++] = part(pixel);
      }
    }
  return { width, height, pixels, channels, gray: false };
}

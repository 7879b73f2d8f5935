import { crc32 } from '../io/torch/crc32.js';
import { zlibSync } from '../third-party/fflate.js';

/** A part of a PNG file: length, type, content, checksum. */
function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8), 0));
  return bytes;
}

/** Content of the chunk IHDR: size, 8 bits per channel, red, green, and blue. */
function header(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  bytes.set([8, 2], 8);
  return bytes;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * An image as an address that holds it (PNG), for SVG.
 *
 * @param rgb red, green, and blue of each pixel, row by row
 * @source PNG specification, ISO/IEC 15948
 */
export function imageUrl(width: number, height: number, rgb: Uint8Array): string {
  const lines = new Uint8Array(height * (width * 3 + 1));
  for (let row = 0; row < height; row++)
    lines.set(rgb.subarray(row * width * 3, (row + 1) * width * 3), row * (width * 3 + 1) + 1);
  const chunks = [
    Uint8Array.from(signature),
    chunk('IHDR', header(width, height)),
    chunk('IDAT', zlibSync(lines)),
    chunk('IEND', new Uint8Array()),
  ];
  let binary = '';
  for (const bytes of chunks) for (const byte of bytes) binary += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(binary)}`;
}

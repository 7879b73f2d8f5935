import { isUtf8 } from 'node:buffer';
import type { ByteText } from '../text.js';

export function text({ buffer, byteOffset, byteLength }: Uint8Array): ByteText {
  const bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  return {
    latin1: (start, end) => bytes.toString('latin1', start, end),
    utf8: (start, end) => bytes.toString('utf8', start, end),
    isUtf8: (start, end) => isUtf8(bytes.subarray(start, end)),
  };
}

import type { ByteText } from '../text.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { fatal: true });

/** Bytes that `String.fromCharCode` takes at once. */
const PIECE = 4096;

export const text = (bytes: Uint8Array): ByteText => ({
  latin1(start, end) {
    let result = '';
    for (let at = start; at < end; at += PIECE)
      result += String.fromCharCode(...bytes.subarray(at, Math.min(at + PIECE, end)));
    return result;
  },
  utf8: (start, end) => decoder.decode(bytes.subarray(start, end)),
  isUtf8(start, end) {
    try {
      strict.decode(bytes.subarray(start, end));
      return true;
    } catch {
      return false;
    }
  },
});

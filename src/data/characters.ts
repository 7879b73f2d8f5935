import type { ByteText } from '../host/text.js';

/** How the bytes of a file become characters; `latin1` is Windows-1252, as in browsers. */
export type Encoding = 'utf-8' | 'latin1';

export const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Characters for the bytes 0x80 to 0x9f in Windows-1252; some versions of Node decode them as Latin-1. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Text in Windows-1252: each byte becomes a character. */
export const ofWindows = (latin1: string): string =>
  latin1.replace(/[\x80-\x9f]/g, (character) => windows1252[character.charCodeAt(0) - 0x80]!);

/** Position of the first byte from `at` on that isn't UTF-8. */
export function invalidAt(bytes: Uint8Array, text: ByteText, at: number): number {
  for (;;) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (!text.isUtf8(at, Math.min(at + length, bytes.length))) return at;
    at += length;
  }
}

/** What's wrong with a byte that isn't UTF-8. */
export const notUtf8 = (byte: number): string =>
  `the byte 0x${byte.toString(16).padStart(2, '0')} isn't UTF-8`;

/** What to do about it, if the caller chooses the encoding. */
export const tryLatin1 = "if the file is in Latin-1 (Windows), pass { encoding: 'latin1' }";

import { codePointAt, unitsOf } from '../tables/char-class.js';

/** A byte that isn't UTF-8 is kept in a string as this code unit plus its value: a lone surrogate. */
const strayByte = 0xdc00;

/** Bytes of a code point in UTF-8; a lone surrogate becomes U+FFFD, which has 3. */
export const bytesOf = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;

/** Whether a code point is a lone surrogate. */
export const isSurrogate = (codePoint: number): boolean => codePoint >= 0xd800 && codePoint <= 0xdfff;

/**
 * Writes a part of a text as UTF-8 into `out`, which has room for 3 bytes for each code unit.
 *
 * @param stray whether surrogates that stand alone are bytes that `fromUtf8` couldn't read, instead of U+FFFD
 * @returns how many bytes there are
 */
export function writeUtf8(
  text: string,
  start: number,
  end: number,
  out: Int32Array | Uint8Array,
  stray: boolean,
): number {
  let length = 0;
  for (let at = start; at < end; ) {
    let code = text.charCodeAt(at);
    if (code < 0x80) {
      out[length++] = code;
      at++;
      continue;
    }
    code = codePointAt(text, at, end);
    at += unitsOf(code);
    if (isSurrogate(code)) {
      if (stray) {
        out[length++] = code - strayByte;
        continue;
      }
      code = 0xfffd;
    }
    if (code < 0x800) out[length++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) out[length++] = 0xe0 | (code >> 12);
      else {
        out[length++] = 0xf0 | (code >> 18);
        out[length++] = 0x80 | ((code >> 12) & 0x3f);
      }
      out[length++] = 0x80 | ((code >> 6) & 0x3f);
    }
    out[length++] = 0x80 | (code & 0x3f);
  }
  return length;
}

/** The code point that starts at a byte; -1 if these bytes aren't UTF-8. */
function decodeAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return first;
  const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || at + more >= bytes.length) return -1;
  let code = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const byte = bytes[at + i]!;
    if ((byte & 0xc0) !== 0x80) return -1;
    code = (code << 6) | (byte & 0x3f);
  }
  return bytesOf(code) !== more + 1 || isSurrogate(code) || code > 0x10ffff ? -1 : code;
}

/** Any bytes as a text: what isn't UTF-8 becomes lone surrogates, which `writeUtf8` turns back. */
export function fromUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let units: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const code = decodeAt(bytes, at);
    at += code < 0 ? 1 : bytesOf(code);
    if (code < 0) units.push(strayByte + bytes[at - 1]!);
    else if (code < 0x10000) units.push(code);
    else units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    if (units.length >= 4096) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
  }
  return parts.join('') + String.fromCharCode(...units);
}

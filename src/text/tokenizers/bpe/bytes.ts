/** Each byte as a visible character, as the files of byte-level tokenizers write it. @source Radford et al. 2019 */
const visible = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

const charCodes = new Uint16Array(256);
const bytesOfChars = new Int16Array(512).fill(-1);
/** Bytes in the order of their characters. */
export const alphabet: readonly number[] = (() => {
  let hidden = 256;
  for (let byte = 0; byte < 256; byte++) {
    charCodes[byte] = visible(byte) ? byte : hidden++;
    bytesOfChars[charCodes[byte]!] = byte;
  }
  return Array.from({ length: 256 }, (_, byte) => byte).sort((a, b) => charCodes[a]! - charCodes[b]!);
})();

/** Bytes as characters: a space is Ġ. */
export function toChars(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(charCodes[byte]!);
  return text;
}

/** The bytes of characters; null if one of them isn't a byte's. */
export function fromChars(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = bytesOfChars[text.charCodeAt(i)] ?? -1;
    if (byte < 0) return null;
    bytes[i] = byte;
  }
  return bytes;
}

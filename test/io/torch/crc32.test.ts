import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { nativeCrc32 } from '../../../src/engine/cpu/native.js';
import { crc32 } from '../../../src/io/torch/crc32.js';

/** One bit after the other, by the definition. */
function slow(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

const data = Uint8Array.from({ length: 3000 }, (_, i) => (i * i) >> 3);
const implementations: [string, ((bytes: Uint8Array, before: number) => number) | undefined][] = [
  ['portable', crc32],
  ['native', nativeCrc32()],
  ['zlib', zlib.crc32],
];

for (const [name, sum] of implementations) {
  test.skipIf(sum === undefined)(`${name}: every length and start`, () => {
    expect(sum!(new TextEncoder().encode('123456789'), 0)).toBe(0xcbf43926);
    for (let n = 0; n < 600; n++) {
      const bytes = data.subarray(n % 7, (n % 7) + n);
      expect(sum!(bytes, 0), `${n} bytes`).toBe(slow(bytes));
    }
    for (const n of [767, 768, 1023, 1024, 2047, 2900])
      expect(sum!(data.subarray(3, 3 + n), 0)).toBe(slow(data.subarray(3, 3 + n)));
  });

  test.skipIf(sum === undefined)(`${name}: in pieces`, () => {
    for (const cut of [0, 1, 255, 256, 700, 3000])
      expect(sum!(data.subarray(cut), sum!(data.subarray(0, cut), 0))).toBe(slow(data));
  });
}

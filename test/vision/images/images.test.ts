import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { FileError, FileFormatError, type MissingPackageError } from '../../../src/core/errors.js';
import { arange, rand, type Tensor, tensor, zeros } from '../../../src/index.js';
import {
  decodeImage,
  encodeImage,
  type ImageMode,
  type ReadImageOptions,
  readImage,
  writeImage,
} from '../../../src/vision/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const save = (name: string, bytes: Uint8Array): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};

interface Recorded {
  readonly name: string;
  readonly mode: ImageMode;
  readonly file: string;
  readonly shape: readonly number[];
  readonly pixels: readonly number[];
}

describe('as Pillow reads', () => {
  const { cases } = JSON.parse(
    readFileSync(new URL('../../recordings/images.json', import.meta.url), 'utf8'),
  ) as { cases: Recorded[] };
  test.each(cases.map((recorded) => [recorded.name, recorded] as const))('%s', async (name, recorded) => {
    const image = await decodeImage(Buffer.from(recorded.file, 'base64'), { mode: recorded.mode });
    expect([image.dtype, image.shape]).toEqual(['uint8', recorded.shape]);
    const differences = [...image.dataSync()].map((value, i) => Math.abs(value - recorded.pixels[i]!));
    expect(Math.max(...differences), name).toBe(0);
  });
});

const pixels = (image: Tensor): number[] => [...image.dataSync()];

/** A PNG of these pixels (height, width, channels). */
const png = (
  values: Uint8Array | Uint16Array,
  width: number,
  height: number,
  space: string,
): Promise<Buffer> =>
  sharp(values, {
    raw: { width, height, channels: (values.length / width / height) as 1 | 2 | 3 | 4 },
  })
    .toColourspace(space)
    .png()
    .toBuffer();

describe('opacity', () => {
  const half = [10, 20, 30, 255, 10, 20, 30, 0, 100, 0, 255, 128];
  test.each<[ImageMode, number[]]>([
    ['RGBA', [10, 10, 100, 20, 20, 0, 30, 30, 255, 255, 0, 128]],
    ['unchanged', [10, 10, 100, 20, 20, 0, 30, 30, 255, 255, 0, 128]],
    ['RGB', [10, 255, 177, 20, 255, 127, 30, 255, 255]],
    ['L', [18, 255, 157]],
  ])('of a colored image, read as %s', async (mode, wanted) => {
    const image = await decodeImage(await png(Uint8Array.from(half), 3, 1, 'srgb'), { mode });
    expect(image.shape).toEqual([wanted.length / 3, 1, 3]);
    expect(pixels(image)).toEqual(wanted);
  });

  test.each<[ImageMode, number[]]>([
    ['unchanged', [40, 40, 255, 0]],
    ['L', [40, 255]],
    ['RGB', [40, 255, 40, 255, 40, 255]],
    ['RGBA', [40, 40, 40, 40, 40, 40, 255, 0]],
  ])('of a gray image, read as %s', async (mode, wanted) => {
    const image = await decodeImage(await png(Uint8Array.of(40, 255, 40, 0), 2, 1, 'b-w'), { mode });
    expect(pixels(image)).toEqual(wanted);
  });
});

test('of 16 bits the upper 8 are kept', async () => {
  const gray = await png(Uint16Array.of(0x1234, 0xffff, 0x00ff, 0x8000), 2, 2, 'grey16');
  const color = await png(Uint16Array.of(0x1234, 0xffff, 0x00ff), 1, 1, 'rgb16');
  expect((await sharp(gray).metadata()).bitsPerSample).toBe(16);
  expect(pixels(await decodeImage(gray, { mode: 'unchanged' }))).toEqual([0x12, 0xff, 0, 0x80]);
  expect(pixels(await decodeImage(color))).toEqual([0x12, 0xff, 0]);
});

test('the orientation that a camera noted is applied to JPEG too', async () => {
  const upright = sharp(Uint8Array.of(...new Array(3 * 8 * 8).fill(0), ...new Array(3 * 8 * 8).fill(255)), {
    raw: { width: 8, height: 16, channels: 3 },
  });
  const image = await decodeImage(await upright.jpeg().withMetadata({ orientation: 6 }).toBuffer());
  expect(image.shape).toEqual([3, 8, 16]);
  expect([image.at(0, 4, 2).itemSync(), image.at(0, 4, 13).itemSync()]).toEqual([255, 0]);
});

test('CMYK becomes RGB; a color profile is ignored', async () => {
  const red = sharp({ create: { width: 4, height: 4, channels: 3, background: { r: 255, g: 0, b: 0 } } });
  const cmyk = await decodeImage(await red.clone().toColourspace('cmyk').jpeg().toBuffer());
  expect(cmyk.shape).toEqual([3, 4, 4]);
  expect(cmyk.at(0, 0, 0).itemSync()).toBeGreaterThan(200);
  const profiled = await decodeImage(await red.clone().withIccProfile('p3').png().toBuffer());
  const stored = await sharp(await red.clone().withIccProfile('p3').png().toBuffer(), { ignoreIcc: true })
    .raw()
    .toBuffer();
  expect(pixels(profiled.at('...', 0, 0))).toEqual([...stored.subarray(0, 3)]);
});

test.each<[string, (image: Buffer) => Promise<Buffer>]>([
  ['webp', (image) => sharp(image).webp({ lossless: true }).toBuffer()],
  ['gif', (image) => sharp(image).gif().toBuffer()],
  ['tiff', (image) => sharp(image).tiff({ compression: 'lzw' }).toBuffer()],
])('reads %s', async (_format, convert) => {
  const image = await png(Uint8Array.of(255, 0, 0, 0, 255, 0), 2, 1, 'srgb');
  expect(pixels(await decodeImage(await convert(image)))).toEqual([255, 0, 0, 255, 0, 0]);
});

const noise = rand([3, 40, 40]);

describe("files that aren't what they should be", () => {
  const damage = (bytes: Uint8Array): Uint8Array => {
    const damaged = Uint8Array.from(bytes);
    damaged[damaged.length >> 1]! ^= 0xff;
    return damaged;
  };
  test.each<[string, () => Promise<Uint8Array> | Uint8Array, RegExp, ReadImageOptions?]>([
    ['empty', () => new Uint8Array(), /byte 0: is empty/],
    ['text', () => Buffer.from('this is text'), /byte 0: is text that begins "this is text", not an image/],
    [
      'noise',
      () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0xfe),
      /byte 0: isn't an image, or its format isn't supported \(PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP, and Netpbm are\)/,
    ],
    [
      'drawing',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      /can't read images of the format svg/,
    ],
    [
      'half a PNG',
      async () => (await encodeImage(noise, 'png')).subarray(0, 1500),
      /byte 1500: the image ends early/,
    ],
    [
      'a PNG without its end',
      async () => (await encodeImage(noise, 'png')).slice(0, -20),
      /the image ends early/,
    ],
    [
      'the header of a PNG',
      async () => (await encodeImage(noise, 'png')).subarray(0, 20),
      /byte 20: the image ends/,
    ],
    [
      'half a JPEG',
      async () => (await encodeImage(noise, 'jpeg')).subarray(0, 900),
      /byte 900: the image ends early/,
    ],
    [
      'a damaged PNG',
      async () => damage(await encodeImage(noise, 'png')),
      /byte 0: the image is damaged: pngload/,
    ],
    [
      'too many pixels',
      () => encodeImage(noise, 'png'),
      /40 × 40 pixels are more than the 1599 allowed; increase maxPixels to read it/,
      { maxPixels: 1599 },
    ],
  ])('%s', async (name, make, message, options) => {
    const path = save(name, await make());
    const error = await readImage(path, options).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as FileFormatError).file).toBe(path);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(`readImage: ${path}, byte `);
  });

  test('what takes too much memory is refused by its header', async () => {
    const image = await encodeImage(noise, 'png');
    const needed = 40 * 40 * (3 + 3 + 2 * 3);
    await expect(decodeImage(image, { maxBytes: needed })).resolves.toBeDefined();
    await expect(decodeImage(image, { maxBytes: needed - 1 })).rejects.toThrow(
      'bytes, byte 0: 40 × 40 pixels take 0 MiB to unpack, more than the 0 MiB allowed; increase maxBytes to read it',
    );
    const bits = sharp({ create: { width: 12_000, height: 11_000, channels: 3, background: '#fff' } });
    const small = await bits.toColourspace('b-w').png({ compressionLevel: 9 }).toBuffer();
    expect(small.length).toBeLessThan(1_000_000);
    await expect(decodeImage(small)).rejects.toThrow(
      /12000 × 11000 pixels take \d+ MiB to unpack, more than the 1024/,
    );
    await expect(decodeImage(Buffer.from('P4 60000 60000\n'))).rejects.toThrow(
      '60000 × 60000 pixels are more than',
    );
  });

  const text = (content: string): Uint8Array => Uint8Array.from(content, (c) => c.charCodeAt(0));
  /** A BMP with an information header. */
  const bmp = (
    width: number,
    height: number,
    bits: number,
    compression: number,
    rest: number,
  ): Uint8Array => {
    const bytes = Buffer.alloc(54 + rest, 0x55);
    bytes.write('BM', 'latin1');
    bytes.writeUInt32LE(54, 10);
    bytes.writeUInt32LE(40, 14);
    bytes.writeInt32LE(width, 18);
    bytes.writeInt32LE(height, 22);
    bytes.writeUInt16LE(bits, 28);
    bytes.writeUInt32LE(compression, 30);
    bytes.writeUInt32LE(0, 46);
    return bytes;
  };
  test.each<[string, Uint8Array, RegExp]>([
    ['a BMP without pixels', bmp(4, 4, 24, 0, 0), /byte 54: the image ends early/],
    ['a BMP that is cut', bmp(4, 4, 24, 0, 47), /byte 101: the image ends early/],
    ['the header of a BMP', bmp(4, 4, 24, 0, 0).subarray(0, 30), /byte 30: the image ends early/],
    ['the beginning of a BMP', bmp(4, 4, 24, 0, 0).subarray(0, 16), /byte 16: the image ends early/],
    ['a BMP without height', bmp(4, 0, 24, 0, 9), /the image has 4 × 0 pixels/],
    ['a BMP with a negative width', bmp(-4, 4, 24, 0, 99), /the image has -4 × 4 pixels/],
    ['a BMP of 7 bits', bmp(4, 4, 7, 0, 99), /can't read a BMP of 7 bits and compression 0/],
    ['a BMP that holds a JPEG', bmp(4, 4, 24, 4, 99), /can't read a BMP of 24 bits and compression 4/],
    ['a BMP with runs that end early', bmp(4, 4, 8, 1, 1), /byte 55: the image ends early/],
    ['a BMP with masks that are cut', bmp(1, 1, 32, 3, 4), /byte 58: the image ends early/],
    ['a BMP of gigabytes', bmp(2 ** 30, 2 ** 30, 1, 0, 9), /1073741824 × 1073741824 pixels are more than/],
    ['a PPM that is cut', text('P6 2 2 255\n12345678901'), /byte 22: the image ends early/],
    ['a PBM that is cut', text('P4 9 2\n123'), /byte 10: the image ends early/],
    ['a PGM as text that is cut', text('P2 2 2 255\n1 2 3 '), /the image ends early/],
    ['a PGM as text that says more than it has', text('P2 9999 999 255 1'), /the image ends early/],
    ['a PPM without pixels', text('P6 0 2 255\n'), /the image has 0 × 2 pixels/],
    [
      'a PPM without numbers',
      text('P6 a b 255\n'),
      /byte 3: the image is damaged: no number where one should be/,
    ],
    ['a PGM up to nothing', text('P5 1 1 0\n1'), /the image is damaged: values up to 0/],
    ['a PGM beyond', text('P2 1 1 9 10\n'), /the image is damaged: 10 where values are up to 9/],
    ['a PPM whose comment never ends', text('P6 # and so on'), /the image ends early/],
  ])('%s', async (_name, bytes, message) => {
    await expect(decodeImage(bytes)).rejects.toThrow(FileFormatError);
    await expect(decodeImage(bytes)).rejects.toThrow(message);
  });

  test('a damaged BMP or Netpbm image is an image or an error of ours', async () => {
    const { cases } = JSON.parse(
      readFileSync(new URL('../../recordings/images.json', import.meta.url), 'utf8'),
    ) as { cases: Recorded[] };
    let seed = 1;
    const random = (n: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    for (const { name, file } of cases.filter((c) => /BMP|P.M|Netpbm/.test(c.name)))
      for (let i = 0; i < 60; i++) {
        const bytes = Uint8Array.from(Buffer.from(file, 'base64'));
        for (let k = 0; k < 3; k++) bytes[2 + random(bytes.length - 2)] = random(256);
        const cut = random(3) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
        const error = await decodeImage(cut, { maxBytes: 1e6 }).then(
          () => undefined,
          (cause: unknown) => cause,
        );
        if (error !== undefined) expect(error, name).toBeInstanceOf(FileFormatError);
      }
  });

  test('what unpacks to gigabytes is refused by its header', async () => {
    const image = Buffer.from(await encodeImage(zeros([1, 1, 1]), 'png'));
    image.writeUInt32BE(100_000, 16);
    image.writeUInt32BE(100_000, 20);
    const { crc32 } = await import('node:zlib').then((zlib) => zlib as { crc32?: (bytes: Buffer) => number });
    if (crc32) image.writeUInt32BE(crc32(image.subarray(12, 29)), 29);
    await expect(decodeImage(image, { name: 'bomb.png' })).rejects.toThrow(
      crc32 ? /bomb.png, byte 0: 100000 × 100000 pixels are more than the 134217728/ : FileFormatError,
    );
  });

  test("what can't be read", async () => {
    await expect(readImage(at('none.png'))).rejects.toThrow(FileError);
    await expect(readImage(at('none.png'))).rejects.toThrow('none.png: no such file or folder');
    await expect(readImage(folder)).rejects.toThrow('is a folder');
  });

  test('invalid options', async () => {
    await expect(decodeImage(Uint8Array.of(1), { mode: 'BGR' as ImageMode })).rejects.toThrow(
      "decodeImage: mode must be 'RGB', 'L', 'RGBA' or 'unchanged', got 'BGR'",
    );
    await expect(decodeImage(Uint8Array.of(1), { maxPixels: 0 })).rejects.toThrow(
      'decodeImage: maxPixels must be a number above 0, got 0',
    );
    await expect(decodeImage(Uint8Array.of(1), { maxBytes: -1 })).rejects.toThrow(
      'maxBytes must be a number above 0, got -1',
    );
  });
});

describe('writing', () => {
  test.each([1, 2, 3, 4])('a PNG of %i channels comes back to the bit', async (channels) => {
    const image = rand([channels, 5, 9]).mul(255).to('uint8');
    await writeImage(at('exact.png'), image);
    const back = await readImage(at('exact.png'), { mode: 'unchanged' });
    expect([back.shape, pixels(back)]).toEqual([image.shape, pixels(image)]);
  });

  test('a floating image is rounded and cut', async () => {
    const image = tensor([[[-0.5, 0, 0.5, 0.999, 1, 7]]]);
    expect(pixels(await decodeImage(await encodeImage(image, 'png'), { mode: 'L' }))).toEqual([
      0, 0, 128, 255, 255, 255,
    ]);
  });

  test('views are written as they look', async () => {
    const image = arange(24).reshape([4, 2, 3]).permute([1, 0, 2]).to('uint8');
    await writeImage(at('view.PNG'), image);
    expect(pixels(await readImage(at('view.PNG'), { mode: 'unchanged' }))).toEqual(pixels(image));
  });

  test('the quality of a JPEG decides its size and its loss', async () => {
    const sizes: number[] = [];
    const losses: number[] = [];
    for (const quality of [30, 75, 100]) {
      await writeImage(at('noise.jpg'), noise, { quality });
      sizes.push(readFileSync(at('noise.jpg')).length);
      const back = (await readImage(at('noise.jpg'))).to('float32').div(255);
      losses.push(await back.sub(noise).abs().mean().item());
    }
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(await encodeImage(noise, 'jpeg')).toEqual(await encodeImage(noise, 'jpeg', { quality: 75 }));
  });

  test.each<[string, Tensor, object, string | RegExp]>([
    ['a.bmp', noise, {}, 'a.bmp: an image must be .png, .jpg, or .jpeg'],
    [
      'a.png',
      noise.at(0),
      {},
      /an image has three axes[\s\S]*\[40, 40\][\s\S]*for one channel, use image.unsqueeze\(0\)/,
    ],
    ['a.png', noise.unsqueeze(0), {}, /hint: for one image of a batch, use images.at\(0\)/],
    ['a.png', rand([9, 9, 3]), {}, /a PNG has 1 to 4 channels[\s\S]*image.permute\(\[2, 0, 1\]\)/],
    ['a.jpg', rand([4, 9, 9]), {}, 'a JPEG has 1 channel or 3'],
    ['a.png', rand([3, 0, 9]), {}, 'an image has at least one pixel'],
    ['a.png', zeros([3, 9, 9], { dtype: 'int32' }), {}, 'an image is uint8 or floating, not int32'],
    ['a.png', tensor([[[0, Number.NaN]]]), {}, 'value 1 of the image is NaN'],
    ['a.jpg', noise, { quality: 0 }, 'writeImage: quality must be a whole number from 1 to 100, got 0'],
  ])('refuses for %s (%#)', async (name, image, options, message) => {
    await expect(writeImage(at(name), image, options)).rejects.toThrow(message);
    expect(readdirSync(folder)).not.toContain(name);
  });

  test("what can't be written leaves nothing behind", async () => {
    await expect(writeImage(at('none/a.png'), noise)).rejects.toThrow(
      /a\.png: no such file or folder; nothing was written/,
    );
  });
});

test('without its library an error says what to install', async () => {
  vi.resetModules();
  vi.doMock('sharp', () => {
    throw new Error('Could not load the "sharp" module');
  });
  try {
    const { loadSharp } = await import('../../../src/vision/images/sharp.js');
    const error = await loadSharp('readImage', '').catch((caught: unknown) => caught);
    expect((error as MissingPackageError).name).toBe('MissingPackageError');
    expect((error as Error).message).toMatch(
      /^readImage: sharp, which decodes and encodes images, can't be loaded \(.+\); run: npm install sharp@0\.34$/,
    );
  } finally {
    vi.doUnmock('sharp');
    vi.resetModules();
  }
});

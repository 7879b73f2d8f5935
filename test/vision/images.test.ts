import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { EngineError, FileError, FileFormatError } from '../../src/core/errors.js';
import { arange, rand, type Tensor, tensor, zeros } from '../../src/index.js';
import {
  decodeImage,
  encodeImage,
  type ImageMode,
  type ReadImageOptions,
  readImage,
  writeImage,
} from '../../src/vision/index.js';

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
    readFileSync(new URL('../recordings/images.json', import.meta.url), 'utf8'),
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
  ])('of a coloured image, read as %s', async (mode, wanted) => {
    const image = await decodeImage(await png(Uint8Array.from(half), 3, 1, 'srgb'), { mode });
    expect(image.shape).toEqual([wanted.length / 3, 1, 3]);
    expect(pixels(image)).toEqual(wanted);
  });

  test.each<[ImageMode, number[]]>([
    ['unchanged', [40, 40, 255, 0]],
    ['L', [40, 255]],
    ['RGB', [40, 255, 40, 255, 40, 255]],
    ['RGBA', [40, 40, 40, 40, 40, 40, 255, 0]],
  ])('of a grey image, read as %s', async (mode, wanted) => {
    const image = await decodeImage(await png(Uint8Array.of(40, 255, 40, 0), 2, 1, 'b-w'), { mode });
    expect(pixels(image)).toEqual(wanted);
  });
});

test('of 16 bits the upper 8 are kept', async () => {
  const grey = await png(Uint16Array.of(0x1234, 0xffff, 0x00ff, 0x8000), 2, 2, 'grey16');
  const color = await png(Uint16Array.of(0x1234, 0xffff, 0x00ff), 1, 1, 'rgb16');
  expect((await sharp(grey).metadata()).bitsPerSample).toBe(16);
  expect(pixels(await decodeImage(grey, { mode: 'unchanged' }))).toEqual([0x12, 0xff, 0, 0x80]);
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

test('CMYK becomes RGB; a colour profile is ignored', async () => {
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

describe('files that are not what they should be', () => {
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
      /byte 0: is no image, or of a format that is not read \(PNG, JPEG, WebP, GIF, TIFF and AVIF are\)/,
    ],
    [
      'drawing',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      /svg is not read/,
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
      /40 × 40 pixels are more than the 1599 that are allowed; a greater maxPixels reads it/,
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

  test('what cannot be read', async () => {
    await expect(readImage(at('none.png'))).rejects.toThrow(FileError);
    await expect(readImage(at('none.png'))).rejects.toThrow('none.png: no such file or folder');
    await expect(readImage(folder)).rejects.toThrow('is a folder');
  });

  test('options that are none', async () => {
    await expect(decodeImage(Uint8Array.of(1), { mode: 'BGR' as ImageMode })).rejects.toThrow(
      "decodeImage: mode must be 'RGB', 'L', 'RGBA' or 'unchanged', got 'BGR'",
    );
    await expect(decodeImage(Uint8Array.of(1), { maxPixels: 0 })).rejects.toThrow(
      'decodeImage: maxPixels must be a number above 0, got 0',
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
    ['a.bmp', noise, {}, 'a.bmp: an image is written as .png, .jpg or .jpeg'],
    [
      'a.png',
      noise.at(0),
      {},
      /an image has three axes[\s\S]*\[40, 40\][\s\S]*one channel wants image.unsqueeze\(0\)/,
    ],
    ['a.png', noise.unsqueeze(0), {}, /hint: one of a batch is images.at\(0\)/],
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

  test('what cannot be written leaves nothing behind', async () => {
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
    const { loadSharp } = await import('../../src/vision/images/sharp.js');
    const error = await loadSharp('readImage').catch((caught: unknown) => caught);
    expect((error as EngineError).name).toBe(EngineError.name);
    expect((error as Error).message).toMatch(
      /^readImage: the package sharp, which decodes and encodes images, cannot be loaded \(.*\); npm install sharp brings it$/,
    );
  } finally {
    vi.doUnmock('sharp');
    vi.resetModules();
  }
});

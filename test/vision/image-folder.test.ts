import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileError, FileFormatError, WorkerError } from '../../src/core/errors.js';
import { onWarning } from '../../src/core/warn.js';
import { DataLoader, randomSplit, WorkerDataset } from '../../src/data/index.js';
import type { Tensor } from '../../src/index.js';
import { ImageFolder } from '../../src/vision/index.js';
import { buildCommand } from '../cli/command.js';
import { plain, put } from '../helpers/files.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

let photos: string;
beforeAll(async () => {
  photos = put(at('photos'), {
    'dog/b.png': await plain(40),
    'dog/A.PNG': await plain(30),
    'cat/z.png': await plain(10),
    'cat/young/a.png': await plain(20),
    'cat/notes.txt': 'not an image',
    'cat/.hidden.png': await plain(0),
    '.thumbnails/a.png': await plain(0),
    'readme.md': 'about the photos',
  });
});

test('classes are the folders, examples their images in order', async () => {
  const set = new ImageFolder(photos);
  expect(set.classes).toEqual(['cat', 'dog']);
  expect(set.classToIndex).toEqual({ cat: 0, dog: 1 });
  expect(set.samples.map(({ path, label }) => [relative(photos, path), label])).toEqual([
    ['cat/z.png', 0],
    ['cat/young/a.png', 0],
    ['dog/A.PNG', 1],
    ['dog/b.png', 1],
  ]);
  expect([set.length, set.labels]).toEqual([4, [0, 0, 1, 1]]);
  const values: number[] = [];
  for (let i = 0; i < 4; i++) {
    const [image, label] = await set.get(i);
    expect([image.dtype, image.shape, label]).toEqual(['uint8', [3, 4, 4], set.labels[i]]);
    values.push(image.at(0, 0, 0).itemSync());
  }
  expect(values).toEqual([10, 20, 30, 40]);
  expect((await set.get(-1))[1]).toBe(1);
  expect(() => randomSplit(set, [2, 2], { stratifyBy: set.labels })).not.toThrow();
});

test('options: mode, extensions, transform', async () => {
  const transform = { forward: (image: Tensor) => image.to('float32').div(10).mean([1, 2]) };
  const set = new ImageFolder(photos, { mode: 'L', transform });
  expect((await set.get(0))[0].toArraySync()).toEqual([1]);
  const notes = new ImageFolder(photos, { extensions: ['.txt'], allowEmpty: true });
  expect(notes.samples.map(({ label }) => label)).toEqual([0]);
  expect(() => new ImageFolder(photos, { extensions: ['PNG'] })).toThrow(
    "extensions must be lowercase with a dot, such as .png, got 'PNG'",
  );
});

test('a loader makes batches of it', async () => {
  const seen: unknown[] = [];
  for await (const [images, labels] of new DataLoader(new ImageFolder(photos), { batchSize: 3 }))
    seen.push([images.shape, labels.toArraySync()]);
  expect(seen).toEqual([
    [
      [3, 3, 4, 4],
      [0, 0, 1],
    ],
    [[1, 3, 4, 4], [1]],
  ]);
});

test('links are followed; what leads nowhere is named and left out', async () => {
  const root = put(at('links'), {
    'cat/1.png': await plain(1),
    'cat/album.png/2.png': await plain(2),
    'dog/3.bmp': 'BM',
    'dog/4.PPM': 'P6',
    'dog/5.pgm': 'P5',
    'dog/6.webp': '',
  });
  put(at('elsewhere'), { '7.png': await plain(7), 'more/8.png': await plain(8) });
  symlinkSync('/nowhere', join(root, 'old'));
  symlinkSync('/nowhere', join(root, 'cat', 'gone.png'));
  symlinkSync(join(root, 'cat', '1.png'), join(root, 'dog', 'link.png'));
  symlinkSync(at('elsewhere'), join(root, 'bird'));
  symlinkSync(root, join(root, 'dog', 'round'));
  const warnings: string[] = [];
  const before = onWarning(({ operation, message }) => warnings.push(`${operation}: ${message}`));
  const set = new ImageFolder(root);
  onWarning(before);
  expect(set.classes).toEqual(['bird', 'cat', 'dog']);
  expect(
    set.samples.map(({ path }) => relative(root, path)).filter((path) => !path.includes('round')),
  ).toEqual([
    'bird/7.png',
    'bird/more/8.png',
    'cat/1.png',
    'cat/album.png/2.png',
    'dog/3.bmp',
    'dog/4.PPM',
    'dog/5.pgm',
    'dog/6.webp',
    'dog/link.png',
  ]);
  expect(set.length).toBeLessThan(20);
  expect(warnings).toContain(`ImageFolder: ${join(root, 'old')} is a link that leads nowhere; skipping it`);
  expect(warnings).toContain(
    `ImageFolder: ${join(root, 'cat', 'gone.png')} is a link that leads nowhere; skipping it`,
  );
});

test('folders that are no such data set', async () => {
  expect(() => new ImageFolder(at('none'))).toThrow(FileError);
  expect(() => new ImageFolder(at('none'))).toThrow('none: no such file or folder');
  const flat = put(at('flat'), { 'a.png': await plain(1) });
  expect(() => new ImageFolder(flat)).toThrow(
    "flat: has no folders; each class's images must be in a folder of its name, such as cat/1.jpg",
  );
  const half = put(at('half'), { 'cat/a.png': await plain(1), 'cow/a.txt': '' });
  mkdirSync(join(half, 'dog'));
  expect(() => new ImageFolder(half, { extensions: ['.jpg', '.png'] })).toThrow(
    'half: no images (.jpg .png) in cow, dog; { allowEmpty: true } keeps such classes',
  );
  expect(new ImageFolder(half, { allowEmpty: true }).classes).toEqual(['cat', 'cow', 'dog']);
});

test('a damaged file is named', async () => {
  const path = put(at('damaged'), {
    'cat/a.png': await plain(1),
    'cat/b.png': (await plain(1)).subarray(0, 50),
  });
  const set = new ImageFolder(path);
  await expect(set.get(1)).rejects.toThrow(FileFormatError);
  await expect(set.get(1)).rejects.toThrow(
    `readImage: ${join(path, 'cat/b.png')}, byte 50: the image ends early`,
  );
});

test('threads read it', async () => {
  buildCommand();
  const module = new URL('./workers/photos.js', import.meta.url);
  await using set = await WorkerDataset.start(module, { workers: 2, options: { folder: photos } });
  const seen: unknown[] = [];
  for await (const batch of new DataLoader(set, { batchSize: 3 })) {
    const [images, labels] = batch as [Tensor, Tensor];
    seen.push([images.at('...', 0, 0, 0).toArraySync(), labels.toArraySync()]);
  }
  expect(seen).toEqual([
    [
      [10, 20, 30],
      [0, 0, 1],
    ],
    [[40], [1]],
  ]);
  const damaged = put(at('damaged too'), { 'cat/a.png': 'no image' });
  await using broken = await WorkerDataset.start(module, { workers: 1, options: { folder: damaged } });
  await expect(broken.get(0)).rejects.toThrow(WorkerError);
  await expect(broken.get(0)).rejects.toThrow(
    /example 0: FileFormatError: readImage: .*cat\/a.png, byte 0: is text that begins "no image", not an image/,
  );
}, 120_000);

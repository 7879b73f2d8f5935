import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FileError, FileFormatError } from '../../../src/core/errors.js';
import { DataLoader } from '../../../src/data/index.js';
import { equal, manualSeed, rand, randint, type Tensor } from '../../../src/index.js';
import {
  CIFAR10,
  CIFAR100,
  drawnShapes,
  FashionMNIST,
  ImageDataset,
  MNIST,
} from '../../../src/vision/index.js';
import { cifarFolder } from '../../helpers/cifar.js';
import { put } from '../../helpers/files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-'));
  vi.stubEnv('MYELIN_DATA', '');
  vi.stubEnv('MYELIN_OFFLINE', '1');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Records of CIFAR: the label bytes, then an image filled with the last of them. */
const records = (...labels: number[][]): Buffer =>
  Buffer.concat(
    labels.map((bytes) => Buffer.from([...bytes, ...new Array<number>(3072).fill(bytes.at(-1)!)])),
  );

/** A tar archive of files. */
function tar(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.fill(' ', 148, 156);
    header.write('0', 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const batches = (names: readonly string[]): Record<string, Buffer> =>
  Object.fromEntries(names.map((name, i) => [name, records([i], [9])]));
const training = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`);

describe('CIFAR-10', () => {
  const wanted = [0, 9, 1, 9, 2, 9, 3, 9, 4, 9];
  test.each<[string, () => Record<string, Buffer>]>([
    ['loose', () => batches(training)],
    [
      'gzipped, in a folder of its own',
      () =>
        Object.fromEntries(
          Object.entries(batches(training)).map(([name, bytes]) => [`cifar-10/${name}.gz`, gzipSync(bytes)]),
        ),
    ],
    [
      'unpacked from the archive',
      () =>
        Object.fromEntries(
          Object.entries(batches(training)).map(([name, bytes]) => [`cifar-10-batches-bin/${name}`, bytes]),
        ),
    ],
    [
      'in the archive',
      () => {
        const files = Object.entries(batches(training)).map(([name, bytes]) => [
          `cifar-10-batches-bin/${name}`,
          bytes,
        ]);
        return { 'cifar-10-binary.tar.gz': gzipSync(tar(Object.fromEntries(files))) };
      },
    ],
    [
      'in the archive, with some of them loose',
      () => ({
        ...batches(training.slice(0, 2)),
        'cifar-10-binary.tar.gz': gzipSync(tar(batches(training))),
      }),
    ],
  ])('is found %s', async (_name, files) => {
    const data = put(join(folder, 'data'), files());
    for (const options of [{ data }, {}]) {
      if (!('data' in options)) vi.stubEnv('MYELIN_DATA', data);
      const set = await CIFAR10.load(options);
      expect([set.images.dtype, set.images.shape, set.missing]).toEqual(['uint8', [10, 3, 32, 32], []]);
      expect(set.labels.toArraySync()).toEqual(wanted);
      expect(set.images.at('...', 2, 31, 31).toArraySync()).toEqual(wanted);
      expect(set.classes[9]).toBe('truck');
    }
  });

  test('some of the training files will do, and the others are named', async () => {
    const data = put(join(folder, 'data'), batches(['data_batch_2.bin', 'test_batch.bin']));
    const set = await CIFAR10.load({ data });
    expect([set.length, set.missing]).toEqual([
      2,
      ['data_batch_1.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
    ]);
    expect((await CIFAR10.load({ data, train: false })).missing).toEqual([]);
  });

  test('what is missing is named, with where to put it', async () => {
    const data = put(join(folder, 'data'), batches(['data_batch_2.bin']));
    await expect(CIFAR10.load({ data, train: false })).rejects.toThrow(FileError);
    await expect(CIFAR10.load({ data, train: false })).rejects.toThrow(
      "data: doesn't have all of CIFAR-10; put test_batch.bin (gzipped or not) or cifar-10-binary.tar.gz there",
    );
    await expect(CIFAR10.load({ data: join(folder, 'none') })).rejects.toThrow(
      'none: no such folder; put data_batch_1',
    );
    await expect(CIFAR10.load()).rejects.toThrow(
      /CIFAR-10: not found; put cifar-10-binary.tar.gz into .*cache\/myelin\/cifar-10, or name their folder/,
    );
  });

  const archive = gzipSync(tar(batches(['a.bin'])));
  test.each<[string, string, Buffer, RegExp]>([
    [
      'cut within an image',
      'data_batch_1.bin',
      records([1], [2]).subarray(0, 4000),
      /byte 4000: ends within image 1: each takes 3073 bytes/,
    ],
    ['empty', 'data_batch_1.bin', Buffer.alloc(0), /byte 0: is empty/],
    [
      'a label out of range',
      'data_batch_1.bin',
      records([9], [10]),
      /byte 3073: label 10 of image 1 isn't one of 0 to 9/,
    ],
    [
      'cut gzip',
      'data_batch_1.bin.gz',
      gzipSync(records([1])).subarray(0, 30),
      /byte 30: isn't complete gzip data: /,
    ],
    ['an archive without the file', 'cifar-10-binary.tar.gz', archive, /has no file data_batch_1.bin/],
    [
      'a web page',
      'data_batch_1.bin',
      Buffer.from('<!doctype html><html></html>'),
      /byte 0: is a web page \(HTML\), not a file of CIFAR; the address leads to a web page/,
    ],
    [
      'no archive',
      'cifar-10-binary.tar.gz',
      gzipSync(Buffer.from('text')),
      /byte 0: is text that begins "text", not a tar archive/,
    ],
    [
      'a cut archive',
      'cifar-10-binary.tar',
      tar(batches(['a.bin'])).subarray(0, 2000),
      /byte 2000: ends within a.bin/,
    ],
  ])('%s', async (_name, file, bytes, message) => {
    const data = put(join(folder, 'data'), { [file]: bytes });
    const error = await CIFAR10.load({ data }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(`CIFAR10: ${join(data, file)}`);
  });

  test.skipIf(cifarFolder === null)('the real test file', async () => {
    const set = await CIFAR10.load({ data: cifarFolder!, train: false });
    expect(set.images.shape).toEqual([10_000, 3, 32, 32]);
    expect(set.labels.narrow(0, 0, 8).toArraySync()).toEqual([3, 8, 8, 0, 6, 6, 1, 6]);
    expect(await set.labels.eq(3).sum().item()).toBe(1000);
    expect(readFileSync(join(cifarFolder!, 'batches.meta.txt'), 'utf8').trim().split('\n')).toEqual(
      set.classes,
    );
  });
});

describe('CIFAR-100', () => {
  test('has fine labels and coarse ones', async () => {
    const data = put(join(folder, 'data'), {
      'train.bin': records([19, 99], [0, 7]),
      'test.bin': records([4, 0]),
    });
    const fine = await CIFAR100.load({ data });
    expect([fine.labels.toArraySync(), fine.classes.length, fine.classes[99]]).toEqual([
      [99, 7],
      100,
      'worm',
    ]);
    const coarse = await CIFAR100.load({ data, labels: 'coarse' });
    expect([coarse.labels.toArraySync(), coarse.classes.length, coarse.classes[19]]).toEqual([
      [19, 0],
      20,
      'vehicles_2',
    ]);
    expect((await CIFAR100.load({ data, train: false })).classes[0]).toBe('apple');
    put(data, { 'train.bin': records([20, 0]) });
    await expect(CIFAR100.load({ data })).rejects.toThrow("byte 0: label 20 of image 0 isn't one of 0 to 19");
  });

  test('train.bin of a folder that was not named for it is not taken for its file', async () => {
    vi.stubEnv('MYELIN_DATA', put(join(folder, 'data'), { 'train.bin': records([1, 2]) }));
    await expect(CIFAR100.load()).rejects.toThrow('CIFAR-100: not found');
    vi.stubEnv('MYELIN_DATA', put(join(folder, 'cifar-100'), { 'train.bin': records([1, 2]) }));
    expect((await CIFAR100.load()).length).toBe(1);
  });
});

const idxFiles = (under: string, label: number): Record<string, Buffer> =>
  Object.fromEntries(
    ['train', 't10k'].flatMap((part) => [
      [
        `${under}${part}-images-idx3-ubyte`,
        Buffer.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 5, 6]),
      ],
      [`${under}${part}-labels-idx1-ubyte`, Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, label])],
    ]),
  );

describe('MNIST and Fashion-MNIST', () => {
  test('give images with a channel', async () => {
    const data = put(join(folder, 'data'), idxFiles('', 7));
    for (const kind of [MNIST, FashionMNIST]) {
      const set = await kind.load({ data, train: false });
      expect([set.images.shape, set.images.toArraySync(), set.labels.toArraySync()]).toEqual([
        [1, 1, 2, 1],
        [[[[5], [6]]]],
        [7],
      ]);
    }
    expect((await FashionMNIST.load({ data })).classes[7]).toBe('Sneaker');
  });

  test('which are called the same, are not confused', async () => {
    const data = put(join(folder, 'data'), idxFiles('', 1));
    vi.stubEnv('MYELIN_DATA', data);
    await expect(FashionMNIST.load()).rejects.toThrow(
      `Fashion-MNIST: not found (MYELIN_DATA is ${data}: doesn't have all of Fashion-MNIST)`,
    );
    put(data, idxFiles('FashionMNIST/raw/', 2));
    put(data, idxFiles('mnist/', 3));
    expect((await FashionMNIST.load()).labels.toArraySync()).toEqual([2]);
    expect((await MNIST.load()).labels.toArraySync()).toEqual([3]);
    vi.stubEnv('MYELIN_DATA', join(data, 'FashionMNIST'));
    expect((await FashionMNIST.load()).labels.toArraySync()).toEqual([2]);
  });

  test('labels out of range', async () => {
    const data = put(join(folder, 'data'), idxFiles('', 10));
    await expect(FashionMNIST.load({ data })).rejects.toThrow("label 10 of image 0 isn't one of 0 to 9");
  });
});

describe('ImageDataset', () => {
  const images = randint(0, 256, [5, 3, 2, 2], { dtype: 'uint8' });

  test('a batch is transformed at once, an example alone', async () => {
    const shapes: (readonly number[])[] = [];
    const transform = {
      forward(x: Tensor): Tensor {
        shapes.push(x.shape);
        return x.to('float32').div(255);
      },
    };
    const set = new ImageDataset(images, [0, 1, 2, 1, 0], { transform });
    const [first] = set.get(0);
    for await (const [batch, labels] of new DataLoader(set, { batchSize: 5 })) {
      expect([batch.dtype, labels.toArraySync()]).toEqual(['float32', [0, 1, 2, 1, 0]]);
      expect(batch.at(0).toArraySync()).toEqual(first.toArraySync());
    }
    expect(shapes).toEqual([
      [3, 2, 2],
      [5, 3, 2, 2],
    ]);
    expect(set.classes).toEqual(['0', '1', '2']);
  });

  test('what does not fit together', () => {
    expect(() => new ImageDataset(images, [0, 1])).toThrow(
      /there must be one label for each image[\s\S]*\[5, 3, 2, 2\]/,
    );
    expect(() => new ImageDataset(images.at(0), [0, 1, 2])).toThrow('images have four axes');
    expect(() => new ImageDataset(images, [0, 1, 2, 0, 0], { classes: ['a', 'b'] })).toThrow(
      "label 2 of image 2 isn't one of 0 to 1",
    );
    expect(() => new ImageDataset(images, [0, 0, 0, 0, -1])).toThrow(
      "label -1 of image 4 isn't one of 0 to 0",
    );
    expect(() => new ImageDataset(images, [0, 0, 0, 0, 0]).get(5)).toThrow(
      'ImageDataset: index 5 is out of range for 5 examples',
    );
  });
});

describe('drawnShapes', () => {
  const small = drawnShapes({ train: 40, test: 20, seed: 3 });

  test('all classes, equally often', () => {
    expect([small.train.images.shape, small.test.length]).toEqual([[40, 3, 32, 32], 20]);
    expect(small.train.labels.narrow(0, 0, 12).toArraySync()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect(small.train.classes).toEqual(
      'circle ring square triangle star plus heart crescent arrow hourglass'.split(' '),
    );
  });

  test('each has a shape that stands out from its ground', () => {
    for (let i = 0; i < 40; i++) {
      const channels = small.train.images.at(i).to('float32').std([1, 2]);
      expect(Math.max(...channels.dataSync()), `image ${i}`).toBeGreaterThan(20);
    }
  });

  test('the seed decides them, and the default generator is left alone', async () => {
    manualSeed(5);
    const again = drawnShapes({ train: 40, test: 20, seed: 3 });
    const next = rand([1]).itemSync();
    manualSeed(5);
    expect(next).toBe(rand([1]).itemSync());
    expect(await equal(again.test.images, small.test.images)).toBe(true);
    const others = drawnShapes({ train: 40, test: 1, seed: 4 });
    expect(await equal(others.train.images, small.train.images)).toBe(false);
  });

  test('transforms, and numbers that are none', () => {
    const half = { forward: (x: Tensor) => x.narrow(-1, 0, 16) };
    const { train, test: held } = drawnShapes({ train: 1, test: 1, transform: half });
    expect([train.get(0)[0].shape, held.get(0)[0].shape]).toEqual([
      [3, 32, 16],
      [3, 32, 32],
    ]);
    expect(() => drawnShapes({ test: 0 })).toThrow(
      'drawnShapes: test must be a whole number of at least 1, got 0',
    );
  });
});

import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { FashionMNIST, MNIST } from '../../../src/vision/index.js';
import { put } from '../../helpers/files.js';
import { withoutData } from '../../helpers/no-data.js';

const folder = withoutData();

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
    const data = put(join(folder(), 'data'), idxFiles('', 7));
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

  test("which are called the same, aren't confused", async () => {
    const data = put(join(folder(), 'data'), idxFiles('', 1));
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
    const data = put(join(folder(), 'data'), idxFiles('', 10));
    await expect(FashionMNIST.load({ data })).rejects.toThrow("label 10 of image 0 isn't one of 0 to 9");
  });
});

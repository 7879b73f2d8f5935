import { expect, test } from 'vitest';
import { drawnDigits } from '../../../src/data/index.js';

const small = drawnDigits({ train: 200, test: 50, seed: 3 });

test('all classes, equally often, as 28 × 28 bytes', () => {
  expect([small.train.count, small.test.count]).toEqual([200, 50]);
  expect(small.train.images.length).toBe(200 * 28 * 28);
  const counts = new Array<number>(10).fill(0);
  for (const label of small.train.labels) counts[label]! += 1;
  expect(counts).toEqual(new Array(10).fill(20));
});

test('each image has ink on paper, away from the corners', () => {
  for (let i = 0; i < 200; i++) {
    const image = small.train.images.subarray(i * 784, (i + 1) * 784);
    const ink = image.reduce((sum, value) => sum + value, 0) / 255 / 784;
    expect(ink).toBeGreaterThan(0.02);
    expect(ink).toBeLessThan(0.4);
    expect([image[0], image[27], image[756], image[783]]).toEqual([0, 0, 0, 0]);
    expect(Math.max(...image)).toBeGreaterThan(200);
  }
});

test('the seed decides the drawings', () => {
  expect(drawnDigits({ train: 20, test: 5, seed: 3 })).toEqual(drawnDigits({ train: 20, test: 5, seed: 3 }));
  expect(drawnDigits({ train: 20, test: 5, seed: 4 }).train.images).not.toEqual(
    small.train.images.subarray(0, 20 * 784),
  );
});

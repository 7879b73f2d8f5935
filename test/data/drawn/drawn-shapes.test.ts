import { describe, expect, test } from 'vitest';
import { equal, manualSeed, rand, type Tensor } from '../../../src/index.js';
import { drawnShapes } from '../../../src/vision/index.js';

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

  test('transforms, and invalid numbers', () => {
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

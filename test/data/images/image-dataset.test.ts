import { describe, expect, test } from 'vitest';
import { DataLoader } from '../../../src/data/index.js';
import { randint, type Tensor } from '../../../src/index.js';
import { ImageDataset } from '../../../src/vision/index.js';

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

  test("what doesn't fit together", () => {
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

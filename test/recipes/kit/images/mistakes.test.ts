import { expect, test } from 'vitest';
import { zeros } from '../../../../src/index.js';
import { mistakesPicture } from '../../../../src/recipes/kit/images/mistakes.js';
import { ImageDataset } from '../../../../src/vision/index.js';

test('of many mistakes the first are shown, and the picture says so', async () => {
  const images = zeros([40, 1, 4, 4], { dtype: 'uint8' });
  const set = new ImageDataset(images, new Array<number>(40).fill(0), { classes: ['cat', 'dog'] });
  const titleOf = async (wrong: number): Promise<string> => {
    const predicted = Array.from({ length: 40 }, (_, i) => (i < wrong ? 1 : 0));
    const [picture] = await mistakesPicture(set, predicted, 'cats');
    return JSON.stringify(picture?.figure.spec.title);
  };
  expect(await titleOf(35)).toContain('data: cats; the first 32 of 35');
  expect(await titleOf(32)).not.toContain('the first');
  expect(await mistakesPicture(set, new Array<number>(40).fill(0), 'cats')).toEqual([]);
});

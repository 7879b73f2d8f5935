import { tensor } from '../index.js';
import type { ImageDataset } from '../vision/index.js';
import { imageGrid } from '../viz/index.js';
import type { Picture } from './recipe.js';

/** Most images that are shown. */
const SHOWN = 32;

/** The first images that a classifier took for another class; nothing if there are none. */
export async function mistakesPicture(
  { images, labels, classes }: ImageDataset,
  predicted: readonly number[],
): Promise<readonly Picture[]> {
  const truth = labels.dataSync();
  const wrong = predicted.flatMap((found, i) => (found === truth[i] ? [] : [i])).slice(0, SHOWN);
  if (wrong.length === 0) return [];
  const figure = await imageGrid(images.indexSelect(0, tensor(wrong, { dtype: 'int32' })), {
    title: 'Test images that it reads wrong',
    labels: wrong.map((i) => `${classes[truth[i]!]} as ${classes[predicted[i]!]}`),
  });
  return [{ name: 'mistakes', figure }];
}

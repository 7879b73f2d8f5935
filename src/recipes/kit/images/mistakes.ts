import { tensor } from '../../../index.js';
import type { ImageDataset } from '../../../vision/index.js';
import { imageGrid } from '../../../viz/index.js';
import type { Confusion } from '../events.js';
import { dataLine, type Picture } from '../recipe.js';
import { type Table, table } from '../report.js';

/** Most images to show. */
const SHOWN = 32;

/** Pairs of classes to report. */
const TOLD = 5;

/** Which classes were most often mistaken for which. */
export function mistakesTable({ matrix, classes }: Confusion): Table {
  const confused = matrix
    .flatMap((row, of) => row.map((times, as) => ({ of, as, times })))
    .filter(({ of, as, times }) => of !== as && times > 0)
    .sort((a, b) => b.times - a.times)
    .slice(0, TOLD);
  return table(
    ['most often mistaken', 'taken for', 'times'],
    confused.map(({ of, as, times }) => [classes[of]!, classes[as]!, times]),
  );
}

/** The first images that a classifier took for another class; nothing if there are none. */
export async function mistakesPicture(
  { images, labels, classes }: ImageDataset,
  predicted: readonly number[],
  data: string,
): Promise<readonly Picture[]> {
  const truth = await labels.data();
  const all = predicted.flatMap((found, i) => (found === truth[i] ? [] : [i]));
  if (all.length === 0) return [];
  const wrong = all.slice(0, SHOWN);
  const figure = await imageGrid(images.indexSelect(0, tensor(wrong, { dtype: 'int32' })), {
    title: 'Test images that it gets wrong',
    subtitle: `${dataLine(data)}${wrong.length < all.length ? `; the first ${wrong.length} of ${all.length}` : ''}`,
    labels: wrong.map((i) => `${classes[truth[i]!]} as ${classes[predicted[i]!]}`),
  });
  return [{ name: 'mistakes', figure }];
}

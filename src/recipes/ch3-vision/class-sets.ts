import { Generator, randperm, tensor } from '../../index.js';
import { ImageDataset } from '../../vision/index.js';
import type { ImageSet } from '../kit/images/index.js';
import { listOf } from '../kit/index.js';

/** The images of some classes, renumbered from 0. */
async function ofClasses(
  { images, labels, classes }: ImageDataset,
  from: number,
  to: number,
): Promise<ImageDataset> {
  const all = await listOf(labels);
  const rows = all.flatMap((label, i) => (label >= from && label < to ? [i] : []));
  return new ImageDataset(
    images.indexSelect(0, tensor(rows, { dtype: 'int32' })),
    rows.map((i) => all[i]! - from),
    { classes: classes.slice(from, to) },
  );
}

/** The first half of a data set's classes, or the second. */
export async function halfOf(set: ImageSet, half: 'first' | 'second'): Promise<ImageSet> {
  const middle = set.classes.length >> 1;
  const [from, to] = half === 'first' ? [0, middle] : [middle, set.classes.length];
  const [train, test] = [await ofClasses(set.train, from, to), await ofClasses(set.test, from, to)];
  return { ...set, train, test, classes: train.classes };
}

/** The first `count` images of each class, in an order of this seed. */
export async function fewOf(
  { images, labels, classes }: ImageDataset,
  count: number,
  seed: number,
): Promise<ImageDataset> {
  const all = await labels.data();
  const left = classes.map(() => count);
  const order = await listOf(randperm(all.length, { generator: new Generator(seed) }));
  const rows = order.filter((i) => left[all[i]!]!-- > 0);
  const chosen = tensor(rows, { dtype: 'int32' });
  return new ImageDataset(
    images.indexSelect(0, chosen),
    rows.map((i) => all[i]!),
    { classes },
  );
}

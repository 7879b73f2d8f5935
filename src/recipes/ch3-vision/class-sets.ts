import { Generator, randperm, tensor } from '../../index.js';
import { ImageDataset } from '../../vision/index.js';
import type { ImageSet } from '../kit/images/index.js';

/** The images of some classes, renumbered from 0. */
function ofClasses({ images, labels, classes }: ImageDataset, from: number, to: number): ImageDataset {
  const all = [...labels.dataSync()];
  const rows = all.flatMap((label, i) => (label >= from && label < to ? [i] : []));
  return new ImageDataset(
    images.indexSelect(0, tensor(rows, { dtype: 'int32' })),
    rows.map((i) => all[i]! - from),
    { classes: classes.slice(from, to) },
  );
}

/** The first half of a data set's classes, or the second. */
export function halfOf(set: ImageSet, half: 'first' | 'second'): ImageSet {
  const middle = set.classes.length >> 1;
  const [from, to] = half === 'first' ? [0, middle] : [middle, set.classes.length];
  const [train, test] = [ofClasses(set.train, from, to), ofClasses(set.test, from, to)];
  return { ...set, train, test, classes: train.classes };
}

/** The first `count` images of each class, in an order of this seed. */
export function fewOf({ images, labels, classes }: ImageDataset, count: number, seed: number): ImageDataset {
  const all = labels.dataSync();
  const left = classes.map(() => count);
  const rows = [...randperm(all.length, { generator: new Generator(seed) }).dataSync()].filter(
    (i) => left[all[i]!]!-- > 0,
  );
  const chosen = tensor(rows, { dtype: 'int32' });
  return new ImageDataset(
    images.indexSelect(0, chosen),
    rows.map((i) => all[i]!),
    { classes },
  );
}

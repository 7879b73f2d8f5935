import { requireText } from '../../core/arguments.js';
import { plural } from '../../core/describe.js';
import { FileFormatError } from '../../core/errors.js';
import { requireFiles } from '../../host/require.js';
import { type Tensor, tensor } from '../../index.js';
import { type DataFile, lookFor } from '../find.js';
import { idxBytes } from '../idx-file.js';
import { type FindOptions, found, type RemoteDataset, type Search } from '../remote.js';

/** Gray images of one size, each with a class. */
export interface LabeledImages {
  /** @shape (count, height, width), 0 background to 255 ink */
  readonly images: Uint8Array;
  /** @shape (count) */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** Digits to train on and digits to test on. */
export interface DigitImages {
  readonly train: LabeledImages;
  readonly test: LabeledImages;
}

/** Gray images as a batch. @shape (N, 1, H, W) uint8 */
export const grayImages = ({ images, count, height, width }: LabeledImages): Tensor =>
  tensor(images, [count, 1, height, width], { dtype: 'uint8' });

/** Reads a file of images and the file of their labels. */
export function readLabeledImages(imagesPath: string, labelsPath: string, classes: number): LabeledImages {
  const files = requireFiles('readLabeledImages', 'use data.parseIdx(bytes)');
  requireText('readLabeledImages', 'imagesPath', imagesPath);
  requireText('readLabeledImages', 'labelsPath', labelsPath);
  const at = (path: string): DataFile => ({ path, read: () => files.read('readIdx', path) });
  return labeledImages(at(imagesPath), at(labelsPath), classes);
}

function labeledImages(imagesFile: DataFile, labelsFile: DataFile, classes: number): LabeledImages {
  const images = idxBytes(imagesFile.read(), imagesFile.path, 3);
  const labels = idxBytes(labelsFile.read(), labelsFile.path, 1);
  const [count, height, width] = images.shape as [number, number, number];
  if (labels.data.length !== count)
    throw new FileFormatError(
      'readLabeledImages',
      labelsFile.path,
      4,
      `${plural(labels.data.length, 'label')} for ${plural(count, 'image')}`,
    );
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0)
    throw new FileFormatError(
      'readLabeledImages',
      labelsFile.path,
      8 + wrong,
      `label ${labels.data[wrong]} of image ${wrong} isn't one of 0 to ${classes - 1}`,
    );
  return { images: images.data, labels: labels.data, count, height, width };
}

/** Looks for a data set that's published like MNIST, and reads one part of it. */
export async function findLabeledImages(
  dataset: RemoteDataset,
  part: 'train' | 't10k',
  classes: number,
  options: FindOptions | undefined,
): Promise<Search<LabeledImages>> {
  const files = await lookFor(dataset, options);
  if (files.missing !== null) return files;
  const file = (kind: string): DataFile => files.found.get(`${part}-${kind}-ubyte.gz`)!;
  return found(labeledImages(file('images-idx3'), file('labels-idx1'), classes));
}

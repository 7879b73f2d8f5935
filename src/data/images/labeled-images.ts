import { requireText } from '../../core/arguments.js';
import { FileFormatError } from '../../core/errors.js';
import { requireFiles } from '../../host/require.js';
import { type DataFile, lookFor } from '../find.js';
import { idxBytes } from '../idx-file.js';
import { type FindOptions, found, foundOr, type RemoteDataset, type Search } from '../remote.js';
import type { DigitImages, LabeledImages } from './types.js';

/** The four files of MNIST as LeCun, Cortes, and Burges published them. */
export const mnistFiles: RemoteDataset = {
  title: 'MNIST',
  folder: 'mnist',
  files: [
    {
      name: 'train-images-idx3-ubyte.gz',
      bytes: 9912422,
      sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
    },
    {
      name: 'train-labels-idx1-ubyte.gz',
      bytes: 28881,
      sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
    },
    {
      name: 't10k-images-idx3-ubyte.gz',
      bytes: 1648877,
      sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
    },
    {
      name: 't10k-labels-idx1-ubyte.gz',
      bytes: 4542,
      sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
    },
  ],
  mirrors: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
  ],
};

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
      `${labels.data.length} labels for ${count} images`,
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

const loadPart = async (part: 'train' | 't10k', options: FindOptions | undefined): Promise<LabeledImages> =>
  foundOr('loadMnist', await findLabeledImages(mnistFiles, part, 10, options));

/**
 * MNIST: 60,000 + 10,000 handwritten digits of 28 × 28 pixels.
 *
 * @throws FileError naming the files and where to put them, if they aren't found
 * @source LeCun et al. 1998, doi:10.1109/5.726791
 */
export const loadMnist = async (options?: FindOptions): Promise<DigitImages> => ({
  train: await loadPart('train', options),
  test: await loadPart('t10k', options),
});

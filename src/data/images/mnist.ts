import { type FindOptions, found, foundOr, type RemoteDataset, type Search } from '../remote.js';
import { ImageDataset } from './image-dataset.js';
import { type DigitImages, findLabeledImages, grayImages, type LabeledImages } from './labeled-images.js';
import { type LoadOptions, loadOptions } from './load-options.js';

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

/**
 * MNIST: 60,000 handwritten digits to train on, 10,000 to test on.
 *
 * @shape images (N, 1, 28, 28) uint8
 * @source LeCun et al. 1998, doi:10.1109/5.726791
 */
export class MNIST extends ImageDataset {
  /**
   * Finds or downloads the files and reads them.
   *
   * @differs from torchvision: `MNIST(root, train=False)` is `MNIST.load({ data: root, train: false })`
   * @throws FileError naming the files and where to put them, if they aren't found anywhere
   * @throws FileFormatError naming the file and the byte, if one isn't valid
   */
  static async load(options?: LoadOptions): Promise<MNIST> {
    return foundOr('MNIST.load', await MNIST.find(options));
  }

  /**
   * Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are
   * and where to put them.
   */
  static async find(options?: LoadOptions): Promise<Search<MNIST>> {
    const { train, transform, ...find } = loadOptions('MNIST.load', options);
    const images = await findLabeledImages(mnistFiles, train ? 'train' : 't10k', 10, find);
    if (images.missing !== null) return images;
    const { labels } = images.found;
    return found(new MNIST(grayImages(images.found), labels, { classes: [...'0123456789'], transform }));
  }
}

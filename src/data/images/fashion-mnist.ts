import { found, foundOr, type RemoteDataset, type Search } from '../remote.js';
import { ImageDataset } from './image-dataset.js';
import { findLabeledImages, grayImages } from './labeled-images.js';
import { type LoadOptions, loadOptions } from './load-options.js';

const fashionMnistFiles: RemoteDataset = {
  title: 'Fashion-MNIST',
  folder: 'fashion-mnist',
  otherFolders: ['FashionMNIST', 'FashionMNIST/raw'],
  ambiguous: true,
  files: [
    {
      name: 'train-images-idx3-ubyte.gz',
      bytes: 26421880,
      sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
    },
    {
      name: 'train-labels-idx1-ubyte.gz',
      bytes: 29515,
      sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
    },
    {
      name: 't10k-images-idx3-ubyte.gz',
      bytes: 4422102,
      sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
    },
    {
      name: 't10k-labels-idx1-ubyte.gz',
      bytes: 5148,
      sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
    },
  ],
  mirrors: [
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
  ],
};

const classes = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/**
 * Fashion-MNIST: 60,000 pictures of clothes to train on, 10,000 to test on, in MNIST's format.
 *
 * Its files have the same names as MNIST's, so in `MYELIN_DATA` they must be in a folder `fashion-mnist` or `FashionMNIST`.
 *
 * @shape images (N, 1, 28, 28) uint8
 * @source Xiao et al. 2017, arXiv:1708.07747
 */
export class FashionMNIST extends ImageDataset {
  /**
   * Finds or downloads the files and reads them.
   *
   * @throws FileError naming the files and where to put them, if they aren't found anywhere
   * @throws FileFormatError naming the file and the byte, if one isn't valid
   */
  static async load(options?: LoadOptions): Promise<FashionMNIST> {
    return foundOr('FashionMNIST.load', await FashionMNIST.find(options));
  }

  /**
   * Like `load`, but the files may be missing: `found` is the data set, or `missing` says which files they are
   * and where to put them.
   */
  static async find(options?: LoadOptions): Promise<Search<FashionMNIST>> {
    const { train, transform, ...find } = loadOptions('FashionMNIST.load', options);
    const part = train ? 'train' : 't10k';
    const images = await findLabeledImages(fashionMnistFiles, part, classes.length, find);
    if (images.missing !== null) return images;
    return found(new FashionMNIST(grayImages(images.found), images.found.labels, { classes, transform }));
  }
}

import { type Tensor, tensor } from '../../index.js';
import { found, foundOr, type Search } from '../remote.js';
import { ImageDataset } from './image-dataset.js';
import { findLabeledImages, mnistFiles } from './labeled-images.js';
import { type LoadOptions, loadOptions } from './load-options.js';
import type { LabeledImages } from './types.js';

/** Gray images as a batch. @shape (N, 1, H, W) uint8 */
export const grayImages = ({ images, count, height, width }: LabeledImages): Tensor =>
  tensor(images, [count, 1, height, width], { dtype: 'uint8' });

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

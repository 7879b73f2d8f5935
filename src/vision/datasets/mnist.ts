import type { LabeledImages } from '../../data/images.js';
import { loadLabeledImages, mnistFiles } from '../../data/mnist.js';
import { type Tensor, tensor } from '../../index.js';
import { ImageDataset } from './image-dataset.js';
import { type LoadOptions, loadOptions } from './load-options.js';

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
   * @throws FileError naming the files and where to put them, if they are found nowhere
   * @throws FileFormatError naming the file and the byte, if one is not what it should be
   */
  static async load(options?: LoadOptions): Promise<MNIST> {
    const { train, transform, ...find } = loadOptions('MNIST.load', options);
    const images = await loadLabeledImages(mnistFiles, train ? 'train' : 't10k', 10, find);
    return new MNIST(grayImages(images), images.labels, { classes: [...'0123456789'], transform });
  }
}

import { FileError } from '../core/errors.js';
import {
  type DigitImages,
  drawnDigits,
  type LabeledImages,
  loadMnist,
  TensorDataset,
} from '../data/index.js';
import { type Tensor, tensor } from '../index.js';

const counted = (n: number): string => n.toLocaleString('en');

/**
 * MNIST where it is found, else digits that Myelin draws; says which. A folder that was named must
 * have MNIST.
 */
export async function loadDigits(
  data: string | undefined,
  say: (label: string, text: string) => void,
): Promise<DigitImages> {
  const describe = (name: string, { train, test }: DigitImages): string =>
    `${name}: ${counted(train.count)} images to train on, ${counted(test.count)} to test on`;
  try {
    const digits = await loadMnist({ data, onDownload: (url) => say('download', url) });
    say('data', describe('MNIST', digits));
    return digits;
  } catch (error) {
    if (data !== undefined || !(error instanceof FileError && error.code === 'ENOENT')) throw error;
    const digits = drawnDigits();
    say(
      'data',
      `${describe('digits that Myelin draws', digits)}; MNIST was not found (--data DIR or MYELIN_DATA names its folder)`,
    );
    return digits;
  }
}

/** Names of the classes. */
export const digitNames: readonly string[] = [...'0123456789'];

/** @shape images (count, 1, height, width) uint8, labels (count) int32 */
export const digitsDataset = ({
  images,
  labels,
  count,
  height,
  width,
}: LabeledImages): TensorDataset<[images: Tensor, labels: Tensor]> =>
  new TensorDataset(
    tensor(images, [count, 1, height, width], { dtype: 'uint8' }),
    tensor(Int32Array.from(labels), [count]),
  );

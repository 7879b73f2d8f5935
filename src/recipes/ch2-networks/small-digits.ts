import { drawnDigits, type LabeledImages, TensorDataset } from '../../data/index.js';
import * as F from '../../functional.js';
import { type Tensor, tensor } from '../../index.js';
import { accuracy } from '../../metrics/index.js';
import * as nn from '../../nn/index.js';
import type { Step } from '../../train/index.js';
import type { Problem } from './minimize.js';

/** @shape x (n, 784), pixels from 0 to 1; y (n), int32 */
export type VectorDigits = TensorDataset<[x: Tensor, y: Tensor]>;

const asVectors = ({ images, labels, count, height, width }: LabeledImages): VectorDigits =>
  new TensorDataset(
    tensor(images, [count, height * width], { dtype: 'uint8' })
      .to('float32')
      .div(255),
    tensor(Int32Array.from(labels), [count]),
  );

/** Few digits that Myelin draws, as vectors: a problem that is real and takes seconds. */
export function smallDigits(options: {
  readonly train: number;
  readonly test: number;
  readonly seed: number;
}): { readonly train: VectorDigits; readonly test: VectorDigits } {
  const { train, test } = drawnDigits(options);
  return { train: asVectors(train), test: asVectors(test) };
}

/** A network for them with one hidden layer. @shape (N, 784) → (N, 10) */
export const smallNetwork = (hidden = 32): nn.Sequential =>
  new nn.Sequential(new nn.Linear(784, hidden), new nn.ReLU(), new nn.Linear(hidden, 10));

/** What a Trainer for such a network does with a batch. */
export const digitsStep =
  (network: nn.Sequential): Step<[x: Tensor, y: Tensor]> =>
  ([x, y]) => {
    const logits = network.forward(x);
    return { loss: F.crossEntropy(logits, y), accuracy: accuracy(logits, y) };
  };

/** The cost of such a network on digits. */
export function digitsProblem(network: nn.Sequential, { tensors: [x, y], length }: VectorDigits): Problem {
  return {
    parameters: [...network.parameters()],
    n: length,
    cost: (rows) =>
      rows
        ? F.crossEntropy(network.forward(x.indexSelect(0, rows)), y.indexSelect(0, rows))
        : F.crossEntropy(network.forward(x), y),
  };
}

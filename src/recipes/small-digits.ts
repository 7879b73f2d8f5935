import { drawnDigits, type LabeledImages } from '../data/index.js';
import * as F from '../functional.js';
import { type Tensor, tensor } from '../index.js';
import * as nn from '../nn/index.js';
import type { Problem } from './minimise.js';

export interface Digits {
  /** Pixels from 0 to 1. @shape (n, 784) */
  readonly x: Tensor;
  /** @shape (n), int32 */
  readonly y: Tensor;
}

const digits = ({ images, labels, count, height, width }: LabeledImages): Digits => ({
  x: tensor(images, [count, height * width], { dtype: 'uint8' })
    .to('float32')
    .div(255),
  y: tensor(Int32Array.from(labels), [count]),
});

/** Few digits that Myelin draws, as vectors: a problem that is real and takes seconds. */
export function smallDigits(options: {
  readonly train: number;
  readonly test: number;
  readonly seed: number;
}): { readonly train: Digits; readonly test: Digits } {
  const { train, test } = drawnDigits(options);
  return { train: digits(train), test: digits(test) };
}

/** A network for them with one hidden layer. @shape (N, 784) → (N, 10) */
export const smallNetwork = (hidden = 32): nn.Sequential =>
  new nn.Sequential(new nn.Linear(784, hidden), new nn.ReLU(), new nn.Linear(hidden, 10));

/** The cost of a network on digits. */
export const digitsProblem = (network: nn.Sequential, { x, y }: Digits): Problem => ({
  parameters: [...network.parameters()],
  n: y.shape[0]!,
  cost: (rows) =>
    rows
      ? F.crossEntropy(network.forward(x.indexSelect(0, rows)), y.indexSelect(0, rows))
      : F.crossEntropy(network.forward(x), y),
});

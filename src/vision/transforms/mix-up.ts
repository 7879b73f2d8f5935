import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, number } from '../../core/options.js';
import * as F from '../../functional.js';
import { DTypeError, roll, ShapeError, type Tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';
import { Draws } from './draws.js';
import { type TransformOptions, transformOptions } from './transform.js';

export interface MixUpOptions {
  /** α of the shares λ ~ Beta(α, α): a small one mixes little, 1 makes all shares equally likely (default 1). */
  readonly alpha?: number;
}

const mixUpOptions = defineOptions({ alpha: number(1, { above: 0 }) });

/**
 * A draw from Beta(α, α): the share of one of two draws from Gamma(α) in their sum. Gamma(α) is Gamma(α + 1) times
 * U^(1/α), whose logarithm doesn't underflow for a small α.
 *
 * @source Marsaglia and Tsang 2000, doi:10.1145/358407.358414
 */
function beta(alpha: number, draws: Draws): number {
  const d = alpha + 2 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const logUniform = (): number => Math.log(1 - draws.uniform(0, 1));
  const logGamma = (): number => {
    for (;;) {
      const x = draws.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && logUniform() < x ** 2 / 2 + d - d * v + d * Math.log(v))
        return Math.log(d * v) + logUniform() / alpha;
    }
  };
  return 1 / (1 + Math.exp(-(logGamma() - logGamma())));
}

/**
 * Mixes the images of a batch, and their labels in the same shares: each image with the previous one, the first with
 * the last.
 *
 * x̃ = λ·xᵢ + (1 − λ)·xᵢ₋₁, ỹ = λ·onehot(yᵢ) + (1 − λ)·onehot(yᵢ₋₁), one λ ~ Beta(α, α) for the batch
 *
 * The loss is `F.crossEntropy(logits, targets)`, which takes probabilities of the classes: it is
 * λ·CE(yᵢ) + (1 − λ)·CE(yᵢ₋₁). Shuffle the batches, so neighbors are random pairs.
 *
 * @param numClasses the number of classes
 * @shape images (N, C, H, W), labels (N) → images (N, C, H, W), targets (N, numClasses)
 * @throws ArgumentError unless alpha is positive; DTypeError for bytes; ShapeError unless each image has its label
 * @differs from torchvision's `v2.MixUp`, which draws another λ for the same seed
 * @source Zhang et al. 2018, arXiv:1710.09412
 * @example
 * const mixUp = new vision.transforms.MixUp(10, { alpha: 0.2 });
 * const [images, targets] = mixUp.forward(rand([8, 3, 32, 32]), randint(0, 10, [8]));
 * F.crossEntropy(new vision.LargeNet().forward(images), targets).shape; // []
 */
export class MixUp {
  readonly alpha: number;

  constructor(
    readonly numClasses: number,
    options?: MixUpOptions,
  ) {
    this.alpha = mixUpOptions(new.target.name, options).alpha;
    if (!(Number.isInteger(numClasses) && numClasses > 0))
      throw new ArgumentError(
        'MixUp',
        `numClasses must be a positive whole number, got ${describe(numClasses)}`,
      );
  }

  forward(
    images: Tensor,
    labels: Tensor,
    options?: TransformOptions,
  ): readonly [images: Tensor, targets: Tensor] {
    const { generator } = transformOptions('MixUp', options);
    checkTensors('MixUp', { images, labels });
    if (images.dtype === 'uint8')
      throw new DTypeError('MixUp', 'needs floats, got uint8; use ToTensor first');
    if (images.ndim !== 4 || labels.ndim !== 1 || images.shape[0] !== labels.shape[0])
      throw new ShapeError('MixUp', 'needs a batch of images and their labels', [
        { name: 'images', axes: '(N, C, H, W)', shape: images.shape },
        { name: 'labels', axes: '(N)', shape: labels.shape },
      ]);
    const share = beta(this.alpha, new Draws(generator));
    const mix = (x: Tensor): Tensor => x.mul(share).add(roll(x, [1], [0]).mul(1 - share));
    return [mix(images), mix(F.oneHot(labels, this.numClasses).to(images.dtype))];
  }

  toString(): string {
    return `MixUp(numClasses=${this.numClasses}, alpha=${this.alpha})`;
  }
}

import { defineOptions, number, whole } from '../../core/options.js';
import { Generator, noGrad, randn, type Tensor, tidy } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { requireModule } from '../../nn/module/argument.js';
import { checkTensors } from '../../tensor/argument.js';
import { inspectImages } from './images.js';
import { scoreGradient } from './saliency.js';
import { type TargetOptions, targetSpec, targetsOf } from './target.js';

export interface SmoothGradOptions extends TargetOptions {
  /** Noisy copies of each image (default 50). */
  readonly samples?: number | undefined;
  /** Standard deviation of the noise, as a share of the image's own range of values (default 0.15). */
  readonly noise?: number | undefined;
  /** Seed of the noise (default 0). */
  readonly seed?: number | undefined;
}

const smoothGradOptions = defineOptions({
  ...targetSpec,
  samples: whole(50, { least: 1 }),
  noise: number(0.15, { least: 0 }),
  seed: whole(0),
});

/**
 * SmoothGrad: a saliency map of the mean gradient over noisy copies of the image, which averages out what depends on
 * the noise:
 *
 * M[i, j] = max_c |1/n Σ_s ∂ score / ∂ x[c, i, j] at x + N(0, σ²)|, σ = noise · (max x − min x).
 *
 * The class is the one of the image without noise. The model runs in evaluation mode and isn't changed.
 *
 * @shape x (N, C, H, W) → (N, H, W), or (C, H, W) → (H, W)
 * @throws ShapeError, DTypeError, IndexError as for `saliency`
 * @throws ArgumentError for fewer samples than one, or noise below 0
 * @source notes 3.8; Smilkov et al. 2017, arXiv:1706.03825
 * @example
 * const lenet = new vision.LeNet5();
 * vision.smoothGrad(lenet, rand([1, 32, 32]), { samples: 4 }).shape; // [32, 32]
 */
export function smoothGrad(model: nn.Layer, x: Tensor, options?: SmoothGradOptions): Tensor {
  checkTensors('smoothGrad', { x });
  requireModule('smoothGrad', 'model', model);
  const { samples, noise, seed, target } = smoothGradOptions('smoothGrad', options);
  return inspectImages('smoothGrad', model, x, (images) => {
    const generator = new Generator(seed);
    const targets = targetsOf(
      'smoothGrad',
      noGrad(() => model.forward(images)),
      { target },
    );
    const axes = [1, 2, 3];
    const sigma = images
      .amax(axes, { keepdim: true })
      .sub(images.amin(axes, { keepdim: true }))
      .mul(noise);
    let sum = images.mul(0); // (N, C, H, W)
    for (let i = 0; i < samples; i++)
      sum = tidy(() => {
        const noisy = images.add(sigma.mul(randn(images.shape, { dtype: images.dtype, generator })));
        return sum.add(scoreGradient(model, noisy, () => targets));
      });
    return sum.div(samples).abs().amax(1);
  });
}

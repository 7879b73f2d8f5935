import { defineOptions } from '../../core/options.js';
import { grad, type Tensor } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { requireModule } from '../../nn/module/argument.js';
import { inspectImages } from './images.js';
import { scoresOf, type TargetOptions, targetSpec, targetsOf } from './target.js';

/** ∂ score / ∂ image for each image of a batch. @shape images (N, C, H, W), targets (N, 1) → (N, C, H, W) */
export function scoreGradient(
  model: nn.Layer,
  images: Tensor,
  targetsFor: (logits: Tensor) => Tensor,
): Tensor {
  const x = images.detach().requiresGrad_();
  const logits = model.forward(x);
  return grad(scoresOf(logits, targetsFor(logits)).sum(), x)[0]!;
}

const saliencyOptions = defineOptions(targetSpec);

/**
 * Saliency map: how strongly the score of a class responds to a change of each pixel:
 *
 * M[i, j] = max_c |∂ score / ∂ x[c, i, j]|.
 *
 * The model runs in evaluation mode and isn't changed.
 *
 * @shape x (N, C, H, W) → (N, H, W), or (C, H, W) → (H, W)
 * @throws ShapeError, DTypeError for input that isn't images, or a model that gives no scores (N, K)
 * @throws IndexError for a class that the model doesn't have
 * @source notes 3.8; Simonyan et al. 2013, arXiv:1312.6034
 * @example
 * const lenet = new vision.LeNet5();
 * vision.saliency(lenet, rand([1, 32, 32])).shape; // [32, 32]
 */
export const saliency = (model: nn.Layer, x: Tensor, options?: TargetOptions): Tensor => {
  requireModule('saliency', 'model', model);
  const target = saliencyOptions('saliency', options);
  return inspectImages('saliency', model, x, (images) =>
    scoreGradient(model, images, (logits) => targetsOf('saliency', logits, target))
      .abs()
      .amax(1),
  );
};

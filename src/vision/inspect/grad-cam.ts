import { ShapeError } from '../../core/errors.js';
import { defineOptions, text } from '../../core/options.js';
import * as F from '../../functional.js';
import { grad, type Tensor } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { requireModule } from '../../nn/module/argument.js';
import { checkTensors } from '../../tensor/argument.js';
import { inspectImages } from './images.js';
import { convolutionsOf, listen, noConvolution, silent } from './layers.js';
import { scoresOf, type TargetOptions, targetSpec, targetsOf } from './target.js';

export interface GradCamOptions extends TargetOptions {
  /** Path of the layer whose maps are weighted (default: the convolution that runs last). */
  readonly layer?: string | undefined;
}

const gradCamOptions = defineOptions({ layer: text(undefined), ...targetSpec });

/**
 * Grad-CAM: where the maps of a layer support a class. Each map is weighted by the score's mean gradient in it, and
 * evidence against the class is left out:
 *
 * M = ReLU(Σ_k α_k A_k), α_k = 1/Z Σ_{i,j} ∂ score / ∂ A_k[i, j],
 *
 * enlarged to the size of the image. If a ReLU follows, the ReLU's layer gives a clearer map: before it, maps that
 * speak against the class count where they're negative. The model runs in evaluation mode and isn't changed.
 *
 * @shape x (N, C, H, W) → (N, H, W), or (C, H, W) → (H, W)
 * @throws ShapeError, DTypeError, IndexError as for `saliency`; ShapeError for a layer that gives no maps
 * @throws ArgumentError for a layer that doesn't exist or returns nothing, or a model without convolutions
 * @source notes 3.8; Selvaraju et al. 2017, arXiv:1610.02391
 * @example
 * const lenet = new vision.LeNet5();
 * vision.gradCam(lenet, rand([1, 32, 32]), { target: 3 }).shape; // [32, 32]
 */
export function gradCam(model: nn.Layer, x: Tensor, options?: GradCamOptions): Tensor {
  checkTensors('gradCam', { x });
  requireModule('gradCam', 'model', model);
  const { layer, target } = gradCamOptions('gradCam', options);
  const layers: (readonly [string, nn.Module])[] =
    layer === undefined ? convolutionsOf(model) : [[layer, model.getSubmodule(layer)]];
  const modules = layers.map(([, module]) => module);
  const lastPath = layers.at(-1)?.[0];
  if (lastPath === undefined) throw noConvolution('gradCam', model);
  return inspectImages('gradCam', model, x, (images) => {
    const { result, outputs } = listen(model, images.detach().requiresGrad_(), modules);
    const maps = outputs.at(-1)?.output; // (N, K, H', W')
    if (maps === undefined) throw silent('gradCam', lastPath);
    if (maps.ndim !== 4)
      throw new ShapeError('gradCam', `'${lastPath}' gives no maps (N, K, H, W)`, [
        { name: 'output', shape: maps.shape },
      ]);
    const scores = scoresOf(result, targetsOf('gradCam', result, { target }));
    const [gradient] = grad(scores.sum(), maps);
    const alpha = gradient!.mean([2, 3], { keepdim: true }); // (N, K, 1, 1)
    const cam = F.relu(maps.detach().mul(alpha).sum(1, { keepdim: true })); // (N, 1, H', W')
    return F.interpolate(cam, { size: images.shape.slice(2), mode: 'bilinear' }).squeeze(1);
  });
}

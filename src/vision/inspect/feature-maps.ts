import { requireText } from '../../core/arguments.js';
import { plural } from '../../core/describe.js';
import { IndexError } from '../../core/errors.js';
import { defineOptions, whole } from '../../core/options.js';
import { noGrad, type Tensor } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { requireModule } from '../../nn/module/argument.js';
import { checkTensors } from '../../tensor/argument.js';
import { inspectImages } from './images.js';
import { listen, silent } from './layers.js';

export interface FeatureMapsOptions {
  /** Which of the layer's calls, if a forward calls it several times; −1 is the last (default −1). */
  readonly call?: number | undefined;
}

const featureMapsOptions = defineOptions({ call: whole(-1) });

/**
 * The output of a layer when the model sees images: for a convolution, one map per filter.
 *
 * The model runs in evaluation mode and isn't changed.
 *
 * @param layer its path, such as `conv1` or `features.0`
 * @shape x (N, C, H, W) → (N, O, H', W') or whatever the layer gives; (C, H, W) → the same without N
 * @throws ShapeError, DTypeError for input that isn't images
 * @throws ArgumentError for a layer that doesn't exist or returns nothing
 * @throws IndexError for a call that never happened
 * @source notes 3.8
 * @example
 * const lenet = new vision.LeNet5();
 * vision.featureMaps(lenet, rand([1, 32, 32]), 'conv2').shape; // [16, 10, 10]
 * vision.featureMaps(lenet, rand([1, 32, 32]), 'pool', { call: 0 }).shape; // [6, 14, 14]
 */
export function featureMaps(model: nn.Layer, x: Tensor, layer: string, options?: FeatureMapsOptions): Tensor {
  checkTensors('featureMaps', { x });
  requireModule('featureMaps', 'model', model);
  requireText('featureMaps', 'layer', layer);
  const { call } = featureMapsOptions('featureMaps', options);
  const module = model.getSubmodule(layer);
  return inspectImages('featureMaps', model, x, (images) => {
    const { outputs } = noGrad(() => listen(model, images, [module]));
    if (outputs.length === 0) throw silent('featureMaps', layer);
    const found = outputs.at(call);
    if (found === undefined)
      throw new IndexError(
        'featureMaps',
        `call ${call} is out of range; '${layer}' is called ${plural(outputs.length, 'time')}`,
      );
    return found.output.clone();
  });
}

import { ArgumentError } from '../../core/errors.js';
import { defineOptions, text } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import { requireModule } from '../../nn/module/argument.js';
import { convolutionsOf, noConvolution } from './layers.js';

export interface FiltersOptions {
  /** Path of the convolution (default: the model's first). */
  readonly layer?: string | undefined;
}

const filtersOptions = defineOptions({ layer: text(undefined) });

/**
 * The filters that a convolution has learned, as images of its input's channels: those of the first layer
 * show what the network looks for in the image itself.
 *
 * @shape (O, C / groups, kH, kW), a copy
 * @throws ArgumentError for a layer that doesn't exist or isn't a Conv2d, or a model without one
 * @source notes 3.8
 * @example
 * vision.filters(new vision.LeNet5()).shape; // [6, 1, 5, 5]
 */
export function filters(model: nn.Module, options?: FiltersOptions): Tensor {
  requireModule('filters', 'model', model);
  const { layer } = filtersOptions('filters', options);
  const conv = layer === undefined ? convolutionsOf(model)[0]?.[1] : model.getSubmodule(layer);
  if (conv === undefined) throw noConvolution('filters', model);
  if (!(conv instanceof nn.Conv2d))
    throw new ArgumentError('filters', `'${layer}' is a ${conv.constructor.name}, not a Conv2d`);
  return conv.weight.detach().clone();
}

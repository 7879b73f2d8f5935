import { checkOption, instance } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';

/**
 * A network of two parts: an encoder, which makes an embedding of each image, and a head, the last linear
 * layer, which turns it into logits: `forward(x)` is the head's forward of `embed(x)`.
 *
 * @source notes 3.11
 */
export interface Classifier extends nn.Layer {
  /** What the encoder makes of images: the head's input. @shape (N, C, H, W) → (N, D) */
  embed(x: Tensor): Tensor;
  /** Paths of the head and of the last layers of auxiliary classifiers. */
  readonly heads: readonly [head: string, ...auxiliary: string[]];
}

const anyClassifier = instance(
  'a classifier, such as vision.CifarResNet',
  (value): value is Classifier => value instanceof nn.Module && 'heads' in value && 'embed' in value,
);

/** @throws ArgumentError unless the model has an encoder and a head */
export const requireClassifier = (operation: string, model: unknown): void =>
  checkOption(operation, 'model', anyClassifier, model);

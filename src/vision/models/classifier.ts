import type { Tensor } from '../../index.js';
import type * as nn from '../../nn/index.js';

/**
 * A network of two parts: an encoder, which makes an embedding of each image, and a head, the last linear
 * layer, which makes logits of it: `forward(x)` is the head's forward of `embed(x)`.
 *
 * @source notes 3.11
 */
export interface Classifier extends nn.Layer {
  /** What the encoder makes of images, and the head sees. @shape (N, C, H, W) → (N, D) */
  embed(x: Tensor): Tensor;
  /** Path of the head, and those of the last layers of auxiliary classifiers. */
  readonly heads: readonly [head: string, ...auxiliary: string[]];
}

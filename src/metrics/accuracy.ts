import type { Tensor } from '../index.js';

/**
 * Share of examples whose largest score is that of their class.
 *
 * @shape scores (N, C), classes (N) → (), float32
 */
export const accuracy = (scores: Tensor, classes: Tensor): Tensor =>
  scores.detach().argmax(1).eq(classes).to('float32').mean();

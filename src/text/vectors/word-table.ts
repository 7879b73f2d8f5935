import type { Tensor } from '../../index.js';
import type { Vocab } from '../vocab.js';

/** Words, and a row of numbers for each. */
export interface WordTable {
  readonly vocab: Vocab;
  /** @shape (words, D) */
  readonly vectors: Tensor;
  /** D. */
  readonly dim: number;
}

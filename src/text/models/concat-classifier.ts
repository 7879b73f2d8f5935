import { ArgumentError } from '../../core/errors.js';
import { defineOptions, whole } from '../../core/options.js';
import * as F from '../../functional.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import {
  embed,
  lengthsOf,
  requireEmbedding,
  requireSome,
  type TextClassifier,
  type TextOptions,
} from './text-classifier.js';

export interface ConcatClassifierOptions {
  /** Units of the hidden layer (default 64). */
  readonly hiddenSize?: number;
}

const concatOptions = defineOptions({ hiddenSize: whole(64, { least: 1 }) });

/**
 * Concatenates the vectors of a text's words, and classifies them with a small network. It knows the order of the
 * words, but every position has its own weights: maxLength · E · hiddenSize of them, and a word learned in one
 * position is unknown in the next.
 *
 * logits = W₂ · relu(W₁ · [e(w_1); …; e(w_maxLength)] + b₁) + b₂
 *
 * @shape ids (N, L), int32, L ≤ maxLength; the rest is zeros → logits (N, numClasses)
 * @throws ArgumentError for texts longer than maxLength
 * @source notes 5.4, idea 1
 */
export class ConcatClassifier extends nn.Module implements TextClassifier {
  readonly fc1: nn.Linear;
  readonly fc2: nn.Linear;

  /** @param maxLength tokens of the longest text */
  constructor(
    readonly embedding: nn.Embedding,
    numClasses: number,
    readonly maxLength: number,
    options?: ConcatClassifierOptions,
  ) {
    super();
    requireEmbedding(new.target.name, embedding);
    requireSome(new.target.name, 'numClasses', numClasses);
    requireSome(new.target.name, 'maxLength', maxLength);
    const { hiddenSize } = concatOptions(new.target.name, options);
    this.fc1 = new nn.Linear(maxLength * embedding.embeddingDim, hiddenSize);
    this.fc2 = new nn.Linear(hiddenSize, numClasses);
  }

  override forward(ids: Tensor, options?: TextOptions): Tensor {
    const vectors = embed(this.embedding, ids, lengthsOf('ConcatClassifier', ids, options)); // (N, L, E)
    const missing = this.maxLength - ids.shape[1]!;
    if (missing < 0)
      throw new ArgumentError(
        'ConcatClassifier',
        `texts of ${ids.shape[1]} tokens are longer than maxLength, ${this.maxLength}\n  hint: cut them off`,
      );
    const padded = F.pad(vectors, [0, 0, 0, missing]); // (N, maxLength, E)
    return this.fc2.forward(F.relu(this.fc1.forward(padded.flatten(1))));
  }
}

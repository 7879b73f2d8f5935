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

export interface SumClassifierOptions {
  /** Units of the hidden layer (default 64). */
  readonly hiddenSize?: number;
}

const sumOptions = defineOptions({ hiddenSize: whole(64, { least: 1 }) });

/**
 * Adds up the vectors of a text's words, and classifies the sum with a small network. The sum doesn't depend on the
 * order of the words, so "adequate, but just not great" and "not just adequate, but great" are the same to it.
 *
 * logits = W₂ · relu(W₁ · Σ_t e(w_t) + b₁) + b₂
 *
 * @shape ids (N, L), int32 → logits (N, numClasses)
 * @source notes 5.4
 */
export class SumClassifier extends nn.Module implements TextClassifier {
  readonly fc1: nn.Linear;
  readonly fc2: nn.Linear;

  constructor(
    readonly embedding: nn.Embedding,
    numClasses: number,
    options?: SumClassifierOptions,
  ) {
    super();
    requireEmbedding(new.target.name, embedding);
    requireSome(new.target.name, 'numClasses', numClasses);
    const { hiddenSize } = sumOptions(new.target.name, options);
    this.fc1 = new nn.Linear(embedding.embeddingDim, hiddenSize);
    this.fc2 = new nn.Linear(hiddenSize, numClasses);
  }

  override forward(ids: Tensor, options?: TextOptions): Tensor {
    const sum = embed(this.embedding, ids, lengthsOf('SumClassifier', ids, options)).sum(1); // (N, E)
    return this.fc2.forward(F.relu(this.fc1.forward(sum)));
  }
}

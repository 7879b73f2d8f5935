import { ArgumentError } from '../../core/errors.js';
import { defineOptions, listOf, number, whole } from '../../core/options.js';
import * as F from '../../functional.js';
import { cat, type Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import {
  embed,
  lengthsOf,
  paddingMask,
  requireEmbedding,
  requireSome,
  type TextClassifier,
  type TextOptions,
} from './text-classifier.js';

export interface TextCnnOptions {
  /** Words that a filter sees at once (default [3, 4, 5]). */
  readonly widths?: readonly number[];
  /** Filters of each width (default 100). */
  readonly maps?: number;
  /** Probability of dropping a feature before the linear layer (default 0.5). */
  readonly dropout?: number;
}

const cnnOptions = defineOptions({
  widths: listOf(whole(1, { least: 1 }), [3, 4, 5]),
  maps: whole(100, { least: 1 }),
  dropout: number(0.5, { least: 0, most: 1 }),
});

/**
 * A convolutional network for sentences: filters slide over the words and past both ends, the largest response of each filter is a
 * feature, and a linear layer classifies the features. It finds telling phrases wherever they are, but nothing that
 * spans more words than a filter has.
 *
 * ĉ_k = relu(max_t (W_k ∗ [e(w_1) … e(w_L)] + b_k)_t) for each width k, logits = W · dropout([ĉ_3; ĉ_4; ĉ_5]) + b
 *
 * @shape ids (N, L), int32 → logits (N, numClasses)
 * @source notes 5.4, idea 2; Kim 2014, arXiv:1408.5882
 */
export class TextCnn extends nn.Module implements TextClassifier {
  readonly convs: nn.ModuleList<nn.Conv1d>;
  readonly dropout: nn.Dropout;
  readonly fc: nn.Linear;
  readonly widths: readonly number[];

  constructor(
    readonly embedding: nn.Embedding,
    numClasses: number,
    options?: TextCnnOptions,
  ) {
    super();
    requireEmbedding(new.target.name, embedding);
    requireSome(new.target.name, 'numClasses', numClasses);
    const { widths, maps, dropout } = cnnOptions(new.target.name, options);
    if (widths.length === 0) throw new ArgumentError(new.target.name, 'widths must have at least one');
    this.convs = new nn.ModuleList(
      widths.map((width) => new nn.Conv1d(embedding.embeddingDim, maps, width, { padding: width - 1 })),
    );
    this.dropout = new nn.Dropout(dropout);
    this.fc = new nn.Linear(widths.length * maps, numClasses);
    this.widths = widths;
  }

  override forward(ids: Tensor, options?: TextOptions): Tensor {
    const lengths = lengthsOf('TextCnn', ids, options);
    const x = embed(this.embedding, ids, lengths).transpose(1, 2); // (N, E, L)
    const features = [...this.convs].map((conv, k) => {
      const extra = this.widths[k]! - 1; // windows that begin in the text and end after it
      const response = conv.forward(x); // (N, maps, L + extra)
      const padding = paddingMask(lengths, ids.shape[1]!, extra);
      const inside = padding ? response.maskedFill(padding.unsqueeze(1), -Infinity) : response;
      return F.relu(inside.amax(2)); // (N, maps)
    });
    return this.fc.forward(this.dropout.forward(cat(features, 1)));
  }
}

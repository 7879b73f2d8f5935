import { defineOptions, flag, number, whole, word } from '../../core/options.js';
import { cat, type Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import {
  lengthsOf,
  requireEmbedding,
  requireSome,
  type TextClassifier,
  type TextOptions,
} from './text-classifier.js';

export interface RecurrentClassifierOptions {
  /** The recurrent layer (default 'lstm'). */
  readonly kind?: 'rnn' | 'lstm' | 'gru';
  /** Units of the recurrent layer (default 64). */
  readonly hiddenSize?: number;
  /** Default 1. */
  readonly numLayers?: number;
  /** Whether to read the text from its end too (default false). */
  readonly bidirectional?: boolean;
  /** Probability of dropping a value of the embeddings and of the last state (default 0). */
  readonly dropout?: number;
}

const recurrentOptions = defineOptions({
  kind: word(['rnn', 'lstm', 'gru'], 'lstm'),
  hiddenSize: whole(64, { least: 1 }),
  numLayers: whole(1, { least: 1 }),
  bidirectional: flag(false),
  dropout: number(0, { least: 0, most: 1 }),
});

const layers = { rnn: nn.RNN, lstm: nn.LSTM, gru: nn.GRU };

/** The state h after the last word of each text. */
function stateAfter(rnn: nn.RNN | nn.LSTM | nn.GRU, x: Tensor, lengths: readonly number[]): Tensor {
  if (rnn instanceof nn.LSTM) return rnn.forward(x, null, { lengths })[1][0];
  if (rnn instanceof nn.GRU) return rnn.forward(x, null, { lengths })[1];
  return rnn.forward(x, null, { lengths })[1];
}

/**
 * Reads a text word by word with a recurrent layer, and classifies its state after the last word.
 *
 * h_t = rnn(e(w_t), h_{t−1}), h_0 = 0; logits = W · h_L + b, where L is the text's own length: the course notes'
 * `out[:, -1, :]` reads padding where a text is shorter than the longest one.
 *
 * @shape ids (N, L), int32 → logits (N, numClasses)
 * @source notes 5.5 and 5.7, figures 5.16, 5.31 and 5.32 (TweetRNN)
 */
export class RecurrentClassifier extends nn.Module implements TextClassifier {
  readonly rnn: nn.RNN | nn.LSTM | nn.GRU;
  readonly dropout: nn.Dropout;
  readonly fc: nn.Linear;
  readonly #directions: number;

  constructor(
    readonly embedding: nn.Embedding,
    numClasses: number,
    options?: RecurrentClassifierOptions,
  ) {
    super();
    requireEmbedding(new.target.name, embedding);
    requireSome(new.target.name, 'numClasses', numClasses);
    const { kind, hiddenSize, numLayers, bidirectional, dropout } = recurrentOptions(
      new.target.name,
      options,
    );
    this.rnn = new layers[kind](embedding.embeddingDim, hiddenSize, {
      numLayers,
      bidirectional,
      batchFirst: true,
      dropout: numLayers > 1 ? dropout : 0,
    });
    this.#directions = bidirectional ? 2 : 1;
    this.dropout = new nn.Dropout(dropout);
    this.fc = new nn.Linear(this.#directions * hiddenSize, numClasses);
  }

  override forward(ids: Tensor, options?: TextOptions): Tensor {
    const lengths = lengthsOf('RecurrentClassifier', ids, options);
    const x = this.dropout.forward(this.embedding.forward(ids)); // (N, L, E)
    const h = stateAfter(this.rnn, x, lengths); // (layers · directions, N, H)
    const last = h.narrow(0, h.shape[0]! - this.#directions, this.#directions).unbind(0);
    return this.fc.forward(this.dropout.forward(cat(last, 1)));
  }
}

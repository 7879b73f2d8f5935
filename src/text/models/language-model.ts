import { ArgumentError } from '../../core/errors.js';
import { defineOptions, flag, number, whole } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import { type StepModel, type StepResult, selectRows } from '../decoding/step-model.js';
import { requireSome } from './text-classifier.js';

export interface LanguageModelOptions {
  /** Size of the tokens' vectors (default hiddenSize). */
  readonly embeddingDim?: number;
  /** Layers of the LSTM (default 2). */
  readonly numLayers?: number;
  /** Probability of dropping a value of the vectors, between layers, and of the outputs (default 0.5). */
  readonly dropout?: number;
  /** Whether the vectors are also the weights that score the next token (default false). */
  readonly tied?: boolean;
}

const modelOptions = defineOptions({
  embeddingDim: whole(0, { least: 1 }),
  numLayers: whole(2, { least: 1 }),
  dropout: number(0.5, { least: 0, most: 1 }),
  tied: flag(false),
});

/** An LSTM's state: [h, c]. */
export type LstmState = readonly [h: Tensor, c: Tensor];

/**
 * A language model: vectors of tokens, an LSTM, and a score for each token that may come next.
 *
 * h_t, c_t = lstm(e(w_t), h_{t−1}, c_{t−1}), logits_t = E · h_t + b; E is the table of vectors if `tied`.
 *
 * @shape ids (N, L), int32, state [(numLayers, N, H), (numLayers, N, H)] or null → [logits (N, L, vocabSize), state]
 * @throws ArgumentError if tied and embeddingDim isn't hiddenSize
 * @source notes 5.4 and 5.9; Zaremba et al. 2014, arXiv:1409.2329; tied weights: Press & Wolf 2017, arXiv:1608.05859
 */
export class LanguageModel extends nn.Module implements StepModel<LstmState | null> {
  readonly embedding: nn.Embedding;
  readonly dropout: nn.Dropout;
  readonly rnn: nn.LSTM;
  readonly decoder: nn.Linear;

  constructor(
    readonly vocabSize: number,
    hiddenSize: number,
    options?: LanguageModelOptions,
  ) {
    super();
    const name = new.target.name;
    const { embeddingDim: given, numLayers, dropout, tied } = modelOptions(name, options);
    requireSome(name, 'vocabSize', vocabSize);
    requireSome(name, 'hiddenSize', hiddenSize);
    const embeddingDim = given || hiddenSize;
    if (tied && embeddingDim !== hiddenSize)
      throw new ArgumentError(
        name,
        `tied weights need embeddingDim ${embeddingDim} to be hiddenSize ${hiddenSize}`,
      );
    this.embedding = new nn.Embedding(vocabSize, embeddingDim);
    this.dropout = new nn.Dropout(dropout);
    this.rnn = new nn.LSTM(embeddingDim, hiddenSize, {
      numLayers,
      batchFirst: true,
      dropout: numLayers > 1 ? dropout : 0,
    });
    this.decoder = new nn.Linear(hiddenSize, vocabSize);
    nn.init.uniform_(this.embedding.weight, -0.1, 0.1);
    nn.init.zeros_(this.decoder.bias!);
    if (tied) this.decoder.weight = this.embedding.weight;
    else nn.init.uniform_(this.decoder.weight, -0.1, 0.1);
  }

  override forward(ids: Tensor, state: LstmState | null = null): [logits: Tensor, state: LstmState] {
    const x = this.dropout.forward(this.embedding.forward(ids)); // (N, L, E)
    const [output, last] = this.rnn.forward(x, state);
    return [this.decoder.forward(this.dropout.forward(output)), last];
  }

  /** One step of `generate`. */
  step(ids: Tensor, state: LstmState | null): StepResult<LstmState> {
    const [logits, next] = this.forward(ids, state);
    return { logits, state: next };
  }

  select(state: LstmState | null, rows: Tensor): LstmState | null {
    return selectRows(state, rows, 1);
  }
}

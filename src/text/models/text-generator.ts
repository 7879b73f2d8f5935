import { defineOptions, whole } from '../../core/options.js';
import * as F from '../../functional.js';
import type { Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import { type StepModel, type StepResult, selectRows } from '../decoding/step-model.js';
import { requireSome } from './text-classifier.js';

export interface TextGeneratorOptions {
  /** Layers of the GRU (default 1). */
  readonly numLayers?: number;
}

const generatorOptions = defineOptions({ numLayers: whole(1, { least: 1 }) });

/**
 * The course notes' text generator, which writes one character after another: a GRU over one-hot vectors, and a linear
 * layer that scores the next character.
 *
 * h_t = gru(onehot(c_t), h_{t−1}), logits_t = W · h_t + b
 *
 * The notes' listing never uses its `n_layers`; here it's `numLayers`.
 *
 * @shape ids (N, L), int32, hidden (numLayers, N, hiddenSize) or null → [logits (N, L, vocabSize), hidden]
 * @throws IndexError for an index outside the vocabulary
 * @source notes 5.9, figure 5.41
 */
export class TextGenerator extends nn.Module implements StepModel<Tensor | null> {
  readonly rnn: nn.GRU;
  readonly decoder: nn.Linear;

  constructor(
    readonly vocabSize: number,
    hiddenSize: number,
    options?: TextGeneratorOptions,
  ) {
    super();
    const name = new.target.name;
    const { numLayers } = generatorOptions(name, options);
    requireSome(name, 'vocabSize', vocabSize);
    requireSome(name, 'hiddenSize', hiddenSize);
    this.rnn = new nn.GRU(vocabSize, hiddenSize, { numLayers, batchFirst: true });
    this.decoder = new nn.Linear(hiddenSize, vocabSize);
  }

  override forward(ids: Tensor, hidden: Tensor | null = null): [logits: Tensor, hidden: Tensor] {
    const oneHot = F.oneHot(ids, this.vocabSize).to(this.decoder.weight.dtype); // (N, L, V)
    const [output, last] = this.rnn.forward(oneHot, hidden);
    return [this.decoder.forward(output), last];
  }

  /** One step of `generate`. */
  step(ids: Tensor, state: Tensor | null): StepResult<Tensor> {
    const [logits, hidden] = this.forward(ids, state);
    return { logits, state: hidden };
  }

  select(state: Tensor | null, rows: Tensor): Tensor | null {
    return selectRows(state, rows, 1);
  }
}

import { requireObject } from '../../core/arguments.js';
import { ArgumentError, type Operand, ShapeError } from '../../core/errors.js';
import { defineOptions, flag, generatorOption, number, whole } from '../../core/options.js';
import { cat, type Generator, rand, stack, type Tensor, where } from '../../index.js';
import * as nn from '../../nn/index.js';
import { checkTensorOrNull, checkTensors } from '../../tensor/argument.js';
import { type StepModel, type StepResult, selectRows } from '../decoding/step-model.js';
import type { LstmState } from './language-model.js';
import { lengthsOf, paddingMask, requireSome } from './text-classifier.js';

export interface Seq2SeqOptions {
  /** Size of the tokens' vectors (default 256). */
  readonly embeddingDim?: number;
  /** Units of the decoder, and of each direction of the encoder (default 256). */
  readonly hiddenSize?: number;
  /** Layers of both (default 1). */
  readonly numLayers?: number;
  /** Probability of dropping a value of vectors, of the memory, between layers, and before the scores (default 0). */
  readonly dropout?: number;
  /** Whether the decoder looks back at the source (default true); if not, it knows the encoder's last state only. */
  readonly attention?: boolean;
  /** Whether the target's vectors are also the weights that score the next token (default false). */
  readonly tied?: boolean;
}

const seq2seqOptions = defineOptions({
  embeddingDim: whole(256, { least: 1 }),
  hiddenSize: whole(256, { least: 1 }),
  numLayers: whole(1, { least: 1 }),
  dropout: number(0, { least: 0, most: 1 }),
  attention: flag(true),
  tied: flag(false),
});

/** Options of a call in training. */
export interface ForcingOptions {
  /** Probability that a step of a sequence sees the true token before it, and not the model's own guess (default 1). */
  readonly teacherForcing?: number;
  /** Decides which (default: the global one). */
  readonly generator?: Generator;
}

const forcingOptions = defineOptions({
  teacherForcing: number(1, { least: 0, most: 1 }),
  generator: generatorOption,
});

/** What the decoder carries from step to step, one row for each sequence. */
export interface Seq2SeqState {
  /** @shape (layers, N, H) each */
  readonly decoder: LstmState;
  /** What the encoder made of each token of the source. @shape (N, S, 2 · H) */
  readonly memory: Tensor;
  /** W_a memory, what the decoder's states are compared with; null without attention. @shape (N, S, H) */
  readonly keys: Tensor | null;
  /** Which places of the memory are padding; null if none are. @shape (N, S), bool */
  readonly padding: Tensor | null;
}

/** @throws ArgumentError unless it's what `encode` gives */
function requireState(state: Seq2SeqState): void {
  requireObject('Seq2Seq', 'state', state);
  checkTensors('Seq2Seq', { 'state.memory': state.memory });
  for (const name of ['keys', 'padding'] as const) checkTensorOrNull('Seq2Seq', `state.${name}`, state[name]);
}

/** @throws ShapeError unless ids are (N, T), with as many rows as the sources */
function requireTargets(name: string, ids: Tensor, sources: Operand): void {
  const target = { name, axes: '(N, T)', shape: ids.shape };
  if (ids.ndim !== 2 || ids.shape[1] === 0)
    throw new ShapeError('Seq2Seq', `${name} must be (N, T), with at least one token each`, [target]);
  if (ids.shape[0] !== sources.shape[0])
    throw new ShapeError('Seq2Seq', 'there must be a target for each source', [sources, target]);
}

/**
 * An encoder reads the source in both directions; a decoder starts from its last state and writes the target token by
 * token, looking back at the source with attention.
 *
 * memory_s = [h→_s; h←_s], h_t = lstm(e(y_{t−1}), h_{t−1}), α_ts = softmax_s(h_tᵀ W_a memory_s),
 * c_t = Σ_s α_ts · memory_s, logits_t = W · tanh(W_c [h_t; c_t]) + b; W is the table of the target's vectors if `tied`.
 *
 * The decoder's states don't depend on the attention (no input feeding), so with teacher forcing all steps of the
 * target run in one call.
 *
 * @throws ArgumentError if tied without attention and embeddingDim isn't hiddenSize
 * @source notes 5.9; Sutskever et al. 2014, arXiv:1409.3215; attention: Luong et al. 2015, arXiv:1508.04025 ("general");
 * tied weights: Press & Wolf 2017, arXiv:1608.05859
 */
export class Seq2Seq extends nn.Module implements StepModel<Seq2SeqState> {
  readonly sourceEmbedding: nn.Embedding;
  readonly targetEmbedding: nn.Embedding;
  readonly encoder: nn.LSTM;
  readonly bridgeH: nn.Linear;
  readonly bridgeC: nn.Linear;
  readonly decoder: nn.LSTM;
  readonly score: nn.Linear | null;
  readonly combine: nn.Linear | null;
  readonly output: nn.Linear;
  readonly dropout: nn.Dropout;

  constructor(sourceVocabSize: number, targetVocabSize: number, options?: Seq2SeqOptions) {
    super();
    const { embeddingDim, hiddenSize, numLayers, dropout, attention, tied } = seq2seqOptions(
      new.target.name,
      options,
    );
    if (tied && !attention && embeddingDim !== hiddenSize)
      throw new ArgumentError(
        new.target.name,
        `tied weights without attention need embeddingDim ${embeddingDim} to be hiddenSize ${hiddenSize}`,
      );
    requireSome(new.target.name, 'sourceVocabSize', sourceVocabSize);
    requireSome(new.target.name, 'targetVocabSize', targetVocabSize);
    const layers = { numLayers, batchFirst: true, dropout: numLayers > 1 ? dropout : 0 };
    this.sourceEmbedding = new nn.Embedding(sourceVocabSize, embeddingDim);
    this.targetEmbedding = new nn.Embedding(targetVocabSize, embeddingDim);
    this.encoder = new nn.LSTM(embeddingDim, hiddenSize, { ...layers, bidirectional: true });
    this.bridgeH = new nn.Linear(2 * hiddenSize, hiddenSize);
    this.bridgeC = new nn.Linear(2 * hiddenSize, hiddenSize);
    this.decoder = new nn.LSTM(embeddingDim, hiddenSize, layers);
    this.score = attention ? new nn.Linear(2 * hiddenSize, hiddenSize, { bias: false }) : null;
    const width = tied ? embeddingDim : hiddenSize; // of what the scores are made from
    this.combine = attention ? new nn.Linear(3 * hiddenSize, width, { bias: false }) : null;
    this.output = new nn.Linear(width, targetVocabSize);
    if (tied) {
      nn.init.normal_(this.targetEmbedding.weight, 0, embeddingDim ** -0.5);
      this.output.weight = this.targetEmbedding.weight;
    }
    this.dropout = new nn.Dropout(dropout);
  }

  /** Number of tokens of the target. */
  get vocabSize(): number {
    return this.targetEmbedding.numEmbeddings;
  }

  /** Reads sources. @shape ids (N, S), int32 */
  encode(ids: Tensor, lengths: readonly number[]): Seq2SeqState {
    const each = lengthsOf('Seq2Seq', ids, { lengths });
    const x = this.dropout.forward(this.sourceEmbedding.forward(ids));
    const [output, [h, c]] = this.encoder.forward(x, null, { lengths: each });
    const memory = this.dropout.forward(output);
    // (layers · 2, N, H) → (layers, N, 2 · H) → (layers, N, H)
    const bridged = (state: Tensor, bridge: nn.Linear): Tensor => {
      const both = state.unflatten(0, [-1, 2]);
      return bridge.forward(cat([both.select(1, 0), both.select(1, 1)], 2)).tanh();
    };
    return {
      decoder: [bridged(h, this.bridgeH), bridged(c, this.bridgeC)],
      memory,
      keys: this.score?.forward(memory) ?? null,
      padding: paddingMask(each, ids.shape[1]!),
    };
  }

  /**
   * Scores what comes after each of some target tokens.
   *
   * @shape ids (N, T), int32 → logits (N, T, V), weights (N, T, S), or null without attention
   */
  decode(
    ids: Tensor,
    state: Seq2SeqState,
  ): { readonly logits: Tensor; readonly weights: Tensor | null; readonly state: Seq2SeqState } {
    requireState(state);
    checkTensors('Seq2Seq', { ids });
    requireTargets('ids', ids, { name: 'state.memory', axes: '(N, S, 2H)', shape: state.memory.shape });
    const x = this.dropout.forward(this.targetEmbedding.forward(ids));
    const [h, decoder] = this.decoder.forward(x, state.decoder); // (N, T, H)
    const next = { ...state, decoder };
    if (state.keys === null)
      return { logits: this.output.forward(this.dropout.forward(h)), weights: null, state: next };
    const scores = h.matmul(state.keys.transpose(1, 2)); // (N, T, S)
    const masked = state.padding ? scores.maskedFill(state.padding.unsqueeze(1), -Infinity) : scores;
    const weights = masked.softmax(2);
    const context = weights.matmul(state.memory); // (N, T, 2 · H)
    const combined = this.combine!.forward(cat([h, context], 2)).tanh();
    return { logits: this.output.forward(this.dropout.forward(combined)), weights, state: next };
  }

  /**
   * Logits of each target token, given those before it.
   *
   * @param target begins with the token that begins a target. @shape (N, T), int32
   * @shape → (N, T, V): row t scores what comes after target[:, t]
   */
  override forward(
    source: Tensor,
    target: Tensor,
    lengths: readonly number[],
    options?: ForcingOptions,
  ): Tensor {
    checkTensors('Seq2Seq', { source, target });
    const { teacherForcing, generator } = forcingOptions('Seq2Seq', options);
    lengthsOf('Seq2Seq', source, { lengths }, 'source');
    requireTargets('target', target, { name: 'source', axes: '(N, S)', shape: source.shape });
    let state = this.encode(source, lengths);
    if (teacherForcing === 1) return this.decode(target, state).logits;
    const steps: Tensor[] = [];
    let ids = target.narrow(1, 0, 1);
    for (let t = 0; t < target.shape[1]!; t++) {
      const step = this.decode(ids, state);
      state = step.state;
      steps.push(step.logits.select(1, 0));
      if (t + 1 === target.shape[1]!) break;
      const forced = rand([target.shape[0]!, 1], { ...(generator && { generator }) }).lt(teacherForcing);
      ids = where(forced, target.narrow(1, t + 1, 1), step.logits.detach().argmax(2));
    }
    return stack(steps, 1);
  }

  /** One step of `generate`, which begins from `encode`'s state. */
  step(ids: Tensor, state: Seq2SeqState): StepResult<Seq2SeqState> {
    return this.decode(ids, state);
  }

  select(state: Seq2SeqState, rows: Tensor, within: boolean): Seq2SeqState {
    requireState(state);
    const { decoder, ...source } = state;
    return { decoder: selectRows(decoder, rows, 1), ...(within ? source : selectRows(source, rows, 0)) };
  }
}

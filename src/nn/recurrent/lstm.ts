import { describe, slip } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { noMore } from '../../core/exact.js';
import { defineOptions, whole, withLeading } from '../../core/options.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { PackedSequence } from '../utils/rnn/packed-sequence.js';
import { type RecurrentOptions, RNNBase, recurrentSpec, type SequenceOptions, type States } from './base.js';
import type { Sequences } from './sequences.js';

export interface LSTMOptions extends RecurrentOptions {
  /** The size that W_hr projects h to; 0 for no projection (default 0). */
  readonly projSize?: number;
}

const lstmOptions = defineOptions({ ...recurrentSpec, projSize: whole(0, { least: 0 }) });

/** The states of an LSTM: h, and c, its memory. */
export type LSTMState = readonly [h: Tensor, c: Tensor];

/** The values inside an LSTM at each step. */
export interface LSTMGates {
  /** Input gate: how much of the candidate goes into the memory. */
  readonly i: Tensor;
  /** Forget gate: how much of the memory is kept. */
  readonly f: Tensor;
  /** Candidate for the memory. */
  readonly g: Tensor;
  /** Output gate: how much of the memory shows. */
  readonly o: Tensor;
  /** The memory after the step. */
  readonly c: Tensor;
}

/** h and c apart. @throws ArgumentError unless states are a list of two */
export function statesOf(
  operation: string,
  [hName, cName]: readonly [string, string],
  states: LSTMState | null,
): States {
  if (states === null) return { h0: null, c0: null };
  if (Array.isArray(states) && states.length === 2 && states.every((state) => state !== null))
    return { h0: states[0] as Tensor, c0: states[1] as Tensor };
  throw new ArgumentError(
    operation,
    `the states must be [${hName}, ${cName}], or null for zeros, got ${describe(states)}${slip(states)}`,
  );
}

/**
 * A layer of long short-term memory, or several:
 *
 *     i_t = σ(W_ii x_t + b_ii + W_hi h_{t−1} + b_hi)
 *     f_t = σ(W_if x_t + b_if + W_hf h_{t−1} + b_hf)
 *     g_t = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg)
 *     o_t = σ(W_io x_t + b_io + W_ho h_{t−1} + b_ho)
 *     c_t = f_t ∘ c_{t−1} + i_t ∘ g_t
 *     h_t = o_t ∘ tanh(c_t), or W_hr of that with `projSize`
 *
 * A batch is (T, N, F), (N, T, F) with `batchFirst`, or a `PackedSequence`; a single sequence is (T, F). The rows of a
 * weight are those of i, f, g, and o. Weights start from U(±1/√hiddenSize).
 *
 * @shape x (T, N, F), h0 (L·D, N, S), c0 (L·D, N, H) → output (T, N, D·S), hN (L·D, N, S), cN (L·D, N, H); L is
 *   numLayers, D is 2 if bidirectional, S is projSize or H
 * @source notes 5.7, 5.8; Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735; projections: Sak et al. 2014,
 *   arXiv:1402.1128
 * @example
 * const lstm = new nn.LSTM(50, 64, { batchFirst: true });
 * const [output, [hN, cN]] = lstm.forward(zeros([3, 40, 50]), null, { lengths: [40, 12, 31] });
 * output.shape; // [3, 40, 64]
 * hN.shape; // [1, 3, 64]
 */
export class LSTM extends RNNBase {
  /** @param numLayers passed directly or as an option */
  constructor(
    inputSize: number,
    hiddenSize: number,
    numLayers?: number | LSTMOptions,
    options?: LSTMOptions,
    ...surplus: readonly never[]
  ) {
    const { name } = new.target;
    const signature = `${name}(inputSize, hiddenSize, numLayers, options)`;
    noMore(signature, [inputSize, hiddenSize, numLayers, options], surplus);
    const read = lstmOptions(name, withLeading(name, { numLayers }, options));
    super('lstm', inputSize, hiddenSize, read, read.projSize);
  }

  /**
   * The outputs of the last layer at each step, and the final states of every layer and direction.
   *
   * @param states `[h0, c0]`, the states to start from (default: zeros)
   * @param options.lengths how many steps of each sequence are real (default: all)
   * @throws ShapeError, DTypeError if x or a state doesn't fit; ArgumentError for lengths that don't
   */
  override forward(
    x: PackedSequence,
    states?: LSTMState | null,
    options?: SequenceOptions,
  ): [output: PackedSequence, states: [hN: Tensor, cN: Tensor]];
  override forward(
    x: Tensor,
    states?: LSTMState | null,
    options?: SequenceOptions,
  ): [output: Tensor, states: [hN: Tensor, cN: Tensor]];
  override forward(
    x: Sequences,
    states: LSTMState | null = null,
    options?: SequenceOptions,
  ): [output: Sequences, states: [hN: Tensor, cN: Tensor]] {
    const given = statesOf(this.constructor.name, ['h0', 'c0'], states);
    const { output, hN, cN } = this.results(x, given, options);
    return [output, [hN, cN!]];
  }

  /**
   * The values of the gates, for each layer and direction in the order of hN: what `forward` computes on its way.
   *
   * @shape each gate (T, N, H), or as x: (N, T, H), (T, H); zero after a sequence's end
   * @example
   * const [{ f }] = new nn.LSTM(50, 64).gates(zeros([12, 50]));
   * f.shape; // [12, 64]
   */
  gates(
    x: Sequences,
    states: LSTMState | null = null,
    options?: SequenceOptions,
  ): [LSTMGates, ...LSTMGates[]] {
    const given = statesOf(this.constructor.name, ['h0', 'c0'], states);
    return this.gatesOf(x, given, options) as unknown as [LSTMGates];
  }
}

import { noMore } from '../../core/exact.js';
import { defineOptions, withLeading } from '../../core/options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type RecurrentOptions, recurrentSpec, type SequenceOptions } from './base.js';
import { OneStateRNN } from './one-state.js';
import type { Sequences } from './sequences.js';

const gruOptions = defineOptions(recurrentSpec);

/** The values inside a GRU at each step. */
export interface GRUGates {
  /** Reset gate: how much of the state before goes into the candidate. */
  readonly r: Tensor;
  /** Update gate: how much of the state before is kept. */
  readonly z: Tensor;
  /** Candidate for the next state. */
  readonly n: Tensor;
}

/**
 * A layer of gated recurrent units, or several:
 *
 *     r_t = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr)
 *     z_t = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz)
 *     n_t = tanh(W_in x_t + b_in + r_t ∘ (W_hn h_{t−1} + b_hn))
 *     h_t = (1 − z_t) ∘ n_t + z_t ∘ h_{t−1}
 *
 * A batch is (T, N, F), (N, T, F) with `batchFirst`, or a `PackedSequence`; a single sequence is (T, F). The rows of a
 * weight are those of r, z, and n. Weights start from U(±1/√hiddenSize).
 *
 * @shape x (T, N, F), h0 (L·D, N, H) → output (T, N, D·H), hN (L·D, N, H); L is numLayers, D is 2 if bidirectional
 * @source notes 5.7, 5.8; Cho et al. 2014, arXiv:1406.1078
 * @example
 * const gru = new nn.GRU(64, 256, { numLayers: 4, bidirectional: true, batchFirst: true });
 * const [output, hN] = gru.forward(zeros([8, 10, 64]));
 * output.shape; // [8, 10, 512]
 * hN.shape; // [8, 8, 256]
 */
export class GRU extends OneStateRNN {
  /** @param numLayers passed directly or as an option */
  constructor(
    inputSize: number,
    hiddenSize: number,
    numLayers?: number | RecurrentOptions,
    options?: RecurrentOptions,
    ...surplus: readonly never[]
  ) {
    const { name } = new.target;
    const signature = `${name}(inputSize, hiddenSize, numLayers, options)`;
    noMore(signature, [inputSize, hiddenSize, numLayers, options], surplus);
    const read = gruOptions(name, withLeading(name, { numLayers }, options));
    super('gru', inputSize, hiddenSize, read);
  }

  /**
   * The values of the gates, for each layer and direction in the order of hN: what `forward` computes on its way.
   *
   * @shape each gate (T, N, H), or as x: (N, T, H), (T, H); zero after a sequence's end
   * @example
   * const [{ z }] = new nn.GRU(50, 64).gates(zeros([12, 50]));
   * z.shape; // [12, 64]
   */
  gates(x: Sequences, h0: Tensor | null = null, options?: SequenceOptions): [GRUGates, ...GRUGates[]] {
    return this.gatesOf(x, { h0, c0: null }, options) as unknown as [GRUGates];
  }
}

import { noMore } from '../../core/exact.js';
import { defineOptions, withLeading, word } from '../../core/options.js';
import { type RecurrentOptions, recurrentSpec } from './base.js';
import { OneStateRNN } from './one-state.js';

export interface RNNOptions extends RecurrentOptions {
  /** The function f (default `tanh`). */
  readonly nonlinearity?: 'tanh' | 'relu';
}

export const nonlinearityOption = word(['tanh', 'relu'], 'tanh');
const rnnOptions = defineOptions({ ...recurrentSpec, nonlinearity: nonlinearityOption });

/**
 * A recurrent layer of the simplest kind, or several: h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh).
 *
 * A batch is (T, N, F), (N, T, F) with `batchFirst`, or a `PackedSequence`; a single sequence is (T, F). Weights start from
 * U(±1/√hiddenSize).
 *
 * @shape x (T, N, F), h0 (L·D, N, H) → output (T, N, D·H), hN (L·D, N, H); L is numLayers, D is 2 if bidirectional
 * @source notes 5.5, 5.8; Elman 1990, doi:10.1207/s15516709cog1402_1
 * @example
 * const rnn = new nn.RNN(50, 64, { batchFirst: true });
 * const [output, hN] = rnn.forward(zeros([32, 40, 50]));
 * output.shape; // [32, 40, 64]
 * hN.shape; // [1, 32, 64]
 */
export class RNN extends OneStateRNN {
  readonly nonlinearity: 'tanh' | 'relu';

  /** @param numLayers passed directly or as an option */
  constructor(
    inputSize: number,
    hiddenSize: number,
    numLayers?: number | RNNOptions,
    options?: RNNOptions,
    ...surplus: readonly never[]
  ) {
    const { name } = new.target;
    const signature = `${name}(inputSize, hiddenSize, numLayers, options)`;
    noMore(signature, [inputSize, hiddenSize, numLayers, options], surplus);
    const read = rnnOptions(name, withLeading(name, { numLayers }, options));
    super(read.nonlinearity === 'relu' ? 'rnn_relu' : 'rnn_tanh', inputSize, hiddenSize, read);
    this.nonlinearity = read.nonlinearity;
  }

  protected override describe(): string {
    const { nonlinearity } = this;
    return nonlinearity === 'tanh' ? super.describe() : `${super.describe()}, nonlinearity=${nonlinearity}`;
  }
}

import { defineOptions } from '../../core/options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type CellOptions, cellSpec, RNNCellBase } from './cell-base.js';
import { type LSTMState, statesOf } from './lstm.js';
import { nonlinearityOption } from './rnn.js';

export interface RNNCellOptions extends CellOptions {
  /** The function f (default `tanh`). */
  readonly nonlinearity?: 'tanh' | 'relu';
}

const rnnCellOptions = defineOptions({ ...cellSpec, nonlinearity: nonlinearityOption });
const cellOptions = defineOptions(cellSpec);

/**
 * One step of an `RNN`: h' = f(W_ih x + b_ih + W_hh h + b_hh).
 *
 * @shape x (N, F) or (F), h (N, H) or (H) → like h
 * @source notes 5.5
 */
export class RNNCell extends RNNCellBase {
  readonly nonlinearity: 'tanh' | 'relu';

  constructor(inputSize: number, hiddenSize: number, options?: RNNCellOptions) {
    const read = rnnCellOptions(new.target.name, options);
    super(read.nonlinearity === 'relu' ? 'rnn_relu' : 'rnn_tanh', inputSize, hiddenSize, read);
    this.nonlinearity = read.nonlinearity;
  }

  /** @param h the state before (default: zeros) */
  override forward(x: Tensor, h: Tensor | null = null): Tensor {
    return this.step(x, h).out;
  }

  protected override describe(): string {
    const { nonlinearity } = this;
    return nonlinearity === 'tanh' ? super.describe() : `${super.describe()}, nonlinearity=${nonlinearity}`;
  }
}

/**
 * One step of an `LSTM`.
 *
 * @shape x (N, F) or (F), h and c (N, H) or (H) → like these
 * @source notes 5.7
 * @example
 * const cell = new nn.LSTMCell(50, 64);
 * let state: [Tensor, Tensor] = [zeros([3, 64]), zeros([3, 64])];
 * for (const x of zeros([40, 3, 50])) state = cell.forward(x, state);
 * state[0].shape; // [3, 64]
 */
export class LSTMCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, options?: CellOptions) {
    super('lstm', inputSize, hiddenSize, cellOptions(new.target.name, options));
  }

  /** @param states `[h, c]`, the states before (default: zeros) */
  override forward(x: Tensor, states: LSTMState | null = null): [h: Tensor, c: Tensor] {
    const { h0, c0 } = statesOf(this.constructor.name, ['h', 'c'], states);
    const { out, cN } = this.step(x, h0, c0);
    return [out, x.ndim === 1 ? cN!.squeeze(0) : cN!];
  }
}

/**
 * One step of a `GRU`.
 *
 * @shape x (N, F) or (F), h (N, H) or (H) → like h
 * @source notes 5.7
 */
export class GRUCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, options?: CellOptions) {
    super('gru', inputSize, hiddenSize, cellOptions(new.target.name, options));
  }

  /** @param h the state before (default: zeros) */
  override forward(x: Tensor, h: Tensor | null = null): Tensor {
    return this.step(x, h).out;
  }
}

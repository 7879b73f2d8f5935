import type { View } from './storage.js';

/** Layers whose state goes from step to step. */
export const recurrentKinds = ['rnn_tanh', 'rnn_relu', 'lstm', 'gru'] as const;

export type RecurrentKind = (typeof recurrentKinds)[number];

/** How many blocks of `hiddenSize` rows the weights of a kind have: PyTorch's i f g o, and r z n. */
export const recurrentGates: Readonly<Record<RecurrentKind, number>> = {
  rnn_tanh: 1,
  rnn_relu: 1,
  lstm: 4,
  gru: 3,
};

/**
 * Where the steps of sequences of different lengths lie. A row is one step of one sequence; each row of the input
 * and output belongs to exactly one step:
 *
 *     row(t, n) = offsets[t] + n · rowStep,  n < sizes[t]
 *
 * | layout | sizes | offsets | rowStep |
 * |---|---|---|---|
 * | time first (T, N, …) | N | t · N | 1 |
 * | batch first (N, T, …) | N | t | T |
 * | packed (ΣT, …), longest first | sequences of more than t steps | Σ sizes before t | 1 |
 */
export interface SequenceLayout {
  /** The number of sequences, N. */
  readonly batch: number;
  /** How many sequences have a step t; never increases. */
  readonly sizes: readonly number[];
  readonly offsets: readonly number[];
  readonly rowStep: number;
}

/** A layer: one or both directions over all steps. */
export interface RecurrentPlan extends SequenceLayout {
  readonly kind: RecurrentKind;
  /** F */
  readonly inputSize: number;
  /** H */
  readonly hiddenSize: number;
  /** P, the size of what an LSTM's projection makes of its state; 0 without one. Outputs then have P columns, else H. */
  readonly projSize: number;
  /** D: with 2, the second reads each sequence from its own last step, and its results follow the first's in each row. */
  readonly directions: 1 | 2;
}

/** The weights of a direction, dense. G = `recurrentGates[kind]`; S = P with a projection, else H. */
export interface RecurrentWeights<V = View> {
  /** (G·H, F) */
  readonly ih: V;
  /** (G·H, S) */
  readonly hh: V;
  /** (G·H) */
  readonly bih: V | null;
  /** (G·H) */
  readonly bhh: V | null;
  /** The projection, (P, H). */
  readonly hr: V | null;
}

/** What a layer reads: x (rows, F), and the states (D, N, S) and (D, N, H) to start from; null for zeros. */
export interface RecurrentInputs<V = View> {
  readonly x: V;
  readonly h0: V | null;
  /** LSTM only. */
  readonly c0: V | null;
}

/** What a layer writes: out (rows, D·S), and each sequence's state after its last step, (D, N, S) and (D, N, H). */
export interface RecurrentOutputs<V = View> {
  readonly out: V;
  readonly hN: V;
  /** LSTM only. */
  readonly cN: V | null;
}

/** The number of elements that the backward pass reads again: gates, cell states, the GRU's share of its hidden state. */
export function reserveCount(plan: RecurrentPlan): number {
  const rows = plan.sizes.reduce((sum, size) => sum + size, 0);
  const blocks = { rnn_tanh: 0, rnn_relu: 0, lstm: 5, gru: 4 }[plan.kind];
  return rows * plan.directions * blocks * plan.hiddenSize;
}

/** A whole recurrent layer in one call. All views are dense, of the same dtype: float32 or float64. */
export interface RecurrentEngine {
  /** @param reserve `reserveCount` elements for the backward pass; null if there won't be one */
  recurrent(
    outputs: RecurrentOutputs,
    reserve: View | null,
    inputs: RecurrentInputs,
    weights: readonly RecurrentWeights[],
    plan: RecurrentPlan,
  ): void;

  /**
   * Writes the gradients of what isn't null, from those of the outputs (null for zeros) and what the forward pass
   * read and wrote.
   */
  recurrentBackward(
    gradients: {
      readonly inputs: RecurrentInputs<View | null>;
      readonly weights: readonly RecurrentWeights<View | null>[];
    },
    outputGradients: RecurrentOutputs<View | null>,
    inputs: RecurrentInputs,
    out: View,
    reserve: View,
    weights: readonly RecurrentWeights[],
    plan: RecurrentPlan,
  ): void;
}

import type { RecurrentKind, RecurrentWeights } from '../../engine/recurrent.js';
import type { Tensor } from '../../tensor/tensor.js';
import { linear } from '../products/linear.js';

/** What goes from step to step, one row for each sequence: [h], or an LSTM's [h, c]. */
export type State = readonly Tensor[];

/** What a step makes. */
export interface Step {
  readonly state: State;
  /** The values inside, by their letters in the equations. */
  readonly gates: Readonly<Record<string, Tensor>>;
}

/**
 * One step: the next state from `input` = W_ih x + b_ih, the state before, and the weights on it.
 * @shape input (N, G·H), h (N, S), c (N, H)
 */
type Cell = (input: Tensor, state: State, weights: RecurrentWeights<Tensor>) => Step;

/** h' = f(W_ih x + b_ih + W_hh h + b_hh) */
const rnn =
  (activation: (a: Tensor) => Tensor): Cell =>
  (input, [h], { hh, bhh }) => ({ state: [activation(linear(h!, hh, bhh).add(input))], gates: {} });

/**
 * [i f g o] = [σ σ tanh σ](W_ih x + b_ih + W_hh h + b_hh); c' = f ∘ c + i ∘ g; h' = o ∘ tanh(c'), or W_hr of that
 */
const lstm: Cell = (input, [h, c], { hh, bhh, hr }) => {
  const [ai, af, ag, ao] = linear(h!, hh, bhh).add(input).chunk(4, 1) as [Tensor, Tensor, Tensor, Tensor];
  const [i, f, g, o] = [ai.sigmoid(), af.sigmoid(), ag.tanh(), ao.sigmoid()];
  const cell = f.mul(c!).add(i.mul(g));
  const hidden = o.mul(cell.tanh());
  return { state: [hr === null ? hidden : linear(hidden, hr), cell], gates: { i, f, g, o, c: cell } };
};

/**
 * [r z] = σ(W_ih x + b_ih + W_hh h + b_hh), n = tanh(W_in x + b_in + r ∘ (W_hn h + b_hn)); h' = (1 − z) ∘ n + z ∘ h
 */
const gru: Cell = (input, [h], { hh, bhh }) => {
  const [xr, xz, xn] = input.chunk(3, 1) as [Tensor, Tensor, Tensor];
  const [hr, hz, hn] = linear(h!, hh, bhh).chunk(3, 1) as [Tensor, Tensor, Tensor];
  const [r, z] = [xr.add(hr).sigmoid(), xz.add(hz).sigmoid()];
  const n = xn.add(r.mul(hn)).tanh();
  return { state: [h!.sub(n).mul(z).add(n)], gates: { r, z, n } };
};

export const cells: Readonly<Record<RecurrentKind, Cell>> = {
  rnn_tanh: rnn((a) => a.tanh()),
  rnn_relu: rnn((a) => a.relu()),
  lstm,
  gru,
};

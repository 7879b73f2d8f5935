import * as F from '../../functional.js';
import { cat, eye, grad, randint, stack, type Tensor, tidy, zeros } from '../../index.js';
import * as nn from '../../nn/index.js';
import type { OptimizerLike } from '../../train/index.js';
import { numbersOf, type PartProgress, Recording } from '../kit/index.js';

/** Symbols that a sequence may begin with. As many others follow. */
export const SYMBOLS = 4;
/** Units of every layer. */
export const HIDDEN = 32;
const BATCH = 32;

/** Reads sequences. @shape x (T, N, 2 · SYMBOLS), h0 (1, N, H) or null → (T, N, H) */
export interface Reader extends nn.Module {
  forward(x: Tensor, h0: Tensor | null): Tensor;
}

/** RNN, LSTM, or GRU as a reader. */
export class Recurrent extends nn.Module implements Reader {
  constructor(readonly layer: nn.RNN | nn.LSTM | nn.GRU) {
    super();
  }

  override forward(x: Tensor, h0: Tensor | null): Tensor {
    const { layer } = this;
    if (layer instanceof nn.LSTM) return layer.forward(x, h0 && [h0, zeros(h0.shape)])[0];
    return layer instanceof nn.GRU ? layer.forward(x, h0)[0] : layer.forward(x, h0)[0];
  }
}

/**
 * An RNN with connections to an earlier state: h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh + V h_{t−k}).
 *
 * @source notes 5.6, figure 5.22
 */
export class SkipRnn extends nn.Module implements Reader {
  readonly cell = new nn.RNNCell(2 * SYMBOLS, HIDDEN);
  readonly back = new nn.Linear(HIDDEN, HIDDEN, { bias: false });

  /** @param reach k, how many steps back a connection goes */
  constructor(readonly reach: number) {
    super();
  }

  override forward(x: Tensor, h0: Tensor | null): Tensor {
    const { weightIh, weightHh, biasIh, biasHh } = this.cell;
    const states = [h0 ? h0.select(0, 0) : zeros([x.shape[1]!, HIDDEN])];
    const inputs = F.linear(x, weightIh, biasIh).unbind(0);
    for (const [t, input] of inputs.entries()) {
      const step = F.linear(states[t]!, weightHh, biasHh).add(input);
      const earlier = states[t + 1 - this.reach];
      states.push((earlier ? step.add(this.back.forward(earlier)) : step).tanh());
    }
    return stack(states.slice(1), 0);
  }
}

/**
 * One batch of the recall task: a symbol, then `length` − 1 symbols that say nothing; the class is the first symbol.
 *
 * @shape x (T, N, 2 · SYMBOLS), one-hot, classes (N)
 */
export function recallBatch(length: number): [x: Tensor, classes: Tensor] {
  const first = randint(0, SYMBOLS, [1, BATCH]);
  const rest = randint(SYMBOLS, 2 * SYMBOLS, [length - 1, BATCH]);
  return [F.oneHot(cat([first, rest], 0), 2 * SYMBOLS).to('float32'), first.select(0, 0)];
}

/** ‖∂h_T/∂h_0‖ (Frobenius) for T = 1 … length, on one sequence of the recall task. */
export function gradientNorms(reader: Reader, length: number): Promise<number[]> {
  const [x] = recallBatch(length);
  // HIDDEN copies of one sequence, so one backward pass makes all rows of the Jacobian.
  const same = x
    .narrow(1, 0, 1)
    .expand([length, HIDDEN, 2 * SYMBOLS])
    .contiguous();
  const h0 = zeros([1, HIDDEN, HIDDEN]).requiresGrad_();
  const steps = reader.forward(same, h0).unbind(0); // (H, H) each
  const rows = eye(HIDDEN);
  const norms = steps.map((h) =>
    tidy(() => {
      const [jacobian] = grad([h], [h0], { gradOutputs: [rows], retainGraph: true });
      return jacobian!.norm();
    }),
  );
  return numbersOf(norms);
}

export interface RecallOptions {
  readonly length: number;
  readonly steps: number;
  /** Limits the gradient in place before a step (default: leaves it). */
  readonly clip?: (parameters: readonly Tensor[]) => void;
}

/** What a training saw at each step. */
export interface RecallTraining {
  /** Share of the batch that was right. */
  readonly accuracies: readonly number[];
  /** Norm of the gradient of all parameters, before it's clipped. */
  readonly norms: readonly number[];
}

/** Trains a reader, with a linear layer on its last state, to recall the first symbol. */
export async function trainRecall(
  reader: Reader,
  optimizerOf: (parameters: readonly Tensor[]) => OptimizerLike,
  { length, steps, clip }: RecallOptions,
  progress: PartProgress,
): Promise<RecallTraining> {
  const head = new nn.Linear(HIDDEN, SYMBOLS);
  const parameters = [...reader.parameters(), ...head.parameters()];
  const optimizer = optimizerOf(parameters);
  const [accuracies, norms] = [new Recording(), new Recording()];
  for (let step = 0; step < steps; step++) {
    tidy(() => {
      const [x, classes] = recallBatch(length);
      optimizer.zeroGrad();
      const logits = head.forward(reader.forward(x, null).select(0, length - 1)); // (N, SYMBOLS)
      F.crossEntropy(logits, classes).backward();
      norms.add(nn.utils.clipGradNorm_(parameters, Number.POSITIVE_INFINITY));
      clip?.(parameters);
      optimizer.step();
      accuracies.add(logits.argmax(1).eq(classes).to('float32').mean());
    });
    if (step % 20 === 0) await progress(step / steps);
  }
  return { accuracies: await accuracies.numbers(), norms: await norms.numbers() };
}

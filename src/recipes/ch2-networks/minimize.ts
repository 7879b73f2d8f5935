import { randint, type Tensor, tidy } from '../../index.js';
import type { OptimizerLike } from '../../train/index.js';
import type { PartProgress } from '../kit/index.js';

/** A cost to minimize: the mean of a loss over all examples, or over those at some indices. */
export interface Problem {
  readonly parameters: readonly Tensor[];
  /** Number of examples. */
  readonly n: number;
  cost(rows?: Tensor): Tensor;
}

export interface MinimizeOptions {
  readonly steps: number;
  /** Examples for each step, drawn at random; `n`: all of them. */
  readonly batch: number;
  /** Called before each step, and after the last. */
  readonly watch: (step: number) => void;
}

/** Takes steps of an optimizer, each with the gradient of the cost of some examples. */
export async function minimize(
  { parameters, n, cost }: Problem,
  optimizerOf: (parameters: readonly Tensor[]) => OptimizerLike,
  { steps, batch, watch }: MinimizeOptions,
  progress: PartProgress,
): Promise<void> {
  const optimizer = optimizerOf(parameters);
  for (let step = 0; ; step++) {
    watch(step);
    if (step === steps) return;
    tidy(() => {
      const loss = batch === n ? cost() : cost(randint(0, n, [batch]));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    });
    if (step % 20 === 19) await progress((step + 1) / steps);
  }
}

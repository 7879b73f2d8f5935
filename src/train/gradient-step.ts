import { NonFiniteError } from '../core/errors.js';
import { number, whole } from '../core/options.js';
import { noGrad, type Tensor } from '../index.js';
import { clipGradNorm_, clipGradValue_ } from '../nn/utils.js';
import type { Stateful } from './named.js';

/** What a trainer asks of an optimizer. */
export interface OptimizerLike extends Stateful {
  readonly paramGroups: readonly { readonly params: readonly Tensor[]; lr: number }[];
  zeroGrad(): void;
  step(): unknown;
}

export interface GradientOptions {
  /** Scales the gradients of a step so that their norm together is at most this (default: it does not). */
  readonly clipGradNorm?: number;
  /** Limits every element of the gradients to [−clipGradValue, clipGradValue] (default: it does not). */
  readonly clipGradValue?: number;
  /**
   * Batches whose gradients make one step (default 1): with losses that are means over their batch, the
   * step is that of one large batch.
   */
  readonly accumulate?: number;
}

const limit = number(undefined, { above: 0, infinite: true });

/** What `GradientOptions` may be. */
export const gradientSpec = {
  clipGradNorm: limit,
  clipGradValue: limit,
  accumulate: whole(1, { least: 1 }),
};

const parametersOf = (optimizers: readonly OptimizerLike[]): Tensor[] =>
  optimizers.flatMap(({ paramGroups }) => paramGroups.flatMap(({ params }) => params));

/** A loss or gradients that are not finite. */
export class NonFiniteStep extends NonFiniteError {
  constructor(readonly problem: string) {
    super('fit', problem);
  }
}

/** Makes steps of optimizers from losses, and keeps numbers that are not finite away from the parameters. */
export class GradientStep {
  readonly #clipGradNorm: number;
  readonly #clipGradValue: number | undefined;
  readonly #accumulate: number;
  /** Examples of the open group of batches, and those that its gradients are divided by so far. */
  #examples = 0;
  #divisor = 0;

  constructor({ clipGradNorm, clipGradValue, accumulate = 1 }: GradientOptions) {
    this.#clipGradNorm = clipGradNorm ?? Number.POSITIVE_INFINITY;
    this.#clipGradValue = clipGradValue;
    this.#accumulate = accumulate;
  }

  /**
   * Adds the gradients of the mean loss of a batch to those of its group. The divisor is a guess, right
   * where all batches are as large as the first; `close` corrects it.
   */
  add(loss: Tensor, optimizers: readonly OptimizerLike[], examples: number): void {
    if (this.#examples === 0) {
      for (const optimizer of optimizers) optimizer.zeroGrad();
      this.#divisor = this.#accumulate * examples;
    }
    this.#examples += examples;
    requireFinite(loss);
    const share = examples / this.#divisor;
    (share === 1 ? loss : loss.mul(share)).backward();
  }

  /** Ends a group with a step. */
  close(optimizers: readonly OptimizerLike[]): void {
    const correction = this.#divisor / this.#examples;
    this.reset();
    const parameters = parametersOf(optimizers);
    if (correction !== 1)
      noGrad(() => {
        for (const { grad } of parameters) grad?.mul_(correction);
      });
    this.#apply(parameters, optimizers);
  }

  /** Forgets a group that was begun. */
  reset(): void {
    this.#examples = 0;
  }

  /** A whole step for one loss. */
  minimize(loss: Tensor, optimizer: OptimizerLike): void {
    optimizer.zeroGrad();
    requireFinite(loss);
    loss.backward();
    this.#apply(parametersOf([optimizer]), [optimizer]);
  }

  #apply(parameters: readonly Tensor[], optimizers: readonly OptimizerLike[]): void {
    // Without a limit this only measures: gradients that are not finite have a norm that is not.
    const norm = clipGradNorm_(parameters, this.#clipGradNorm).itemSync();
    if (!Number.isFinite(norm)) throw new NonFiniteStep(`the norm of the gradients became ${norm}`);
    if (this.#clipGradValue !== undefined) clipGradValue_(parameters, this.#clipGradValue);
    for (const optimizer of optimizers) optimizer.step();
  }
}

function requireFinite(loss: Tensor): void {
  // One of several elements is an error that backward explains.
  const value = loss.count === 1 ? loss.itemSync() : 0;
  if (!Number.isFinite(value)) throw new NonFiniteStep(`the loss became ${value}`);
}

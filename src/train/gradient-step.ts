import { NonFiniteError } from '../core/errors.js';
import { number, whole } from '../core/options.js';
import { noGrad, stack, type Tensor } from '../index.js';
import { clipGradNorm_, clipGradValue_ } from '../nn/utils/index.js';
import { inspect } from '../tensor/inspect.js';
import type { Stateful } from './named.js';

/** What a trainer needs from an optimizer. */
export interface OptimizerLike extends Stateful {
  readonly paramGroups: readonly { readonly params: readonly Tensor[]; lr: number }[];
  zeroGrad(): void;
  step(): unknown;
}

export interface GradientOptions {
  /** Scales the gradients of a step to a total norm of at most this (default: no limit). */
  readonly clipGradNorm?: number;
  /** Limits every element of the gradients to [−clipGradValue, clipGradValue] (default: no limit). */
  readonly clipGradValue?: number;
  /**
   * Number of batches whose gradients make one step (default 1): if losses are means over their batch, the
   * step is the same as with one large batch.
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

/** A loss or gradients that aren't finite. */
export class NonFiniteStep extends NonFiniteError {
  constructor(readonly problem: string) {
    super('fit', problem);
  }
}

/** @throws NonFiniteStep unless the loss and the gradients' norm, as far as they're known, are finite */
export function requireFinite(loss: number | undefined, norm: number | undefined): void {
  const problem = problemOf(loss, norm);
  if (problem !== null) throw problem;
}

function problemOf(loss = 0, norm = 0): NonFiniteStep | null {
  if (!Number.isFinite(loss)) return new NonFiniteStep(`the loss became ${loss}`);
  if (!Number.isFinite(norm)) return new NonFiniteStep(`the norm of the gradients became ${norm}`);
  return null;
}

/** Makes optimizer steps from losses, and keeps numbers that aren't finite out of the parameters. */
export class GradientStep {
  readonly #clipGradNorm: number;
  readonly #clipGradValue: number | undefined;
  readonly #accumulate: number;
  /** Examples in the open group of batches, and the number that its gradients are divided by so far. */
  #examples = 0;
  #divisor = 0;

  constructor({ clipGradNorm, clipGradValue, accumulate = 1 }: GradientOptions) {
    this.#clipGradNorm = clipGradNorm ?? Number.POSITIVE_INFINITY;
    this.#clipGradValue = clipGradValue;
    this.#accumulate = accumulate;
  }

  /**
   * Adds the gradients of a batch's mean loss to those of its group. The divisor is a guess that's right
   * if all batches are as large as the first; `close` corrects it.
   */
  add(loss: Tensor, optimizers: readonly OptimizerLike[], examples: number): void {
    if (this.#examples === 0) {
      for (const optimizer of optimizers) optimizer.zeroGrad();
      this.#divisor = this.#accumulate * examples;
    }
    this.#examples += examples;
    const share = examples / this.#divisor;
    (share === 1 ? loss : loss.mul(share)).backward();
  }

  /** Ends a group: limits the gradients' norm. @returns the norm that they had */
  close(optimizers: readonly OptimizerLike[]): Tensor {
    const correction = this.#divisor / this.#examples;
    this.reset();
    const parameters = parametersOf(optimizers);
    if (correction !== 1)
      noGrad(() => {
        for (const { grad } of parameters) grad?.mul_(correction);
      });
    return this.#limitNorm(parameters);
  }

  /** Makes the step, once the norm is known to be finite. */
  step(optimizers: readonly OptimizerLike[]): void {
    if (this.#clipGradValue !== undefined) clipGradValue_(parametersOf(optimizers), this.#clipGradValue);
    for (const optimizer of optimizers) optimizer.step();
  }

  /** Drops an open group. */
  reset(): void {
    this.#examples = 0;
  }

  /** A complete step for one loss. */
  minimize(loss: Tensor, optimizer: OptimizerLike): void {
    optimizer.zeroGrad();
    loss.backward();
    const norm = this.#limitNorm(parametersOf([optimizer]));
    inspect(stack([loss.detach().reshape([]), norm.to(loss.dtype)]), ([value, length]) =>
      problemOf(value, length),
    );
    this.step([optimizer]);
  }

  /** Without a limit this only measures: gradients that aren't finite have a norm that isn't either. */
  #limitNorm(parameters: readonly Tensor[]): Tensor {
    return clipGradNorm_(parameters, this.#clipGradNorm);
  }
}

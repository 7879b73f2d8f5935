import { describe, slip } from '../core/describe.js';
import { ArgumentError, NonFiniteError } from '../core/errors.js';
import { Tensor, tidy } from '../index.js';
import type { Module } from '../nn/index.js';
import { describeHidden, hiddenParameters } from '../nn/module/hidden.js';
import { detached, valuesOf } from './batch-values.js';
import { GradientStep, NonFiniteStep, type OptimizerLike, requireFinite } from './gradient-step.js';
import type { Members } from './named.js';
import { explainNonFinite } from './non-finite.js';
import type { RandomStreams } from './random-streams.js';
import { numbersOf } from './read.js';
import { scalarsOf } from './step-result.js';
import type { MetricLike, Minimize, TrainerOptions, Update } from './trainer-options.js';

function requireMinimizable(loss: unknown, optimizer: unknown): void {
  if (!(loss instanceof Tensor))
    throw new ArgumentError('minimize', `the loss must be a tensor, got ${describe(loss)}${slip(loss)}`);
  if (typeof (optimizer as OptimizerLike | undefined)?.step !== 'function')
    throw new ArgumentError(
      'minimize',
      `needs the optimizer that makes the step, got ${describe(optimizer)}\n  hint: minimize(loss, optimizer)`,
    );
}

/** Learns from batches: with the usual step, or with the `update` that replaces it. */
export class Learner<B> {
  readonly #gradients: GradientStep;
  #looked = false;
  /** Where the trainer was made, for errors about tensors of a step that are used after the trainer freed them. */
  readonly #madeAt = new Error();

  /** @throws ArgumentError for invalid options */
  constructor(
    private readonly options: TrainerOptions<B>,
    private readonly models: Members<Module>,
    private readonly optimizers: Members<OptimizerLike>,
    private readonly metrics: Members<MetricLike>,
    private readonly random: RandomStreams,
  ) {
    this.#gradients = new GradientStep(options);
    if (options.update && options.accumulate !== undefined && options.accumulate !== 1)
      throw new ArgumentError(
        'Trainer',
        'accumulate only works with step; an update makes its own optimizer steps',
      );
  }

  /** Drops an open group of batches. */
  reset(): void {
    this.#gradients.reset();
  }

  /**
   * Learns from a batch of `size` examples, and from its group if it `closes` it.
   *
   * @param step number of the step, for messages
   * @throws NonFiniteError for a loss or gradients that aren't finite, with the cause
   */
  async learn(batch: B, size: number, closes: boolean, step: number): Promise<Record<string, number>> {
    this.random.mark();
    const { update } = this.options;
    try {
      if (update)
        return await valuesOf(
          tidy(() => this.#update(update, batch), this.#madeAt),
          this.metrics,
        );
      return await this.#learn(batch, size, closes);
    } catch (error) {
      throw error instanceof NonFiniteError ? await this.#explain(error, batch, step) : error;
    }
  }

  /** Measures, waits for the step's single read, and changes the parameters if all numbers are finite. */
  async #learn(batch: B, size: number, closes: boolean): Promise<Record<string, number>> {
    const { scalars, norm } = tidy(() => this.#measure(batch, size, closes), this.#madeAt);
    const tensors = Object.values(scalars);
    const numbers = await numbersOf(norm === null ? tensors : [...tensors, norm], this.metrics);
    const values = Object.fromEntries(Object.keys(scalars).map((name, i) => [name, numbers[i]!]));
    requireFinite(values.loss, numbers[tensors.length]);
    if (closes) tidy(() => this.#gradients.step(this.optimizers.list), this.#madeAt);
    return values;
  }

  #measure(
    batch: B,
    size: number,
    closes: boolean,
  ): { scalars: Record<string, Tensor>; norm: Tensor | null } {
    const result = scalarsOf('fit', 'step', this.options.step!(batch), true);
    this.#requireFound(result.loss);
    this.#gradients.add(result.loss, this.optimizers.list, size);
    const norm = closes ? this.#gradients.close(this.optimizers.list) : null;
    return { scalars: detached(result), norm };
  }

  /** At the first loss, looks for parameters that it depends on but that models and optimizers don't see. */
  #requireFound(loss: Tensor): void {
    if (this.#looked) return;
    this.#looked = true;
    const known = new Set<Tensor>(this.models.list.flatMap((model) => model.parameters()));
    for (const { paramGroups } of this.optimizers.list)
      for (const { params } of paramGroups) for (const parameter of params) known.add(parameter);
    const hidden = hiddenParameters([loss], (one) => known.has(one));
    if (hidden.length > 0)
      throw new ArgumentError(
        'fit',
        `the loss depends on parameters that aren't in any model or optimizer: ${describeHidden(hidden)}; ` +
          "to freeze a model that isn't trained: model.requiresGrad_(false)",
      );
  }

  #update(update: Update<B>, batch: B): Record<string, Tensor> {
    let over = false;
    const minimize: Minimize = (loss, optimizer) => {
      if (over)
        throw new ArgumentError('minimize', 'the update had already ended; an update must not be async');
      requireMinimizable(loss, optimizer);
      this.#requireFound(loss);
      this.#gradients.minimize(loss, optimizer);
    };
    try {
      return detached(scalarsOf('fit', 'update', update(batch, minimize), false));
    } finally {
      over = true;
    }
  }

  /** The same error with its cause: runs the batch again with every operation checked, and makes no step. */
  #explain(error: NonFiniteError, batch: B, number: number): Promise<NonFiniteError> {
    const problem = error instanceof NonFiniteStep ? error.problem : error.message;
    const { update, step } = this.options;
    const measure: Minimize = (loss, optimizer) => {
      optimizer.zeroGrad();
      loss.backward();
    };
    return explainNonFinite(`${problem} at step ${number}`, this.models, batch, () => {
      this.random.rewind();
      for (const optimizer of this.optimizers.list) optimizer.zeroGrad();
      tidy(() => {
        if (update) update(batch, measure);
        else step!(batch).loss.backward();
      });
    });
  }
}

import { ArgumentError } from '../core/errors.js';
import { noGrad, Tensor } from '../index.js';
import type { Module } from '../nn/index.js';
import { computed, firstTensorLength, valuesOf } from './batch-values.js';
import { Breath } from './breath.js';
import { evaluate } from './evaluation.js';
import type { OptimizerLike } from './gradient-step.js';
import { Learner } from './learner.js';
import { learningRates } from './learning-rates.js';
import { WeightedMeans } from './means.js';
import { improves, monitored } from './monitor.js';
import { Members } from './named.js';
import { type Positions, RandomStreams } from './random-streams.js';
import type { Json, State } from './state.js';
import type {
  Batches,
  FitOptions,
  MetricLike,
  Outcome,
  Progress,
  Scalars,
  SchedulerLike,
  Step,
  TrainerCallback,
  TrainerOptions,
  Training,
} from './trainer-options.js';

/**
 * Trains: goes through the batches, epoch by epoch, and can go on later, to the bit, where it was
 * stopped.
 *
 * A step is "forward, loss, backward, step of the optimizer", the first two of which `step` says.
 * Whatever is not of that form, with several models and optimizers or none of the usual losses, says
 * what happens with a batch in `update`.
 *
 * @example
 * const trainer = new train.Trainer<[Tensor, Tensor]>({
 *   model,
 *   optimizer: new optim.Adam(model.parameters()),
 *   step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
 * });
 * await trainer.fit(batches, { epochs: 10 });
 */
export class Trainer<B> implements Training {
  readonly #options: TrainerOptions<B>;
  readonly #models: Members<Module>;
  readonly #optimizers: Members<OptimizerLike>;
  readonly #schedulers: Members<SchedulerLike>;
  readonly #metrics: Members<MetricLike>;
  readonly #random: RandomStreams;
  readonly #learner: Learner<B>;
  readonly #means = new WeightedMeans();
  readonly #breath = new Breath();
  #epoch = 0;
  /** Batches seen in this epoch, all of them parts of steps that were taken. */
  #batchInEpoch = 0;
  #step = 0;
  #best: number | null = null;
  /** Where the random numbers stood when the epoch began: what its order of batches comes from. */
  #epochStart: Positions;
  #stopping = false;
  /** When the epoch, or its rest, was begun, and the examples seen since. */
  #started = performance.now();
  #samples = 0;

  /** @throws ArgumentError for options that make no sense */
  constructor(options: TrainerOptions<B>) {
    const { model, optimizer, scheduler, schedulerInterval, metrics, generators } = options;
    this.#options = options;
    this.#models = new Members('model', model);
    this.#optimizers = new Members('optimizer', optimizer);
    this.#schedulers = new Members('scheduler', scheduler);
    this.#metrics = new Members('metric', metrics);
    this.#random = new RandomStreams(generators);
    this.#learner = new Learner(options, this.#models, this.#optimizers, this.#random);
    this.#epochStart = this.#random.positions();
    if (schedulerInterval !== 'epoch' && this.#schedulers.list.some(({ needsMetric }) => needsMetric))
      throw new ArgumentError(
        'Trainer',
        "a scheduler that is told a value is stepped every epoch: schedulerInterval: 'epoch'",
      );
  }

  /** Steps taken in all. */
  get step(): number {
    return this.#step;
  }

  /** Epochs that are done. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Ends `fit` after the step that is under way. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Trains until `epochs` epochs are done, `earlyStopping` ends it, or `stop` was called.
   *
   * @returns whether the training is done: false if it was stopped by `stop`
   * @throws NonFiniteError when the loss or a gradient is no longer a number, with the operation that made it
   * @throws ArgumentError for no batches, or others than those of the half epoch that is resumed
   */
  async fit(batches: Batches<B>, { epochs, validation }: FitOptions<B>): Promise<boolean> {
    if (!(Number.isInteger(epochs) && epochs >= 0))
      throw new ArgumentError('fit', `epochs must be a whole number of at least 0, not ${epochs}`);
    if (batches.length === 0) throw new ArgumentError('fit', 'there are no batches to train on');
    if (validation?.length === 0) throw new ArgumentError('fit', 'there are no batches to validate on');
    if (this.#batchInEpoch > batches.length)
      throw new ArgumentError(
        'fit',
        `the training goes on after batch ${this.#batchInEpoch} of an epoch, but these are ${batches.length} batches`,
      );
    this.#stopping = false;
    let outcome: Outcome = 'failed';
    try {
      await this.#tell('onStart', this.#progress(batches.length, epochs));
      while (!this.#isDone(epochs) && !this.#stopping) await this.#runEpoch(batches, epochs, validation);
      outcome = this.#isDone(epochs) ? 'finished' : 'stopped';
    } finally {
      await this.#tell('onEnd', outcome);
    }
    return outcome === 'finished';
  }

  #isDone(epochs: number): boolean {
    return this.#epoch >= epochs || this.#options.earlyStopping?.stopped === true;
  }

  #restoreBest(): void {
    const weights = this.#options.earlyStopping?.weights ?? null;
    if (weights !== null) this.#models.load(weights);
  }

  #progress(batches: number, epochs: number, values: Readonly<Record<string, number>> = {}): Progress {
    const { accumulate = 1 } = this.#options;
    return {
      epoch: Math.min(this.#epoch + 1, epochs),
      epochs,
      stepInEpoch: Math.ceil(this.#batchInEpoch / accumulate),
      stepsPerEpoch: Math.ceil(batches / accumulate),
      step: this.#step,
      samplesPerSecond: this.#pace().samplesPerSecond,
      values,
      means: this.#means.means(),
    };
  }

  /** Trains for the rest of an epoch, and ends it unless it was stopped before. */
  async #runEpoch(batches: Batches<B>, epochs: number, validation: Batches<B> | undefined): Promise<void> {
    this.#started = performance.now();
    this.#samples = 0;
    const rates = await this.#runBatches(batches, epochs);
    if (this.#batchInEpoch < batches.length) return;
    const pace = this.#pace();
    const train = { ...this.#means.means(), ...(await valuesOf(computed(this.#metrics))) };
    this.#epoch++;
    this.#batchInEpoch = 0;
    const validated = validation && (await this.evaluate(validation));
    const best = this.#judge(train, validated);
    if (this.#isDone(epochs)) this.#restoreBest();
    await this.#tell('onEpochEnd', {
      epoch: this.#epoch,
      epochs,
      step: this.#step,
      ...pace,
      train,
      ...(validated ? { validation: validated } : {}),
      learningRates: rates,
      best,
    });
  }

  #pace(): { seconds: number; samplesPerSecond: number } {
    const seconds = (performance.now() - this.#started) / 1000;
    return { seconds, samplesPerSecond: this.#samples / Math.max(seconds, 1e-6) };
  }

  /**
   * Goes through the rest of an epoch's batches, or until it is stopped.
   *
   * @returns the rates of the last step
   */
  async #runBatches(batches: Batches<B>, epochs: number): Promise<Record<string, number>> {
    const { accumulate = 1, sizeOf = firstTensorLength, schedulerInterval, callbacks = [] } = this.#options;
    const skip = this.#batchInEpoch;
    const now = this.#random.positions();
    if (skip === 0) {
      this.#means.reset();
      for (const metric of this.#metrics.list) metric.reset();
      this.#epochStart = now;
    } else this.#random.restore(this.#epochStart);
    for (const model of this.#models.list) model.train();
    this.#learner.reset();
    let seen = 0;
    let rates = learningRates(this.#optimizers);
    for await (const batch of batches) {
      if (seen++ < skip) {
        // The order is that of the epoch's start; from here on the numbers are those of the stop.
        if (seen === skip) this.#random.restore(now);
        continue;
      }
      const size = sizeOf(batch);
      const closes = seen % accumulate === 0 || seen === batches.length;
      const values = await valuesOf(this.#learner.learn(batch, size, closes, this.#step + 1));
      this.#means.add(values, size);
      this.#samples += size;
      if (closes) {
        this.#batchInEpoch = seen;
        this.#step++;
        if (seen === batches.length) rates = learningRates(this.#optimizers);
        if (schedulerInterval !== 'epoch')
          for (const scheduler of this.#schedulers.list) if (!scheduler.needsMetric) scheduler.step();
        if (callbacks.length > 0) await this.#tell('onStep', this.#progress(batches.length, epochs, values));
      }
      await this.#breath.take();
      if (closes && this.#stopping) break;
    }
    if (seen < batches.length && !this.#stopping)
      throw new ArgumentError('fit', `the batches ended after ${seen} of ${batches.length}`);
    return rates;
  }

  /** What an epoch means for schedulers and for stopping; whether its validation is the best so far. */
  #judge(
    train: Readonly<Record<string, number>>,
    validation: Readonly<Record<string, number>> | undefined,
  ): boolean {
    const { earlyStopping, schedulerInterval, monitor } = this.#options;
    const values = validation ?? train;
    const { name, mode = 'min' } = monitor ??
      (earlyStopping && { name: earlyStopping.monitor, mode: earlyStopping.mode }) ?? { name: 'loss' };
    if (schedulerInterval === 'epoch')
      for (const scheduler of this.#schedulers.list)
        if (scheduler.needsMetric) scheduler.step(monitored('Trainer', name, values));
        else scheduler.step();
    earlyStopping?.observe(this.#epoch, values, () => this.#snapshot());
    const value = monitor || earlyStopping ? monitored('Trainer', name, values) : values[name];
    if (validation === undefined || value === undefined || !improves(value, this.#best, mode)) return false;
    this.#best = value;
    return true;
  }

  /** A copy of all weights. */
  #snapshot(): State {
    const copy = (state: State): State =>
      state instanceof Tensor
        ? state.clone()
        : Object.fromEntries(
            Object.entries(state as object).map(([key, value]) => [key, copy(value as State)]),
          );
    return noGrad(() => copy(this.#models.state()!));
  }

  /**
   * Means of what `step` gives for each batch, weighted by the sizes of the batches, and the `metrics`;
   * without learning, the models in evaluation.
   *
   * @param step what to measure instead, without the `metrics`
   * @throws ArgumentError for no batches, or where there is only an `update` and no `step`
   */
  async evaluate(
    batches: Batches<B>,
    step: ((batch: B) => Scalars) | undefined = this.#options.step as Step<B> | undefined,
  ): Promise<Record<string, number>> {
    if (step === undefined)
      throw new ArgumentError('evaluate', 'needs a step, which says what is measured of a batch');
    const { sizeOf } = this.#options;
    const metrics =
      step === this.#options.step ? this.#metrics : new Members<MetricLike>('metric', undefined);
    return evaluate(batches, { models: this.#models.list, step, metrics, sizeOf });
  }

  /** All that is needed to go on to the bit: weights, optimizers, schedules, place, random numbers. */
  state(): State {
    const { earlyStopping } = this.#options;
    return {
      epoch: this.#epoch,
      batchInEpoch: this.#batchInEpoch,
      step: this.#step,
      best: this.#best,
      means: this.#means.state(),
      metrics: this.#metrics.state(),
      random: RandomStreams.toState(this.#random.positions()),
      epochStart: RandomStreams.toState(this.#epochStart),
      model: this.#models.state(),
      optimizer: this.#optimizers.state(),
      scheduler: this.#schedulers.state(),
      earlyStopping: earlyStopping?.stateDict(),
    };
  }

  /**
   * Goes on where `state` was taken.
   *
   * @throws StateDictError if it is the state of another model
   * @throws ArgumentError if it is that of another training, or no state of a trainer
   */
  loadState(state: State): void {
    const { earlyStopping } = this.#options;
    const s = state as Readonly<Record<string, State>> | null;
    if (typeof s?.epoch !== 'number' || typeof s.batchInEpoch !== 'number' || typeof s.step !== 'number')
      throw new ArgumentError('loadState', 'this is no state of a trainer');
    if ((s.earlyStopping === undefined) !== (earlyStopping === undefined))
      throw new ArgumentError(
        'loadState',
        `the state is of a training ${earlyStopping ? 'without' : 'with'} early stopping`,
      );
    const random = this.#random.fromState(s.random);
    const epochStart = this.#random.fromState(s.epochStart);
    this.#models.load(s.model);
    this.#optimizers.load(s.optimizer);
    this.#schedulers.load(s.scheduler);
    this.#metrics.load(s.metrics);
    earlyStopping?.loadStateDict(s.earlyStopping!);
    this.#means.load(s.means as { readonly [key: string]: Json });
    this.#epoch = s.epoch;
    this.#batchInEpoch = s.batchInEpoch;
    this.#step = s.step;
    this.#best = s.best as number | null;
    this.#epochStart = epochStart;
    this.#random.restore(random);
  }

  async #tell<K extends keyof TrainerCallback>(
    event: K,
    what: Parameters<NonNullable<TrainerCallback[K]>>[0],
  ): Promise<void> {
    for (const callback of this.#options.callbacks ?? [])
      await (
        callback[event] as ((what: unknown, trainer: Training) => void | Promise<void>) | undefined
      )?.call(callback, what, this);
  }
}

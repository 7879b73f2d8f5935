import { ArgumentError } from '../core/errors.js';
import type { Tensor } from '../index.js';
import type { Module } from '../nn/index.js';
import { computed, firstTensorLength, requireBatches, requireSize, valuesOf } from './batch-values.js';
import { Breath } from './breath.js';
import { requireCallbacks } from './callbacks.js';
import { evaluate } from './evaluation.js';
import type { OptimizerLike } from './gradient-step.js';
import { Learner } from './learner.js';
import { learningRates } from './learning-rates.js';
import { WeightedMeans } from './means.js';
import { improves, type Monitor, monitored } from './monitor.js';
import { monitorOf } from './monitor-of.js';
import { Members } from './named.js';
import { Place } from './place.js';
import { type Positions, RandomStreams } from './random-streams.js';
import { copyState, type State, sameState } from './state.js';
import {
  type Batches,
  type FitOptions,
  fitOptions,
  type MetricLike,
  type Outcome,
  type Progress,
  type Scalars,
  type SchedulerLike,
  type Step,
  type TrainerCallback,
  type TrainerOptions,
  type Training,
  trainerOptions,
} from './trainer-options.js';
import { stepping, Turn } from './turn.js';

/**
 * Trains: goes through the batches, epoch by epoch, and can resume later exactly where it was
 * stopped, bit for bit.
 *
 * A step is "forward, loss, backward, optimizer step", and `step` does the first two. For anything that
 * doesn't fit this pattern, such as several models and optimizers or an unusual loss, pass an `update`
 * that handles a batch.
 *
 * @example
 * const trainer = new train.Trainer<[Tensor, Tensor]>({
 *   model,
 *   optimizer: new optim.Adam(model.parameters()),
 *   step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
 * });
 * await trainer.fit(batches, { epochs: 10 });
 */
export class Trainer<B = [Tensor, Tensor]> implements Training {
  readonly #options: TrainerOptions<B>;
  readonly #models: Members<Module>;
  readonly #optimizers: Members<OptimizerLike>;
  readonly #schedulers: Members<SchedulerLike>;
  readonly #metrics: Members<MetricLike>;
  readonly #random: RandomStreams;
  readonly #learner: Learner<B>;
  /** The value that says how good an epoch is. */
  readonly #monitor: Required<Monitor>;
  readonly #means = new WeightedMeans();
  readonly #breath = new Breath();
  readonly #place = new Place();
  /** The last epoch's weights, while the models have the best epoch's instead. */
  #latest: State = null;
  #turn: Turn | undefined;
  /** Positions of the random streams when the epoch began, which determine the order of its batches. */
  #epochStart: Positions;
  #stopping = false;
  /** When the epoch began or resumed, and the examples seen since. */
  #started = performance.now();
  #samples = 0;

  /** @throws ArgumentError for invalid options */
  constructor(options: TrainerOptions<B>) {
    trainerOptions('Trainer', options);
    if (options.step === undefined && options.update === undefined)
      throw new ArgumentError('Trainer', 'needs a step, which returns the loss of a batch, or an update');
    const { model, optimizer, scheduler, metrics, generators, callbacks = [] } = options;
    requireCallbacks('Trainer', callbacks);
    this.#options = options;
    this.#models = new Members('model', model);
    this.#optimizers = new Members('optimizer', optimizer);
    this.#schedulers = new Members('scheduler', scheduler);
    this.#metrics = new Members('metric', metrics);
    this.#random = new RandomStreams(generators);
    this.#learner = new Learner(options, this.#models, this.#optimizers, this.#metrics, this.#random);
    this.#epochStart = this.#random.positions();
    this.#monitor = monitorOf(options, this.#schedulers.list);
  }

  /** Steps taken in all. */
  get step(): number {
    return this.#place.step;
  }

  /** Completed epochs. */
  get epoch(): number {
    return this.#place.epoch;
  }

  /** Ends `fit` after the current step. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Trains until `epochs` epochs are done, `earlyStopping` ends it, or `stop` is called.
   *
   * @returns whether the training is done: false if `stop` ended it
   * @throws NonFiniteError when the loss or a gradient isn't finite, naming the operation that made it
   * @throws ArgumentError if there are no batches, or they don't match the partial epoch being resumed; for a
   * step that's async or doesn't return an object of tensors; while another training of the model is running
   */
  async fit(batches: Batches<B>, options: FitOptions<B>): Promise<boolean> {
    const { epochs } = fitOptions('fit', options);
    const { validation } = options;
    requireBatches('fit', batches, 'train on');
    if (validation !== undefined) requireBatches('fit', validation, 'validate on');
    const { accumulate = 1 } = this.#options;
    this.#place.requireSame(batches.length, accumulate);
    this.#turn = Turn.begin({
      activity: 'fit',
      trainer: this,
      models: this.#models.list,
      optimizers: this.#optimizers.list,
      accumulates: accumulate > 1,
    });
    this.#stopping = false;
    let outcome: Outcome = 'failed';
    try {
      await this.#tell('onStart', this.#progress(batches.length, epochs));
      if (!this.#isDone(epochs)) await this.#putBackLatest();
      while (!this.#isDone(epochs) && !this.#stopping) await this.#runEpoch(batches, epochs, validation);
      outcome = this.#isDone(epochs) ? 'finished' : 'stopped';
    } finally {
      try {
        await this.#tell('onEnd', outcome);
      } finally {
        this.#turn.end();
        this.#turn = undefined;
      }
    }
    return outcome === 'finished';
  }

  #isDone(epochs: number): boolean {
    return this.#place.epoch >= epochs || this.#options.earlyStopping?.stopped === true;
  }

  #restoreBest(): void {
    const weights = this.#options.earlyStopping?.weights ?? null;
    if (weights === null) return;
    this.#latest = copyState(this.#models.state()!);
    this.#models.load(weights);
  }

  /** Training resumes where it ended, not from its best epoch; weights changed since then are kept. */
  async #putBackLatest(): Promise<void> {
    const best = this.#options.earlyStopping?.weights ?? null;
    if (this.#latest !== null && best !== null && (await sameState(this.#models.state()!, best)))
      this.#models.load(this.#latest);
    this.#latest = null;
  }

  #progress(batches: number, epochs: number, values: Readonly<Record<string, number>> = {}): Progress {
    const { accumulate = 1 } = this.#options;
    return {
      epoch: Math.min(this.#place.epoch + 1, epochs),
      epochs,
      stepInEpoch: Math.ceil(this.#place.batchInEpoch / accumulate),
      stepsPerEpoch: Math.ceil(batches / accumulate),
      step: this.#place.step,
      samplesPerSecond: this.#pace().samplesPerSecond,
      values,
      means: this.#means.means(),
    };
  }

  /** Trains for the rest of an epoch, and completes it unless it's stopped first. */
  async #runEpoch(batches: Batches<B>, epochs: number, validation: Batches<B> | undefined): Promise<void> {
    this.#started = performance.now();
    this.#samples = 0;
    const rates = await this.#runBatches(batches, epochs);
    if (this.#place.batchInEpoch < batches.length) return;
    const pace = this.#pace();
    const train = { ...this.#means.means(), ...(await valuesOf(computed('fit', this.#metrics))) };
    this.#place.epoch++;
    this.#place.batchInEpoch = 0;
    const validated = validation && (await this.#evaluate(validation, this.#options.step));
    const best = this.#judge(train, validated);
    if (this.#isDone(epochs)) this.#restoreBest();
    const { earlyStopping } = this.#options;
    const bestEpoch = earlyStopping?.bestEpoch ?? this.#place.bestEpoch;
    await this.#tell('onEpochEnd', {
      epoch: this.#place.epoch,
      epochs,
      step: this.#place.step,
      ...pace,
      train,
      ...(validated ? { validation: validated } : {}),
      learningRates: rates,
      best,
      ...(bestEpoch > 0 ? { bestEpoch } : {}),
      stopsEarly: earlyStopping?.stopped === true,
    });
  }

  #pace(): { seconds: number; samplesPerSecond: number } {
    const seconds = (performance.now() - this.#started) / 1000;
    return { seconds, samplesPerSecond: this.#samples / Math.max(seconds, 1e-6) };
  }

  /**
   * Goes through the rest of an epoch's batches, or until it's stopped.
   *
   * @returns the learning rates of the last step
   */
  async #runBatches(batches: Batches<B>, epochs: number): Promise<Record<string, number>> {
    const { accumulate = 1, sizeOf = firstTensorLength, schedulerInterval, callbacks = [] } = this.#options;
    const skip = this.#place.batchInEpoch;
    const now = this.#random.positions();
    if (skip === 0) {
      this.#means.reset();
      for (const metric of this.#metrics.list) metric.reset();
      this.#epochStart = now;
      this.#place.begin(batches.length, accumulate);
    } else this.#random.restore(this.#epochStart);
    for (const model of this.#models.list) model.train();
    this.#learner.reset();
    let seen = 0;
    let skipped = 0;
    let open = 0;
    let rates = learningRates(this.#optimizers);
    for await (const batch of batches) {
      const size = sizeOf(batch);
      requireSize('fit', size);
      if (seen++ < skip) {
        skipped += size;
        if (seen < skip) continue;
        if (skipped !== this.#place.examplesInEpoch)
          throw new ArgumentError(
            'fit',
            `the training resumes after ${this.#place.examplesInEpoch} examples of an epoch, but these batches had ${skipped} by then\n  hint: use the same batch size as before`,
          );
        // The order came from the epoch's start; from here on, random numbers continue where it stopped.
        this.#random.restore(now);
        continue;
      }
      if (seen > batches.length)
        throw new ArgumentError('fit', `there are more batches than their length says, ${batches.length}`);
      const closes = seen % accumulate === 0 || seen === batches.length;
      const values = await stepping(() => this.#learner.learn(batch, size, closes, this.#place.step + 1));
      this.#means.add(values, size);
      this.#samples += size;
      open += size;
      if (closes) {
        this.#place.batchInEpoch = seen;
        this.#place.examplesInEpoch += open;
        open = 0;
        this.#place.step++;
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

  /** Passes an epoch's result to schedulers and early stopping; returns whether its validation is the best so far. */
  #judge(
    train: Readonly<Record<string, number>>,
    validation: Readonly<Record<string, number>> | undefined,
  ): boolean {
    const { earlyStopping, schedulerInterval, monitor } = this.#options;
    const values = validation ?? train;
    const { name, mode } = this.#monitor;
    if (schedulerInterval === 'epoch')
      for (const scheduler of this.#schedulers.list)
        if (scheduler.needsMetric) scheduler.step(monitored('Trainer', name, values));
        else scheduler.step();
    earlyStopping?.observe(this.#place.epoch, values, () => copyState(this.#models.state()!));
    const value = monitor || earlyStopping ? monitored('Trainer', name, values) : values[name];
    if (validation === undefined || value === undefined || !improves(value, this.#place.best, mode))
      return false;
    this.#place.best = value;
    this.#place.bestEpoch = this.#place.epoch;
    return true;
  }

  /**
   * Means of what `step` returns for each batch, weighted by batch size, and the `metrics`; runs the models
   * in evaluation mode, without learning.
   *
   * @param step what to measure instead, without the `metrics`
   * @throws ArgumentError if there are no batches, if there's only an `update` and no `step`, or while `fit` is
   * running; a callback may evaluate
   */
  async evaluate(
    batches: Batches<B>,
    step: ((batch: B) => Scalars) | undefined = this.#options.step as Step<B> | undefined,
  ): Promise<Record<string, number>> {
    const turn = Turn.begin({ activity: 'evaluate', trainer: this, models: this.#models.list });
    try {
      return await this.#evaluate(batches, step);
    } finally {
      turn.end();
    }
  }

  #evaluate(batches: Batches<B>, step: ((batch: B) => Scalars) | undefined): Promise<Record<string, number>> {
    if (step === undefined)
      throw new ArgumentError('evaluate', 'needs a step, which says what to measure for a batch');
    const { sizeOf } = this.#options;
    const metrics =
      step === this.#options.step ? this.#metrics : new Members<MetricLike>('metric', undefined);
    return evaluate(batches, { models: this.#models.list, step, metrics, sizeOf });
  }

  /** Everything needed to resume bit for bit: weights, optimizers, schedules, place, random numbers. */
  state(): State {
    const { earlyStopping } = this.#options;
    return {
      ...this.#place.state(),
      means: this.#means.state(),
      metrics: this.#metrics.state(),
      random: RandomStreams.toState(this.#random.positions()),
      epochStart: RandomStreams.toState(this.#epochStart),
      model: this.#models.state(),
      latest: this.#latest,
      optimizer: this.#optimizers.state(),
      scheduler: this.#schedulers.state(),
      earlyStopping: earlyStopping?.stateDict(),
    };
  }

  /**
   * Resumes from `state`. After an error the trainer is unchanged.
   *
   * @throws StateDictError if it's the state of another model
   * @throws ArgumentError if it's the state of another training, or isn't a trainer's state; while `fit` is running
   */
  loadState(state: State): void {
    Turn.requireNone('loadState', this, this.#models.list);
    const before = copyState(this.state());
    try {
      this.#load(state);
    } catch (error) {
      this.#load(before);
      throw error;
    }
  }

  #load(state: State): void {
    const { earlyStopping } = this.#options;
    const goThere = this.#place.read(state);
    const s = state as Readonly<Record<string, State>>;
    if ((s.earlyStopping === undefined) !== (earlyStopping === undefined))
      throw new ArgumentError(
        'loadState',
        `the state comes from a training ${earlyStopping ? 'without' : 'with'} early stopping`,
      );
    const random = this.#random.fromState(s.random);
    const epochStart = this.#random.fromState(s.epochStart);
    const { latest = null } = s;
    earlyStopping?.loadStateDict(s.earlyStopping!);
    // Weights that go into the models later must fit them, too.
    for (const weights of [earlyStopping?.weights ?? null, latest])
      if (weights !== null) this.#models.load(weights);
    this.#models.load(s.model);
    this.#optimizers.load(s.optimizer);
    this.#schedulers.load(s.scheduler);
    this.#metrics.load(s.metrics);
    this.#means.load(s.means);
    goThere();
    this.#latest = latest;
    this.#epochStart = epochStart;
    this.#random.restore(random);
  }

  async #tell<K extends keyof TrainerCallback>(
    event: K,
    what: Parameters<NonNullable<TrainerCallback[K]>>[0],
  ): Promise<void> {
    type Method = ((what: unknown, trainer: Training) => void | Promise<void>) | undefined;
    for (const callback of this.#options.callbacks ?? [])
      await this.#turn!.pause(() => (callback[event] as Method)?.call(callback, what, this));
  }
}

import { ArgumentError, NonFiniteError } from '../core/errors.js';
import { getRngState, noGrad, setRngState, Tensor, tidy } from '../index.js';
import type { Module, StateDict } from '../nn/index.js';
import { Breath } from './breath.js';
import { WeightedMeans } from './means.js';
import { bytesTensor, type Json, type State } from './state.js';

/** Batches to go through once an epoch, such as a `DataLoader`. */
export interface Batches<B> extends AsyncIterable<B> {
  readonly length: number;
}

/** Something with a state that a checkpoint keeps. */
export interface Stateful {
  stateDict(): unknown;
  loadStateDict(state: never): unknown;
}

export interface OptimizerLike extends Stateful {
  zeroGrad(): void;
  step(): unknown;
}

export interface SchedulerLike extends Stateful {
  step(): void;
}

/** The loss of a batch and what else is to be watched, one number each. */
export type StepResult = { readonly loss: Tensor } & Readonly<Record<string, Tensor>>;

export interface TrainerOptions<B> {
  readonly model: Module;
  readonly optimizer: OptimizerLike;
  /** Forward pass and loss of a batch, for training and evaluation. */
  readonly step: (batch: B) => StepResult;
  /**
   * What happens with a batch while training (default: `step`, backward, optimizer step). For
   * training that is not of that form; what it returns is averaged and shown.
   */
  readonly update?: (batch: B) => Readonly<Record<string, Tensor>>;
  /** Changes the learning rate; stepped after every batch. */
  readonly scheduler?: SchedulerLike;
  /** Examples in a batch (default: the length of the first axis of its first tensor). */
  readonly sizeOf?: (batch: B) => number;
  readonly callbacks?: readonly TrainerCallback[];
}

export interface FitOptions<B> {
  /** Times to go through the batches, those before a resumption included. */
  readonly epochs: number;
  /** Batches to evaluate on after each epoch. */
  readonly validation?: Batches<B>;
}

/** How far the training is. */
export interface Progress {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Batches seen in this epoch. */
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  /** Batches seen in all. */
  readonly step: number;
  /** Means over this epoch so far. */
  readonly means: Readonly<Record<string, number>>;
}

export interface EpochReport {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  readonly step: number;
  readonly seconds: number;
  /** Means over the epoch, weighted by the sizes of the batches. */
  readonly train: Readonly<Record<string, number>>;
  readonly validation?: Readonly<Record<string, number>>;
}

/** Told of the training as it goes; each method may be asynchronous. */
export interface TrainerCallback {
  onStart?(progress: Progress): void | Promise<void>;
  onStep?(progress: Progress): void | Promise<void>;
  onEpochEnd?(report: EpochReport): void | Promise<void>;
  /** Also called when the training was stopped or failed. */
  onEnd?(): void | Promise<void>;
}

const firstTensorLength = (batch: unknown): number => {
  const first =
    batch instanceof Tensor ? batch : Object.values(batch as object).find((x) => x instanceof Tensor);
  return first instanceof Tensor && first.ndim > 0 ? first.shape[0]! : 1;
};

/**
 * Trains a model: goes through the batches, epoch by epoch, and can go on later, to the bit, where it
 * was stopped.
 *
 * @example
 * const trainer = new train.Trainer<[Tensor, Tensor]>({
 *   model,
 *   optimizer: new optim.Adam(model.parameters()),
 *   step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
 * });
 * await trainer.fit(batches, { epochs: 10 });
 */
export class Trainer<B> {
  readonly #options: TrainerOptions<B>;
  readonly #means = new WeightedMeans();
  readonly #breath = new Breath();
  #epoch = 0;
  #stepInEpoch = 0;
  #step = 0;
  /** State of the generator when the epoch began: what its order of batches comes from. */
  #epochRng = getRngState();
  #stopping = false;

  constructor(options: TrainerOptions<B>) {
    this.#options = options;
  }

  /** Batches seen in all. */
  get step(): number {
    return this.#step;
  }

  /** Ends `fit` after the step that is under way. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Trains until `epochs` epochs are done, or `stop` was called.
   *
   * @returns whether all epochs are done
   * @throws NonFiniteError when the loss is no longer a number
   */
  async fit(batches: Batches<B>, { epochs, validation }: FitOptions<B>): Promise<boolean> {
    if (!(Number.isInteger(epochs) && epochs >= 0))
      throw new ArgumentError('fit', `epochs must be a whole number of at least 0, not ${epochs}`);
    if (batches.length === 0) throw new ArgumentError('fit', 'there are no batches to train on');
    this.#stopping = false;
    const progress = (): Progress => ({
      epoch: Math.min(this.#epoch + 1, epochs),
      epochs,
      stepInEpoch: this.#stepInEpoch,
      stepsPerEpoch: batches.length,
      step: this.#step,
      means: this.#means.means(),
    });
    try {
      await this.#tell('onStart', progress());
      while (this.#epoch < epochs && !this.#stopping) {
        const start = performance.now();
        if (!(await this.#runEpoch(batches, progress))) break;
        const train = this.#means.means();
        this.#epoch++;
        this.#stepInEpoch = 0;
        const report: EpochReport = {
          epoch: this.#epoch,
          step: this.#step,
          seconds: (performance.now() - start) / 1000,
          train,
          ...(validation ? { validation: await this.evaluate(validation) } : {}),
        };
        await this.#tell('onEpochEnd', report);
      }
    } finally {
      await this.#tell('onEnd');
    }
    return this.#epoch >= epochs;
  }

  /** Goes through the rest of an epoch; false if it was stopped before the end. */
  async #runEpoch(batches: Batches<B>, progress: () => Progress): Promise<boolean> {
    const { model, scheduler, sizeOf = firstTensorLength } = this.#options;
    const skip = this.#stepInEpoch;
    const rng = getRngState();
    if (skip === 0) {
      this.#means.reset();
      this.#epochRng = rng;
    } else setRngState(this.#epochRng);
    model.train();
    let seen = 0;
    for await (const batch of batches) {
      if (seen++ < skip) {
        // The order is that of the epoch's start; from here on the numbers are those of the stop.
        if (seen === skip) setRngState(rng);
        continue;
      }
      const values = await this.#read(tidy(() => this.#update(batch)));
      scheduler?.step();
      this.#stepInEpoch++;
      this.#step++;
      this.#means.add(values, sizeOf(batch));
      if (this.#options.callbacks?.length) await this.#tell('onStep', progress());
      await this.#breath.take();
      if (this.#stopping && seen < batches.length) return false;
    }
    return true;
  }

  #update(batch: B): Record<string, Tensor> {
    const { update, step, optimizer } = this.#options;
    if (update) return detached(update(batch));
    const result = step(batch);
    optimizer.zeroGrad();
    result.loss.backward();
    optimizer.step();
    return detached(result);
  }

  /** Values of a step. @throws NonFiniteError if the loss is none */
  async #read(scalars: Readonly<Record<string, Tensor>>): Promise<Record<string, number>> {
    const values: Record<string, number> = {};
    for (const [name, scalar] of Object.entries(scalars)) values[name] = await scalar.item();
    if (values.loss !== undefined && !Number.isFinite(values.loss))
      throw new NonFiniteError(
        'fit',
        `the loss became ${values.loss} at step ${this.#step + 1}\n  hint: a smaller learning rate may help; detectAnomaly names the operation that made it`,
      );
    return values;
  }

  /** Means of what `step` gives for each batch, without learning, the model in evaluation. */
  async evaluate(batches: Batches<B>): Promise<Record<string, number>> {
    const { model, step, sizeOf = firstTensorLength } = this.#options;
    const wasTraining = model.training;
    const means = new WeightedMeans();
    model.eval();
    try {
      for await (const batch of batches) {
        const scalars = noGrad(() => tidy(() => detached(step(batch))));
        const values: Record<string, number> = {};
        for (const [name, scalar] of Object.entries(scalars)) values[name] = await scalar.item();
        means.add(values, sizeOf(batch));
        await this.#breath.take();
      }
    } finally {
      model.train(wasTraining);
    }
    return means.means();
  }

  /** All that is needed to go on to the bit: weights, optimizer, schedule, place, random numbers. */
  state(): State {
    const { model, optimizer, scheduler } = this.#options;
    return {
      epoch: this.#epoch,
      stepInEpoch: this.#stepInEpoch,
      step: this.#step,
      means: this.#means.state(),
      rng: bytesTensor(getRngState()),
      epochRng: bytesTensor(this.#epochRng),
      model: model.stateDict(),
      optimizer: optimizer.stateDict() as State,
      ...(scheduler ? { scheduler: scheduler.stateDict() as State } : {}),
    };
  }

  /** Goes on where `state` was taken. @throws StateDictError if it is the state of another model */
  loadState(state: State): void {
    const { model, optimizer, scheduler } = this.#options;
    const s = state as Readonly<Record<string, State>>;
    model.loadStateDict(s.model as StateDict);
    optimizer.loadStateDict(s.optimizer as never);
    scheduler?.loadStateDict(s.scheduler as never);
    this.#means.load(s.means as { readonly [key: string]: Json });
    this.#epoch = s.epoch as number;
    this.#stepInEpoch = s.stepInEpoch as number;
    this.#step = s.step as number;
    this.#epochRng = (s.epochRng as Tensor).dataSync() as Uint8Array;
    setRngState((s.rng as Tensor).dataSync() as Uint8Array);
  }

  async #tell<K extends keyof TrainerCallback>(
    event: K,
    ...what: Parameters<NonNullable<TrainerCallback[K]>>
  ): Promise<void> {
    for (const callback of this.#options.callbacks ?? [])
      await (callback[event] as ((...args: unknown[]) => void | Promise<void>) | undefined)?.apply(
        callback,
        what,
      );
  }
}

const detached = (scalars: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(scalars).map(([name, scalar]) => [name, scalar.detach()]));

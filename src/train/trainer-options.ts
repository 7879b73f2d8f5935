import { isPlainObject } from '../core/describe.js';
import {
  callback,
  defineOptions,
  generatorOption,
  instance,
  listOf,
  required,
  text,
  whole,
  word,
} from '../core/options.js';
import type { Generator, Tensor } from '../index.js';
import type { Module } from '../nn/index.js';
import { EarlyStopping } from './early-stopping.js';
import { type GradientOptions, gradientSpec, type OptimizerLike } from './gradient-step.js';
import type { Direction, Monitor } from './monitor.js';
import { type OneOrNamed, oneOrNamed, type Stateful } from './named.js';
import type { State } from './state.js';

/** Batches to go through once an epoch, such as a `DataLoader`. */
export interface Batches<B> extends AsyncIterable<B> {
  readonly length: number;
}

/** A scheduler; one that `needsMetric` is told how good the model is, the monitored value. */
export type SchedulerLike = Stateful &
  (
    | { readonly needsMetric?: false; step(): void }
    | { readonly needsMetric: true; readonly mode?: Direction; step(metric: number): void }
  );

/** A metric that is not a mean over batches, such as `metrics.F1`. */
export interface MetricLike extends Stateful {
  reset(): void;
  /** @returns a tensor of one element */
  compute(): Tensor;
}

/** Numbers to be watched, each a tensor of one element. */
export type Scalars = Readonly<Record<string, Tensor>>;

/** The loss of a batch, a mean over its examples, and what else is to be watched. */
export type StepResult = { readonly loss: Tensor } & Scalars;

/** Makes a step of one optimizer: zeroGrad, backward, clipping, step. */
export type Minimize = (loss: Tensor, optimizer: OptimizerLike) => void;

interface CommonOptions<B> extends GradientOptions {
  /** What is trained: one module, or several by name. */
  readonly model: OneOrNamed<Module>;
  /** One optimizer, or several by name; without `update` each makes a step with the gradients of the loss. */
  readonly optimizer: OneOrNamed<OptimizerLike>;
  /** Changes the learning rate: one scheduler, or several by name. */
  readonly scheduler?: OneOrNamed<SchedulerLike>;
  /** When the schedulers are stepped: after every step of the optimizer, or every epoch (default `'step'`). */
  readonly schedulerInterval?: 'step' | 'epoch';
  /** Ends the training when it does not get better. */
  readonly earlyStopping?: EarlyStopping;
  /** What the best epoch is, and what schedulers are told (default: what `earlyStopping` watches, else the loss). */
  readonly monitor?: Monitor;
  /**
   * Metrics by name that `step` or `update` tells of each batch: computed at the end of an epoch and of an
   * evaluation, beside the means.
   */
  readonly metrics?: Readonly<Record<string, MetricLike>>;
  /** Examples in a batch (default: the length of the first axis of its first tensor). */
  readonly sizeOf?: (batch: B) => number;
  /** Generators, other than the default one, that batches and layers draw from: checkpoints keep them too. */
  readonly generators?: readonly Generator[];
  readonly callbacks?: readonly TrainerCallback[];
}

/** Forward pass and loss of a batch, for training and evaluation. */
export type Step<B> = (batch: B) => StepResult;

/**
 * What happens with a batch while training, where it is not "forward, loss, backward, step": it calls
 * `minimize` as often as it likes. What it returns is averaged and shown.
 */
export type Update<B> = (batch: B, minimize: Minimize) => Scalars;

export type TrainerOptions<B> = CommonOptions<B> &
  (
    | { readonly step: Step<B>; readonly update?: Update<B> }
    | { readonly step?: undefined; readonly update: Update<B> }
  );

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
  /** Steps taken in this epoch; with `accumulate`, a step is several batches. */
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  /** Steps taken in all. */
  readonly step: number;
  /** Speed in this epoch; where it is resumed, since then. */
  readonly samplesPerSecond: number;
  /** Values of the step's last batch. */
  readonly values: Readonly<Record<string, number>>;
  /** Means over this epoch so far, weighted by the sizes of the batches. */
  readonly means: Readonly<Record<string, number>>;
}

export interface EpochReport {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps taken in all. */
  readonly step: number;
  /** Time of training, without validation; where it was resumed, since then. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Means over the epoch, weighted by the sizes of the batches. */
  readonly train: Readonly<Record<string, number>>;
  readonly validation?: Readonly<Record<string, number>>;
  /**
   * The rates of the epoch's last step: `lr`; of several parameter groups `lr.0` …, of several
   * optimizers `lr.NAME` or `lr.NAME.0` ….
   */
  readonly learningRates: Readonly<Record<string, number>>;
  /** Whether the monitored value of the validation is the best so far. */
  readonly best: boolean;
  /** Number of the best epoch so far: early stopping's, else that of the validation; absent without either. */
  readonly bestEpoch?: number;
  /** Whether early stopping ends the training after this epoch. */
  readonly stopsEarly?: boolean;
}

/** How a call of `fit` ended. */
export type Outcome = 'finished' | 'stopped' | 'failed';

/** The training that a callback is told of. */
export interface Training {
  /** Steps taken in all. */
  readonly step: number;
  /** All that is needed to go on from here. */
  state(): State;
  /** Ends the training after the step that is under way. */
  stop(): void;
}

/** Told of the training as it goes; each method may be asynchronous. */
export interface TrainerCallback {
  onStart?(progress: Progress, training: Training): void | Promise<void>;
  onStep?(progress: Progress, training: Training): void | Promise<void>;
  /** After the last epoch of a training with early stopping, the model has its best weights. */
  onEpochEnd?(report: EpochReport, training: Training): void | Promise<void>;
  /** Called whatever the outcome. */
  onEnd?(outcome: Outcome, training: Training): void | Promise<void>;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Checks `TrainerOptions`. */
export const trainerOptions = defineOptions({
  model: required(oneOrNamed<Module>('a module')),
  optimizer: required(oneOrNamed<OptimizerLike>('an optimizer')),
  step: callback<Step<never>>(),
  update: callback<Update<never>>(),
  scheduler: oneOrNamed<SchedulerLike>('a scheduler'),
  schedulerInterval: word(['step', 'epoch'], 'step'),
  earlyStopping: instance(
    'an EarlyStopping',
    (value): value is EarlyStopping => value instanceof EarlyStopping,
  ),
  monitor: instance("a value, { name: 'accuracy', mode: 'max' }", (value): value is Monitor =>
    isPlainObject(value),
  ),
  metrics: oneOrNamed<MetricLike>('a metric'),
  sizeOf: callback<(batch: never) => number>(),
  generators: listOf(generatorOption, undefined),
  callbacks: listOf(
    instance('an object of functions, such as onEpochEnd', (value): value is TrainerCallback =>
      isObject(value),
    ),
    undefined,
  ),
  ...gradientSpec,
});

/** Checks a `Monitor`. */
export const monitorOptions = defineOptions({
  name: required(text(undefined)),
  mode: word(['min', 'max'], undefined),
});

/** Reads `FitOptions`. */
export const fitOptions = defineOptions({
  epochs: required(whole(undefined, { least: 0 })),
  validation: instance('batches', (value): value is Batches<unknown> => isObject(value)),
});

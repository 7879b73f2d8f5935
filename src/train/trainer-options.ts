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

/** Batches to go through once per epoch, such as a `DataLoader`. */
export interface Batches<B> extends AsyncIterable<B> {
  readonly length: number;
}

/** A scheduler; one that `needsMetric` gets the monitored value. */
export type SchedulerLike = Stateful &
  (
    | { readonly needsMetric?: false; step(): void }
    | { readonly needsMetric: true; readonly mode?: Direction; step(metric: number): void }
  );

/** A metric that isn't a mean over batches, such as `metrics.F1`. */
export interface MetricLike extends Stateful {
  reset(): void;
  /** Waits until all batches so far are counted. */
  settled?(): Promise<void>;
  /** @returns a one-element tensor */
  compute(): Tensor;
}

/** Numbers to watch, each a one-element tensor. */
export type Scalars = Readonly<Record<string, Tensor>>;

/** The loss of a batch, a mean over its examples, and anything else to watch. */
export type StepResult = { readonly loss: Tensor } & Scalars;

/** Makes one optimizer step: zeroGrad, backward, clipping, step. */
export type Minimize = (loss: Tensor, optimizer: OptimizerLike) => void;

interface CommonOptions<B> extends GradientOptions {
  /** What to train: one module, or several by name. */
  readonly model: OneOrNamed<Module>;
  /** One optimizer, or several by name; without `update`, each makes a step with the loss's gradients. */
  readonly optimizer: OneOrNamed<OptimizerLike>;
  /** Changes the learning rate: one scheduler, or several by name. */
  readonly scheduler?: OneOrNamed<SchedulerLike>;
  /** When to step the schedulers: after every optimizer step, or every epoch (default `'step'`). */
  readonly schedulerInterval?: 'step' | 'epoch';
  /** Ends the training when it stops improving. */
  readonly earlyStopping?: EarlyStopping;
  /** The value that decides which epoch is best, and that schedulers get (default: what `earlyStopping` watches, else the loss). */
  readonly monitor?: Monitor;
  /**
   * Metrics by name, which `step` or `update` updates with each batch: they're computed at the end of an epoch
   * and of an evaluation, along with the means.
   */
  readonly metrics?: Readonly<Record<string, MetricLike>>;
  /** Examples in a batch (default: the length of the first axis of its first tensor). */
  readonly sizeOf?: (batch: B) => number;
  /** Generators other than the default one that batches and layers draw from: checkpoints include them, too. */
  readonly generators?: readonly Generator[];
  readonly callbacks?: readonly TrainerCallback[];
}

/** Forward pass and loss of a batch, for training and evaluation. */
export type Step<B> = (batch: B) => StepResult;

/**
 * What to do with a batch in training if it isn't "forward, loss, backward, step": call `minimize` as often
 * as you like. What it returns is averaged and shown.
 */
export type Update<B> = (batch: B, minimize: Minimize) => Scalars;

export type TrainerOptions<B> = CommonOptions<B> &
  (
    | { readonly step: Step<B>; readonly update?: Update<B> }
    | { readonly step?: undefined; readonly update: Update<B> }
  );

export interface FitOptions<B> {
  /** Total number of passes through the batches, including those before a resumption. */
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
  /** Speed in this epoch, or since it was resumed. */
  readonly samplesPerSecond: number;
  /** Values of the step's last batch. */
  readonly values: Readonly<Record<string, number>>;
  /** Means over this epoch so far, weighted by batch size. */
  readonly means: Readonly<Record<string, number>>;
}

export interface EpochReport {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps taken in all. */
  readonly step: number;
  /** Training time, without validation; if the epoch was resumed, since then. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** Means over the epoch, weighted by batch size. */
  readonly train: Readonly<Record<string, number>>;
  readonly validation?: Readonly<Record<string, number>>;
  /**
   * The learning rates of the epoch's last step: `lr`; for several parameter groups `lr.0` …; for several
   * optimizers `lr.NAME` or `lr.NAME.0` ….
   */
  readonly learningRates: Readonly<Record<string, number>>;
  /** Whether the monitored validation value is the best so far. */
  readonly best: boolean;
  /** Number of the best epoch so far: early stopping's, else the validation's; absent without either. */
  readonly bestEpoch?: number;
  /** Whether early stopping ends the training after this epoch. */
  readonly stopsEarly?: boolean;
}

/** How a call of `fit` ended. */
export type Outcome = 'finished' | 'stopped' | 'failed';

/** The training, as a callback sees it. */
export interface Training {
  /** Steps taken in all. */
  readonly step: number;
  /** Everything needed to resume from here. */
  state(): State;
  /** Ends the training after the current step. */
  stop(): void;
}

/** Called as the training progresses; each method may be async. */
export interface TrainerCallback {
  onStart?(progress: Progress, training: Training): void | Promise<void>;
  onStep?(progress: Progress, training: Training): void | Promise<void>;
  /** After the last epoch of a training with early stopping, the model has its best weights. */
  onEpochEnd?(report: EpochReport, training: Training): void | Promise<void>;
  /** Called no matter how it ends. */
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

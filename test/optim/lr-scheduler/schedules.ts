/** The schedules that test/record/record-schedules.py records, by the same names, and what it recorded. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { tensor } from '../../../src/index.js';
import * as optim from '../../../src/optim/index.js';
import type { Schedulable } from '../../../src/optim/lr-scheduler/index.js';
import type { Json } from '../../../src/train/state.js';

const {
  LambdaLR,
  MultiplicativeLR,
  StepLR,
  MultiStepLR,
  ConstantLR,
  LinearLR,
  ExponentialLR,
  PolynomialLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  OneCycleLR,
  CyclicLR,
  SequentialLR,
  ChainedScheduler,
  ReduceLROnPlateau,
} = optim.lrScheduler;
const { SWALR } = optim.swaUtils;

export type AnySchedule = optim.lrScheduler.Scheduler | optim.lrScheduler.ReduceLROnPlateau;

const resumed = (o: Schedulable): Schedulable => {
  for (const group of o.paramGroups) group.initialLr = 2 * group.lr;
  return o;
};

export const schedules: Readonly<Record<string, (optimizer: Schedulable) => AnySchedule>> = {
  LambdaLR: (o) => new LambdaLR(o, (t) => 0.95 ** t),
  'LambdaLR, one each': (o) => new LambdaLR(o, [(t) => 1 / (1 + t), (t) => 1 + t]),
  MultiplicativeLR: (o) => new MultiplicativeLR(o, (t) => 1 - 0.5 / (1 + t)),
  StepLR: (o) => new StepLR(o, 7),
  'StepLR, gamma': (o) => new StepLR(o, 3, { gamma: 0.7 }),
  MultiStepLR: (o) => new MultiStepLR(o, [3, 17, 17, 40], { gamma: 0.5 }),
  ConstantLR: (o) => new ConstantLR(o),
  'ConstantLR, long': (o) => new ConstantLR(o, { factor: 0.1, totalIters: 30 }),
  LinearLR: (o) => new LinearLR(o),
  'LinearLR, down': (o) => new LinearLR(o, { startFactor: 0.9, endFactor: 0.2, totalIters: 31 }),
  ExponentialLR: (o) => new ExponentialLR(o, 0.9),
  PolynomialLR: (o) => new PolynomialLR(o),
  'PolynomialLR, power': (o) => new PolynomialLR(o, { totalIters: 40, power: 2.5 }),
  CosineAnnealingLR: (o) => new CosineAnnealingLR(o, 50),
  'CosineAnnealingLR up and down': (o) => new CosineAnnealingLR(o, 7, { etaMin: 0.01 }),
  CosineAnnealingWarmRestarts: (o) => new CosineAnnealingWarmRestarts(o, 9),
  'CosineAnnealingWarmRestarts, longer': (o) =>
    new CosineAnnealingWarmRestarts(o, 4, { tMult: 2, etaMin: 0.001 }),
  OneCycleLR: (o) => new OneCycleLR(o, 0.5, { totalSteps: 50 }),
  'OneCycleLR, three phases': (o) =>
    new OneCycleLR(o, [0.5, 0.2], {
      epochs: 6,
      stepsPerEpoch: 10,
      pctStart: 0.4,
      annealStrategy: 'linear',
      divFactor: 10,
      finalDivFactor: 100,
      threePhase: true,
      baseMomentum: [0.7, 0.8],
      maxMomentum: 0.9,
    }),
  'OneCycleLR, momentum kept': (o) => new OneCycleLR(o, 0.5, { totalSteps: 64, cycleMomentum: false }),
  CyclicLR: (o) => new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 7 }),
  'CyclicLR, triangular2': (o) =>
    new CyclicLR(o, [0.01, 0.02], [0.1, 0.3], {
      stepSizeUp: 4,
      stepSizeDown: 6,
      mode: 'triangular2',
      baseMomentum: 0.5,
      maxMomentum: [0.8, 0.95],
    }),
  'CyclicLR, exp_range': (o) => new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 5, mode: 'exp_range', gamma: 0.97 }),
  'CyclicLR, function': (o) =>
    new CyclicLR(o, 0.01, 0.1, {
      stepSizeUp: 5,
      scaleFn: (x) => 1 / (1 + x),
      scaleMode: 'iterations',
      cycleMomentum: false,
    }),
  SequentialLR: (o) =>
    new SequentialLR(
      o,
      [
        new LinearLR(o, { startFactor: 0.1, totalIters: 10 }),
        new CosineAnnealingLR(o, 20),
        new ExponentialLR(o, 0.8),
      ],
      [10, 30],
    ),
  'SequentialLR of all kinds': (o) =>
    new SequentialLR(
      o,
      [
        new ConstantLR(o),
        new StepLR(o, 2),
        new MultiStepLR(o, [0, 2]),
        new PolynomialLR(o),
        new CosineAnnealingWarmRestarts(o, 4),
        new LambdaLR(o, (t) => 1 / (1 + t)),
        new MultiplicativeLR(o, () => 0.8),
        new LinearLR(o),
        new ConstantLR(o, { factor: 0.5, totalIters: 3 }),
      ],
      [3, 8, 13, 18, 25, 30, 36, 40],
    ),
  'SequentialLR, OneCycleLR': (o) =>
    new SequentialLR(o, [new ConstantLR(o), new OneCycleLR(o, 0.5, { totalSteps: 60 })], [15]),
  ChainedScheduler: (o) =>
    new ChainedScheduler([
      new ConstantLR(o, { factor: 0.2, totalIters: 10 }),
      new ExponentialLR(o, 0.9),
      new StepLR(o, 9),
    ]),
  'ChainedScheduler, SequentialLR': (o) =>
    new ChainedScheduler([
      new ExponentialLR(o, 0.97),
      new SequentialLR(o, [new StepLR(o, 3), new ExponentialLR(o, 0.9)], [24]),
    ]),
  SWALR: (o) => new SWALR(o, 0.02),
  'SWALR, linear': (o) => new SWALR(o, [0.3, 0.001], { annealEpochs: 30, annealStrategy: 'linear' }),
  'SWALR at once': (o) => new SWALR(o, 0.02, { annealEpochs: 0 }),
  'CosineAnnealingLR after 12': (o) => new CosineAnnealingLR(resumed(o), 30, { lastEpoch: 12 }),
  'StepLR after 12': (o) => new StepLR(resumed(o), 7, { lastEpoch: 12 }),
  ReduceLROnPlateau: (o) => new ReduceLROnPlateau(o, { patience: 2 }),
  'ReduceLROnPlateau, all options': (o) =>
    new ReduceLROnPlateau(o, {
      mode: 'max',
      factor: 0.5,
      patience: 1,
      threshold: 0.05,
      thresholdMode: 'abs',
      cooldown: 3,
      minLr: [0.01, 0.001],
      eps: 1e-4,
    }),
  'ReduceLROnPlateau, max': (o) => new ReduceLROnPlateau(o, { mode: 'max', patience: 3, threshold: 0.1 }),
  'ReduceLROnPlateau, abs': (o) =>
    new ReduceLROnPlateau(o, { patience: 3, factor: 0.9, threshold: 0.02, thresholdMode: 'abs' }),
};

export type Seen = readonly [lr: number, momentum: number];

export interface Recorded {
  readonly name: string;
  readonly optimizer: 'SGD' | 'Adam';
  /** Of each group, after the constructor and after each step. */
  readonly steps: readonly (readonly Seen[])[];
  /** PyTorch's states before step `half`. */
  readonly state: { readonly schedule: Json; readonly groups: readonly optim.GroupState[] };
}

const file = new URL('../../recordings/schedules.json.gz', import.meta.url);
export const { half, cases, fractions } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  readonly half: number;
  readonly cases: readonly Recorded[];
  readonly fractions: readonly (readonly [epoch: number | null, lr: number, lastEpoch: number][])[];
};

export const parameter = () => tensor([0]).requiresGrad_();

export const sgd = (momentum = 0.6) =>
  new optim.SGD([{ params: [parameter()] }, { params: [parameter()], lr: 0.03 }], { lr: 0.1, momentum });

export const optimizers = {
  SGD: sgd,
  Adam: () =>
    new optim.Adam([{ params: [parameter()] }, { params: [parameter()], lr: 0.03 }], {
      lr: 0.1,
      betas: [0.6, 0.99],
    }),
};

export type AnyOptimizer = ReturnType<(typeof optimizers)[keyof typeof optimizers]>;

export const seen = (optimizer: AnyOptimizer): Seen[] =>
  optimizer.paramGroups.map((group) => [group.lr, 'betas' in group ? group.betas[0] : group.momentum]);

const metric = (step: number): number =>
  step > 45 ? Number.NaN : Math.cos(0.9 * step) * 0.1 + 3 / (1 + Math.floor(step / 10));

export const step = (schedule: AnySchedule, i: number): void => {
  if (schedule instanceof ReduceLROnPlateau) schedule.step(metric(i));
  else schedule.step();
};

/** Before step `half`. */
export function halfWay({ name, optimizer: kind }: Recorded) {
  const optimizer = optimizers[kind]();
  const schedule = schedules[name]!(optimizer);
  for (let i = 0; i < half; i++) step(schedule, i);
  return { optimizer, schedule };
}

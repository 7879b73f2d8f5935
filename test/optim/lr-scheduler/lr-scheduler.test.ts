import { describe, expect, test } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { tensor } from '../../../src/index.js';
import * as optim from '../../../src/optim/index.js';
import type { Scheduler, SchedulerState } from '../../../src/optim/lr-scheduler/index.js';
import type { SchedulerLike } from '../../../src/train/index.js';
import { attachTensors } from '../../../src/train/state.js';
import {
  type AnyOptimizer,
  type AnySchedule,
  cases,
  fractions,
  half,
  halfWay,
  optimizers,
  parameter,
  type Recorded,
  type Seen,
  schedules,
  seen,
  sgd,
  step,
} from './schedules.js';

const {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiplicativeLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} = optim.lrScheduler;

function expectSeen(optimizer: AnyOptimizer, expected: readonly Seen[], what: string): void {
  seen(optimizer).forEach((values, group) => {
    values.forEach((value, i) => {
      if (!(Math.abs(value - expected[group]![i]!) <= 1e-12))
        expect.fail(
          `${what}, group ${group}: ${['lr', 'momentum'][i]} ${value}, PyTorch ${expected[group]![i]}`,
        );
    });
  });
}

function goOn(schedule: AnySchedule, optimizer: AnyOptimizer, { steps }: Recorded, from: number): void {
  for (let i = from; i < steps.length - 1; i++) {
    step(schedule, i);
    expectSeen(optimizer, steps[i + 1]!, `step ${i}`);
  }
}

/** What PyTorch keeps and Myelin does without, or has in another form. */
const theirsOnly = [
  'verbose',
  '_get_lr_called_within_step',
  'mode_worse',
  '_schedule_phases',
  'use_beta1',
  '_scale_fn_custom',
  '_scale_fn_ref',
];
const oursOnly = ['pct_start', 'anneal_strategy', 'three_phase', 'base_momentums', 'max_momentums'];

function expectLayout(own: unknown, theirs: unknown, path: string): void {
  // Within another schedule PyTorch's keeps the rates of its own last step, Myelin's those that hold.
  if (/_schedulers.*_last_lr/.test(path)) return;
  if (typeof theirs === 'number' && Number.isFinite(theirs)) expect(own, path).toBeCloseTo(theirs, 12);
  else if (typeof theirs !== 'object' || theirs === null) expect(own, path).toBe(theirs);
  else {
    const ours = Object.keys(own as object).filter((key) => key in theirs || !oursOnly.includes(key));
    expect(ours.sort(), path).toEqual(
      Object.keys(theirs)
        .filter((key) => !theirsOnly.includes(key))
        .sort(),
    );
    for (const [key, value] of Object.entries(theirs))
      if (!theirsOnly.includes(key)) expectLayout((own as SchedulerState)[key], value, `${path}.${key}`);
  }
}

/** States with one part of another kind, and what is said of it. */
const spoilt: readonly (readonly [string, (o: ReturnType<typeof sgd>) => Scheduler, object, string])[] = [
  [
    'a fraction of a step',
    (o) => new StepLR(o, 2),
    { last_epoch: 1.5 },
    'StepLR.loadStateDict: last_epoch must be a whole number of at least 0, got 1.5',
  ],
  [
    'a count below 0',
    (o) => new StepLR(o, 2),
    { _step_count: -1 },
    'StepLR.loadStateDict: _step_count must be a whole number of at least 0, got -1',
  ],
  [
    'no step_size',
    (o) => new StepLR(o, 2),
    { step_size: undefined },
    'StepLR.loadStateDict: it has no step_size; is it the state of a different schedule?',
  ],
  [
    'a step_size in words',
    (o) => new StepLR(o, 2),
    { step_size: '2' },
    "StepLR.loadStateDict: step_size must be a number, got '2'",
  ],
  [
    'a step_size of half a step',
    (o) => new StepLR(o, 2),
    { step_size: 0.5 },
    'StepLR.loadStateDict: the state: stepSize must be',
  ],
  [
    'no base_lrs',
    (o) => new ExponentialLR(o, 0.5),
    { base_lrs: undefined },
    'ExponentialLR.loadStateDict: base_lrs must be a list in which each is a finite number of at least 0, got undefined',
  ],
  [
    'fewer base_lrs',
    (o) => new ExponentialLR(o, 0.5),
    { base_lrs: [] },
    'ExponentialLR.loadStateDict: the schedule was for 0 parameter groups, but the optimizer has 2',
  ],
  [
    'NaN among base_lrs',
    (o) => new ExponentialLR(o, 0.5),
    { base_lrs: [0.1, Number.NaN] },
    'ExponentialLR.loadStateDict: base_lrs must be a list in which each is a finite number of at least 0, got [0.1, NaN]',
  ],
  [
    'NaN among the rates',
    (o) => new ExponentialLR(o, 0.5),
    { _last_lr: [Number.NaN, 1] },
    'ExponentialLR.loadStateDict: _last_lr must be a list in which each is a finite number of at least 0, got [NaN, 1]',
  ],
  [
    'rates that are no list',
    (o) => new ExponentialLR(o, 0.5),
    { _last_lr: null },
    'ExponentialLR.loadStateDict: _last_lr must be a list in which each is a finite number of at least 0, got null',
  ],
  [
    'no milestones',
    (o) => new MultiStepLR(o, [2]),
    { milestones: null },
    'MultiStepLR.loadStateDict: milestones must be an object in which each value is a number, got null',
  ],
  [
    'a milestone at half a step',
    (o) => new MultiStepLR(o, [2]),
    { milestones: { 0.5: 1 } },
    'MultiStepLR.loadStateDict: the state: a milestone must be',
  ],
  [
    'a mode of its own',
    (o) => new CyclicLR(o, 0.1, 1),
    { mode: 'wave' },
    'CyclicLR.loadStateDict: the state: mode must be',
  ],
  [
    'a largest rate too few',
    (o) => new CyclicLR(o, 0.1, 1),
    { max_lrs: [1] },
    'CyclicLR.loadStateDict: max_lrs must be a list of 2 in which each is a number, got [1]',
  ],
  [
    'a part that is none',
    (o) => new ChainedScheduler([new StepLR(o, 1)]),
    { _schedulers: [null] },
    'ChainedScheduler.loadStateDict: _schedulers[0]: the state must be an object, got null',
  ],
  [
    'a part without its setting',
    (o) => new ChainedScheduler([new StepLR(o, 1)]),
    { _schedulers: [{ last_epoch: 1 }] },
    'ChainedScheduler.loadStateDict: _schedulers[0]: it has no step_size, gamma; is it the state of a different schedule?',
  ],
  [
    'no rates of all',
    (o) => new ChainedScheduler([new StepLR(o, 1)]),
    { _last_lr: undefined },
    'ChainedScheduler.loadStateDict: _last_lr must be a list in which each is a finite number of at least 0, got undefined',
  ],
  [
    'a fraction of a step in sequence',
    (o) => new SequentialLR(o, [new StepLR(o, 1)], []),
    { last_epoch: 0.5 },
    'SequentialLR.loadStateDict: last_epoch must be a whole number of at least 0, got 0.5',
  ],
  [
    'a step before the first',
    (o) => new StepLR(o, 2),
    { last_epoch: -1 },
    'StepLR.loadStateDict: last_epoch must be a whole number of at least 0, got -1',
  ],
  [
    'a sequence before its first step',
    (o) => new SequentialLR(o, [new StepLR(o, 1)], []),
    { last_epoch: -1 },
    'SequentialLR.loadStateDict: last_epoch must be a whole number of at least 0, got -1',
  ],
  [
    'a smallest rate below 0',
    (o) => new CosineAnnealingLR(o, 5),
    { eta_min: -1 },
    'CosineAnnealingLR.loadStateDict: the state: etaMin must be a finite number of at least 0, got -1',
  ],
  [
    'a place beyond its period',
    (o) => new CosineAnnealingWarmRestarts(o, 5),
    { T_cur: 5 },
    'CosineAnnealingWarmRestarts.loadStateDict: the state: tCur must be a finite number of at least -1 and below 5, got 5',
  ],
  [
    'a milestone that counts −1 times',
    (o) => new MultiStepLR(o, [2]),
    { milestones: { 2: -1 } },
    'MultiStepLR.loadStateDict: the state: how often milestone 2 counts must be a whole number of at least 1, got -1',
  ],
  [
    'a largest rate below 0',
    (o) => new CyclicLR(o, 0.1, 1),
    { max_lrs: [1, -1] },
    'CyclicLR.loadStateDict: the state: maxLrs must be a list in which each is a finite number of at least 0, got [1, -1]',
  ],
  [
    'a rise as long as its cycle',
    (o) => new CyclicLR(o, 0.1, 1),
    { step_ratio: 1 },
    'CyclicLR.loadStateDict: the state: stepRatio must be a finite number above 0 and below 1, got 1',
  ],
  [
    'a cycle without steps',
    (o) => new CyclicLR(o, 0.1, 1),
    { total_size: 0 },
    'CyclicLR.loadStateDict: the state: totalSize must be a finite number above 0, got 0',
  ],
  [
    'a momentum above 1',
    (o) => new CyclicLR(o, 0.1, 1),
    { max_momentums: [2, 2] },
    'CyclicLR.loadStateDict: the state: maxMomentums must be a list in which each is a finite number of at least 0 and below 1, got [2, 2]',
  ],
  [
    'an infinite factor',
    (o) => new ExponentialLR(o, 0.5),
    { gamma: Number.POSITIVE_INFINITY },
    'ExponentialLR.loadStateDict: the state: gamma must be a finite number of at least 0, got Infinity',
  ],
];

test('what a schedule waits for is counted', () => {
  const scheduler = new ReduceLROnPlateau(sgd());
  const start = scheduler.stateDict();
  scheduler.step(3);
  for (const [name, value, message] of [
    ['num_bad_epochs', -1, 'numBadEpochs must be a whole number of at least 0, got -1'],
    ['cooldown_counter', 0.5, 'cooldownCounter must be a whole number of at least 0, got 0.5'],
    ['best', Number.NaN, 'best must be a number, got NaN'],
    [
      'min_lrs',
      [-1, -1],
      'minLrs must be a list in which each is a finite number of at least 0, got [-1, -1]',
    ],
  ] as const)
    expect(() => scheduler.loadStateDict({ ...start, [name]: value })).toThrow(message);
  // The state of the start, when nothing was best yet.
  scheduler.loadStateDict(start);
  expect(scheduler.stateDict()).toEqual(start);
});

test.each<[string, number, string]>([
  ['initial_lr', -1, 'initialLr must be a finite number of at least 0, got -1'],
  ['max_lr', -1, 'maxLr must be a finite number of at least 0, got -1'],
  ['swa_lr', -1, 'swaLr must be a finite number of at least 0, got -1'],
  ['base_momentum', 1, 'baseMomentum must be a finite number of at least 0 and below 1, got 1'],
])('%s = %s is nothing that a schedule keeps in a group', (name, value, message) => {
  const optimizer = sgd();
  const { state, param_groups: groups } = optimizer.stateDict();
  const bad = groups.map((group, i) => (i === 1 ? { ...group, [name]: value } : group));
  expect(() => optimizer.loadStateDict({ state, param_groups: bad })).toThrow(
    `SGD.loadStateDict: param_groups[1]: ${message}`,
  );
  const group = { params: [tensor([1])], [name.replace(/_(.)/, (_, c: string) => c.toUpperCase())]: value };
  expect(() => optimizer.addParamGroup(group)).toThrow(`SGD: paramGroups[2]: ${message}`);
});

test.each(spoilt)('a state with %s changes nothing', (_, make, change, message) => {
  const optimizer = sgd();
  const schedule = make(optimizer);
  for (let i = 0; i < 3; i++) schedule.step();
  const before = structuredClone([schedule.stateDict(), optimizer.stateDict()]);
  const bad = { ...make(sgd()).stateDict(), ...change };
  expect(() => schedule.loadStateDict(bad)).toThrow(message);
  expect(() => schedule.loadStateDict(bad)).toThrow(ArgumentError);
  expect([schedule.stateDict(), optimizer.stateDict()]).toEqual(before);
});

test('invalid schedule states are refused', () => {
  for (const state of [null, 5, 'x', [1]])
    expect(() => new StepLR(sgd(), 1).loadStateDict(state as never)).toThrow(
      'StepLR.loadStateDict: the state must be an object, got ',
    );
});

test("a promise of a state isn't a state", () => {
  const promise = Promise.resolve({}) as never;
  const optimizer = sgd();
  const sequence = new SequentialLR(optimizer, [new StepLR(optimizer, 1), new StepLR(optimizer, 1)], [2]);
  expect(() => optimizer.loadStateDict(promise)).toThrow(
    'SGD.loadStateDict: the state must be an object, got a Promise\n  hint: await it first',
  );
  expect(() => new StepLR(sgd(), 1).loadStateDict(promise)).toThrow(
    "StepLR.loadStateDict: this isn't the state of a schedule: it has no last_epoch\n  hint: await it first",
  );
  expect(() => sequence.loadStateDict(promise)).toThrow(
    "SequentialLR.loadStateDict: this isn't the state of a SequentialLR: it has no last_epoch\n  hint: await it first",
  );
});

const named = cases.map((c) => [`${c.name} of ${c.optimizer}`, c] as const);

describe.each(named)('%s', (_, recorded) => {
  test("goes through PyTorch's rates and momenta", () => {
    const optimizer = optimizers[recorded.optimizer]();
    const schedule = schedules[recorded.name]!(optimizer);
    expectSeen(optimizer, recorded.steps[0]!, 'at first');
    goOn(schedule, optimizer, recorded, 0);
  });

  test('resumed halfway, it continues bit for bit', () => {
    const through = halfWay(recorded);
    const states = structuredClone([through.optimizer.stateDict(), through.schedule.stateDict()] as const);
    const optimizer = optimizers[recorded.optimizer]();
    const schedule = schedules[recorded.name]!(optimizer);
    optimizer.loadStateDict(states[0]);
    schedule.loadStateDict(states[1]);
    for (let i = half; i < recorded.steps.length - 1; i++) {
      step(schedule, i);
      step(through.schedule, i);
      expect(seen(optimizer)).toEqual(seen(through.optimizer));
    }
    expect(schedule.stateDict()).toEqual(through.schedule.stateDict());
  });

  test("the state has PyTorch's layout, and PyTorch's states can be resumed", () => {
    const theirs = attachTensors(recorded.state.schedule, {}) as SchedulerState;
    expectLayout(halfWay(recorded).schedule.stateDict(), theirs, 'state');
    const optimizer = optimizers[recorded.optimizer]();
    const schedule = schedules[recorded.name]!(optimizer);
    optimizer.loadStateDict({ state: {}, param_groups: recorded.state.groups });
    schedule.loadStateDict(theirs);
    expectSeen(optimizer, recorded.steps[half]!, 'when loaded');
    goOn(schedule, optimizer, recorded, half);
  });
});

test.each([
  [0, 3, {}],
  [1, 2, { tMult: 3, etaMin: 0.01 }],
])('CosineAnnealingWarmRestarts goes where it is told, case %i', (index, t0, options) => {
  const optimizer = sgd();
  const schedule = new CosineAnnealingWarmRestarts(optimizer, t0, options);
  for (const [epoch, lr, lastEpoch] of fractions[index]!) {
    schedule.step(epoch ?? undefined);
    expect(schedule.getLastLr()[0], `epoch ${epoch}`).toBeCloseTo(lr, 12);
    expect(schedule.lastEpoch).toBe(lastEpoch);
  }
});

test('a schedule without its optimizer continues at the rates of the time', () => {
  const schedule = new StepLR(sgd(), 2);
  for (let i = 0; i < 5; i++) schedule.step();
  const later = sgd();
  new StepLR(later, 2).loadStateDict(schedule.stateDict());
  expect(later.paramGroups.map(({ lr }) => lr)).toEqual(schedule.getLastLr());
});

test('CyclicLR cycles the first beta, too', () => {
  const [momentum, beta] = [sgd(), optimizers.Adam()];
  const both = [momentum, beta].map((o) => new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 3 }));
  for (let i = 0; i < 10; i++) {
    for (const schedule of both) schedule.step();
    expect(seen(beta)).toEqual(seen(momentum));
  }
  expect(beta.paramGroups[0]!.betas[1]).toBe(0.99);
});

test('CyclicLR has its own bounds, whatever schedule there was before', () => {
  const optimizer = sgd();
  new ExponentialLR(optimizer, 0.9).step();
  new CyclicLR(optimizer, 0.01, 0.2);
  expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.01, 0.01]);
});

test('SequentialLR takes combined schedules', () => {
  const make = (o: optim.lrScheduler.Schedulable, inner: boolean) => {
    const first = [new ConstantLR(o, { factor: 0.5, totalIters: 2 }), new ExponentialLR(o, 0.9)];
    const last = new ExponentialLR(o, 0.5);
    return inner
      ? new SequentialLR(o, [new SequentialLR(o, first, [4]), new ChainedScheduler([last])], [8])
      : new SequentialLR(o, [...first, last], [4, 8]);
  };
  const [nested, flat] = [sgd(), sgd()];
  const [a, b] = [make(nested, true), make(flat, false)];
  for (let i = 0; i < 12; i++) {
    a.step();
    b.step();
    expect(a.getLastLr(), `step ${i}`).toEqual(b.getLastLr());
  }
  const twice = new SequentialLR(nested, [new ExponentialLR(nested, 0.5), make(nested, true)], [2]);
  for (let i = 0; i < 2; i++) twice.step();
  expect(twice.getLastLr()[0]).toBeCloseTo(0.05, 12);
});

test('ReduceLROnPlateau takes a tensor', () => {
  const optimizer = sgd();
  const schedule = new ReduceLROnPlateau(optimizer, { patience: 0 });
  schedule.step(tensor(1));
  schedule.step(tensor(2));
  expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(0.01);
});

/** A second group, of rate 3, joins a first, of rate 1; its rate after three steps. PyTorch's, where it has one. */
const joined: readonly [name: string, make: (o: optim.SGD) => AnySchedule, rate: number][] = [
  ['StepLR', (o) => new StepLR(o, 1, { gamma: 0.5 }), 0.375],
  ['MultiStepLR', (o) => new MultiStepLR(o, [1, 2], { gamma: 0.5 }), 0.75],
  ['ExponentialLR', (o) => new ExponentialLR(o, 0.5), 0.375],
  ['ConstantLR', (o) => new ConstantLR(o, { factor: 0.5, totalIters: 2 }), 6],
  ['LinearLR', (o) => new LinearLR(o, { startFactor: 0.5, totalIters: 4 }), 5.25],
  ['PolynomialLR', (o) => new PolynomialLR(o, { totalIters: 4 }), 0.75],
  ['CosineAnnealingLR', (o) => new CosineAnnealingLR(o, 4), 0.4393398],
  ['CosineAnnealingWarmRestarts', (o) => new CosineAnnealingWarmRestarts(o, 4), 0.4393398],
  ['LambdaLR', (o) => new LambdaLR(o, (t) => 0.5 ** t), 0.375],
  ['MultiplicativeLR', (o) => new MultiplicativeLR(o, () => 0.5), 0.375],
  ['CyclicLR', (o) => new CyclicLR(o, 1, 2, { stepSizeUp: 6, cycleMomentum: false }), 1.5],
  ['SWALR', (o) => new optim.swaUtils.SWALR(o, 1, { annealEpochs: 4, annealStrategy: 'linear' }), 1.5],
  [
    'OneCycleLR',
    (o) => new OneCycleLR(o, 2, { totalSteps: 11, pctStart: 0.3, cycleMomentum: false }),
    1.9594931,
  ],
];

describe('a group that joins later', () => {
  const start = (): optim.SGD => new optim.SGD([parameter()], { lr: 1 });

  test.each(joined)('%s', (_, make, rate) => {
    const optimizer = start();
    const schedule = make(optimizer);
    optimizer.addParamGroup({ params: parameter(), lr: 3 });
    for (let i = 0; i < 3; i++) (schedule as Scheduler).step();
    expect(optimizer.paramGroups[1]!.lr).toBeCloseTo(rate, 4);
    const state = schedule.stateDict();
    schedule.loadStateDict(state);
    expect(schedule.getLastLr()).toHaveLength(2);
    for (let i = 0; i < 2; i++) (schedule as Scheduler).step();
  });

  test('takes part in schedules made of schedules', () => {
    const optimizer = start();
    const warmUp = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
    const then = new ExponentialLR(optimizer, 0.5);
    const schedule = new SequentialLR(optimizer, [warmUp, then], [2]);
    optimizer.addParamGroup({ params: parameter(), lr: 3 });
    for (let i = 0; i < 3; i++) schedule.step();
    expect(optimizer.paramGroups.map((group) => group.lr)).toEqual([0.5, 1.5]);
  });

  test('needs values that all groups share', () => {
    const optimizer = new optim.SGD([{ params: [parameter()] }, { params: [parameter()] }], { lr: 1 });
    const each = [() => 1, () => 2];
    for (const [schedule, name] of [
      [new LambdaLR(optimizer, each), 'lrLambda'],
      [new CyclicLR(optimizer, [1, 2], 3, { cycleMomentum: false }), 'baseLr'],
      [new OneCycleLR(optimizer, [1, 2], { totalSteps: 9, cycleMomentum: false }), 'initialLr'],
    ] as const) {
      const added = { params: [parameter()], lr: 1 };
      optimizer.addParamGroup(added);
      expect(() => schedule.step()).toThrow(
        new RegExp(
          `a parameter group was added, but ${name} differs between groups\n {2}hint: create a new schedule`,
        ),
      );
      (optimizer.paramGroups as unknown[]).pop();
    }
  });
});

test('a function that gives no rate is an error that says so', () => {
  for (const [value, shown] of [
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-1, '-1'],
    ['0.5', "'0.5'"],
    [undefined, 'undefined'],
  ] as const) {
    const f = (epoch: number): number => (epoch < 2 ? 1 : (value as number));
    for (const Class of [LambdaLR, MultiplicativeLR]) {
      const schedule = new Class(sgd(), f);
      schedule.step();
      expect(() => schedule.step()).toThrow(
        `${Class.name}: the value of lrLambda at 2 must be a finite number of at least 0, got ${shown}`,
      );
    }
  }
  expect(() => new CyclicLR(sgd(), 0.1, 1, { scaleFn: () => NaN })).toThrow(
    /^CyclicLR: the value of scaleFn at 1 must be a finite number, got NaN$/,
  );
  const huge = new LambdaLR(sgd(), () => 1e308);
  sgdRate(huge, 1e308);
  expect(() => huge.step()).toThrow(/^LambdaLR: the rate of parameter group 0 would be Infinity at step 1$/);
});

/** Sets the initial rate of a schedule's first group. */
function sgdRate(schedule: Scheduler, rate: number): void {
  (schedule as unknown as { baseLrs: number[] }).baseLrs = schedule.getLastLr().map(() => rate);
}

test("settings and states with rates that can't be are refused", () => {
  expect(() => new CosineAnnealingLR(sgd(), 5, { etaMin: -1 })).toThrow(
    /^CosineAnnealingLR: etaMin must be a finite number of at least 0, got -1$/,
  );
  const refused = (schedule: Scheduler, changed: object, message: string): void =>
    expect(() => schedule.loadStateDict({ ...schedule.stateDict(), ...changed })).toThrow(message);
  refused(new CosineAnnealingLR(sgd(), 5), { eta_min: -1 }, 'etaMin must be a finite number of at least 0');
  refused(
    new CosineAnnealingWarmRestarts(sgd(), 5),
    { T_cur: -3 },
    'tCur must be a finite number of at least -1',
  );
  const cyclic = (): Scheduler => new CyclicLR(sgd(), 0.1, 1);
  refused(cyclic(), { total_size: 0 }, 'totalSize must be a finite number above 0');
  refused(cyclic(), { step_ratio: 2 }, 'stepRatio must be a finite number above 0 and below 1');
  refused(
    cyclic(),
    {
      max_lrs: cyclic()
        .getLastLr()
        .map(() => -1),
    },
    'maxLrs must be a list',
  );
});

test('a Trainer takes each of them', () => {
  for (const make of Object.values(schedules)) {
    const schedule: SchedulerLike = make(sgd());
    expect(schedule.stateDict()).toBeTypeOf('object');
  }
});

const state = (schedule: AnySchedule): SchedulerState => schedule.stateDict();
const o = sgd();
const errors: readonly [name: string, call: () => unknown, message: string][] = [
  [
    'functions',
    () => new LambdaLR(o, [() => 1]),
    'LambdaLR: got 1 functions, but the optimizer has 2 parameter groups',
  ],
  [
    'functions',
    () => new MultiplicativeLR(o, []),
    'MultiplicativeLR: got 0 functions, but the optimizer has 2 parameter groups',
  ],
  [
    'gamma in the place of the options',
    () => new StepLR(o, 1, 0.5 as never),
    'StepLR: the options must be an object, got 0.5\n  hint: write { gamma: 0.5 }',
  ],
  [
    "Python's name",
    () => new LinearLR(o, { start_factor: 0.5 } as never),
    "LinearLR: there's no option 'start_factor'; did you mean 'startFactor'?",
  ],
  [
    'a model',
    () => new StepLR({ parameters: () => [] } as never, 1),
    'StepLR: needs the optimizer whose rates to change, got { parameters }',
  ],
  [
    'a number for a function',
    () => new LambdaLR(o, 0.5 as never),
    'LambdaLR: lrLambda must be a function, or a list in which each is a function, got 0.5',
  ],
  [
    'a schedule with a metric in a sequence',
    () => new ChainedScheduler([new ReduceLROnPlateau(o) as never]),
    'ChainedScheduler: schedulers must be a list in which each is a schedule that steps without a metric, got [a ReduceLROnPlateau]',
  ],
  ['stepSize', () => new StepLR(o, 0), 'StepLR: stepSize must be a whole number of at least 1, got 0'],
  [
    'gamma',
    () => new StepLR(o, 1, { gamma: -1 }),
    'StepLR: gamma must be a finite number of at least 0, got -1',
  ],
  [
    'gamma',
    () => new ExponentialLR(o, Number.NaN),
    'ExponentialLR: gamma must be a finite number of at least 0, got NaN',
  ],
  [
    'milestones',
    () => new MultiStepLR(o, [1.5]),
    'MultiStepLR: milestones must be a list in which each is a whole number of at least 0, got [1.5]',
  ],
  [
    'factor',
    () => new ConstantLR(o, { factor: 0 }),
    'ConstantLR: factor must be a finite number above 0 and of at most 1, got 0',
  ],
  [
    'totalIters',
    () => new ConstantLR(o, { totalIters: 0 }),
    'ConstantLR: totalIters must be a whole number of at least 1, got 0',
  ],
  [
    'startFactor',
    () => new LinearLR(o, { startFactor: 2 }),
    'LinearLR: startFactor must be a finite number above 0 and of at most 1, got 2',
  ],
  [
    'endFactor',
    () => new LinearLR(o, { endFactor: -1 }),
    'LinearLR: endFactor must be a number from 0 to 1, got -1',
  ],
  [
    'power',
    () => new PolynomialLR(o, { power: -1 }),
    'PolynomialLR: power must be a finite number of at least 0, got -1',
  ],
  [
    'tMax',
    () => new CosineAnnealingLR(o, 0),
    'CosineAnnealingLR: tMax must be a whole number of at least 1, got 0',
  ],
  [
    'etaMin',
    () => new CosineAnnealingLR(o, 3, { etaMin: Number.NaN }),
    'CosineAnnealingLR: etaMin must be a finite number of at least 0, got NaN',
  ],
  [
    't0',
    () => new CosineAnnealingWarmRestarts(o, 0),
    'CosineAnnealingWarmRestarts: t0 must be a whole number of at least 1, got 0',
  ],
  [
    'tMult',
    () => new CosineAnnealingWarmRestarts(o, 1, { tMult: 1.5 }),
    'CosineAnnealingWarmRestarts: tMult must be a whole number of at least 1, got 1.5',
  ],
  [
    'epoch',
    () => new CosineAnnealingWarmRestarts(o, 1).step(-1),
    'CosineAnnealingWarmRestarts: epoch must be a finite number of at least 0, got -1',
  ],
  [
    'lastEpoch',
    () => new StepLR(sgd(), 1, { lastEpoch: 3 }),
    "StepLR: can't resume after step 3: parameter group 0 has no initialLr; load the optimizer's state first",
  ],
  [
    'no steps',
    () => new OneCycleLR(o, 1, { epochs: 3 }),
    'OneCycleLR: needs the number of steps: totalSteps, or epochs and stepsPerEpoch',
  ],
  [
    'epochs',
    () => new OneCycleLR(o, 1, { epochs: 0, stepsPerEpoch: 3 }),
    'OneCycleLR: epochs must be a whole number of at least 1, got 0',
  ],
  [
    'totalSteps',
    () => new OneCycleLR(o, 1, { totalSteps: -1 }),
    'OneCycleLR: totalSteps must be a whole number of at least 1, got -1',
  ],
  [
    'pctStart',
    () => new OneCycleLR(o, 1, { totalSteps: 3, pctStart: 2 }),
    'OneCycleLR: pctStart must be a number from 0 to 1, got 2',
  ],
  [
    'annealStrategy',
    () => new OneCycleLR(o, 1, { totalSteps: 3, annealStrategy: 'cosine' as 'cos' }),
    "OneCycleLR: annealStrategy must be 'cos' or 'linear', got 'cosine'",
  ],
  [
    'divFactor',
    () => new OneCycleLR(o, 1, { totalSteps: 3, divFactor: 0 }),
    'OneCycleLR: divFactor must be a finite number above 0, got 0',
  ],
  [
    'maxLr',
    () => new OneCycleLR(o, -1, { totalSteps: 3 }),
    'OneCycleLR: maxLr must be a finite number of at least 0, or a list in which each is a finite number of at least 0, got -1',
  ],
  [
    'groups',
    () => new OneCycleLR(o, [1, 2, 3], { totalSteps: 3 }),
    'OneCycleLR: maxLr has 3 values, but the optimizer has 2 parameter groups',
  ],
  [
    'momentum',
    () => new OneCycleLR(o, 1, { totalSteps: 3, maxMomentum: 1 }),
    'OneCycleLR: maxMomentum must be a finite number of at least 0 and below 1, or a list in which each is a finite number of at least 0 and below 1, got 1',
  ],
  [
    'no momentum',
    () => new OneCycleLR(new optim.Adagrad([parameter()]), 1, { totalSteps: 3 }),
    'OneCycleLR: the optimizer has no momentum to cycle; pass cycleMomentum: false',
  ],
  [
    'beyond the end',
    () => {
      const schedule = new OneCycleLR(sgd(), 1, { totalSteps: 2 });
      for (let i = 0; i < 3; i++) schedule.step();
    },
    'OneCycleLR: the cycle of 2 steps is over; totalSteps must be the number of batches in all epochs',
  ],
  [
    'stepSizeUp',
    () => new CyclicLR(o, 0, 1, { stepSizeUp: 0 }),
    'CyclicLR: stepSizeUp must be a finite number above 0, got 0',
  ],
  [
    'mode',
    () => new CyclicLR(o, 0, 1, { mode: 'square' as 'triangular' }),
    "CyclicLR: mode must be 'triangular', 'triangular2' or 'exp_range', got 'square'",
  ],
  [
    'scaleMode',
    () => new CyclicLR(o, 0, 1, { scaleFn: () => 1, scaleMode: 'step' as 'cycle' }),
    "CyclicLR: scaleMode must be 'cycle' or 'iterations', got 'step'",
  ],
  [
    'gamma',
    () => new CyclicLR(o, 0, 1, { gamma: 0 }),
    'CyclicLR: gamma must be a finite number above 0, got 0',
  ],
  [
    'rates',
    () => new CyclicLR(o, -1, 1),
    'CyclicLR: baseLr must be a finite number of at least 0, or a list in which each is a finite number of at least 0, got -1',
  ],
  [
    'factor',
    () => new ReduceLROnPlateau(o, { factor: 1 }),
    'ReduceLROnPlateau: factor must be a finite number of at least 0 and below 1, got 1',
  ],
  [
    'mode',
    () => new ReduceLROnPlateau(o, { mode: 'low' as 'min' }),
    "ReduceLROnPlateau: mode must be 'min' or 'max', got 'low'",
  ],
  [
    'thresholdMode',
    () => new ReduceLROnPlateau(o, { thresholdMode: 'x' as 'rel' }),
    "ReduceLROnPlateau: thresholdMode must be 'rel' or 'abs', got 'x'",
  ],
  [
    'patience',
    () => new ReduceLROnPlateau(o, { patience: -1 }),
    'ReduceLROnPlateau: patience must be a whole number of at least 0, got -1',
  ],
  [
    'minLr',
    () => new ReduceLROnPlateau(o, { minLr: [0.1, -1] }),
    'ReduceLROnPlateau: minLr must be a finite number of at least 0, or a list in which each is a finite number of at least 0, got [0.1, -1]',
  ],
  [
    'no metric',
    () => (new ReduceLROnPlateau(o) as unknown as { step(): void }).step(),
    'ReduceLROnPlateau: step needs the monitored number: scheduler.step(loss)',
  ],
  [
    'another optimizer',
    () => new SequentialLR(o, [new StepLR(o, 1), new StepLR(sgd(), 1)], [3]),
    'SequentialLR: schedule 1 is for a different optimizer; all schedules must share one',
  ],
  [
    'another optimizer',
    () => new ChainedScheduler([new StepLR(o, 1), new StepLR(sgd(), 1)]),
    'ChainedScheduler: schedule 1 is for a different optimizer; all schedules must share one',
  ],
  ['nothing to chain', () => new ChainedScheduler([]), 'ChainedScheduler: needs at least one schedule'],
  ['nothing in sequence', () => new SequentialLR(o, [], []), 'SequentialLR: needs at least one schedule'],
  [
    'milestones',
    () => new SequentialLR(o, [new StepLR(o, 1)], [3]),
    'SequentialLR: 1 schedules need 0 milestones, got 1',
  ],
  [
    'milestones',
    () => new SequentialLR(o, [new StepLR(o, 1), new StepLR(o, 1), new StepLR(o, 1)], [3, 2]),
    'SequentialLR: milestones must be in ascending order, got 3, 2',
  ],
  [
    'no state',
    () => new StepLR(o, 1).loadStateDict({}),
    "StepLR.loadStateDict: this isn't the state of a schedule: it has no last_epoch",
  ],
  [
    "another schedule's state",
    () => new StepLR(o, 1).loadStateDict(state(new CosineAnnealingLR(o, 1))),
    'StepLR.loadStateDict: it has no step_size, gamma; is it the state of a different schedule?',
  ],
  [
    'groups of the state',
    () => new StepLR(o, 1).loadStateDict({ ...state(new StepLR(o, 1)), _last_lr: [1] }),
    'StepLR.loadStateDict: the schedule was for 1 parameter groups, but the optimizer has 2',
  ],
  [
    'types in a state',
    () => new StepLR(o, 1).loadStateDict({ ...state(new StepLR(o, 1)), gamma: [1] }),
    'StepLR.loadStateDict: gamma must be a number, got [1]',
  ],
  [
    'values in a state',
    () => new StepLR(o, 1).loadStateDict({ ...state(new StepLR(o, 1)), gamma: -1 }),
    'StepLR.loadStateDict: the state: gamma must be a finite number of at least 0, got -1',
  ],
  [
    'parts of a state',
    () => new ChainedScheduler([new StepLR(o, 1)]).loadStateDict({}),
    'ChainedScheduler.loadStateDict: the state has no schedules, expected 1',
  ],
  [
    'other parts of a state',
    () =>
      new ChainedScheduler([new StepLR(o, 1)]).loadStateDict(
        new ChainedScheduler([new StepLR(o, 1), new StepLR(o, 1)]).stateDict(),
      ),
    'ChainedScheduler.loadStateDict: the state has 2 schedules, expected 1',
  ],
  [
    'a sequence of a state',
    () => new SequentialLR(o, [new StepLR(o, 1)], []).loadStateDict({}),
    "SequentialLR.loadStateDict: this isn't the state of a SequentialLR: it has no last_epoch",
  ],
];

test.each(errors)('error: %s', (_, call, message) => {
  expect(call).toThrow(message);
  expect(call).toThrow(ArgumentError);
});

test('what reads a state is named by a string', () => {
  const scheduler = new optim.lrScheduler.ExponentialLR(
    new optim.SGD([tensor([1]).requiresGrad_()], { lr: 1 }),
    0.9,
  );
  expect(() => scheduler.readState(3 as never, scheduler.stateDict(), 0)).toThrow(
    'readState: where must be a string, got 3',
  );
});

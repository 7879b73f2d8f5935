import { expect, test } from 'vitest';
import { ArgumentError, MyelinError } from '../../src/core/errors.js';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { Generator, manualSeed, noGrad, randn, Tensor, tensor } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';
import { detachTensors } from '../../src/train/state.js';

type Pair = [x: Tensor, y: Tensor];

function lineSet(n: number): TensorDataset<Pair> {
  manualSeed(5);
  const x = randn([n, 3]).to('float64');
  return new TensorDataset(x, x.sum(1, { keepdim: true }));
}

function line(
  set: TensorDataset<Pair>,
  batchSize: number,
  options: Partial<train.TrainerOptions<Pair>> = {},
) {
  manualSeed(6);
  const model = new nn.Linear(3, 1).to('float64');
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
  const trainer = new train.Trainer<Pair>({
    model,
    optimizer,
    step: ([x, y]: Pair) => ({ loss: F.mseLoss(model.forward(x), y) }),
    ...options,
  } as train.TrainerOptions<Pair>);
  return { model, optimizer, trainer, batches: new DataLoader(set, { batchSize }) };
}

const stopAfter = (at: number, trainer: () => train.Trainer<Pair>): train.TrainerCallback => ({
  onStep({ step }) {
    if (step === at) trainer().stop();
  },
});

const weightsOf = (model: nn.Module): number[] =>
  Object.values(model.stateDict()).flatMap((t) => [...t.dataSync()]);

test.each([
  ['whole groups', 24],
  ['a short last batch', 23],
  ['a short last group', 20],
  ['a last group of one short batch', 17],
  ['fewer batches than a group has', 5],
])('accumulated batches make the step of a large batch: %s', async (_name, n) => {
  const set = lineSet(n);
  const large = line(set, 8);
  const small = line(set, 2, { accumulate: 4 });
  await large.trainer.fit(large.batches, { epochs: 3 });
  await small.trainer.fit(small.batches, { epochs: 3 });
  expect(small.trainer.step).toBe(large.trainer.step);
  const expected = weightsOf(large.model);
  weightsOf(small.model).forEach((weight, i) => {
    expect(weight).toBeCloseTo(expected[i]!, 12);
  });
});

test('progress counts steps, not batches', async () => {
  const seen: [number, number, number][] = [];
  const { trainer, batches } = line(lineSet(11), 2, {
    accumulate: 4,
    callbacks: [
      {
        onStep: ({ step, stepInEpoch, stepsPerEpoch }) => void seen.push([step, stepInEpoch, stepsPerEpoch]),
      },
    ],
  });
  await trainer.fit(batches, { epochs: 2 });
  expect(seen).toEqual([
    [1, 1, 2],
    [2, 2, 2],
    [3, 1, 2],
    [4, 2, 2],
  ]);
});

/** One step of gradient descent with rate 1 for the loss w · 3 + v · 4: the gradient is (3, 4). */
async function stepOfGradient(options: Partial<train.TrainerOptions<Pair>>): Promise<number[]> {
  const model = new nn.Linear(2, 1, { bias: false });
  model.weight.detach().zero_();
  const trainer = new train.Trainer<Pair>({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 1 }),
    step: ([x]: Pair) => ({ loss: model.forward(x).mean() }),
    ...options,
  } as train.TrainerOptions<Pair>);
  const batch: Pair = [tensor([[3, 4]]), tensor([0])];
  await trainer.fit(new DataLoader(new TensorDataset(...batch)), { epochs: 1 });
  return [...model.weight.dataSync()].map((w) => -w);
}

test('gradients are clipped by norm and by value', async () => {
  expect(await stepOfGradient({})).toEqual([3, 4]);
  const [w, v] = await stepOfGradient({ clipGradNorm: 1 });
  expect([w, v]).toEqual([expect.closeTo(0.6, 5), expect.closeTo(0.8, 5)]);
  expect(await stepOfGradient({ clipGradNorm: 6 })).toEqual([3, 4]);
  expect(await stepOfGradient({ clipGradValue: 3.5 })).toEqual([3, 3.5]);
});

/** A scheduler that writes down its steps. */
class Recorder {
  readonly steps: (number | undefined)[] = [];
  constructor(readonly needsMetric = false) {}
  step(metric?: number): void {
    this.steps.push(metric);
  }
  stateDict = (): number => this.steps.length;
  loadStateDict(): void {}
}

test('schedulers are stepped after every step, or every epoch with what they ask for', async () => {
  const [each, epochly, plateau] = [new Recorder(), new Recorder(), new Recorder(true)];
  const set = lineSet(8);
  const first = line(set, 2, { scheduler: each });
  await first.trainer.fit(first.batches, { epochs: 2 });
  expect(each.steps).toHaveLength(8);

  const validations: number[] = [];
  const second = line(set, 2, {
    scheduler: { epochly, plateau },
    schedulerInterval: 'epoch',
    monitor: { name: 'loss' },
    callbacks: [{ onEpochEnd: ({ validation }) => void validations.push(validation!.loss!) }],
  });
  await second.trainer.fit(second.batches, { epochs: 2, validation: second.batches });
  expect(epochly.steps).toEqual([undefined, undefined]);
  expect(plateau.steps).toEqual(validations);
});

/** A training whose validation says these numbers, one an epoch. */
function scripted(
  script: readonly number[],
  options: train.EarlyStoppingOptions,
  callback: train.TrainerCallback = {},
) {
  const set = lineSet(8);
  const earlyStopping = new train.EarlyStopping(options);
  const best: boolean[] = [];
  const seen: number[][] = [];
  manualSeed(8);
  const model = new nn.Linear(3, 1).to('float64');
  const step = ([x, y]: Pair): train.StepResult => {
    const loss = F.mseLoss(model.forward(x), y);
    if (model.training) return { loss };
    seen[trainer.epoch - 1] = weightsOf(model);
    return { loss, score: tensor(script[trainer.epoch - 1]!) };
  };
  const trainer: train.Trainer<Pair> = new train.Trainer<Pair>({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
    earlyStopping,
    step,
    callbacks: [
      callback,
      {
        onEpochEnd(report) {
          best.push(report.best);
        },
      },
    ],
  });
  return {
    trainer,
    earlyStopping,
    model,
    best,
    seen,
    callback,
    batches: new DataLoader(set, { batchSize: 4 }),
  };
}

test('early stopping ends the training and restores the best weights', async () => {
  const run = scripted([5, 3, 4, 3, 3.5, 1], { monitor: 'score', mode: 'min', patience: 3 });
  const done = await run.trainer.fit(run.batches, { epochs: 6, validation: run.batches });
  expect([done, run.trainer.epoch]).toEqual([true, 5]);
  expect(run.best).toEqual([true, true, false, false, false]);
  const { best, bestEpoch, waited, stopped } = run.earlyStopping;
  expect({ best, bestEpoch, waited, stopped }).toEqual({ best: 3, bestEpoch: 2, waited: 3, stopped: true });
  expect(weightsOf(run.model)).toEqual(run.seen[1]);
  expect(weightsOf(run.model)).not.toEqual(run.seen[4]);
  expect(await run.trainer.fit(run.batches, { epochs: 6, validation: run.batches })).toBe(true);
  expect(run.trainer.epoch).toBe(5);
});

test('early stopping: the larger, a least improvement, the last weights', async () => {
  const run = scripted([0.5, 0.7, 0.75, 0.79, 0.9], {
    monitor: 'score',
    patience: 2,
    mode: 'max',
    minDelta: 0.1,
    restoreBest: false,
  });
  await run.trainer.fit(run.batches, { epochs: 5, validation: run.batches });
  expect(run.trainer.epoch).toBe(4);
  expect(run.earlyStopping.best).toBeCloseTo(0.7);
  expect(run.best).toEqual([true, true, true, true]);
  expect(weightsOf(run.model)).toEqual(run.seen[3]);
});

test("NaN isn't an improvement", async () => {
  const run = scripted([Number.NaN, Number.NaN, 1], { monitor: 'score', mode: 'min', patience: 2 });
  await run.trainer.fit(run.batches, { epochs: 3, validation: run.batches });
  expect([run.trainer.epoch, run.earlyStopping.best]).toEqual([2, null]);
});

test.each([
  ['min', [-Infinity, 0.5, 0.4, Infinity], 0.4, [false, true, true, false]],
  ['max', [Infinity, 0.5, 0.6, -Infinity], 0.6, [false, true, true, false]],
] as const)('an infinity is never the best: %s', async (mode, script, best, judged) => {
  const run = scripted([...script], { monitor: 'score', mode, patience: 9 });
  await run.trainer.fit(run.batches, { epochs: 4, validation: run.batches });
  expect(run.earlyStopping.best).toBeCloseTo(best);
  expect(run.best).toEqual(judged);
});

test("early stopping's patience and best weights are part of the state", async () => {
  const script = [5, 3, 4, 3, 3.5, 1];
  const options = { monitor: 'score', mode: 'min', patience: 3 } as const;
  const through = scripted(script, options);
  await through.trainer.fit(through.batches, { epochs: 6, validation: through.batches });
  for (const at of [1, 4, 5, 8, 9]) {
    const first = scripted(
      script,
      options,
      stopAfter(at, () => first.trainer),
    );
    expect(await first.trainer.fit(first.batches, { epochs: 6, validation: first.batches })).toBe(false);
    const state = first.trainer.state();
    const second = scripted(script, options);
    second.trainer.loadState(state);
    await second.trainer.fit(second.batches, { epochs: 6, validation: second.batches });
    expect([second.trainer.epoch, second.earlyStopping.bestEpoch]).toEqual([5, 2]);
    expect(weightsOf(second.model)).toEqual(weightsOf(through.model));
  }
});

test('its own generators are part of the state', async () => {
  const make = () => {
    manualSeed(6);
    const generator = new Generator(9);
    const callbacks: train.TrainerCallback[] = [];
    const run = line(lineSet(16), 4, { generators: [generator], callbacks });
    return {
      ...run,
      callbacks,
      batches: new DataLoader(lineSet(16), { batchSize: 4, shuffle: true, generator }),
    };
  };
  const through = make();
  await through.trainer.fit(through.batches, { epochs: 3 });
  const first = make();
  first.callbacks.push(stopAfter(6, () => first.trainer));
  await first.trainer.fit(first.batches, { epochs: 3 });
  const state = first.trainer.state();
  const second = make();
  second.trainer.loadState(state);
  await second.trainer.fit(second.batches, { epochs: 3 });
  expect(weightsOf(second.model)).toEqual(weightsOf(through.model));
  expect(() => line(lineSet(4), 4).trainer.loadState(state)).toThrow(
    'the state has 1 extra generators, but this trainer has 0',
  );
});

/** Scores by the sign of x₀, which class 1 has more often. */
function classified(options: Partial<train.TrainerOptions<Pair>> = {}) {
  manualSeed(3);
  const x = randn([22, 3]);
  const y = x.sum(1).gt(0).to('int32');
  const model = new nn.Linear(3, 2);
  const f1 = new metrics.F1({ average: 'macro' });
  const callbacks: train.TrainerCallback[] = [];
  const reports: train.EpochReport[] = [];
  const trainer = new train.Trainer<Pair>({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.5 }),
    metrics: { f1 },
    callbacks: [{ onEpochEnd: (report) => void reports.push(report) }, ...(options.callbacks ?? [])],
    step([images, labels]) {
      const logits = model.forward(images);
      f1.update(logits, labels);
      return { loss: F.crossEntropy(logits, labels) };
    },
  });
  const wanted = (): number => metrics.f1(model.forward(x), y, { average: 'macro' }).itemSync();
  const batches = new DataLoader(new TensorDataset(x, y), { batchSize: 4, shuffle: true });
  return { trainer, callbacks, reports, batches, wanted };
}

test('metrics that are no means are those of all batches, in training and evaluation, and go on', async () => {
  const through = classified();
  await through.trainer.fit(through.batches, { epochs: 2, validation: through.batches });
  expect(through.reports[1]!.validation!.f1).toBeCloseTo(through.wanted(), 12);
  expect(through.reports[0]!.train.f1).not.toBe(through.reports[0]!.validation!.f1);
  const first = classified({ callbacks: [stopAfter(9, () => first.trainer)] });
  await first.trainer.fit(first.batches, { epochs: 2, validation: first.batches });
  const { f1 } = await first.trainer.evaluate(first.batches);
  expect(f1).toBeCloseTo(first.wanted(), 12);
  const state = first.trainer.state();
  const second = classified();
  second.trainer.loadState(state);
  await second.trainer.fit(second.batches, { epochs: 2, validation: second.batches });
  expect(second.reports[0]!.train.f1).toBe(through.reports[1]!.train.f1);
  expect(await second.trainer.evaluate(second.batches, () => ({ one: tensor(1) }))).toEqual({ one: 1 });
});

test('reports have rates, speed and the best epochs', async () => {
  const reports: train.EpochReport[] = [];
  const set = lineSet(8);
  const run = line(set, 4, { callbacks: [{ onEpochEnd: (report) => void reports.push(report) }] });
  await run.trainer.fit(run.batches, { epochs: 2, validation: run.batches });
  expect(reports.map(({ learningRates, best }) => [learningRates, best])).toEqual([
    [{ lr: 0.05 }, true],
    [{ lr: 0.05 }, true],
  ]);
  const { samplesPerSecond, seconds } = reports[0]!;
  expect(samplesPerSecond * seconds).toBeCloseTo(8);
});

test('it says how a training ended', async () => {
  const outcomes: train.Outcome[] = [];
  const callbacks: train.TrainerCallback[] = [{ onEnd: (outcome) => void outcomes.push(outcome) }];
  const run = line(lineSet(8), 4, { callbacks });
  await run.trainer.fit(run.batches, { epochs: 1 });
  callbacks.push({ onStep: () => run.trainer.stop() });
  await run.trainer.fit(run.batches, { epochs: 2 });
  callbacks.push({
    onStep() {
      throw new Error('the callback fails');
    },
  });
  await expect(run.trainer.fit(run.batches, { epochs: 3 })).rejects.toThrow('the callback fails');
  expect(outcomes).toEqual(['finished', 'stopped', 'failed']);
});

test('options that make no sense are refused', async () => {
  const set = lineSet(8);
  const refused: [Partial<train.TrainerOptions<Pair>>, string][] = [
    [{ accumulate: 0 }, 'Trainer: accumulate must be a whole number of at least 1, got 0'],
    [{ accumulate: 1.5 }, 'Trainer: accumulate must be a whole number of at least 1, got 1.5'],
    [{ clipGradNorm: -1 }, 'Trainer: clipGradNorm must be a number above 0, got -1'],
    [{ clipGradValue: 0 }, 'Trainer: clipGradValue must be a number above 0, got 0'],
    [
      { clip_grad_norm: 1 } as never,
      "Trainer: there's no option 'clip_grad_norm'; did you mean 'clipGradNorm'?",
    ],
    [{ schedulerInterval: 'batch' as 'step' }, "schedulerInterval must be 'step' or 'epoch', got 'batch'"],
    [{ optimizer: 0.1 as never }, 'optimizer must be an optimizer, or several by name, got 0.1'],
    [{ step: undefined as never }, 'Trainer: needs a step, which returns the loss of a batch, or an update'],
    [{ callbacks: [() => {}] as never }, 'callbacks must be a list in which each is an object of functions'],
    [
      { accumulate: 2, update: () => ({}) },
      'accumulate only works with step; an update makes its own optimizer steps',
    ],
    [{ scheduler: new Recorder(true) }, 'a scheduler that needs a value must be stepped every epoch'],
  ];
  for (const [options, message] of refused) {
    expect(() => line(set, 4, options)).toThrow(ArgumentError);
    expect(() => line(set, 4, options)).toThrow(message);
  }
  expect(() => new train.EarlyStopping({ patience: 0 })).toThrow(
    'patience must be a whole number of at least 1',
  );
  expect(() => new train.EarlyStopping({ minDelta: -1 })).toThrow(
    'EarlyStopping: minDelta must be a finite number of at least 0, got -1',
  );

  const { trainer, batches } = line(set, 4);
  const empty: train.Batches<Pair> = { length: 0, async *[Symbol.asyncIterator]() {} };
  const short: train.Batches<Pair> = {
    length: 3,
    [Symbol.asyncIterator]: () => batches[Symbol.asyncIterator](),
  };
  await expect(trainer.fit(batches, 3 as never)).rejects.toThrow(
    'fit: the options must be an object, got 3\n  hint: write { epochs: 3 }',
  );
  await expect(trainer.fit(batches, {} as never)).rejects.toThrow('fit: the option epochs is missing');
  await expect(trainer.fit(batches, { epochs: -1 })).rejects.toThrow('epochs must be a whole number');
  await expect(trainer.fit(empty, { epochs: 1 })).rejects.toThrow('fit: there are no batches to train on');
  await expect(trainer.fit(batches, { epochs: 1, validation: empty })).rejects.toThrow(
    'fit: there are no batches to validate on',
  );
  await expect(trainer.evaluate(empty)).rejects.toThrow('evaluate: there are no batches to evaluate on');
  await expect(trainer.fit(short, { epochs: 1 })).rejects.toThrow('fit: the batches ended after 2 of 3');
  const unknown = line(set, 4, { earlyStopping: new train.EarlyStopping({ monitor: 'f1' }) });
  await expect(unknown.trainer.fit(batches, { epochs: 1 })).rejects.toThrow(
    "EarlyStopping: there's no value 'f1' to monitor; the values are loss",
  );
});

test("states that aren't those of this training are refused", async () => {
  const set = lineSet(8);
  const first = line(set, 2, { callbacks: [stopAfter(2, () => first.trainer)] });
  await first.trainer.fit(first.batches, { epochs: 1 });
  const state = first.trainer.state();
  const other = line(set, 8);
  other.trainer.loadState(state);
  await expect(other.trainer.fit(other.batches, { epochs: 1 })).rejects.toThrow(
    'fit: the training resumes after batch 2 of an epoch, but the epoch began with 4 batches, and now there are 1\n  hint: use the same batch size and accumulate as before',
  );
  expect(() => other.trainer.loadState({})).toThrow("loadState: this isn't a trainer's state");
  expect(() => other.trainer.loadState(Promise.resolve({}) as never)).toThrow(
    "loadState: this isn't a trainer's state\n  hint: await it first",
  );
  expect(() => other.trainer.loadState(null)).toThrow("this isn't a trainer's state");
  const stopping = line(set, 8, { earlyStopping: new train.EarlyStopping() });
  expect(() => stopping.trainer.loadState(state)).toThrow('comes from a training without early stopping');
  expect(() => other.trainer.loadState(stopping.trainer.state())).toThrow(
    'comes from a training with early stopping',
  );
});

test('a training with early stopping that is resumed later equals one that ran through, bit for bit', async () => {
  const script = [5, 6, 4, 6, 6, 3.5, 7, 8];
  const options = { monitor: 'score', mode: 'min', patience: 3 } as const;
  const through = scripted(script, options);
  await through.trainer.fit(through.batches, { epochs: 7, validation: through.batches });
  for (const viaState of [false, true]) {
    let run = scripted(script, options);
    for (const epochs of [2, 4, 7]) {
      await run.trainer.fit(run.batches, { epochs, validation: run.batches });
      // In between the model has its best weights.
      expect(weightsOf(run.model)).toEqual(run.seen[run.earlyStopping.bestEpoch - 1] ?? weightsOf(run.model));
      if (!viaState) continue;
      const state = run.trainer.state();
      run = scripted(script, options);
      run.trainer.loadState(state);
    }
    expect(weightsOf(run.model)).toEqual(weightsOf(through.model));
    expect(run.earlyStopping.bestEpoch).toBe(6);
  }
  const changed = scripted(script, options);
  await changed.trainer.fit(changed.batches, { epochs: 2, validation: changed.batches });
  noGrad(() => changed.model.weight.fill_(7));
  changed.trainer.stop();
  const kept: number[] = [];
  changed.callback.onStart = () => {};
  changed.callback.onStep = (_, training) => {
    kept.push(...weightsOf(changed.model));
    training.stop();
  };
  await changed.trainer.fit(changed.batches, { epochs: 3, validation: changed.batches });
  expect(kept[0]).toBeGreaterThan(5);
});

test('reports say which epoch was best, and that early stopping ends the training', async () => {
  const reports: [number | undefined, boolean | undefined][] = [];
  const run = scripted(
    [5, 3, 4, 3, 3.5, 1],
    { monitor: 'score', mode: 'min', patience: 3 },
    {
      onEpochEnd: ({ bestEpoch, stopsEarly }) => void reports.push([bestEpoch, stopsEarly]),
    },
  );
  await run.trainer.fit(run.batches, { epochs: 6, validation: run.batches });
  expect(reports).toEqual([
    [1, false],
    [2, false],
    [2, false],
    [2, false],
    [2, true],
  ]);
  const seen: (number | undefined)[] = [];
  const plain = line(lineSet(8), 4, {
    callbacks: [{ onEpochEnd: ({ bestEpoch }) => void seen.push(bestEpoch) }],
  });
  await plain.trainer.fit(plain.batches, { epochs: 1 });
  await plain.trainer.fit(plain.batches, { epochs: 2, validation: plain.batches });
  expect(seen).toEqual([undefined, 2]);
});

test('an unfinished epoch continues with the batches it began with', async () => {
  const set = lineSet(24);
  const first = line(set, 4, { callbacks: [stopAfter(2, () => first.trainer)] });
  await first.trainer.fit(first.batches, { epochs: 1 });
  const state = first.trainer.state();
  const resumed = (batchSize: number, options: Partial<train.TrainerOptions<Pair>> = {}, rows = set) => {
    const run = line(rows, batchSize, options);
    run.trainer.loadState(state);
    return run.trainer.fit(run.batches, { epochs: 1 });
  };
  await expect(resumed(2)).rejects.toThrow('the epoch began with 6 batches, and now there are 12');
  await expect(resumed(4, { accumulate: 2 })).rejects.toThrow(
    "the training resumes after batch 2 of an epoch, but the epoch began with accumulate 1, and now it's 2\n  hint: use the same batch size and accumulate as before",
  );
  await expect(resumed(3, {}, lineSet(18))).rejects.toThrow(
    'fit: the training resumes after 8 examples of an epoch, but these batches had 6 by then\n  hint: use the same batch size as before',
  );
  expect(await resumed(4)).toBe(true);
});

/** Everything in a state that could be something else, by its path. */
function places(state: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof state !== 'object' || state === null || state instanceof Tensor) return [path];
  return [path, ...Object.entries(state).flatMap(([key, value]) => places(value, [...path, key]))];
}

const changedAt = (state: unknown, [key, ...rest]: (string | number)[], value: unknown): unknown => {
  if (key === undefined) return value;
  const copy = Array.isArray(state) ? [...state] : { ...(state as object) };
  (copy as Record<string | number, unknown>)[key] = changedAt((state as never)[key], rest, value);
  return copy;
};

/** A state as text, the numbers of its tensors included. */
const content = (state: train.State): string => {
  const { json, tensors } = detachTensors(state);
  return JSON.stringify([json, Object.entries(tensors).map(([name, x]) => [name, ...x.dataSync()])]);
};

test('whatever is wrong with a state, the error is typed and the trainer as it was', async () => {
  const make = () => {
    const f1 = new metrics.F1();
    const earlyStopping = new train.EarlyStopping();
    const callbacks: train.TrainerCallback[] = [];
    return { f1, callbacks, ...line(lineSet(8), 2, { metrics: { f1 }, earlyStopping, callbacks }) };
  };
  const first = make();
  first.callbacks.push(
    stopAfter(6, () => first.trainer),
    { onStep: () => void first.f1.update(tensor([0, 1]), tensor([1, 1])) },
  );
  await first.trainer.fit(first.batches, { epochs: 2 });
  const state = first.trainer.state();
  const target = make();
  const all = places(state);
  expect(all.length).toBeGreaterThan(25);
  const values = [undefined, null, {}, [], 'x', true, -1, 4.5, Number.NaN, tensor([1]), tensor([1, 2, 3])];
  const accepted: string[] = [];
  for (const path of all)
    for (const value of values) {
      const before = content(target.trainer.state());
      try {
        target.trainer.loadState(changedAt(state, path, value) as train.State);
        accepted.push(`${path.join('.')} = ${String(value)}`);
        target.trainer.loadState(state);
      } catch (error) {
        expect([path.join('.'), value, error]).toEqual([path.join('.'), value, expect.any(MyelinError)]);
        expect(content(target.trainer.state())).toBe(before);
      }
    }
  // What may be another number, or may be missing.
  const open =
    /^(best = null|means\.|model\.|latest|optimizer\.|scheduler|earlyStopping\.(best |weights)|metrics\.f1\.reading = tensor\(\[1\.\]\))/;
  expect(accepted.filter((change) => !open.test(change))).toEqual([]);
  expect(accepted).not.toContain('means.weights.loss = NaN');
});

test('the numbers of a state go together', async () => {
  const first = line(lineSet(16), 2, {
    accumulate: 2,
    earlyStopping: new train.EarlyStopping(),
    callbacks: [stopAfter(5, () => first.trainer)],
  });
  await first.trainer.fit(first.batches, { epochs: 2, validation: first.batches });
  const state = first.trainer.state() as Record<string, train.State>;
  expect(state).toMatchObject({ epoch: 1, batchInEpoch: 2, batchesPerEpoch: 8, accumulate: 2, step: 5 });
  const stopping = state.earlyStopping as Record<string, train.State>;
  const cases: [object, string][] = [
    [{ examplesInEpoch: 1.5 }, 'examplesInEpoch must be a whole number of at least 0, got 1.5'],
    [{ accumulate: 0 }, 'accumulate must be a whole number of at least 1, got 0'],
    [{ batchesPerEpoch: undefined }, 'batchesPerEpoch must be a whole number of at least 0, got undefined'],
    [{ batchesPerEpoch: 1 }, 'batchInEpoch 2 is beyond the 1 batch of the epoch'],
    [{ batchInEpoch: 3 }, "batchInEpoch 3 isn't the last of 2 that make a step"],
    [{ step: 0 }, 'step 0 is too few for batch 2 of an epoch'],
    [{ bestEpoch: 2 }, 'bestEpoch 2 is beyond the 1 epoch done'],
    [{ best: null }, 'best is null, but bestEpoch is 1'],
    [{ best: Number.NaN }, 'best must be a number, or null, got NaN'],
    [
      { earlyStopping: { ...stopping, best: null } },
      'earlyStopping.best is null, but earlyStopping.bestEpoch is 1',
    ],
    [
      { means: { sums: { loss: 1 }, weights: { loss: 1.5 } } },
      "means.weights.loss isn't a valid number: 1.5",
    ],
    [
      { means: { sums: { loss: 1 }, weights: { loss: Number.POSITIVE_INFINITY } } },
      "means.weights.loss isn't a valid number: Infinity",
    ],
  ];
  for (const [change, message] of cases) {
    expect(() => first.trainer.loadState({ ...state, ...change } as train.State)).toThrow(
      `loadState: ${message}`,
    );
    expect(content(first.trainer.state())).toBe(content(state));
  }
});

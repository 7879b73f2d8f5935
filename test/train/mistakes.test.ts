import { expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { manualSeed, rand, type Tensor, tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';
import { directionOf } from '../../src/train/monitor.js';

type Pair = [x: Tensor, y: Tensor];

const batches = (n = 8, batchSize = 2): DataLoader<Pair, Pair> => {
  manualSeed(1);
  return new DataLoader(new TensorDataset(rand([n, 1]), rand([n, 1])), { batchSize }) as never;
};

function trainer(options: object = {}) {
  manualSeed(2);
  const model = new nn.Sequential(new nn.Linear(1, 1), new nn.Dropout(0.5));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  const step = ([x, y]: Pair) => ({ loss: F.mseLoss(model.forward(x), y) });
  return {
    model,
    optimizer,
    step,
    trainer: new train.Trainer<Pair>({ model, optimizer, step, ...options } as never),
  };
}

test('fit twice, and evaluate or loadState meanwhile, are errors; the training continues', async () => {
  const { trainer: one, model, step } = trainer();
  const training = one.fit(batches(), { epochs: 1 });
  await expect(one.fit(batches(), { epochs: 1 })).rejects.toThrow(
    'fit: a training of this model is running\n  hint: await fit(…) before you call fit',
  );
  await expect(one.evaluate(batches())).rejects.toThrow('evaluate: a training of this model is running');
  const other = new train.Trainer<Pair>({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 1 }),
    step,
  });
  await expect(other.evaluate(batches())).rejects.toThrow('evaluate: a training of this model is running');
  expect(() => one.loadState(one.state())).toThrow('loadState: a training of this model is running');
  expect(await training).toBe(true);
  expect([one.epoch, one.step]).toEqual([1, 4]);
  const evaluation = one.evaluate(batches());
  await expect(one.evaluate(batches())).rejects.toThrow(
    'an evaluation of this model is running\n  hint: await evaluate(…) before you call evaluate',
  );
  await expect(other.fit(batches(), { epochs: 1 })).rejects.toThrow(
    'fit: an evaluation of this model is running',
  );
  await evaluation;
  expect(model.training).toBe(true);
});

test("trainings that share parameters don't mix the gradients of one step", async () => {
  const { trainer: one, model, step } = trainer({ accumulate: 2 });
  const sharing = (options: object = {}) =>
    new train.Trainer<Pair>({
      model: new nn.Sequential(...model),
      optimizer: new optim.SGD(model.parameters(), { lr: 1 }),
      step,
      ...options,
    });
  const training = one.fit(batches(), { epochs: 1 });
  const message =
    'fit: another training of these parameters is running, and with accumulate their gradients would mix\n  hint: await one fit(…) before the other';
  await expect(sharing().fit(batches(), { epochs: 1 })).rejects.toThrow(message);
  await training;
  const plain = sharing().fit(batches(), { epochs: 1 });
  await expect(one.fit(batches(), { epochs: 2 })).rejects.toThrow(message);
  // Whole steps take turns.
  expect(await Promise.all([plain, sharing().fit(batches(), { epochs: 1 })])).toEqual([true, true]);
  // In a callback a step is over; the other training has to be over, too, when the callback is.
  const callbacks: train.TrainerCallback[] = [
    { onEpochEnd: async () => void (await sharing().fit(batches(), { epochs: 1 })) },
  ];
  const outer = sharing({ accumulate: 4, callbacks });
  expect(await outer.fit(batches(), { epochs: 1 })).toBe(true);
  callbacks[0] = { onStep: () => void sharing().fit(batches(), { epochs: 1 }) };
  await expect(outer.fit(batches(), { epochs: 2 })).rejects.toThrow(
    'fit: a callback left a training running\n  hint: await fit(…) in the callback, and make the callback async',
  );
});

test('a callback may evaluate, and has to wait for it', async () => {
  const modes: boolean[] = [];
  const measure = ([x]: Pair): train.Scalars => {
    modes.push(model.training);
    return { mean: x.mean() };
  };
  const callbacks: train.TrainerCallback[] = [
    { onEpochEnd: async () => void (await one.evaluate(batches(), measure)) },
  ];
  const { trainer: one, model } = trainer({ callbacks });
  await one.fit(batches(), { epochs: 1 });
  expect(modes).toEqual([false, false, false, false]);
  callbacks[0] = { onStep: () => void one.evaluate(batches(), measure).catch(() => {}) };
  await expect(one.fit(batches(), { epochs: 2 })).rejects.toThrow(
    'fit: a callback left an evaluation running\n  hint: await evaluate(…) in the callback, and make the callback async',
  );
});

test.each<[string, (loss: Tensor) => unknown, string]>([
  [
    'a promise',
    async (loss) => ({ loss }),
    "step returned a promise, but it isn't awaited\n  hint: remove 'async' and 'await', and return the tensors to read: the trainer reads and averages them",
  ],
  ['a bare tensor', (loss) => loss, 'step returned a bare tensor\n  hint: write return { loss }'],
  ['a number', (loss) => loss.itemSync(), "which isn't an object of tensors\n  hint: write return { loss }"],
  ['nothing', () => undefined, 'step returned nothing\n  hint: write return { loss }'],
  ['no loss', (loss) => ({ cost: loss }), 'step returned { cost }, without a loss'],
  [
    'a number for the loss',
    (loss) => ({ loss: loss.itemSync() }),
    'but it needs a tensor\n  hint: return the tensor itself, without item() or itemSync()',
  ],
  [
    'a promise for a value',
    (loss) => ({ loss, size: loss.item() }),
    "step returned 'size' as a promise, but it needs a tensor",
  ],
  [
    'several losses',
    (loss) => ({ loss: loss.expand([2]) }),
    "step returned 'loss' of shape [2], but it needs one element\n  hint: loss.mean()",
  ],
])('a step that gives %s', async (_name, result, message) => {
  const wrong = trainer({ step: ([x, y]: Pair) => result(F.mseLoss(wrong.model.forward(x), y)) });
  await expect(wrong.trainer.fit(batches(), { epochs: 1 })).rejects.toThrow(ArgumentError);
  await expect(wrong.trainer.fit(batches(), { epochs: 1 })).rejects.toThrow(message);
  expect(wrong.trainer.step).toBe(0);
  const measure = wrong.trainer.evaluate(batches());
  if (_name === 'no loss') expect(Object.keys(await measure)).toEqual(['cost']);
  else await expect(measure).rejects.toThrow(message);
});

test('an asynchronous update is an error, and learns nothing afterwards', async () => {
  let late: unknown;
  const wrong = trainer({
    async update([x, y]: Pair, minimize: train.Minimize) {
      const loss = F.mseLoss(wrong.model.forward(x), y);
      await null;
      try {
        minimize(loss, wrong.optimizer);
      } catch (error) {
        late = error;
      }
      return { loss };
    },
  });
  const before = wrong.model.stateDict()['0.weight']!.itemSync();
  await expect(wrong.trainer.fit(batches(), { epochs: 1 })).rejects.toThrow(
    "fit: update returned a promise, but it isn't awaited",
  );
  expect(String(late)).toContain('minimize: the update had already ended; an update must not be async');
  expect(wrong.model.stateDict()['0.weight']!.itemSync()).toBe(before);
});

test('minimize needs a loss and an optimizer', async () => {
  const fails = (call: (minimize: train.Minimize, loss: Tensor) => void): Promise<unknown> => {
    const wrong = trainer({
      update([x]: Pair, minimize: train.Minimize) {
        call(minimize, wrong.model.forward(x).mean());
        return {};
      },
    });
    return wrong.trainer.fit(batches(), { epochs: 1 });
  };
  await expect(fails((minimize, loss) => minimize(loss, undefined as never))).rejects.toThrow(
    'minimize: needs the optimizer that makes the step, got undefined\n  hint: minimize(loss, optimizer)',
  );
  await expect(fails((minimize, loss) => minimize(loss.item() as never, {} as never))).rejects.toThrow(
    'minimize: the loss must be a tensor, got a Promise\n  hint: await it first',
  );
});

test('metrics, sizes and batches of the wrong kind are named', async () => {
  const metric = { reset() {}, compute: () => 1, stateDict: () => null, loadStateDict() {} };
  await expect(trainer({ metrics: { metric } }).trainer.fit(batches(), { epochs: 1 })).rejects.toThrow(
    "fit: a metric returned 'metric' as the number 1, but it needs a tensor",
  );
  await expect(trainer({ sizeOf: () => Number.NaN }).trainer.fit(batches(), { epochs: 1 })).rejects.toThrow(
    'fit: sizeOf returned NaN, but it must return the number of examples, a whole number of at least 0',
  );
  const { trainer: one } = trainer();
  await expect(one.fit(rand([4, 1]) as never, { epochs: 1 })).rejects.toThrow(
    'fit: the batches to train on must be a DataLoader or something like it, got a Tensor',
  );
  await expect(one.evaluate(Promise.resolve(batches()) as never)).rejects.toThrow(
    'evaluate: the batches to evaluate on must be a DataLoader or something like it, got a Promise\n  hint: await it first',
  );
  const endless = { [Symbol.asyncIterator]: () => batches()[Symbol.asyncIterator]() };
  await expect(one.fit(endless as never, { epochs: 1 })).rejects.toThrow(
    'fit: the batches to train on must have a length, the number of batches; got undefined',
  );
  await expect(one.fit({ ...endless, length: 2 } as never, { epochs: 1 })).rejects.toThrow(
    'fit: there are more batches than their length says, 2',
  );
});

test('a value that some batches lack is averaged over those that have it', async () => {
  let i = 0;
  const one = trainer({
    step: ([x, y]: Pair) => {
      const loss = F.mseLoss(one.model.forward(x), y);
      return i++ % 2 === 0 ? { loss, aux: tensor(i) } : { loss };
    },
    callbacks: [{ onEpochEnd: ({ train: { aux } }: train.EpochReport) => void means.push(aux) }],
  });
  const means: unknown[] = [];
  await one.trainer.fit(batches(7), { epochs: 1 });
  expect(means).toEqual([2]);
  i = 0;
  expect((await one.trainer.evaluate(batches(5))).aux).toBeCloseTo((2 * 1 + 3) / 3);
});

test('usual names of values say which way is better', () => {
  const names = {
    min: [
      'loss',
      'val_loss',
      'errorRate',
      'top5Error',
      'perplexity',
      'RMSE',
      'accuracyLoss',
      'l1_distance',
      'FPR',
    ],
    max: [
      'accuracy',
      'val/top5_accuracy',
      'macroF1',
      'rocAUC',
      'r2',
      'mAP',
      'mIoU',
      'top5',
      'averagePrecision',
      'meanIoU',
      'hitRate',
      'exactMatch',
      'logLikelihood',
      'elbo',
      'TPR',
    ],
  };
  for (const [direction, all] of Object.entries(names))
    expect(all.map((name) => [name, directionOf(name)])).toEqual(all.map((name) => [name, direction]));
  for (const name of ['v', 'constructor', 'score', '1-accuracy', '1 - AUC', 'negLogLikelihood', '-loss'])
    expect([name, directionOf(name)]).toEqual([name, undefined]);

  expect(new train.EarlyStopping({ monitor: 'accuracy' }).mode).toBe('max');
  expect(new train.EarlyStopping({ monitor: 'accuracy', mode: 'min' }).mode).toBe('min');
  expect(() => new train.EarlyStopping({ monitor: 'v' })).toThrow(
    "EarlyStopping: needs a mode, since the name 'v' doesn't say which way is better\n  hint: mode: 'min' or mode: 'max'",
  );
  expect(() => trainer({ monitor: { name: '1-accuracy' } })).toThrow(
    "Trainer: needs a mode, since the name '1-accuracy' doesn't say",
  );
  expect(new train.EarlyStopping({ monitor: 'v', mode: 'max' }).mode).toBe('max');
});

test('a monitor and callbacks that are misspelled are refused', () => {
  const wrong = (options: object) => () => trainer(options as never);
  for (const [options, message] of [
    [
      { monitor: { name: 'v', mode: 'minimum' } },
      "Trainer.monitor: mode must be 'min' or 'max', got 'minimum'",
    ],
    [
      { monitor: { name: 'v', mod: 'max' } },
      "Trainer.monitor: there's no option 'mod'; did you mean 'mode'?",
    ],
    [{ monitor: { mode: 'max' } }, 'Trainer.monitor: the option name is missing'],
    [{ monitor: 'loss' }, "Trainer: monitor must be a value, { name: 'accuracy', mode: 'max' }, got 'loss'"],
    [
      { callbacks: [{}, { onEpochEnds() {} }] },
      "Trainer: callbacks[1].onEpochEnds would never be called; did you mean 'onEpochEnd'?",
    ],
    [
      { callbacks: [{ onStep() {}, onBatchFinished() {} }] },
      'Trainer: callbacks[0].onBatchFinished would never be called; the callbacks are onStart, onStep, onEpochEnd, onEnd',
    ],
    [{ callbacks: [{ epochEnd() {} }] }, 'Trainer: callbacks[0].epochEnd would never be called'],
    [
      {
        callbacks: [
          new (class {
            onEpochEnds(): void {}
          })(),
        ],
      },
      "Trainer: callbacks[0].onEpochEnds would never be called; did you mean 'onEpochEnd'?",
    ],
    [{ callbacks: [{ onEpochEnd: 5 }] }, 'Trainer: callbacks[0].onEpochEnd must be a function, got 5'],
  ] as const)
    expect(wrong(options)).toThrow(message);
  class Counter {
    count = 0;
    onStep(): void {
      this.add();
    }
    add(): void {
      this.count++;
    }
  }
  expect(wrong({ callbacks: [new Counter(), { onStep() {}, log() {} }] })).not.toThrow();
});

test('batches without tensors, and an invalid iterator', async () => {
  const seen: unknown[] = [];
  const one = trainer({
    step: ((batch: unknown) => {
      seen.push(batch);
      return { loss: one.model.forward(rand([1, 1])).sum() };
    }) as never,
  });
  await one.trainer.fit([null, undefined, 5] as never, { epochs: 1 });
  expect(seen).toEqual([null, undefined, 5]);
  await expect(one.trainer.fit({ length: 1, [Symbol.iterator]: 5 } as never, { epochs: 1 })).rejects.toThrow(
    'fit: the batches to train on must be a DataLoader or something like it, got {',
  );
});

test('a schedule that gets a value has its direction', () => {
  const { optimizer } = trainer();
  const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { mode: 'min' });
  const monitor = { name: 'accuracy' };
  expect(() => trainer({ optimizer, scheduler, schedulerInterval: 'epoch', monitor })).toThrow(
    "Trainer: a scheduler has mode 'min', but 'accuracy', the value it gets, needs mode 'max'",
  );
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ArgumentError, FileFormatError, NonFiniteError } from '../../src/core/errors.js';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { manualSeed, ones, rand, randn, type Tensor, tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A small problem with shuffling, dropout, batch norm, Adam and a schedule in play. */
function problem(callbacks: train.TrainerCallback[] = []) {
  manualSeed(3);
  const x = randn([37, 4]);
  const set = new TensorDataset(x, x.sum(1, { keepdim: true }));
  const model = new nn.Sequential(
    new nn.Linear(4, 16),
    new nn.BatchNorm1d(16),
    new nn.ReLU(),
    new nn.Dropout(0.2),
    new nn.Linear(16, 1),
  );
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
  const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, 30);
  const trainer: train.Trainer<Tensor[]> = new train.Trainer({
    model,
    optimizer,
    scheduler,
    callbacks,
    step: ([input, target]) => ({ loss: F.mseLoss(model.forward(input!), target!) }),
  });
  return { model, trainer, batches: new DataLoader(set, { batchSize: 8, shuffle: true }) };
}

const weights = (model: nn.Module): number[][] =>
  Object.values(model.stateDict()).map((t) => [...t.dataSync()]);

test('learns, and tells of it', async () => {
  const reports: train.EpochReport[] = [];
  const { trainer, batches } = problem([{ onEpochEnd: (report) => void reports.push(report) }]);
  const before = await trainer.evaluate(batches);
  expect(await trainer.fit(batches, { epochs: 6, validation: batches })).toBe(true);
  expect(reports.map((r) => [r.epoch, r.step])).toEqual([1, 2, 3, 4, 5, 6].map((n) => [n, 5 * n]));
  expect(reports[5]!.train.loss).toBeLessThan(reports[0]!.train.loss!);
  expect(reports[5]!.validation!.loss).toBeLessThan(0.5 * before.loss!);
});

test('means count a short last batch by its size', async () => {
  const model = new nn.Linear(1, 1);
  const values = tensor([[1], [1], [4]]);
  const trainer: train.Trainer<Tensor[]> = new train.Trainer({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
    step: ([x]) => ({ loss: x!.mean() }),
  });
  const found = await trainer.evaluate(new DataLoader(new TensorDataset(values), { batchSize: 2 }));
  expect(found.loss).toBe(2);
});

test.each([1, 3, 5, 7, 10, 14])(
  'stopped after step %i and resumed from a checkpoint, ends with the same bits',
  async (at) => {
    const through = problem();
    await through.trainer.fit(through.batches, { epochs: 4 });
    const after = rand([3]).dataSync();

    const first = problem([
      {
        onStep({ step }) {
          if (step === at) first.trainer.stop();
        },
      },
    ]);
    expect(await first.trainer.fit(first.batches, { epochs: 4 })).toBe(false);
    expect(first.trainer.step).toBe(at);
    await train.saveCheckpoint(folder, 'last', String(at), first.trainer.state());

    const second = problem();
    randn([at]);
    second.trainer.loadState(train.loadCheckpoint(folder, 'last'));
    expect(second.trainer.step).toBe(at);
    expect(await second.trainer.fit(second.batches, { epochs: 4 })).toBe(true);
    expect(weights(second.model)).toEqual(weights(through.model));
    expect(rand([3]).dataSync()).toEqual(after);
  },
);

test('a failure while a checkpoint is written leaves the one before', async () => {
  await train.saveCheckpoint(folder, 'last', '1', { x: tensor([1, 2]) });
  await train.saveCheckpoint(folder, 'last', '2', { x: tensor([3, 4]) });
  const files = readdirSync(folder).sort();
  expect(files).toEqual(['last-2.safetensors', 'last.json']);
  const disposed = tensor([1]);
  disposed.dispose();
  await expect(train.saveCheckpoint(folder, 'last', '3', { x: tensor([5]), disposed })).rejects.toThrow(
    /disposed/,
  );
  expect(readdirSync(folder).sort()).toEqual(files);
  const { x } = train.loadCheckpoint(folder, 'last') as { x: Tensor };
  expect(x.toArraySync()).toEqual([3, 4]);
});

test('damaged checkpoints are typed errors', async () => {
  expect(() => train.loadCheckpoint(folder, 'last')).toThrow(/last\.json: no such file/);
  await train.saveCheckpoint(folder, 'last', '0', {
    x: tensor([1, 2]),
    n: Number.POSITIVE_INFINITY,
    list: [1, null, 'a'],
  });
  expect(train.loadCheckpoint(folder, 'last')).toMatchObject({
    n: Number.POSITIVE_INFINITY,
    list: [1, null, 'a'],
  });
  const path = join(folder, 'last.json');
  const good = readFileSync(path, 'utf8');
  const broken: [string, RegExp][] = [
    [good.slice(0, 20), /not JSON/],
    ['null', /not a Myelin checkpoint/],
    ['{"format":"other"}', /not a Myelin checkpoint/],
    [good.replace('"version": 1', '"version": 9'), /has version 9; only version 1 is supported/],
    [good.replace('last-0', '../last-0'), /names tensors outside its folder/],
  ];
  for (const [text, message] of broken) {
    writeFileSync(path, text);
    expect(() => train.loadCheckpoint(folder, 'last')).toThrow(FileFormatError);
    expect(() => train.loadCheckpoint(folder, 'last')).toThrow(message);
  }
  writeFileSync(path, good.replace('"$tensor": "x"', '"$tensor": "y"'));
  expect(() => train.loadCheckpoint(folder, 'last')).toThrow('has no tensor y');
});

test('a checkpoint of another model is refused', async () => {
  const { trainer } = problem();
  const model = new nn.Linear(2, 2);
  const other: train.Trainer<Tensor> = new train.Trainer({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 1 }),
    step: (x) => ({ loss: model.forward(x).sum() }),
  });
  expect(() => trainer.loadState(other.state())).toThrow(nn.StateDictError);
});

test('a step of another form', async () => {
  const { batches } = problem();
  const model = new nn.Linear(4, 1);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
  let updates = 0;
  const trainer: train.Trainer<Tensor[]> = new train.Trainer({
    model,
    optimizer,
    step: ([x]) => ({ loss: model.forward(x!).mean() }),
    update([x]) {
      updates++;
      return { penalty: x!.abs().mean() };
    },
  });
  const seen: string[] = [];
  await new train.Trainer<Tensor[]>({
    model,
    optimizer,
    step: ([x]) => ({ loss: model.forward(x!).mean() }),
    callbacks: [{ onStart: () => void seen.push('start'), onEnd: () => void seen.push('end') }],
  }).fit(batches, { epochs: 1 });
  await trainer.fit(batches, { epochs: 1 });
  expect([updates, seen]).toEqual([5, ['start', 'end']]);
});

test("a loss that isn't a number ends the training", async () => {
  const { batches } = problem();
  const model = new nn.Linear(4, 1);
  const ended: string[] = [];
  const trainer: train.Trainer<Tensor[]> = new train.Trainer({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
    step: ([x]) => ({ loss: model.forward(x!).sum().mul(Number.NaN) }),
    callbacks: [{ onEnd: () => void ended.push('end') }],
  });
  await expect(trainer.fit(batches, { epochs: 1 })).rejects.toThrow(NonFiniteError);
  await expect(trainer.fit(batches, { epochs: 1 })).rejects.toThrow(
    /the loss became NaN at step 1\n {2}cause: mul: forward made a NaN in a float32 tensor \[\]; its operands have none\n {2}hint: a smaller learning rate/,
  );
  await expect(trainer.fit(batches, { epochs: 0.5 })).rejects.toThrow(ArgumentError);
  expect(ended).toEqual(['end', 'end']);
});

test('without a type argument batches are pairs', async () => {
  const model = new nn.Linear(2, 1);
  const trainer = new train.Trainer({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
    step: ([x, y]) => ({ loss: F.mseLoss(model.forward(x), y) }),
  });
  const batches = new DataLoader(new TensorDataset(ones([3, 2]), ones([3, 1])));
  expect(await trainer.fit(batches, { epochs: 1 })).toBe(true);
});

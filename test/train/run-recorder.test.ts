import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { manualSeed, randn, type Tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';
import { type ReadEvent, readEvents } from '../helpers/event-files.js';

type Pair = [x: Tensor, y: Tensor];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelin-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function setup(run: train.RunFolder, options: train.RecordOptions = {}, more: train.TrainerCallback = {}) {
  manualSeed(1);
  const x = randn([20, 3]);
  const set = new TensorDataset(x, x.sum(1, { keepdim: true }));
  const model = new nn.Linear(3, 1);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  const trainer = new train.Trainer<Pair>({
    model,
    optimizer,
    scheduler: new optim.lrScheduler.StepLR(optimizer, 1, { gamma: 0.5 }),
    schedulerInterval: 'epoch',
    step: ([input, target]) => ({ loss: F.mseLoss(model.forward(input), target) }),
    callbacks: [train.recordRun(run, { logEvery: 2, ...options }), more],
  });
  return { model, trainer, batches: new DataLoader(set, { batchSize: 4, shuffle: true }) };
}

const eventsOf = (run: train.RunFolder): ReadEvent[][] =>
  readdirSync(run.path)
    .filter((name) => name.includes('tfevents'))
    .map((name) => readEvents(readFileSync(join(run.path, name))));
const points = (events: readonly ReadEvent[], tag: string): [number, number][] =>
  events.filter((event) => event.tag === tag).map(({ step, value }) => [step, value!]);

test('a run folder has metrics, curves for TensorBoard, and checkpoints', async () => {
  const run = train.RunFolder.create('line', { lr: 0.1 }, join(folder, 'run'));
  const { model, trainer, batches } = setup(run, { histograms: () => ({ weights: model.weight }) });
  await trainer.fit(batches, { epochs: 3, validation: batches });

  const metrics = run.metrics();
  expect(metrics.map(({ step, epoch, learningRates }) => [step, epoch, learningRates])).toEqual([
    [5, 1, { lr: 0.1 }],
    [10, 2, { lr: 0.05 }],
    [15, 3, { lr: 0.025 }],
  ]);
  expect(Object.keys(metrics[0]!)).toEqual([
    'step',
    'epoch',
    'seconds',
    'samplesPerSecond',
    'learningRates',
    'train',
    'validation',
    'bestEpoch',
  ]);
  const [events] = eventsOf(run);
  const means = (part: string): [number, number][] =>
    metrics.map((record) => [record.step, Math.fround((record[part] as { loss: number }).loss)]);
  expect(points(events!, 'train/loss')).toEqual(means('train'));
  expect(points(events!, 'validation/loss')).toEqual(means('validation'));
  expect(points(events!, 'lr').map(([, rate]) => rate)).toEqual([0.1, 0.05, 0.025].map(Math.fround));
  expect(points(events!, 'step/loss').map(([step]) => step)).toEqual([2, 4, 6, 8, 10, 12, 14]);
  expect(events!.filter(({ histogram }) => histogram?.num === 3)).toHaveLength(3);
  expect([run.hasCheckpoint(train.LAST), run.hasCheckpoint(train.BEST)]).toEqual([true, true]);

  const again = setup(train.RunFolder.open(run.path));
  again.trainer.loadState(run.loadCheckpoint(train.LAST));
  expect(again.trainer.step).toBe(15);
});

test('a restarted program resumes, and ends like one that ran through', async () => {
  /** The program, which something ends after a step. */
  const program = async (path: string, end?: number) => {
    const run = train.RunFolder.openOrCreate('line', { lr: 0.1 }, path);
    const { model, trainer, batches } = setup(
      run,
      { checkpointEvery: 2 },
      {
        onStep({ step }) {
          if (step === end) throw new Error('ended');
        },
      },
    );
    run.resume(trainer);
    const begun = trainer.step;
    await trainer.fit(batches, { epochs: 3, validation: batches });
    return {
      begun,
      weights: [...model.weight.dataSync(), ...model.bias!.dataSync()],
      metrics: run.metrics(),
    };
  };
  const path = join(folder, 'run');
  await expect(program(path, 9)).rejects.toThrow('ended');
  const again = await program(path);
  const through = await program(join(folder, 'through'));
  expect([again.begun, through.begun]).toEqual([8, 0]);
  expect(again.weights).toEqual(through.weights);
  const results = (records: typeof again.metrics) =>
    records.map(({ step, epoch, train, validation }) => ({ step, epoch, train, validation }));
  expect(results(again.metrics)).toEqual(results(through.metrics));
  expect((await program(path)).weights).toEqual(through.weights);
});

test('a checkpoint every few steps, and one when it is stopped', async () => {
  const run = train.RunFolder.create('line', {}, join(folder, 'run'));
  const saved: string[] = [];
  const { trainer, batches } = setup(
    run,
    { checkpointEvery: 2 },
    {
      onStep({ step }) {
        saved.push(`${step}: ${readdirSync(join(run.path, 'checkpoints'), { encoding: 'utf8' }).join()}`);
        if (step === 9) trainer.stop();
      },
    },
  );
  // The folder is there before the first checkpoint is.
  await run.saveCheckpoint(train.LAST, '0', trainer.state());
  await trainer.fit(batches, { epochs: 3 });
  const steps = saved.map((line) => Number(/last-(\d+)/.exec(line)![1]));
  expect(steps).toEqual([0, 2, 2, 4, 4, 6, 6, 8, 8]);
  const files = readdirSync(join(run.path, 'checkpoints')).sort();
  expect(files).toEqual(['last-9.safetensors', 'last.json']);
});

test('what a killed process left half written is cleared away', async () => {
  const run = train.RunFolder.create('line', {}, join(folder, 'run'));
  await run.saveCheckpoint('last', '1', { a: 1 });
  const checkpoints = join(run.path, 'checkpoints');
  writeFileSync(join(checkpoints, '.last-2.safetensors.99-0.tmp'), 'half');
  writeFileSync(join(checkpoints, 'last-2.safetensors'), 'whole, but not yet named by last.json');
  writeFileSync(join(run.path, 'metrics.jsonl'), '{"step":1}\n{"step":2}\n{"st');
  expect(run.loadCheckpoint('last')).toEqual({ a: 1 });
  run.rewindMetrics(1);
  await run.saveCheckpoint('last', '3', { a: 3 });
  expect(readdirSync(checkpoints).sort()).toEqual(['last-3.safetensors', 'last.json']);
  expect(readFileSync(join(run.path, 'metrics.jsonl'), 'utf8')).toBe('{"step":1}\n');
});

test('a resumed run writes another event file', async () => {
  const run = train.RunFolder.create('line', {}, join(folder, 'run'));
  const first = setup(run);
  await first.trainer.fit(first.batches, { epochs: 1 });
  const second = setup(run);
  run.resume(second.trainer);
  await second.trainer.fit(second.batches, { epochs: 2 });
  const files = eventsOf(run);
  expect(files).toHaveLength(2);
  const later = files.find((events) => points(events, 'train/loss')[0]![0] === 10)!;
  expect(later[1]).toMatchObject({ session: 1, step: 6 });
  const third = setup(run);
  run.resume(third.trainer);
  await third.trainer.fit(third.batches, { epochs: 2 });
  expect(eventsOf(run)).toHaveLength(2);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is a clear error', async () => {
  const run = train.RunFolder.create('line', {}, join(folder, 'run'));
  const path = join(run.path, 'metrics.jsonl');
  unlinkSync(path);
  symlinkSync('/dev/full', path);
  expect(() => run.record({ step: 1 })).toThrow(/metrics\.jsonl: the disk is full; nothing was added/);
});

test('intervals that make no sense are refused', () => {
  const run = train.RunFolder.create('line', {}, join(folder, 'run'));
  expect(() => train.recordRun(run, { checkpointEvery: 0 })).toThrow(
    'recordRun: checkpointEvery must be a whole number of at least 1, got 0',
  );
  expect(() => train.recordRun(run, { logEvery: 0.5 })).toThrow('logEvery must be a whole number');
});

test('one recording at a time writes a run', async () => {
  const run = train.RunFolder.create('line', {}, join(folder, 'run'));
  const first = setup(run);
  const training = first.trainer.fit(first.batches, { epochs: 2 });
  symlinkSync(run.path, join(folder, 'link'));
  const message =
    'this process is already recording a training in this run; wait until it ends, or choose another folder';
  for (const other of [run, train.RunFolder.open(run.path), train.RunFolder.open(join(folder, 'link'))]) {
    const second = setup(other);
    await expect(second.trainer.fit(second.batches, { epochs: 1 })).rejects.toThrow(
      `RunFolder: ${other.path}: ${message}`,
    );
    expect(() => other.resume(second.trainer)).toThrow(message);
  }
  // The lock is still that of the first.
  expect(existsSync(join(run.path, 'run.lock'))).toBe(true);
  await training;
  expect(existsSync(join(run.path, 'run.lock'))).toBe(false);
  expect(run.metrics().map(({ step }) => step)).toEqual([5, 10]);
  const third = setup(train.RunFolder.open(run.path));
  run.resume(third.trainer);
  expect(await third.trainer.fit(third.batches, { epochs: 3 })).toBe(true);
});

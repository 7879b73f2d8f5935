/** Trainings with schedules are stopped in the middle, and go on to the bit from a checkpoint on the disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { manualSeed, randn, type Tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));

const {
  ChainedScheduler,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  OneCycleLR,
  ReduceLROnPlateau,
  SequentialLR,
} = optim.lrScheduler;

const epochs = 3;
const stepsPerEpoch = 5;

type Make = (optimizer: optim.lrScheduler.Schedulable) => train.SchedulerLike;

const schedules: Readonly<Record<string, Make>> = {
  OneCycleLR: (o) => new OneCycleLR(o, 0.05, { epochs, stepsPerEpoch }),
  CyclicLR: (o) => new CyclicLR(o, 0.001, 0.05, { stepSizeUp: 4, mode: 'triangular2' }),
  LambdaLR: (o) => new LambdaLR(o, (t) => 1 / (1 + t)),
  CosineAnnealingWarmRestarts: (o) => new CosineAnnealingWarmRestarts(o, 3, { tMult: 2 }),
  SequentialLR: (o) =>
    new SequentialLR(o, [new LinearLR(o, { totalIters: 4 }), new CosineAnnealingLR(o, 11)], [4]),
  ChainedScheduler: (o) => new ChainedScheduler([new LinearLR(o), new ExponentialLR(o, 0.9)]),
  'ReduceLROnPlateau, every epoch': (o) => new ReduceLROnPlateau(o, { patience: 0, threshold: 0.5 }),
};

const optimizers = {
  Adam: (model: nn.Module) => new optim.Adam(model.parameters(), { lr: 0.02 }),
  SGD: (model: nn.Module) => new optim.SGD(model.parameters(), { lr: 0.02, momentum: 0.9 }),
};

/** Trains to the end, or until step `stop`, from a checkpoint if there is one. */
async function run(
  makeOptimizer: (model: nn.Module) => ReturnType<(typeof optimizers)[keyof typeof optimizers]>,
  makeSchedule: Make,
  { stop = Number.POSITIVE_INFINITY, from }: { stop?: number; from?: train.State } = {},
) {
  manualSeed(1);
  const x = randn([20, 4]);
  const batches = new DataLoader(new TensorDataset(x, x.sum(1, { keepdim: true })), {
    batchSize: 4,
    shuffle: true,
  });
  const model = new nn.Linear(4, 1);
  const optimizer = makeOptimizer(model);
  const scheduler = makeSchedule(optimizer);
  const trainer: train.Trainer<Tensor[]> = new train.Trainer({
    model,
    optimizer,
    scheduler,
    schedulerInterval: scheduler.needsMetric ? 'epoch' : 'step',
    callbacks: [
      {
        onStep({ step }) {
          if (step === stop) trainer.stop();
        },
      },
    ],
    step: ([input, target]) => ({ loss: F.mseLoss(model.forward(input!), target!) }),
  });
  if (from !== undefined) trainer.loadState(from);
  await trainer.fit(batches, { epochs, validation: batches });
  return { trainer, weights: [...model.parameters()].map((p) => [...p.dataSync()]), optimizer };
}

const cases = Object.keys(schedules).flatMap((name) =>
  (['Adam', 'SGD'] as const).map((kind) => [name, kind] as const),
);

test.each(cases)('%s of %s', async (name, kind) => {
  const through = await run(optimizers[kind], schedules[name]!);
  const { trainer } = await run(optimizers[kind], schedules[name]!, { stop: 7 });
  await train.saveCheckpoint(folder, 'last', '7', trainer.state());
  const resumed = await run(optimizers[kind], schedules[name]!, {
    from: train.loadCheckpoint(folder, 'last'),
  });
  expect(resumed.weights).toEqual(through.weights);
  expect(resumed.optimizer.paramGroups.map(({ params: _, ...options }) => options)).toEqual(
    through.optimizer.paramGroups.map(({ params: _, ...options }) => options),
  );
});

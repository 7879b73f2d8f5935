/** How often a training waits for results: once a step. */
import { afterAll, expect, test, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import * as F from '../../src/functional.js';
import { manualSeed, randint, randn, type Tensor } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';
import { lateEngine } from '../engine/late.js';
import { testEngines } from '../helpers/engines.js';

const current = vi.hoisted(() => ({ engine: null as Engine | null }));
vi.mock('../../src/engine/registry.js', async (original) => {
  const registry = await original<typeof import('../../src/engine/registry.js')>();
  return { ...registry, currentEngine: () => current.engine ?? registry.currentEngine() };
});
const late = lateEngine(testEngines[0]!);
current.engine = late;
afterAll(() => {
  current.engine = null;
});

type Batch = [x: Tensor, y: Tensor];

const batchesOf = (count: number): train.Batches<Batch> =>
  loaded(Array.from({ length: count }, () => [randn([8, 4]), randint(0, 3, [8])]));

const loaded = (batches: Batch[]): train.Batches<Batch> => ({
  length: batches.length,
  async *[Symbol.asyncIterator]() {
    yield* batches;
  },
});

function trainerOf(options: Partial<train.TrainerOptions<Batch>> = {}): train.Trainer<Batch> {
  manualSeed(0);
  const model = new nn.Sequential(
    new nn.Linear(4, 16),
    new nn.BatchNorm1d(16),
    new nn.ReLU(),
    new nn.Linear(16, 3),
  );
  return new train.Trainer<Batch>({
    model,
    optimizer: new optim.Adam(model.parameters(), { lr: 0.01 }),
    step: ([x, y]: Batch) => {
      const logits = model.forward(x);
      const accuracy = logits.argmax(1).eq(y).to('float32').mean();
      return { loss: F.crossEntropy(logits, y), accuracy };
    },
    ...options,
  } as train.TrainerOptions<Batch>);
}

test.each([
  ['plain', {}],
  ['clipped', { clipGradNorm: 1, clipGradValue: 0.5 }],
] as const)('a %s training reads once a step', async (_, options) => {
  const trainer = trainerOf(options);
  const batches = batchesOf(5);
  late.reads = 0;
  await trainer.fit(batches, { epochs: 2 });
  expect(late.reads).toBe(10);
});

test('an accuracy that a step returns is read with the loss', async () => {
  const model = new nn.Linear(4, 3);
  const trainer = trainerOf({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.01 }),
    step: ([x, y]: Batch) => {
      const logits = model.forward(x);
      return { loss: F.crossEntropy(logits, y), accuracy: metrics.accuracy(logits, y) };
    },
  });
  late.reads = 0;
  await trainer.fit(batchesOf(5), { epochs: 1 });
  expect(late.reads).toBe(5);
});

test('metrics are read with the loss', async () => {
  const [f1, all] = [new metrics.F1({ average: 'macro' }), new metrics.F1({ average: 'macro' })];
  const options = { metrics: { f1 } };
  const seen: number[] = [];
  const model = new nn.Linear(4, 3);
  const trainer = trainerOf({
    ...options,
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.01 }),
    step: ([x, y]: Batch) => {
      const logits = model.forward(x);
      f1.update(logits, y);
      all.update(logits, y);
      return { loss: F.crossEntropy(logits, y) };
    },
    callbacks: [
      {
        onStep: (_, training) => {
          seen.push(late.reads);
          training.state();
        },
        onEpochEnd: ({ train }) => {
          reached = train.f1!;
        },
      },
    ],
  });
  let reached = Number.NaN;
  late.reads = 0;
  await trainer.fit(batchesOf(5), { epochs: 1 });
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(reached).toBe(await (await all.computeAsync()).item());
  const values = await trainer.evaluate(batchesOf(3));
  expect(values.f1).toBeGreaterThanOrEqual(0);
  expect(await f1.compute().item()).toBe(reached);
});

test('a training with accumulated gradients reads once a batch', async () => {
  const trainer = trainerOf({ accumulate: 2 });
  const batches = batchesOf(4);
  late.reads = 0;
  await trainer.fit(batches, { epochs: 1 });
  expect(late.reads).toBe(4);
});

test('an evaluation reads once a batch', async () => {
  const trainer = trainerOf();
  const batches = batchesOf(3);
  late.reads = 0;
  await trainer.evaluate(batches);
  expect(late.reads).toBe(3);
});

test("a loss that isn't finite changes no parameter", async () => {
  const trainer = trainerOf();
  const infinite = loaded([[randn([8, 4]).mul(Number.POSITIVE_INFINITY), randint(0, 3, [8])]]);
  await expect(trainer.fit(infinite, { epochs: 1 })).rejects.toThrow(
    /^fit: the loss became NaN at step 1\n {2}cause: batch\[0\] \[8, 4\] holds -?Infinity\n/,
  );
});

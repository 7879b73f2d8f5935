/** What reads results: it works on an engine whose results arrive later, or says what to use instead. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { EngineName } from '../../src/core/engine-names.js';
import { EngineError } from '../../src/core/errors.js';
import * as data from '../../src/data/index.js';
import { pack } from '../../src/data/workers/packed.js';
import * as F from '../../src/functional.js';
import {
  allcloseSync,
  detectAnomaly,
  equalSync,
  gradcheck,
  manualSeed,
  ones,
  rand,
  setEngine,
  type Tensor,
  tensor,
} from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as train from '../../src/train/index.js';
import { testEngines } from '../helpers/engines.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-later-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => setEngine('reference'));

/** Elements that nobody on the host knows. */
const later = (x: Tensor): Tensor => x.add(0);

const refused: [message: string, work: () => unknown][] = [
  [
    "LBFGS: its search reads every loss, and results arrive later on the reference engine\n  hint: use another optimizer, such as Adam, or a model made after setEngine('wasm')",
    () => {
      const x = ones([2]).requiresGrad_(true);
      return new optim.LBFGS([x]).step(() => x.square().sum());
    },
  ],
  [
    'ReduceLROnPlateau: needs elements, which arrive later on the reference engine\n  hint: scheduler.step(await loss.item())',
    () => {
      const optimizer = new optim.SGD([ones([2]).requiresGrad_(true)], { lr: 1 });
      return new optim.lrScheduler.ReduceLROnPlateau(optimizer).step(later(tensor(1)));
    },
  ],
  [
    'updateParameters: needs elements, which arrive later on the reference engine\n  hint: await updateParametersAsync(model)',
    () => {
      const model = new nn.Linear(2, 1);
      return new optim.swaUtils.AveragedModel(model).updateParameters(model);
    },
  ],
  [
    'Adam.loadStateDict: needs elements, which arrive later on the reference engine\n  hint: in the state, write await x.item() in place of x',
    () => {
      const x = ones([2]).requiresGrad_(true);
      x.grad = ones([2]);
      const optimizer = new optim.Adam([x]);
      optimizer.step();
      const { state, param_groups } = optimizer.stateDict();
      const slot = { ...state[0], step: later(tensor(1)) };
      return optimizer.loadStateDict({ state: { 0: slot }, param_groups } as never);
    },
  ],
  [
    'SummaryWriter: needs elements, which arrive later on the reference engine\n  hint: await addHistogramAsync(tag, values, step)',
    () => new train.SummaryWriter(join(folder, 'sync')).addHistogram('x', later(ones([4])), 0),
  ],
  [
    'allcloseSync: needs elements, which arrive later on the reference engine\n  hint: await allclose(a, b)',
    () => allcloseSync(ones([2]), ones([2])),
  ],
  [
    'equalSync: needs elements, which arrive later on the reference engine\n  hint: await equal(a, b)',
    () => equalSync(ones([2]), ones([2])),
  ],
  [
    "gradcheck: needs elements, which arrive later on the reference engine\n  hint: make the inputs after setEngine('wasm')",
    () => gradcheck((x) => x.square(), [ones([2], { dtype: 'float64' }).requiresGrad_(true)]),
  ],
  [
    "mul: needs elements, which arrive later on the reference engine\n  hint: detectAnomaly looks at every result: make the model after setEngine('wasm')",
    () => detectAnomaly(() => ones([2]).mul(2)),
  ],
  [
    "serveDataset: needs elements, which arrive later on the reference engine\n  hint: call setEngine('wasm') in the thread",
    () => pack(later(ones([2]))),
  ],
];

test.each(refused)('%s', (message, work) => {
  expect(work).toThrow(EngineError);
  expect(work).toThrow(message);
});

test("a state's random positions must be there", () => {
  const model = new nn.Linear(2, 1);
  const trainer = new train.Trainer({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
    step: () => ({ loss: model.forward(ones([1, 2])).sum() }),
  });
  const state = trainer.state() as { random: Tensor[] };
  expect(() => trainer.loadState({ ...state, random: state.random.map((x) => x.clone()) } as never)).toThrow(
    'loadState: needs elements, which arrive later on the reference engine\n  hint: load the state from its file, or call setEngine with another engine before you load it',
  );
});

/** Weights after three steps on an engine. */
async function trained(
  engine: EngineName,
  make: (params: Tensor[]) => { step(): void; zeroGrad(): void },
): Promise<number[]> {
  setEngine(engine);
  const weight = tensor([
    [1, -2, 0.5],
    [0.3, 4, -1],
    [2, 2, 2],
  ]).requiresGrad_(true);
  const bias = tensor([0.1, -0.2]).requiresGrad_(true);
  const optimizer = make([weight, bias]);
  const scale = tensor([[1], [2], [0]]);
  for (let i = 0; i < 3; i++) {
    optimizer.zeroGrad();
    const loss = weight.mul(scale).square().sum().add(bias.sin().sum());
    loss.backward();
    optimizer.step();
  }
  return [...(await weight.data()), ...(await bias.data())];
}

describe.each(testEngines)('as on %s', (engine) => {
  const optimizers = {
    ASGD: (params: Tensor[]) => new optim.ASGD(params, { lr: 0.1, lambd: 0.01, t0: 1, weightDecay: 0.1 }),
    Adafactor: (params: Tensor[]) => new optim.Adafactor(params, { lr: 0.1, weightDecay: 0.1, d: 1 }),
    SparseAdam: (params: Tensor[]) => new optim.SparseAdam(params, { lr: 0.1 }),
  };
  test.each(Object.entries(optimizers))('%s', async (_, make) => {
    const wanted = await trained(engine, make);
    const got = await trained('reference', make);
    for (const [i, value] of got.entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
  });

  test('batch normalization with the mean of all batches, and averaged models', async () => {
    const run = async (name: EngineName): Promise<number[]> => {
      setEngine(name);
      manualSeed(1);
      const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3, { momentum: null }));
      const average = new optim.swaUtils.AveragedModel(model);
      for (let i = 0; i < 3; i++) {
        model.forward(rand([4, 2]).mul(i + 1));
        model.parameters()[0]!.detach().mul_(0.5);
        await average.updateParametersAsync(model);
      }
      const tensors = [...model.buffers(), ...average.module.parameters()];
      return (await Promise.all(tensors.map(async (x) => [...(await x.data())]))).flat();
    };
    const wanted = await run(engine);
    for (const [i, value] of (await run('reference')).entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
  });
});

test('a histogram is awaited', async () => {
  const writer = new train.SummaryWriter(join(folder, 'awaited'));
  await writer.addHistogramAsync('x', later(tensor([1, 2, 3])), 0);
});

test('a training shuffles, is saved, and resumes', async () => {
  const examples = new data.TensorDataset(
    rand([12, 2]),
    tensor(
      Array.from({ length: 12 }, (_, i) => i % 2),
      { dtype: 'int32' },
    ),
  );
  const run = async (stopAfter?: number): Promise<{ weights: number[]; state: train.State }> => {
    manualSeed(2);
    const trainer = trainerOf(stopAfter);
    await trainer.fit(batches(), { epochs: 2 });
    return { weights: await weightsOf(trainer), state: trainer.state() };
  };
  const models = new WeakMap<object, nn.Linear>();
  const weightsOf = async (trainer: object): Promise<number[]> => [
    ...(await models.get(trainer)!.weight.data()),
  ];
  const batches = () => new data.DataLoader(examples, { batchSize: 3, shuffle: true });
  function trainerOf(stopAfter?: number): train.Trainer<[Tensor, Tensor]> {
    const model = new nn.Linear(2, 2);
    const accuracy = new metrics.Accuracy();
    const trainer: train.Trainer<[Tensor, Tensor]> = new train.Trainer<[Tensor, Tensor]>({
      model,
      optimizer: new optim.Adam(model.parameters(), { lr: 0.05 }),
      metrics: { accuracy },
      step: ([x, y]) => {
        const logits = model.forward(x);
        accuracy.update(logits, y);
        return { loss: F.crossEntropy(logits, y) };
      },
      callbacks: [{ onStep: ({ step }) => void (step === stopAfter && trainer.stop()) }],
    });
    models.set(trainer, model);
    return trainer;
  }
  const whole = await run();
  const stopped = await run(3);
  const resumed = trainerOf();
  resumed.loadState(stopped.state);
  await resumed.fit(batches(), { epochs: 2 });
  expect(await weightsOf(resumed)).toEqual(whole.weights);
});

test('what the host wrote is known until it changes', () => {
  const optimizer = new optim.SGD([ones([1]).requiresGrad_(true)], { lr: 1 });
  const plateau = new optim.lrScheduler.ReduceLROnPlateau(optimizer);
  const loss = tensor(0.5);
  plateau.step(loss);
  expect(() => plateau.step(loss.add_(1))).toThrow('scheduler.step(await loss.item())');
});

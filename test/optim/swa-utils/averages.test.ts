/** Averages of weights beside PyTorch's; see test/record/record-averages.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { setEngine } from '../../../src/engine/registry.js';
import { noGrad, ones, type Tensor, tensor, zeros } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import * as optim from '../../../src/optim/index.js';
import { testEngines } from '../../helpers/engines.js';

const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, getSwaAvgFn, updateBn } = optim.swaUtils;

type State = Readonly<Record<string, readonly number[]>>;
const { cases } = JSON.parse(
  readFileSync(new URL('../../recordings/averages.json', import.meta.url), 'utf8'),
) as { cases: Readonly<Record<string, { averaged: State; after: State }>> };

const wave = (shape: readonly number[], k: number): Tensor =>
  tensor(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + k + 0.7 * i)),
    shape,
  );

function build(): nn.Sequential {
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Linear(4, 2)).to(
    'float64',
  );
  noGrad(() => {
    model.parameters().forEach((p, k) => {
      p.copy_(wave(p.shape, k));
    });
  });
  return model;
}

function expectState(model: nn.Module, wanted: State): void {
  const state = model.stateDict();
  expect(Object.keys(state)).toEqual(Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted))
    values.forEach((v, i) => {
      expect(state[name]!.dataSync()[i], `${name}[${i}]`).toBeCloseTo(v, 10);
    });
}

describe.each(testEngines)('on %s', (engine) => {
  test.each([
    ['swa', {}],
    ['swa', { avgFn: getSwaAvgFn() }],
    ['ema', { multiAvgFn: getEmaMultiAvgFn(0.9) }],
    ['ema', { avgFn: getEmaAvgFn(0.9) }],
    ['ema of buffers', { multiAvgFn: getEmaMultiAvgFn(0.9), useBuffers: true }],
  ] as const)('%s %o', async (name, options) => {
    setEngine(engine);
    const { averaged: before, after } = cases[name]!;
    const model = build();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const averaged = new AveragedModel(model, options);
    for (let step = 0; step < 5; step++) {
      optimizer.zeroGrad();
      model
        .forward(wave([6, 3], step))
        .square()
        .mean()
        .backward();
      optimizer.step();
      averaged.updateParameters(model);
    }
    expectState(averaged, before);
    averaged.module.at(0).eval();
    await updateBn(
      [10, 11, 12].map((k) => [wave([6, 3], k), 'label']),
      averaged,
    );
    expectState(averaged, after);
    expect([averaged.training, averaged.module.at(0).training]).toEqual([true, false]);
    expect((averaged.module.at(1) as nn.BatchNorm1d).momentum).toBe(0.1);
  });
});

test('resumes from its state, and computes with the average', () => {
  const model = new nn.Sequential(new nn.Linear(2, 1));
  const averaged = new AveragedModel(model);
  averaged.updateParameters(model);
  const other = new AveragedModel(new nn.Sequential(new nn.Linear(2, 1)));
  other.loadStateDict(averaged.stateDict());
  expect(other.nAveraged.itemSync()).toBe(1);
  expect(other.forward(ones([1, 2]))).toEqual(model.forward(ones([1, 2])));
});

test('a model without batch norms is left alone by updateBn', async () => {
  await updateBn([ones([1, 5])], new nn.Linear(2, 1));
});

test('flags and momenta stay where a forward throws', async () => {
  const model = new nn.Sequential(new nn.BatchNorm1d(2)).eval();
  await expect(updateBn([ones([1, 5])], model)).rejects.toThrow('channels disagree');
  expect([model.training, (model.at(0) as nn.BatchNorm1d).momentum]).toEqual([false, 0.1]);
});

test.each([
  ['no model', () => new AveragedModel({} as never), 'AveragedModel: takes a model, got {}'],
  [
    'both',
    () => new AveragedModel(new nn.Linear(1, 1), { avgFn: getSwaAvgFn(), multiAvgFn: getEmaMultiAvgFn() }),
    'AveragedModel: takes either avgFn or multiAvgFn, not both',
  ],
  [
    'another model',
    () => new AveragedModel<nn.Module>(new nn.Linear(1, 1)).updateParameters(new nn.ReLU()),
    'updateParameters: the model has 0 parameters, but the averaged model has 2',
  ],
  ['decay', () => getEmaAvgFn(2), 'getEmaAvgFn: decay must be a number from 0 to 1, got 2'],
  ['decay', () => getEmaMultiAvgFn(-1), 'getEmaMultiAvgFn: decay must be a number from 0 to 1, got -1'],
  [
    'annealEpochs',
    () => new optim.swaUtils.SWALR(new optim.SGD([zeros([1])]), 0.1, { annealEpochs: -1 }),
    'SWALR: annealEpochs must be a whole number of at least 0, got -1',
  ],
])('error: %s', (_, call, message) => {
  expect(call).toThrow(message);
  expect(call).toThrow(ArgumentError);
});

test('error: another shape', () => {
  const averaged = new AveragedModel(new nn.Linear(1, 1));
  expect(() => averaged.updateParameters(new nn.Linear(2, 1))).toThrow(
    'updateParameters: parameters number 0 has a different shape\n  average    [1, 1]\n  model      [1, 2]',
  );
});

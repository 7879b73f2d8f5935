import { expect, test } from 'vitest';
import {
  entriesOf,
  requireBatches,
  requireNumbers,
  requireRecord,
  requireRecords,
} from '../../src/core/arguments.js';
import { callback, checkOption, number, numberList, required, text } from '../../src/core/options.js';
import * as data from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { bernoulli, clone, normal, permute, zeros } from '../../src/index.js';
import * as io from '../../src/io/index.js';
import * as nn from '../../src/nn/index.js';
import * as train from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';
import * as viz from '../../src/viz/index.js';

const spec = { name: required(text('')), size: number(1) };
const wrong = (value: unknown): never => value as never;

test('records have what a spec says', () => {
  requireRecords('f', 'parts', [{ name: 'a' }, { name: 'b', size: 2, other: 1 }], spec);
  expect(() => requireRecords('f', 'parts', 3, spec)).toThrow('f: parts must be a list, got 3');
  expect(() => requireRecords('f', 'parts', [null], spec)).toThrow('f: parts[0] must be an object, got null');
  expect(() => requireRecords('f', 'parts', [{}], spec)).toThrow(
    'f: parts[0].name must be a string, got undefined',
  );
  expect(() => requireRecord('f', 'the part', { name: 'a', size: '2' }, spec)).toThrow(
    "f: the part.size must be a finite number, got '2'",
  );
});

test('lists of numbers, batches and pairs', () => {
  for (const list of [[], [1, Number.NaN], new Float32Array(2)]) requireNumbers('f', 'x', list);
  for (const list of [1, null, 'ab', [1, '2'], new BigInt64Array(1), new DataView(new ArrayBuffer(8))])
    expect(() => requireNumbers('f', 'x', list)).toThrow('f: x must be a list of numbers, got');
  expect(numberList(undefined).wanted).toBe('a list of numbers');
  requireBatches('f', 'batches', []);
  expect(() => requireBatches('f', 'batches', 3)).toThrow(
    'f: batches must be batches to walk through, such as a DataLoader, got 3',
  );
  expect(entriesOf('f', { a: 1 })).toEqual([['a', 1]]);
  expect(() => entriesOf('f', wrong([1]))).toThrow('f: item 0 must be [name, value], got 1');
});

test("a class isn't a function to call", () => {
  const take = (value: unknown): void => checkOption('f', 'work', callback(), value);
  take(() => 1);
  take(Math.sin);
  take(function named() {});
  expect(() => take(nn.Linear)).toThrow('f: work must be a function, got the class Linear');
});

test.each<[string, () => unknown]>([
  ['normal: std must be a tensor or a number, got [2]', () => normal(0, wrong([2]), wrong([1]))],
  ["clone: x must be a tensor, got 'a'", () => clone(wrong('a'))],
  [
    'pixelShuffle: the factor must be a whole number, 1 or more, got a symbol',
    () => F.pixelShuffle(zeros([1, 4, 2, 2]), wrong(Symbol('a'))),
  ],
  [
    "channelShuffle: the channels can't be split into {} groups",
    () => F.channelShuffle(zeros([1, 4, 2, 2]), wrong(Object.create(null))),
  ],
  ['permute: [{}] names 1 axes', () => permute(zeros([2, 3]), wrong([Object.create(null)]))],
  ['geometric_: p must be in (0, 1), got a symbol', () => zeros([1]).geometric_(wrong(Symbol('p')))],
  ['bernoulli: x must be a tensor', () => bernoulli(wrong(null))],
  ['sign: x must be a tensor, got -1', () => new nn.Sign().forward(wrong(-1))],
  ['ModuleDict: item 0 must be [name, value], got 1', () => new nn.ModuleDict(wrong([1]))],
  [
    'ParameterList: items must be a list or another iterable, got 3',
    () => new nn.ParameterList().extend(wrong(3)),
  ],
  [
    'AdaptiveLogSoftmaxWithLoss: cutoffs must be a list of numbers, got null',
    () => new nn.AdaptiveLogSoftmaxWithLoss(4, 2, wrong(null)),
  ],
  [
    'LabelEncoder: labels must be strings, numbers, or booleans, but number 0 is null',
    () => data.LabelEncoder.fit(wrong([null])),
  ],
  ['oneHotEncode: encoder must be a LabelEncoder, got 3', () => data.oneHotEncode([1], wrong(3))],
  ['oneHotEncode: labels must be a list, got null', () => data.oneHotEncode(wrong(null))],
  [
    'Subset: index 9 is out of range for 3 examples',
    () => new data.Subset(new data.TensorDataset(zeros([3])), [9]),
  ],
  ["Subset: dataset must be a Dataset, got 'a'", () => new data.Subset(wrong('a'), [])],
  [
    'RandomSampler: source must be a Dataset, or something else with a length, got 10000000000',
    () => new data.RandomSampler(wrong(1e10)),
  ],
  [
    'TrainValidationTest: train must be a Subset, got null',
    () => new data.TrainValidationTest(wrong(null), wrong(null), wrong(null)),
  ],
  [
    'CifarResNet: depth must be a whole number of at least 0, got 3n',
    () => new vision.CifarResNet(wrong(3n)),
  ],
  [
    'erase: the box must be an object, got undefined',
    () => vision.transforms.erase(zeros([1, 3, 8, 8]), wrong(undefined)),
  ],
  [
    'RandomAffine: degrees must be a range [from, to], got true',
    () => new vision.transforms.RandomAffine(wrong(true)),
  ],
  ['lineChart: curves[0] must be an object, got null', () => viz.lineChart(wrong([null]), { title: 'a' })],
  [
    'barChart: bars[0].label must be a string, got undefined',
    () => viz.barChart(wrong([{}]), { title: 'a' }),
  ],
  [
    'histogram: samples[0].values must be a list of numbers, got undefined',
    () => viz.histogram(wrong([{ name: 'a' }]), { title: 'a' }),
  ],
  [
    'contour: the surface.f must be a function, got undefined',
    () => viz.contour(wrong({}), [], { title: 'a' }),
  ],
  ["panels: figures[0] must be a figure, got 'a'", () => viz.panels(wrong(['a']), { title: 'a' })],
  [
    'halvingRounds: maxBudget must be a whole number of at least 1, got {}',
    () => train.halvingRounds(3, wrong({}), 2),
  ],
])('%s', (message, call) => expect(call).toThrow(message));

test.each<[string, () => Promise<unknown>]>([
  ['serializeSafetensors: a must be a tensor, got 3', () => io.serializeSafetensors(wrong({ a: 3 }))],
  [
    'embeddings: batches must be batches to walk through',
    () => vision.embeddings(new vision.LeNet5(), wrong(-1)),
  ],
  [
    'search: what the store loads must be a list, got 1',
    () =>
      train.search({
        space: { a: train.uniform(0, 1) },
        objective: async () => 1,
        store: wrong({ load: () => 1, add: () => 1 }),
      }),
  ],
  [
    'search: a.at must be a function, got undefined',
    () => train.search({ space: wrong({ a: {} }), objective: async () => 1 }),
  ],
  [
    'activations: layers[0].values must be a tensor, or a list of numbers, got undefined',
    () => viz.activations(wrong([{ name: 'a' }]), { title: 'a' }),
  ],
])('%s', (message, call) => expect(call).rejects.toThrow(message));

test('an empty batch takes no memory for its pixels', () => {
  const x = zeros([0, 2, 7, 9], { requiresGrad: true });
  const y = F.interpolate(x, { size: [3, 1e9] });
  expect(y.shape).toEqual([0, 2, 3, 1e9]);
  F.interpolate(x, { size: [3, 4] })
    .sum()
    .backward();
  expect(x.grad!.shape).toEqual([0, 2, 7, 9]);
});

test('a distributed sampler without a length', () =>
  expect(() => new data.DistributedSampler(wrong(undefined), { numReplicas: 2, rank: 0 })).toThrow(
    'DistributedSampler: source must be a Dataset, or something else with a length, got undefined',
  ));

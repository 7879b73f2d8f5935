/** docs/notes-map.md names what exists, and says right where the notes compute otherwise. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as data from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { cat, noGrad, randn, tensor, zeros } from '../../src/index.js';
import * as metrics from '../../src/metrics/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import { recipes } from '../../src/recipes/index.js';
import * as text from '../../src/text/index.js';
import * as train from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';
import * as viz from '../../src/viz/index.js';

const map = readFileSync(new URL('../../docs/notes-map.md', import.meta.url), 'utf8');
const rows = [...map.matchAll(/^\| (\d\.\d+) \|(.*)\|(.*)\|(.*)\|$/gm)].map(
  ([, section, what, run, use]) => ({
    section: section!,
    what: what!,
    run: run!,
    use: use!,
  }),
);
const words = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);

test('every section of chapters 1 to 3 and 5 has its row', () => {
  const sections = [
    ...Array.from({ length: 3 }, (_, i) => `1.${i + 1}`),
    ...Array.from({ length: 12 }, (_, i) => `2.${i + 1}`),
    ...Array.from({ length: 11 }, (_, i) => `3.${i + 1}`),
    ...Array.from({ length: 9 }, (_, i) => `5.${i + 1}`),
  ];
  const own = rows.filter(({ section }) => /^[1235]\./.test(section));
  expect([...new Set(own.map((row) => row.section))]).toEqual(sections);
});

test('what is to be run and used is there, and every recipe is named', () => {
  const names = recipes.map((recipe) => recipe.name);
  const commands = rows.flatMap(({ run }) => words(run)).filter((word) => !word.startsWith('myelin'));
  const named = commands.map((command) => command.split(' ')[0]!);
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
  expect(names.filter((name) => !named.includes(name))).toEqual([]);

  const rooms: Record<string, object> = {
    F,
    data,
    metrics,
    nn,
    optim,
    text,
    train,
    transforms: vision.transforms,
    vision,
    viz,
  };
  const missing = rows
    .flatMap(({ use }) => words(use))
    .filter((path) => {
      const [room, name] = path.split('.');
      return !(name! in rooms[room!]!);
    });
  expect(missing).toEqual([]);
});

test('figures 2.14 and 2.15: one term and all three, bits and nats', () => {
  const predicted = tensor([0.01, 0.97, 0.02]);
  const truth = tensor([1, 0, 0]);
  expect(predicted.sub(truth).square().select(0, 0).itemSync()).toBeCloseTo(0.98, 2);
  expect(F.mseLoss(predicted, truth).itemSync()).toBeCloseTo(0.64, 3);
  const nats = F.crossEntropy(predicted.log().unsqueeze(0), tensor([0], { dtype: 'int32' })).itemSync();
  expect(nats).toBeCloseTo(4.61, 2);
  expect(nats / Math.LN2).toBeCloseTo(6.64, 2);
});

test('5.2: a one-hot vector times W is a row of W', () => {
  const weight = randn([5, 3]);
  const ids = tensor([4, 0], { dtype: 'int32' });
  const product = F.oneHot(ids, 5).to('float32').matmul(weight);
  expect(product.sub(F.embedding(ids, weight)).abs().max().itemSync()).toBe(0);
});

test('figure 5.17: a step of an RNN is a linear layer on [x; h]', () => {
  const cell = new nn.RNNCell(3, 4);
  const linear = new nn.Linear(7, 4);
  noGrad(() => {
    linear.weight.copy_(cat([cell.weightIh, cell.weightHh], 1));
    linear.bias!.copy_(cell.biasIh!.add(cell.biasHh!));
  });
  const [x, h] = [randn([2, 3]), randn([2, 4])];
  const step = linear.forward(cat([x, h], 1)).tanh();
  expect(step.sub(cell.forward(x, h)).abs().max().itemSync()).toBeLessThan(1e-6);
});

test('5.7: gates are SiLU, and GLU after a linear layer', () => {
  const x = randn([6]);
  expect(F.silu(x).sub(x.mul(x.sigmoid())).abs().max().itemSync()).toBeLessThan(1e-6);
  const network = new nn.Linear(6, 6);
  const gate = network.forward(x);
  expect(
    F.glu(cat([x, gate]), 0)
      .sub(x.mul(gate.sigmoid()))
      .abs()
      .max()
      .itemSync(),
  ).toBeLessThan(1e-6);
});

test('5.8: the sizes of four layers in both directions', () => {
  const gru = new nn.GRU(64, 256, { numLayers: 4, bidirectional: true, batchFirst: true });
  const [output, hN] = gru.forward(zeros([2, 3, 64]));
  expect([output.shape, hN.shape]).toEqual([
    [2, 3, 512],
    [8, 2, 256],
  ]);
  expect(gru.numParameters()).toBe(4_042_752);
});

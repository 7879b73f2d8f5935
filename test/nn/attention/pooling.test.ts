/** Attention with other scores than scaled dot products, and pooling by attention. */
import { expect, test } from 'vitest';
import { ArgumentError, DTypeError, MyelinError, ShapeError } from '../../../src/core/errors.js';
import {
  cat,
  gradcheck,
  manualSeed,
  randn,
  setEngine,
  slice,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { testEngines } from '../../helpers/engines.js';

const wrong = (value: unknown): never => value as never;
const double = { dtype: 'float64' } as const;

setEngine(testEngines[0]!);

const dot = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum();

/** Each score of a pair of vectors, as the formula has it. */
const formulas: Readonly<Record<string, [nn.Score, (a: Tensor, b: Tensor) => Tensor]>> = (() => {
  manualSeed(1);
  const bilinear = new nn.BilinearScore(4, 4, double);
  const mlp = new nn.MLPScore(4, 4, double);
  const additive = new nn.AdditiveScore(4, 4, 3, double);
  return {
    dot: [new nn.DotScore(), dot],
    cosine: [new nn.CosineScore(), (a, b) => dot(a, b).div(a.norm().mul(b.norm()))],
    bilinear: [bilinear, (a, b) => dot(a, bilinear.weight.matmul(b))],
    mlp: [
      mlp,
      (a, b) =>
        mlp.linear.weight
          .matmul(cat([a, b]))
          .sigmoid()
          .squeeze(0),
    ],
    additive: [
      additive,
      (a, b) => {
        const { queryProj, keyProj, v } = additive;
        return v.weight.matmul(queryProj.weight.matmul(a).add(keyProj.weight.matmul(b)).tanh()).squeeze(0);
      },
    ],
  };
})();

test.each(Object.entries(formulas))(
  '%s: scores of all pairs, their softmax, and gradients',
  (_, [score, formula]) => {
    manualSeed(2);
    const [query, key, value] = [
      randn([2, 3, 4], double),
      randn([2, 5, 4], double),
      randn([2, 5, 6], double),
    ];
    const scores = score.forward(query, key);
    expect(scores.shape).toEqual([2, 3, 5]);
    for (let n = 0; n < 2; n++)
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 5; j++)
          expect(scores.at(n, i, j).itemSync()).toBeCloseTo(
            formula(query.at(n, i), key.at(n, j)).itemSync() as number,
            10,
          );
    const attention = new nn.Attention(score);
    const [output, weights] = attention.forward(query, key, value);
    expect(weights.allcloseSync(scores.softmax(-1))).toBe(true);
    expect(output.allcloseSync(weights.matmul(value))).toBe(true);
    const run = (q: Tensor, k: Tensor, v: Tensor, ...__: Tensor[]): Tensor => attention.forward(q, k, v)[0];
    gradcheck(run as never, [
      ...[query, key, value].map((x) => x.at(0).clone().requiresGrad_()),
      ...attention.parameters(),
    ]);
  },
);

test('queries and keys of other features', () => {
  const [query, key] = [randn([3, 4]), randn([2, 5, 6])];
  for (const score of [new nn.BilinearScore(4, 6), new nn.MLPScore(4, 6), new nn.AdditiveScore(4, 6, 2)])
    expect(score.forward(query, key).shape).toEqual([2, 3, 5]);
  expect(String(new nn.BilinearScore(4, 6))).toBe('BilinearScore(queryDim=4, keyDim=6)');
  expect(Object.keys(new nn.AdditiveScore(4, 6, 2).stateDict())).toEqual([
    ...['query_proj.weight', 'key_proj.weight', 'v.weight'],
  ]);
});

test('a softmax of MLP scores gives no key more than e times the weight of another', () => {
  const score = new nn.MLPScore(1, 1);
  nn.init.constant_(score.linear.weight, 100);
  const key = tensor([[-5], [5]]);
  const [, weights] = new nn.Attention(score).forward(zeros([1, 1]), key, key);
  const [low, high] = (weights.toArraySync() as number[][])[0]!;
  expect(high! / low!).toBeCloseTo(Math.E, 4);
});

test('masks hide keys; a query that sees nothing gets zeros', () => {
  manualSeed(3);
  const attention = new nn.Attention(new nn.AdditiveScore(4, 4, 3));
  const x = randn([2, 5, 4]);
  const hidden = tensor([[[0, 0, 1, 1, 1]], [[1, 1, 1, 1, 1]]]).to('bool');
  const [output] = attention.forward(x, x, x, { attnMask: hidden });
  const seen = x.at(0, slice(0, 2));
  expect(output.at(0).allcloseSync(attention.forward(x.at(0), seen, seen)[0], { atol: 1e-6 })).toBe(true);
  expect(output.at(1).abs().sum().itemSync()).toBe(0);
  const added = zeros(hidden.shape).maskedFill(hidden, -Infinity);
  expect(attention.forward(x, x, x, { attnMask: added })[0].allcloseSync(output)).toBe(true);
});

test('pooling by attention: a weighted mean of the real positions', () => {
  manualSeed(4);
  const pooling = new nn.AttentionPooling(4);
  const x = randn([2, 5, 4]);
  const keyPaddingMask = tensor([
    [0, 0, 0, 0, 0],
    [0, 0, 0, 1, 1],
  ]).to('bool');
  const [y, weights] = pooling.forward(x, { keyPaddingMask });
  expect(y.shape).toEqual([2, 4]);
  expect(weights.shape).toEqual([2, 5]);
  expect(weights.sum(1).allcloseSync(tensor([1, 1]))).toBe(true);
  const score = pooling.score as nn.Linear;
  const alpha = x.at(0).matmul(score.weight.t()).squeeze(1).softmax(0);
  expect(y.at(0).allcloseSync(alpha.matmul(x.at(0)), { atol: 1e-6 })).toBe(true);
  expect(y.at(1).allcloseSync(pooling.forward(x.at(1, slice(0, 3)))[0], { atol: 1e-6 })).toBe(true);
  nn.init.zeros_(score.weight);
  expect(pooling.forward(x)[0].allcloseSync(x.mean(1), { atol: 1e-6 })).toBe(true);
  const deep = new nn.AttentionPooling(4, { hiddenFeatures: 3 });
  expect(deep.forward(x)[0].shape).toEqual([2, 4]);
  expect(Object.keys(deep.stateDict())).toEqual([
    'score.0.weight',
    'score.0.bias',
    'score.2.weight',
    'score.2.bias',
  ]);
});

const x = zeros([2, 5, 4]);
const attention = new nn.Attention(new nn.DotScore());

test.each<[string, new (...args: never[]) => Error, () => unknown]>([
  [
    'BilinearScore: queryDim must be a whole number of at least 1, got 0',
    ArgumentError,
    () => new nn.BilinearScore(0, 1),
  ],
  [
    'MLPScore: keyDim must be a whole number of at least 1, got 0',
    ArgumentError,
    () => new nn.MLPScore(1, 0),
  ],
  [
    'AdditiveScore: hiddenDim must be a whole number of at least 1, got undefined',
    ArgumentError,
    () => new nn.AdditiveScore(1, 1, wrong(undefined)),
  ],
  [
    'DotScore: queries and keys must be vectors with its features\n  query  (…, L, Eq)  [2, 5, 4]\n' +
      '  key    (…, S, Ek)  [5, 3]     expects 4 features',
    ShapeError,
    () => new nn.DotScore().forward(x, zeros([5, 3])),
  ],
  [
    'BilinearScore: queries and keys must be vectors with its features\n  query  (…, L, Eq)  [2, 5, 4]  expects 3 features',
    ShapeError,
    () => new nn.BilinearScore(3, 4).forward(x, x),
  ],
  [
    'CosineScore: query must be a tensor, got 1',
    ArgumentError,
    () => new nn.CosineScore().forward(wrong(1), x),
  ],
  [
    'Attention: score must be a Module, got undefined',
    ArgumentError,
    () => new nn.Attention(wrong(undefined)),
  ],
  [
    "Attention: there isn't a value for each key\n  key    (…, S, Ek)  [2, 5, 4]\n" +
      '  value  (…, S, Ev)  [2, 4, 4]  expects S = 5',
    ShapeError,
    () => attention.forward(x, x, zeros([2, 4, 4])),
  ],
  [
    "Attention: attnMask doesn't broadcast to the scores\n  attnMask             [4, 5]\n  scores    (…, L, S)  [2, 5, 5]",
    ShapeError,
    () => attention.forward(x, x, x, { attnMask: zeros([4, 5]) }),
  ],
  [
    'Attention: attnMask must be bool or float32, got int32',
    DTypeError,
    () => attention.forward(x, x, x, { attnMask: zeros([5, 5], { dtype: 'int32' }) }),
  ],
  [
    'AttentionPooling: inFeatures must be a whole number of at least 1',
    ArgumentError,
    () => new nn.AttentionPooling(0),
  ],
  [
    'AttentionPooling: x must be a sequence of vectors\n  x  (…, T, E)  [4]  expects E = 4',
    ShapeError,
    () => new nn.AttentionPooling(4).forward(zeros([4])),
  ],
  [
    'AttentionPooling: keyPaddingMask has the wrong shape\n  keyPaddingMask    [2, 4]  expects [2, 5], which is (…, T)',
    ShapeError,
    () => new nn.AttentionPooling(4).forward(x, { keyPaddingMask: zeros([2, 4]) }),
  ],
  [
    'AttentionPooling: x is float64, the weights are float32',
    DTypeError,
    () => new nn.AttentionPooling(4).forward(x.to('float64')),
  ],
])('refuses: %s', (message, kind, work) => {
  expect(work).toThrow(message);
  expect(work).toThrow(kind);
  expect(work).toThrow(MyelinError);
});

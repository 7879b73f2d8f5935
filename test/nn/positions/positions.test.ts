/** Positions: sinusoidal, learned, rotary, and ALiBi. */
import { describe, expect, test } from 'vitest';
import { ArgumentError, DTypeError, MyelinError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { gradcheck, manualSeed, randn, setEngine, slice, type Tensor, zeros } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { testEngines } from '../../helpers/engines.js';

const double = { dtype: 'float64' } as const;

setEngine(testEngines[0]!);

describe('sinusoidal', () => {
  test("the paper's formula, for even and odd numbers of features", () => {
    for (const features of [6, 7]) {
      const table = nn.sinusoidalPositions(9, features, double).toArraySync() as number[][];
      table.forEach((row, p) => {
        expect(row.length).toBe(features);
        row.forEach((found, k) => {
          const angle = p / 10000 ** ((2 * Math.floor(k / 2)) / features);
          expect(found).toBeCloseTo(k % 2 === 0 ? Math.sin(angle) : Math.cos(angle), 12);
        });
      });
    }
  });

  test('a shift is a rotation that depends on nothing else, and near positions are alike', () => {
    const table = nn.sinusoidalPositions(200, 16, double);
    const products = table.matmul(table.t());
    for (const distance of [1, 5, 40]) {
      const diagonal = products.diagonal({ offset: distance });
      expect(diagonal.allcloseSync(diagonal.at(0).expand(diagonal.shape))).toBe(true);
    }
    expect(products.at(0, 1).itemSync()).toBeGreaterThan(products.at(0, 9).itemSync() as number);
  });

  test('the module adds them, from an offset on, whatever is in front of time', () => {
    const positions = new nn.SinusoidalPositions(6, { base: 100 });
    const x = randn([2, 5, 6]);
    const y = positions.forward(x);
    expect(y.allcloseSync(x.add(nn.sinusoidalPositions(5, 6, { base: 100 })))).toBe(true);
    const later = positions.forward(x.at(slice(), slice(3)), { offset: 3 });
    expect(later.allcloseSync(y.at(slice(), slice(3)))).toBe(true);
    expect(positions.forward(x.to('float64')).dtype).toBe('float64');
    expect(Object.keys(positions.stateDict())).toEqual([]);
    expect(String(positions)).toBe('SinusoidalPositions(features=6, base=100)');
  });
});

test('learned: a vector for each position, with its gradient', () => {
  manualSeed(1);
  const positions = new nn.LearnedPositions(8, 4);
  manualSeed(1);
  expect(new nn.Embedding(8, 4).weight.equalSync(positions.weight)).toBe(true);
  const x = randn([3, 5, 4]);
  positions.forward(x, { offset: 2 }).sum().backward();
  expect((positions.weight.grad!.toArraySync() as number[][]).map(([g]) => g)).toEqual([
    0, 0, 3, 3, 3, 3, 3, 0,
  ]);
  expect(positions.forward(x).allcloseSync(x.add(positions.weight.narrow(0, 0, 5)))).toBe(true);
  expect(nn.summary(positions, [3, 5, 4]).multiplyAdds).toBe(0);
  expect(String(positions)).toBe('LearnedPositions(maxLength=8, features=4)');
});

describe.each([false, true])('rotary, interleaved: %s', (interleaved) => {
  test('rotates pairs by angles that grow with the position', () => {
    manualSeed(2);
    const rotary = new nn.RotaryPositions(6, { interleaved });
    const x = randn([2, 4, 6], double);
    const y = rotary.forward(x).toArraySync() as number[][][];
    (x.toArraySync() as number[][][]).forEach((rows, n) => {
      rows.forEach((row, p) => {
        for (let i = 0; i < 3; i++) {
          const [first, second] = interleaved ? [2 * i, 2 * i + 1] : [i, i + 3];
          const [a, b] = [row[first]!, row[second]!];
          const angle = p / 10000 ** ((2 * i) / 6);
          expect(y[n]![p]![first]).toBeCloseTo(a * Math.cos(angle) - b * Math.sin(angle), 10);
          expect(y[n]![p]![second]).toBeCloseTo(a * Math.sin(angle) + b * Math.cos(angle), 10);
        }
      });
    });
    gradcheck((v) => rotary.forward(v!), [x.at(0).clone().requiresGrad_()]);
  });

  test('scores depend on the distance alone, and lengths stay', () => {
    manualSeed(3);
    const rotary = new nn.RotaryPositions(8, { interleaved });
    const [q, k] = [randn([1, 8], double), randn([1, 8], double)];
    const score = (i: number, j: number): number =>
      rotary
        .forward(q, { offset: i })
        .mul(rotary.forward(k, { offset: j }))
        .sum()
        .itemSync() as number;
    expect(score(7, 3)).toBeCloseTo(score(104, 100), 9);
    expect(score(7, 3)).not.toBeCloseTo(score(7, 4), 3);
    expect(rotary.forward(q, { offset: 50 }).norm().itemSync()).toBeCloseTo(
      q.norm().itemSync() as number,
      10,
    );
    const x = randn([2, 3, 5, 8]);
    const whole = rotary.forward(x);
    const rest = rotary.forward(x.narrow(2, 3, 2), { offset: 3 });
    expect(rest.allcloseSync(whole.narrow(2, 3, 2), { atol: 1e-6 })).toBe(true);
  });
});

test('rotary prints its options', () => {
  expect(String(new nn.RotaryPositions(8))).toBe('RotaryPositions(headDim=8, base=10000)');
  expect(String(new nn.RotaryPositions(8, { interleaved: true, base: 500 }))).toBe(
    'RotaryPositions(headDim=8, base=500, interleaved=true)',
  );
});

test("ALiBi: the paper's slopes, times the distance", () => {
  const slopes = (heads: number): number[] =>
    (nn.alibi(heads, 1, 2).neg().toArraySync() as number[][][]).map((head) => head[0]![0]!);
  expect(slopes(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((h) => 2 ** -h));
  expect(slopes(6).map((m) => Math.log2(m))).toEqual([-2, -4, -6, -8, -1, -3]);
  expect(slopes(1)).toEqual([2 ** -8]);
  expect(nn.alibi(2, 2, 3).toArraySync()).toEqual(
    [2 ** -4, 2 ** -8].map((m) => [
      [-m, -0, -m],
      [-2 * m, -m, -0],
    ]),
  );
  const x = randn([2, 4, 5, 8]);
  expect(F.scaledDotProductAttention(x, x, x, { attnMask: nn.alibi(4, 5) }).shape).toEqual([2, 4, 5, 8]);
});

const x = zeros([3, 5, 6]);
const rotaryOf = (headDim: number): Tensor => new nn.RotaryPositions(headDim).forward(x);

test.each<[string, new (...args: never[]) => Error, () => unknown]>([
  [
    'sinusoidalPositions: length must be a whole number of at least 0, got -1',
    ArgumentError,
    () => nn.sinusoidalPositions(-1, 4),
  ],
  [
    'sinusoidalPositions: features must be a whole number of at least 1, got 0',
    ArgumentError,
    () => nn.sinusoidalPositions(3, 0),
  ],
  [
    'sinusoidalPositions: dtype must be float32 or float64, got int32',
    ArgumentError,
    () => nn.sinusoidalPositions(3, 4, { dtype: 'int32' }),
  ],
  [
    'sinusoidalPositions: base must be a finite number above 1, got 1',
    ArgumentError,
    () => nn.sinusoidalPositions(3, 4, { base: 1 }),
  ],
  [
    'SinusoidalPositions: features must be a whole number',
    ArgumentError,
    () => new nn.SinusoidalPositions(0.5),
  ],
  [
    'SinusoidalPositions: needs vectors of float32 or float64, x is int32\n  hint: nn.Embedding makes vectors of indices',
    DTypeError,
    () => new nn.SinusoidalPositions(6).forward(x.to('int32')),
  ],
  [
    'SinusoidalPositions: x must be a sequence of vectors\n  x  (…, T, E)  [3, 5, 6]  expects E = 4',
    ShapeError,
    () => new nn.SinusoidalPositions(4).forward(x),
  ],
  [
    'LearnedPositions: has 4 positions, x reaches 5\n  hint: cut the sequence, or raise maxLength',
    ArgumentError,
    () => new nn.LearnedPositions(4, 6).forward(x),
  ],
  [
    'LearnedPositions: x is float64, the weights are float32',
    DTypeError,
    () => new nn.LearnedPositions(5, 6).forward(x.to('float64')),
  ],
  [
    'LearnedPositions: offset must be a whole number of at least 0, got -1',
    ArgumentError,
    () => new nn.LearnedPositions(5, 6).forward(x, { offset: -1 }),
  ],
  [
    'LearnedPositions: maxLength must be a whole number of at least 1',
    ArgumentError,
    () => new nn.LearnedPositions(0, 6),
  ],
  [
    'RotaryPositions: headDim must be even: features are rotated in pairs, got 5',
    ArgumentError,
    () => new nn.RotaryPositions(5),
  ],
  ['RotaryPositions: x must be a sequence of vectors', ShapeError, () => rotaryOf(4)],
  ['alibi: numHeads must be a whole number from 1 to 65536, got 0', ArgumentError, () => nn.alibi(0, 1)],
  [
    'alibi: numHeads must be a whole number from 1 to 65536, got 10000000000',
    ArgumentError,
    () => nn.alibi(1e10, 1),
  ],
  ['alibi: targets must be a whole number of at least 0, got -1', ArgumentError, () => nn.alibi(1, -1)],
  ['alibi: sources must be a whole number of at least 0, got 1.5', ArgumentError, () => nn.alibi(1, 1, 1.5)],
])('refuses: %s', (message, kind, work) => {
  expect(work).toThrow(message);
  expect(work).toThrow(kind);
  expect(work).toThrow(MyelinError);
});

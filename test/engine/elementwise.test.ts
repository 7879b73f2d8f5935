import { describe, expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import { setEngine, type Tensor, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Where a function leaves the ordinary numbers: [x, f(x)] in float32 and float64. */
const limits: Readonly<
  Record<string, readonly [(x: Tensor) => Tensor, readonly (readonly [number, number])[]]>
> = {
  exp: [
    (x) => x.exp(),
    [
      [-inf, 0],
      [inf, inf],
      [nan, nan],
      [0, 1],
      [-0, 1],
      [1000, inf],
      [-1000, 0],
    ],
  ],
  expm1: [
    (x) => x.expm1(),
    [
      [-inf, -1],
      [inf, inf],
      [nan, nan],
      [-0, -0],
      [1e-30, 1e-30],
      [-1000, -1],
      [1000, inf],
    ],
  ],
  exp2: [
    (x) => x.exp2(),
    [
      [-inf, 0],
      [inf, inf],
      [nan, nan],
      [10, 1024],
      [-3, 0.125],
      [2000, inf],
    ],
  ],
  log: [
    (x) => x.log(),
    [
      [0, -inf],
      [-0, -inf],
      [-1, nan],
      [inf, inf],
      [nan, nan],
      [1, 0],
      [-inf, nan],
    ],
  ],
  log2: [
    (x) => x.log2(),
    [
      [0, -inf],
      [-1, nan],
      [inf, inf],
      [8, 3],
      [0.25, -2],
      [1024, 10],
    ],
  ],
  log10: [
    (x) => x.log10(),
    [
      [0, -inf],
      [-1, nan],
      [inf, inf],
      [100, 2],
      [1000, 3],
      [1, 0],
    ],
  ],
  log1p: [
    (x) => x.log1p(),
    [
      [-1, -inf],
      [-2, nan],
      [inf, inf],
      [nan, nan],
      [-0, -0],
      [1e-30, 1e-30],
    ],
  ],
  tanh: [
    (x) => x.tanh(),
    [
      [-inf, -1],
      [inf, 1],
      [nan, nan],
      [-0, -0],
      [100, 1],
      [-100, -1],
      [1e-30, 1e-30],
    ],
  ],
  sigmoid: [
    (x) => x.sigmoid(),
    [
      [-inf, 0],
      [inf, 1],
      [nan, nan],
      [0, 0.5],
      [1000, 1],
      [-1000, 0],
    ],
  ],
  erf: [
    (x) => x.erf(),
    [
      [-inf, -1],
      [inf, 1],
      [nan, nan],
      [-0, -0],
      [30, 1],
    ],
  ],
  sin: [
    (x) => x.sin(),
    [
      [inf, nan],
      [-inf, nan],
      [nan, nan],
      [-0, -0],
      [1e-30, 1e-30],
    ],
  ],
  cos: [
    (x) => x.cos(),
    [
      [inf, nan],
      [nan, nan],
      [0, 1],
    ],
  ],
  tan: [
    (x) => x.tan(),
    [
      [inf, nan],
      [-0, -0],
    ],
  ],
  asin: [
    (x) => x.asin(),
    [
      [2, nan],
      [-0, -0],
      [nan, nan],
    ],
  ],
  acos: [
    (x) => x.acos(),
    [
      [2, nan],
      [-2, nan],
      [1, 0],
    ],
  ],
  sinh: [
    (x) => x.sinh(),
    [
      [inf, inf],
      [-inf, -inf],
      [nan, nan],
      [-0, -0],
      [1000, inf],
    ],
  ],
  cosh: [
    (x) => x.cosh(),
    [
      [inf, inf],
      [-inf, inf],
      [0, 1],
      [nan, nan],
    ],
  ],
  asinh: [
    (x) => x.asinh(),
    [
      [inf, inf],
      [-inf, -inf],
      [nan, nan],
      [-0, -0],
    ],
  ],
  acosh: [
    (x) => x.acosh(),
    [
      [inf, inf],
      [0.5, nan],
      [1, 0],
      [-1e30, nan],
    ],
  ],
  atanh: [
    (x) => x.atanh(),
    [
      [1, inf],
      [-1, -inf],
      [2, nan],
      [-0, -0],
    ],
  ],
  sqrt: [
    (x) => x.sqrt(),
    [
      [-1, nan],
      [inf, inf],
      [-0, -0],
      [4, 2],
    ],
  ],
  digamma: [
    (x) => x.digamma(),
    [
      [0, -inf],
      [-1, nan],
      [nan, nan],
    ],
  ],
  lgamma: [
    (x) => x.lgamma(),
    [
      [1, 0],
      [2, 0],
      [0, inf],
      [inf, inf],
      [-1, inf],
    ],
  ],
  erfinv: [
    (x) => x.erfinv(),
    [
      [1, inf],
      [-1, -inf],
      [2, nan],
      [0, 0],
    ],
  ],
  round: [
    (x) => x.round(),
    [
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [-0.5, -0],
      [inf, inf],
      [nan, nan],
      [1e30, 1e30],
    ],
  ],
  floor: [
    (x) => x.floor(),
    [
      [-0.5, -1],
      [0.5, 0],
      [-0, -0],
      [inf, inf],
      [nan, nan],
    ],
  ],
  ceil: [
    (x) => x.ceil(),
    [
      [-0.5, -0],
      [0.5, 1],
      [inf, inf],
      [nan, nan],
    ],
  ],
  trunc: [
    (x) => x.trunc(),
    [
      [-1.5, -1],
      [1.5, 1],
      [-0.5, -0],
      [inf, inf],
      [nan, nan],
    ],
  ],
  sign: [
    (x) => x.sign(),
    [
      [nan, 0],
      [-0, 0],
      [-inf, -1],
      [inf, 1],
    ],
  ],
  relu: [
    (x) => x.relu(),
    [
      [nan, nan],
      [-inf, 0],
      [inf, inf],
    ],
  ],
  clamp: [
    (x) => x.clamp(-1, 1),
    [
      [nan, nan],
      [inf, 1],
      [-inf, -1],
    ],
  ],
  maximum: [
    (x) => x.maximum(tensor(0, { dtype: x.dtype })),
    [
      [nan, nan],
      [-1, 0],
      [1, 1],
    ],
  ],
  'maximum, the other one NaN': [
    (x) => x.maximum(tensor(nan, { dtype: x.dtype })),
    [
      [1, nan],
      [-inf, nan],
    ],
  ],
  fmax: [
    (x) => x.fmax(tensor(0, { dtype: x.dtype })),
    [
      [nan, 0],
      [-1, 0],
      [1, 1],
    ],
  ],
  gelu: [
    (x) => F.gelu(x),
    [
      [inf, inf],
      [nan, nan],
      [0, 0],
    ],
  ],
  softplus: [
    (x) => F.softplus(x),
    [
      [inf, inf],
      [-inf, 0],
      [nan, nan],
      [1000, 1000],
    ],
  ],
  logsigmoid: [
    (x) => F.logsigmoid(x),
    [
      [inf, 0],
      [-inf, -inf],
      [nan, nan],
      [-1000, -1000],
    ],
  ],
  'x^0': [
    (x) => x.pow(tensor(0, { dtype: x.dtype })),
    [
      [nan, 1],
      [inf, 1],
      [0, 1],
    ],
  ],
  'x^-1': [
    (x) => x.pow(tensor(-1, { dtype: x.dtype })),
    [
      [0, inf],
      [-0, -inf],
      [inf, 0],
      [-2, -0.5],
    ],
  ],
  'x^3': [
    (x) => x.pow(tensor(3, { dtype: x.dtype })),
    [
      [-2, -8],
      [-inf, -inf],
      [-0, -0],
      [nan, nan],
    ],
  ],
  'x^½': [
    (x) => x.pow(tensor(0.25, { dtype: x.dtype })),
    [
      [-2, nan],
      [inf, inf],
      [-inf, inf],
      [0, 0],
    ],
  ],
  '2^x': [
    (x) => tensor(2, { dtype: x.dtype }).pow(x),
    [
      [inf, inf],
      [-inf, 0],
      [nan, nan],
      [10, 1024],
    ],
  ],
  '1^x': [
    (x) => tensor(1, { dtype: x.dtype }).pow(x),
    [
      [inf, 1],
      [nan, 1],
    ],
  ],
  'logaddexp of equals': [
    (x) => x.logaddexp(x),
    [
      [inf, inf],
      [-inf, -inf],
      [nan, nan],
    ],
  ],
  'hypot with ∞': [
    (x) => x.hypot(tensor(inf, { dtype: x.dtype })),
    [
      [nan, inf],
      [1, inf],
    ],
  ],
};

describe.each(testEngines)('limits on %s', (engine) => {
  test.each(Object.entries(limits))('%s', (_, [f, cases]) => {
    setEngine(engine);
    for (const dtype of ['float32', 'float64'] as const) {
      const x = tensor(
        cases.map(([value]) => value),
        { dtype },
      );
      const got = [...f(x).dataSync()];
      const want = cases.map(([, value]) => (dtype === 'float32' ? Math.fround(value) : value));
      cases.forEach(([value], i) => {
        if (!Object.is(got[i], want[i]) && !(got[i] === want[i] && !Object.is(want[i], -0)))
          expect.fail(
            `${dtype}: at ${Object.is(value, -0) ? '-0' : value} it is ${got[i]}, should be ${want[i]}`,
          );
      });
    }
  });

  test('integers wrap, and division by 0 gives 0', () => {
    setEngine(engine);
    const int = (values: number[]): Tensor => tensor(values, { dtype: 'int32' });
    const most = 2 ** 31 - 1;
    expect(
      int([most, -most - 1])
        .add(1)
        .toArraySync(),
    ).toEqual([-most - 1, -most]);
    expect(
      int([-most - 1])
        .neg()
        .toArraySync(),
    ).toEqual([-most - 1]);
    expect(
      int([65536, 3])
        .mul(int([65536, 5]))
        .toArraySync(),
    ).toEqual([0, 15]);
    expect(
      int([7, -most - 1])
        .floorDivide(int([0, -1]))
        .toArraySync(),
    ).toEqual([0, -most - 1]);
    expect(
      int([7])
        .remainder(int([0]))
        .toArraySync(),
    ).toEqual([7]);
    expect(tensor([200, 100], { dtype: 'uint8' }).add(100).toArraySync()).toEqual([44, 200]);
    expect(
      int([1, -8])
        .bitwiseLeftShift(int([40, 40]))
        .toArraySync(),
    ).toEqual([0, 0]);
    expect(
      int([-8, 8])
        .bitwiseRightShift(int([40, 40]))
        .toArraySync(),
    ).toEqual([-1, 0]);
  });

  test.each<[string, (x: Tensor, by: number) => Tensor]>([
    ['floorDivide', (x, by) => x.floorDivide(by)],
    ['remainder', (x, by) => x.remainder(by)],
    ['remainder_', (x, by) => x.remainder_(by)],
    ['fmod', (x, by) => x.fmod(by)],
    ['div', (x, by) => x.div(by, { roundingMode: 'floor' })],
    ['div', (x, by) => x.div(by, { roundingMode: 'trunc' })],
    ['div_', (x, by) => x.div_(by, { roundingMode: 'trunc' })],
  ])('%s of integers and the number 0 is an error', (name, divide) => {
    setEngine(engine);
    const message = new RegExp(
      `^${name}: integers can't be divided by 0\\n {2}hint: convert with to\\('float32'\\)$`,
    );
    expect(() => divide(tensor([7], { dtype: 'int32' }), 0)).toThrow(message);
    expect(() => divide(tensor([7], { dtype: 'uint8' }), 256)).toThrow(message);
    expect(divide(tensor([-7], { dtype: 'int32' }), 7).itemSync()).toBe(/div/i.test(name) ? -1 : 0);
    expect(divide(tensor([7]), 0).itemSync()).toBe(/div/i.test(name) ? Infinity : NaN);
  });

  test("floats are truncated to integers, or become the smallest one if they don't fit", () => {
    setEngine(engine);
    const x = tensor([1.9, -1.9, nan, inf, -inf, 3e9, -3e9, 300.5, -1.5]);
    const least = -(2 ** 31);
    expect(x.to('int32').toArraySync()).toEqual([1, -1, least, least, least, least, least, 300, -1]);
    expect(x.to('bool').toArraySync()).toEqual(new Array(9).fill(true));
    expect([...tensor([1.9, 300.5, -1.5, 255]).to('uint8').dataSync()]).toEqual([1, 44, 255, 255]);
  });
});

/** A gradient in one pass is that of the composition, which takes its place where it is differentiated in turn. */
import { describe, expect, test } from 'vitest';
import { setEngine } from '../../src/engine/registry.js';
import * as F from '../../src/functional.js';
import {
  atan2,
  cross,
  grad,
  hypot,
  manualSeed,
  pow,
  rand,
  randn,
  type Tensor,
  tensor,
} from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

type Row = readonly [name: string, f: (...xs: Tensor[]) => Tensor, inputs: () => Tensor[]];

const holes = (): Tensor => tensor([2, 0, -3, 0, 5, 1, 0.5, 4, -1], [3, 3]);
const long = (n: number): Tensor => rand([n]).mul(0.02).add(0.99);
const bases = (): Tensor => tensor([0, 0, 0, 1.5, 2, -2, -3, 1, 0.3, 7]);
const exponents = (): Tensor => tensor([0, 2, -1, 0, -2.5, 3, -2, 8, 0.5, 1]);

const rows: readonly Row[] = [
  ['prod of one zero', (x) => x.prod(), () => [tensor([2, 0, -3, 5])]],
  ['prod of two zeros', (x) => x.prod(), () => [tensor([2, 0, -3, 0])]],
  ['prod of many', (x) => x.prod(), () => [long(1300)]],
  ['prod along rows', (x) => x.prod(1), () => [holes()]],
  ['prod along columns', (x) => x.prod(0), () => [holes()]],
  ['prod along columns, kept', (x) => x.prod(0, { keepdim: true }), () => [holes().t()]],
  ['cummax', (x) => x.cummax(1).values, () => [randn([3, 40])]],
  ['cummin', (x) => x.cummin(0).values, () => [randn([40, 3])]],
  ['diff', (x) => x.diff(), () => [randn([3, 5])]],
  ['diff of columns', (x) => x.diff({ dim: 0, n: 2 }), () => [randn([4, 3]).t()]],
  ['diff of one', (x) => x.diff(), () => [randn([3, 1])]],
  ['pow', (x, y) => pow(x, y), () => [bases(), exponents()]],
  ['pow of a number', (y) => pow(2.5, y), () => [exponents()]],
  ['pow by a number', (x) => x.pow(2.5), () => [rand([20])]],
  ['pow by 3', (x) => x.pow(3), () => [randn([20])]],
  ['pow, broadcast', (x, y) => pow(x, y), () => [rand([3, 1]), rand([4])]],
  ['div', (x, y) => x.div(y), () => [randn([3, 1]), rand([4])]],
  ['hypot', (x, y) => hypot(x, y), () => [tensor([3, 1e-30, 1e30, -5]), tensor([4, 1e-30, 1e30, 0])]],
  ['atan2', (x, y) => atan2(x, y), () => [randn([3, 4]), randn([4])]],
  ['maximum', (x, y) => x.maximum(y), () => [tensor([1, 2, 3]), tensor([1, 3, 2])]],
  ['minimum', (x, y) => x.minimum(y), () => [tensor([1, 2, 3]), tensor([1, 3, 2])]],
  ['prelu', (x, w) => F.prelu(x, w), () => [randn([2, 3, 70]), rand([3])]],
  ['glu', (x) => F.glu(x, 1), () => [randn([2, 6, 33])]],
  ['gelu', (x) => F.gelu(x), () => [randn([100]).mul(3)]],
  ['sinc', (x) => x.sinc(), () => [tensor([0, 0.5, 1, -2.3])]],
  ['logsumexp', (x) => x.logsumexp(0), () => [randn([3, 70])]],
  ['addcdiv', (x, y, z) => x.addcdiv(y, z, { value: 0.5 }), () => [randn([3, 4]), randn([4]), rand([3, 1])]],
  ['cross', (x, y) => cross(x, y, 1), () => [randn([2, 3, 4]), randn([1, 3, 4])]],
];

describe.each(testEngines)('on %s', (engine) => {
  test.each(rows)('%s', (_, f, inputs) => {
    setEngine(engine);
    manualSeed(5);
    const xs = inputs().map((x) => x.detach().requiresGrad_());
    const g = randn(f(...xs).shape);
    const fused = grad([f(...xs)], xs, { gradOutputs: [g] });
    const composed = grad([f(...xs)], xs, { gradOutputs: [g], createGraph: true });
    expect(fused.length).toBe(xs.length);
    fused.forEach((x, i) => {
      const [ours, wanted] = [x!.dataSync(), composed[i]!.dataSync()];
      ours.forEach((v, k) => {
        const w = Number(wanted[k]);
        if (Number.isFinite(w))
          expect(Math.abs(Number(v) - w)).toBeLessThanOrEqual(2e-6 * Math.abs(w) + 1e-6);
        else expect(v).toBe(w);
      });
    });
  });

  test("a hundred columns of a product that can't be divided", () => {
    setEngine(engine);
    const values = Array.from({ length: 300 }, (_, i) => (i % 7 === 0 ? 0 : 2));
    const x = tensor(values, [3, 100]).requiresGrad_();
    const [d] = grad([x.prod(0)], [x], { gradOutputs: [tensor(new Array(100).fill(1))] });
    const wanted = values.map((_, k) => values[(k + 100) % 300]! * values[(k + 200) % 300]!);
    expect(Array.from(d!.dataSync())).toEqual(wanted);
  });

  test('a product of which a part is beyond float32', () => {
    setEngine(engine);
    const x = tensor([1e30, 1e30, 1e-30, 1e-30]).requiresGrad_();
    const [d] = grad([x.prod()], [x]);
    const wanted = [1e-30, 1e-30, 1e30, 1e30].map(Math.fround);
    d!.dataSync().forEach((v, i) => {
      expect(Math.abs(Number(v) / wanted[i]! - 1)).toBeLessThan(1e-6);
    });
  });
});

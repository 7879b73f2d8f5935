import { describe, expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import {
  allcloseSync,
  grad,
  manualSeed,
  randn,
  setEngine,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

type F2 = (a: Tensor, b: Tensor) => Tensor;

const pairs = (x: Tensor): Tensor => {
  const rows = Array.from({ length: x.shape[0]! }, (_, i) => i);
  const [first, second] = [
    rows.flatMap((i) => rows.slice(i + 1).map(() => i)),
    rows.flatMap((i) => rows.slice(i + 1)),
  ];
  const pick = (list: number[]): Tensor => x.indexSelect(0, tensor(list, { dtype: 'int32' }));
  return pick(first).sub(pick(second)).norm(2, -1);
};

/** Each function with a kernel of its own beside the same made of operations. */
const cases: readonly (readonly [string, readonly [number, number][], F2, F2])[] = [
  [
    'pairwiseDistance',
    [
      [5, 3],
      [40, 1003],
      [2, 70_001],
    ],
    (a, b) => F.pairwiseDistance(a, b),
    (a, b) => a.sub(b).add(1e-6).norm(2, -1),
  ],
  [
    'pdist',
    [
      [5, 3],
      [70, 5],
      [37, 45],
      [33, 9],
    ],
    (a) => F.pdist(a),
    pairs,
  ],
  [
    'dot',
    [
      [1, 100_003],
      [1, 7],
    ],
    (a, b) => a.reshape([-1]).dot(b.reshape([-1])),
    (a, b) => a.mul(b).sum(),
  ],
  [
    'normalize along rows',
    [
      [4, 3],
      [3, 5001],
    ],
    (a) => F.normalize(a),
    (a) => a.div(a.norm(2, 1, { keepdim: true }).clamp(1e-12)),
  ],
  [
    'normalize along columns, some shorter than eps',
    [[4, 30]],
    (a) => F.normalize(a, { dim: 0, eps: 2 }),
    (a) => a.div(a.norm(2, 0, { keepdim: true }).clamp(2)),
  ],
];

describe.each(testEngines)('kernels of rows on %s', (engine) => {
  test.each(cases)('%s is its composition', (_, shapes, ours, composition) => {
    setEngine(engine);
    manualSeed(1);
    for (const [rows, width] of shapes) {
      const transposed = randn([width, rows], { dtype: 'float64' }).t();
      const inputs = [transposed, randn([rows, width], { dtype: 'float64' })].map((x) => x.requiresGrad_());
      const [a, b] = inputs as [Tensor, Tensor];
      const wanted = grad(composition(a, b).sum(), inputs, { allowUnused: true });
      const y = ours(a, b);
      expect(allcloseSync(y, composition(a, b), { rtol: 1e-10 })).toBe(true);
      const gradOutputs = [y.detach().mul(0).add(1)];
      for (const createGraph of [false, true]) {
        const found = grad(y, inputs, { gradOutputs, allowUnused: true, createGraph, retainGraph: true });
        found.forEach((d, i) => {
          expect(d?.shape).toEqual(wanted[i]?.shape);
          if (d !== null) expect(allcloseSync(d, wanted[i]!, { rtol: 1e-9, atol: 1e-12 })).toBe(true);
        });
      }
    }
  });

  test('rows that lie on one another have distance 0 and no gradient', () => {
    setEngine(engine);
    const x = zeros([20, 3]).requiresGrad_();
    const distances = F.pdist(x);
    expect(distances.shape).toEqual([190]);
    distances.sum().backward();
    const apart = F.pairwiseDistance(x, x.detach(), { eps: 0 });
    apart.sum().backward();
    for (const t of [distances, apart, x.grad!]) expect(t.abs().sum().itemSync()).toBe(0);
  });

  test('points close together lose no digits', () => {
    setEngine(engine);
    const x = tensor(
      Float32Array.from({ length: 40 }, (_, i) => 1000 + i * 2 ** -13),
      [40, 1],
    );
    expect(F.pdist(x).at(0).itemSync()).toBe(2 ** -13);
  });
});

import { describe, expect, test } from 'vitest';
import { engineNamed, setEngine } from '../../src/engine/registry.js';
import { full, noGrad, ones, type Tensor, tensor, tidy, zeros } from '../../src/index.js';
import * as optim from '../../src/optim/index.js';
import { testEngines } from '../engines.js';

const parameter = (...values: number[]): Tensor => tensor(values).requiresGrad_();

const withGrad = (x: Tensor, ...values: number[]): Tensor => {
  x.grad = tensor(values, x.shape, { dtype: x.dtype });
  return x;
};

describe.each(testEngines)('on %s', (engine) => {
  test('parameters without a gradient stay', () => {
    setEngine(engine);
    const a = withGrad(parameter(1, 2), 1, 1);
    const b = parameter(3);
    const opt = new optim.SGD([a, b], { lr: 0.5 });
    opt.step();
    expect([...a.dataSync()]).toEqual([0.5, 1.5]);
    expect([...b.dataSync()]).toEqual([3]);
    expect(Object.keys(opt.stateDict().state)).toEqual(['0']);
  });

  test('more parameters than fit into one table', () => {
    setEngine(engine);
    const params = Array.from({ length: 700 }, (_, i) => withGrad(parameter(i, i + 1, i + 2), 1, 2, 3));
    new optim.SGD(params, { lr: 1 }).step();
    params.forEach((p, i) => {
      expect([...p.dataSync()]).toEqual([i - 1, i - 1, i - 1]);
    });
  });

  test('dtypes may differ, memory may have gaps', () => {
    setEngine(engine);
    const a = withGrad(parameter(1), 1);
    const b = tensor([1], { dtype: 'float64' }).requiresGrad_();
    b.grad = ones([1], { dtype: 'float64' });
    const c = zeros([2, 3]).t().detach().requiresGrad_();
    c.grad = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]).t();
    new optim.SGD([a, b, c], { lr: 1 }).step();
    expect(a.itemSync()).toBe(0);
    expect(b.itemSync()).toBe(0);
    expect(c.toArraySync()).toEqual([
      [-1, -4],
      [-2, -5],
      [-3, -6],
    ]);
  });

  test('state outlives a tidy', () => {
    setEngine(engine);
    const x = parameter(1);
    const opt = new optim.Adam([x], { lr: 0.1 });
    for (let i = 0; i < 5; i++)
      tidy(() => {
        opt.zeroGrad();
        x.mul(x).sum().backward();
        opt.step();
      });
    expect(x.itemSync()).toBeCloseTo(0.508, 2);
  });

  test('many small and one large tensor do not depend on the number of threads', () => {
    setEngine(engine);
    const { threads } = engineNamed(engine).info();
    const run = (count: number): Float32Array => {
      engineNamed(engine).setThreads(count);
      const params = [...Array.from({ length: 50 }, () => full([37], 1)), full([70001], 1)];
      params.forEach((p, i) => {
        p.requiresGrad_();
        p.grad = full(p.shape as number[], 0.1 * (i + 1));
      });
      const opt = new optim.Adam(params);
      opt.step();
      opt.step();
      return params.at(-1)!.dataSync() as Float32Array;
    };
    const one = run(1);
    expect(run(2)).toEqual(one);
    engineNamed(engine).setThreads(threads);
  });
});

test('a changed parameter is noticed by the graph that saved it', () => {
  const x = withGrad(parameter(2), 1);
  const y = x.mul(x);
  new optim.SGD([x], { lr: 1 }).step();
  expect(() => y.backward()).toThrow('was changed in place');
});

test('closures', () => {
  const x = parameter(3);
  const opt = new optim.SGD([x], { lr: 0.5 });
  const loss = noGrad(() =>
    opt.step(() => {
      opt.zeroGrad();
      const y = x.mul(x).sum();
      y.backward();
      return y;
    }),
  );
  expect(loss.itemSync()).toBe(9);
  expect(x.itemSync()).toBe(0);
});

test('zeroGrad', () => {
  const x = withGrad(parameter(1, 2), 3, 4);
  const opt = new optim.SGD([x]);
  opt.zeroGrad({ setToNone: false });
  expect([...x.grad!.dataSync()]).toEqual([0, 0]);
  opt.zeroGrad();
  expect(x.grad).toBeNull();
});

test('groups have options of their own, which may change', () => {
  const a = withGrad(parameter(0), 1);
  const b = withGrad(parameter(0), 1);
  const opt = new optim.SGD([{ params: [a] }], { lr: 0.1 });
  opt.addParamGroup({ params: [b], lr: 0.01 });
  opt.step();
  expect(a.itemSync()).toBeCloseTo(-0.1);
  expect(b.itemSync()).toBeCloseTo(-0.01);
  opt.paramGroups[1]!.lr = 1;
  opt.step();
  expect(b.itemSync()).toBeCloseTo(-1.01);
});

test("a state dict of PyTorch's own names is read, missing options keep ours", () => {
  const x = parameter(1, 2);
  const opt = new optim.Adam([x]);
  opt.loadStateDict({
    state: { 0: { step: tensor(4), exp_avg: tensor([1, 2]), exp_avg_sq: tensor([3, 4]) } },
    param_groups: [{ params: [0], lr: 0.5, weight_decay: 0.1, foreach: null, fused: false }],
  });
  expect(opt.paramGroups[0]).toMatchObject({ lr: 0.5, weightDecay: 0.1, betas: [0.9, 0.999] });
  expect(opt.stateDict().state[0]).toMatchObject({ step: 4 });
});

const x = (): Tensor => parameter(1, 2);
const errors: readonly [name: string, call: () => unknown, message: string][] = [
  ['no parameters', () => new optim.SGD([]), 'SGD: there is no parameter to optimize'],
  [
    'parameters and groups',
    () => new optim.SGD([x(), { params: [x()] }] as unknown as Tensor[]),
    'SGD: takes parameters or groups of parameters, not both',
  ],
  ['lr', () => new optim.Adam([x()], { lr: -1 }), 'Adam: lr must be 0 or more, it is -1'],
  ['NaN', () => new optim.Adam([x()], { eps: Number.NaN }), 'Adam: eps must be 0 or more, it is NaN'],
  [
    'betas',
    () => new optim.AdamW([x()], { betas: [0.9, 1] }),
    'AdamW: betas[1] must be from 0 to less than 1, it is 1',
  ],
  ['rho', () => new optim.Adadelta([x()], { rho: 2 }), 'Adadelta: rho must be from 0 to 1, it is 2'],
  [
    'etas',
    () => new optim.Rprop([x()], { etas: [0.5, 0.9] }),
    'Rprop: etas[1] must be more than 1, it is 0.9',
  ],
  [
    'momentumDecay',
    () => new optim.NAdam([x()], { momentumDecay: -1 }),
    'NAdam: momentumDecay must be 0 or more, it is -1',
  ],
  [
    'Nesterov',
    () => new optim.SGD([x()], { nesterov: true }),
    "SGD: Nesterov's momentum needs a momentum, and no dampening",
  ],
  [
    'results',
    () => new optim.SGD([x().mul(2)]),
    'SGD: only leaves can be optimized, this tensor is the result of an operation',
  ],
  [
    'a parameter twice',
    () => {
      const p = x();
      return new optim.SGD([p, p]);
    },
    'SGD: a parameter is given twice',
  ],
  [
    "a gradient's shape",
    () => {
      const p = x();
      p.grad = zeros([3]);
      new optim.SGD([p]).step();
    },
    'SGD: a gradient has another shape than its parameter\n  parameter    [2]\n  gradient     [3]',
  ],
  [
    'other groups',
    () => new optim.SGD([x()]).loadStateDict(new optim.SGD([x(), x()]).stateDict()),
    'SGD.loadStateDict: the state has groups of 2 parameters, the optimizer has 1',
  ],
  [
    'other shapes',
    () =>
      new optim.SGD([x()]).loadStateDict({
        state: { 0: { momentum_buffer: zeros([3]) } },
        param_groups: [{ params: [0] }],
      }),
    'SGD.loadStateDict: momentum_buffer does not fit its parameter',
  ],
];

test.each(errors)('error: %s', (_, call, message) => {
  expect(call).toThrow(message);
});

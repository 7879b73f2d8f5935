import { describe, expect, test } from 'vitest';
import { engineNamed, setEngine } from '../../src/engine/registry.js';
import { full, noGrad, ones, type Tensor, tensor, tidy, zeros } from '../../src/index.js';
import { Linear, Sequential } from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import { testEngines } from '../helpers/engines.js';

const parameter = (...values: number[]): Tensor => tensor(values).requiresGrad_();

const withGrad = (x: Tensor, ...values: number[]): Tensor => {
  x.grad = tensor(values, x.shape, { dtype: x.dtype });
  return x;
};

describe.each(testEngines)('on %s', (engine) => {
  test('a state may lie on another engine, and in another dtype', () => {
    setEngine(engine);
    const opt = new optim.Adam([parameter(1, 2)]);
    for (const other of testEngines) {
      const [mean, square] = [tensor([1, 2]).to('float64').to(other), tensor([3, 4]).to('float32').to(other)];
      opt.loadStateDict({
        state: { 0: { step: 4, exp_avg: mean, exp_avg_sq: square } },
        param_groups: [{ params: [0], lr: 0.5 }],
      });
      const { exp_avg: average } = opt.stateDict().state[0]! as Record<string, Tensor>;
      expect([average!.engine.name, average!.dtype, average!.toArraySync()]).toEqual([
        opt.paramGroups[0]!.params[0]!.engine.name,
        'float32',
        [1, 2],
      ]);
    }
  });

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

  test('more parameters than fit in one table', () => {
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

  test("many small and one large tensor don't depend on the number of threads", () => {
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

test('L-BFGS within a tidy, with a parameter that has no gradient', () => {
  const [a, b] = [parameter(3, -2), parameter(5)];
  const opt = new optim.LBFGS([a, b], { maxIter: 3, lineSearchFn: 'strong_wolfe' });
  const calls = () =>
    tidy(() =>
      opt.step(() => {
        opt.zeroGrad();
        const loss = a.sub(1).square().sum();
        loss.backward();
        return loss;
      }),
    );
  expect(calls().itemSync()).toBe(13);
  for (let i = 0; i < 3; i++) calls();
  a.dataSync().forEach((v) => {
    expect(v).toBeCloseTo(1, 5);
  });
  expect(b.itemSync()).toBe(5);
  expect(calls().itemSync()).toBeLessThan(1e-9);
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

test("rows of an embedding that a batch doesn't use stay, and their means do too", () => {
  const table = zeros([3, 2]).requiresGrad_();
  const opt = new optim.SparseAdam([table], { lr: 0.1 });
  const give = (rows: number[][]): void => {
    table.grad = tensor(rows).to('float32');
    opt.step();
  };
  give([
    [1, -1],
    [0, 0],
    [0, 0],
  ]);
  const before = table.toArraySync() as number[][];
  give([
    [0, 0],
    [0, 2],
    [0, 0],
  ]);
  const after = table.toArraySync() as number[][];
  expect(after[0]).toEqual(before[0]);
  expect(after[2]).toEqual([0, 0]);
  expect(after[1]![1]).toBeLessThan(0);
  const means = opt.stateDict().state[0]!.exp_avg as Tensor;
  expect(means.select(0, 0).dataSync()[0]).toBeCloseTo(0.1);
  give([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(table.toArraySync()).toEqual(after);
  expect(opt.stateDict().state[0]!.step).toBe(3);
});

test("Adafactor's state of a matrix is a row and a column", () => {
  const opt = new optim.Adafactor([withGrad(zeros([3, 4]).requiresGrad_(), ...Array(12).fill(1))]);
  opt.step();
  const { row_var: rows, col_var: columns } = opt.stateDict().state[0]! as Record<string, Tensor>;
  expect([rows!.shape, columns!.shape]).toEqual([
    [3, 1],
    [1, 4],
  ]);
  const other = new optim.Adafactor([zeros([4, 3]).requiresGrad_()]);
  expect(() => other.loadStateDict(opt.stateDict())).toThrow(
    "Adafactor.loadStateDict: state[0].row_var doesn't fit its parameter",
  );
});

test('momentum that comes later begins with the whole gradient', () => {
  const p = parameter(0);
  const opt = new optim.SGD([p], { lr: 1, dampening: 0.5 });
  withGrad(p, 1);
  opt.step();
  opt.paramGroups[0]!.momentum = 0.5;
  opt.step();
  expect(p.itemSync()).toBe(-2);
  opt.step();
  expect(p.itemSync()).toBe(-3);
});

test("what schedules keep in PyTorch's groups is there before the schedule is made again", () => {
  const opt = new optim.SGD([parameter(1)], { lr: 0.1 });
  opt.loadStateDict({ state: {}, param_groups: [{ params: [0], lr: 0.025, initial_lr: 0.2 }] });
  const schedule = new optim.lrScheduler.StepLR(opt, 10, { gamma: 0.5, lastEpoch: 29 });
  expect(schedule.baseLrs).toEqual([0.2]);
  expect(schedule.getLastLr()).toEqual([0.0125]);
});

test("a state that doesn't fit changes nothing", () => {
  const opt = new optim.Adam([withGrad(parameter(1), 1)], { lr: 0.1 });
  opt.step();
  const before = opt.stateDict();
  const bad = { state: { 0: { step: 1, exp_avg: zeros([2]) } }, param_groups: [{ params: [0], lr: 7 }] };
  expect(() => opt.loadStateDict(bad)).toThrow("exp_avg doesn't fit its parameter");
  expect(opt.stateDict()).toEqual(before);
});

test('learning rates of PyTorch may be tensors', () => {
  const opt = new optim.SGD([parameter(1)]);
  opt.loadStateDict({ state: {}, param_groups: [{ params: [0], lr: tensor(0.5) as never }] });
  expect(opt.paramGroups[0]!.lr).toBe(0.5);
});

const x = (): Tensor => parameter(1, 2);
const group = (options: object) => ({ state: {}, param_groups: [{ params: [0], ...options }] });
/** What L-BFGS remembers of one parameter of two elements. */
const memory = {
  func_evals: 1,
  n_iter: 1,
  d: zeros([2]),
  t: 1,
  old_dirs: [],
  old_stps: [],
  ro: [],
  H_diag: 1,
  prev_flat_grad: zeros([2]),
  prev_loss: 1,
};

const errors: readonly [name: string, call: () => unknown, message: string][] = [
  ['no parameters', () => new optim.SGD([]), 'SGD: there are no parameters to optimize'],
  [
    'parameters and groups',
    () => new optim.SGD([x(), { params: [x()] }] as unknown as Tensor[]),
    'SGD: takes either parameters or groups of parameters, not both',
  ],
  ['lr', () => new optim.Adam([x()], { lr: -1 }), 'Adam: lr must be a finite number of at least 0, got -1'],
  [
    'NaN',
    () => new optim.Adam([x()], { eps: Number.NaN }),
    'Adam: eps must be a finite number of at least 0, got NaN',
  ],
  [
    'betas',
    () => new optim.AdamW([x()], { betas: [0.9, 1] }),
    'AdamW: betas must be a list of 2 in which each is a finite number of at least 0 and below 1, got [0.9, 1]',
  ],
  [
    'dampening',
    () => new optim.SGD([x()], { dampening: Number.NaN }),
    'SGD: dampening must be a finite number, got NaN',
  ],
  [
    'alpha',
    () => new optim.RMSprop([x()], { alpha: 2 }),
    'RMSprop: alpha must be a number from 0 to 1, got 2',
  ],
  [
    'lrDecay',
    () => new optim.Adagrad([x()], { lrDecay: -1 }),
    'Adagrad: lrDecay must be a finite number of at least 0, got -1',
  ],
  ['null', () => new optim.Adam([x()], { lr: null as never }), 'Adam: lr must be a finite number'],
  [
    "Python's name",
    () => new optim.SGD([x()], { weight_decay: 0.1 } as never),
    "SGD: there's no option 'weight_decay'; did you mean 'weightDecay'?",
  ],
  [
    'a long name',
    () => new optim.AdamW([x()], { learningRate: 0.1 } as never),
    "AdamW: there's no option 'learningRate'; did you mean 'lr'?",
  ],
  [
    'a number for the options',
    () => new optim.Adam([x()], 0.001 as never),
    'Adam: the options must be an object, got 0.001\n  hint: write { lr: 0.001 }',
  ],
  [
    'another name in a group',
    () => new optim.Adam([{ params: [x()] }, { params: [x()], learningRate: 0.1 } as never]),
    "Adam: paramGroups[1]: there's no option 'learningRate'; did you mean 'lr'?",
  ],
  [
    'a bad value in a group',
    () => new optim.Adam([{ params: [x()], amsgrad: 1 as never }]),
    'Adam: paramGroups[0]: amsgrad must be true or false, got 1',
  ],
  [
    "options of a group that don't go together",
    () => new optim.SGD([{ params: [x()], nesterov: true }]),
    "SGD: paramGroups[0]: Nesterov's momentum needs a momentum, and no dampening",
  ],
  [
    'a model in a list',
    () => new optim.SGD([new Linear(1, 1)] as never),
    'SGD: a parameter must be a tensor, got a Linear',
  ],
  [
    'a model that is a list',
    () => new optim.SGD(new Sequential(new Linear(1, 1)) as never),
    'SGD: takes a list of parameters, such as model.parameters(), got a Sequential',
  ],
  [
    'a model in a group',
    () => new optim.SGD([{ params: new Linear(1, 1) as never }]),
    'SGD: takes a list of parameters, such as model.parameters(), got a Linear',
  ],
  [
    'parameters with their names',
    () => new optim.SGD(new Linear(1, 1).namedParameters() as never),
    "SGD: a parameter must be a tensor, got ['weight', a Parameter]",
  ],
  [
    'a loss in the place of a closure',
    () => new optim.SGD([x()]).step(x() as never),
    'SGD: step takes a function that computes the loss, got a Tensor',
  ],
  [
    'zeroGrad(true)',
    () => new optim.SGD([x()]).zeroGrad(true as never),
    'SGD.zeroGrad: the options must be an object, got true\n  hint: write { setToNone: true }',
  ],
  ['an empty group', () => new optim.LBFGS([{ params: [] }]), 'LBFGS: there are no parameters to optimize'],
  [
    'stepSizes',
    () => new optim.Rprop([x()], { stepSizes: [0, 1] }),
    'Rprop: stepSizes must be a list of 2 in which each is a finite number above 0, got [0, 1]',
  ],
  [
    'stepSizes',
    () => new optim.Rprop([x()], { stepSizes: [2, 1] }),
    'Rprop: stepSizes must be the smallest and the largest step, in that order, got [2, 1]',
  ],
  [
    'maxIter',
    () => new optim.LBFGS([x()], { maxIter: 0 }),
    'LBFGS: maxIter must be a whole number of at least 1, got 0',
  ],
  [
    'historySize',
    () => new optim.LBFGS([x()], { historySize: 1.5 }),
    'LBFGS: historySize must be a whole number of at least 1, got 1.5',
  ],
  [
    'toleranceGrad',
    () => new optim.LBFGS([x()], { toleranceGrad: -1 }),
    'LBFGS: toleranceGrad must be a finite number of at least 0, got -1',
  ],
  [
    'lineSearchFn',
    () => new optim.LBFGS([x()], { lineSearchFn: 'wolfe' as 'strong_wolfe' }),
    "LBFGS: lineSearchFn must be 'strong_wolfe', or null, got 'wolfe'",
  ],
  [
    'two groups',
    () => new optim.LBFGS([{ params: [x()] }, { params: [x()] }]),
    'LBFGS: supports only one parameter group',
  ],
  [
    'two dtypes',
    () => new optim.LBFGS([x(), tensor([1], { dtype: 'float64' })]),
    'LBFGS: all parameters must have the same dtype and engine',
  ],
  ['no closure', () => new optim.LBFGS([x()]).step(), 'LBFGS: step needs a closure: opt.step(() => {'],
  [
    'a closure without a loss',
    () => new optim.SGD([x()]).step((() => undefined) as never),
    "SGD: the closure must return the loss and can't be async",
  ],
  [
    'an asynchronous closure',
    () => new optim.LBFGS([x()]).step((async () => x()) as never),
    "LBFGS: the closure must return the loss and can't be async",
  ],
  [
    'a model',
    () => new optim.SGD({ forward: () => 1 } as never),
    'SGD: takes a list of parameters, such as model.parameters()',
  ],
  [
    'a tensor',
    () => new optim.SGD(x() as never),
    'SGD: takes a list of parameters, such as model.parameters()',
  ],
  ['no tensors', () => new optim.SGD([{ params: [1 as never] }]), 'SGD: a parameter must be a tensor, got 1'],
  [
    'a group without parameters',
    () => new optim.SGD([{ lr: 1 } as never]),
    'SGD: a group must look like { params: [...], lr: ... }, got { lr }',
  ],
  [
    'a parameter of another group',
    () => {
      const p = x();
      new optim.SGD([p]).addParamGroup({ params: p });
    },
    'SGD: a parameter appears twice',
  ],
  [
    "a state's option of another type",
    () => new optim.Adam([x()]).loadStateDict(group({ betas: 0.9 })),
    'Adam.loadStateDict: param_groups[0].betas must be a list of 2 in which each is a finite number, got 0.9',
  ],
  [
    "a state's impossible option",
    () => new optim.Adam([x()]).loadStateDict(group({ lr: -1 })),
    'Adam.loadStateDict: param_groups[0]: lr must be a finite number of at least 0, got -1',
  ],
  [
    "an L-BFGS's incomplete state",
    () =>
      new optim.LBFGS([x()]).loadStateDict({
        state: { 0: { ...memory, prev_flat_grad: null } },
        param_groups: [{ params: [0] }],
      }),
    'LBFGS.loadStateDict: state[0].prev_flat_grad must be a floating-point tensor, got null',
  ],
  [
    "an L-BFGS's state of another size",
    () =>
      new optim.LBFGS([x()]).loadStateDict({
        state: { 0: { ...memory, d: zeros([3]) } },
        param_groups: [{ params: [0] }],
      }),
    "LBFGS.loadStateDict: state[0].d doesn't fit its parameter",
  ],
  ['rho', () => new optim.Adadelta([x()], { rho: 2 }), 'Adadelta: rho must be a number from 0 to 1, got 2'],
  [
    'etas',
    () => new optim.Rprop([x()], { etas: [0.5, 0.9] }),
    'Rprop: etas must be a number below 1 and a number above 1, got [0.5, 0.9]',
  ],
  [
    'momentumDecay',
    () => new optim.NAdam([x()], { momentumDecay: -1 }),
    'NAdam: momentumDecay must be a finite number of at least 0, got -1',
  ],
  [
    'Nesterov',
    () => new optim.SGD([x()], { nesterov: true }),
    "SGD: Nesterov's momentum needs a momentum, and no dampening",
  ],
  [
    'results',
    () => new optim.SGD([x().mul(2)]),
    'SGD: only leaves can be optimized, but this tensor is the result of an operation',
  ],
  [
    'a parameter twice',
    () => {
      const p = x();
      return new optim.SGD([p, p]);
    },
    'SGD: a parameter appears twice',
  ],
  [
    "a gradient's shape",
    () => {
      const p = x();
      p.grad = zeros([3]);
      new optim.SGD([p]).step();
    },
    "grad: the gradient's shape doesn't match the tensor's\n  tensor      [2]\n  gradient    [3]",
  ],
  [
    'other groups',
    () => new optim.SGD([x()]).loadStateDict(new optim.SGD([x(), x()]).stateDict()),
    'SGD.loadStateDict: the state has groups of 2 parameters, but the optimizer has groups of 1',
  ],
  [
    'other shapes',
    () =>
      new optim.SGD([x()]).loadStateDict({
        state: { 0: { momentum_buffer: zeros([3]) } },
        param_groups: [{ params: [0] }],
      }),
    "SGD.loadStateDict: state[0].momentum_buffer doesn't fit its parameter",
  ],
];

// What each of them must refuse.
const {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  AdamW,
  Adamax,
  ASGD,
  LBFGS,
  NAdam,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
  SparseAdam,
} = optim;
const all = {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  AdamW,
  Adamax,
  ASGD,
  LBFGS,
  NAdam,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
  SparseAdam,
};
const refused: Readonly<Record<string, readonly unknown[]>> = {
  lr: [-1, Number.NaN],
  eps: [-1, Number.NaN],
  weightDecay: [-1, Number.NaN],
  momentum: [-1, Number.NaN],
  betas: [
    [-0.1, 0.9],
    [0.9, 1],
    [Number.NaN, 0.9],
  ],
};

test.each(Object.entries(all))('%s refuses impossible hyper-parameters', (name, Class) => {
  const Any = Class as new (params: Tensor[], options?: object) => optim.Optimizer<{ lr: number }>;
  const [own] = new Any([x()]).paramGroups;
  for (const [option, values] of Object.entries(refused))
    if (option in own!)
      for (const value of values)
        expect(() => new Any([x()], { [option]: value }), option).toThrow(
          new RegExp(`^${name}: ${option}(\\[.\\])? must be `),
        );
});

/** Changes of an optimizer's state, and what is said of it. */
type Change = (state: Mutable) => unknown;
interface Mutable {
  state: Record<number, Record<string, unknown> | null>;
  param_groups: Record<string, unknown>[];
}
const group0 =
  (change: object): Change =>
  (s) =>
    Object.assign(s.param_groups[0]!, change);
const slot0 =
  (change: object): Change =>
  (s) =>
    Object.assign(s.state[0]!, change);
const spoilt: readonly (readonly [string, keyof typeof all, Change, string])[] = [
  [
    'null for groups',
    'Adam',
    (s) => Object.assign(s, { param_groups: null }),
    'param_groups must be a list in which each is an object, got null',
  ],
  [
    'no groups',
    'Adam',
    (s) => Object.assign(s, { param_groups: undefined }),
    "this isn't the state of an optimizer: it has no param_groups",
  ],
  [
    'a group that is null',
    'Adam',
    (s) => Object.assign(s, { param_groups: [null] }),
    'param_groups must be a list in which each is an object, got [null]',
  ],
  [
    'no state',
    'Adam',
    (s) => Object.assign(s, { state: undefined }),
    "this isn't the state of an optimizer: it has no state",
  ],
  [
    'a Map of slots',
    'Adam',
    (s) => Object.assign(s, { state: new Map(Object.entries(s.state)) }),
    'state must be an object, got a Map',
  ],
  [
    'a Map for a slot',
    'Adam',
    (s) => Object.assign(s.state, { 0: new Map(Object.entries(s.state[0]!)) }),
    'state[0] must be an object, got a Map',
  ],
  ['a list of slots', 'Adam', (s) => Object.assign(s, { state: [] }), 'state must be an object, got []'],
  [
    'no params',
    'Adam',
    group0({ params: undefined }),
    'param_groups[0].params must be a list in which each is a whole number of at least 0, got undefined',
  ],
  [
    'half a parameter',
    'Adam',
    group0({ params: [0.5] }),
    'param_groups[0].params must be a list in which each is a whole number of at least 0, got [0.5]',
  ],
  [
    'another number of its parameter',
    'Adam',
    group0({ params: [7] }),
    "state[0] belongs to a parameter that isn't in any group",
  ],
  [
    'one beta',
    'NAdam',
    group0({ betas: [0.9] }),
    'param_groups[0].betas must be a list of 2 in which each is a finite number, got [0.9]',
  ],
  [
    'a beta that is false',
    'Adam',
    group0({ betas: [false, 0.9] }),
    'param_groups[0].betas must be a list of 2 in which each is a finite number, got [false, 0.9]',
  ],
  ['a beta of 1', 'Adam', group0({ betas: [0.9, 1] }), 'param_groups[0]: betas must be a list of 2'],
  [
    'NaN for a rate',
    'SGD',
    group0({ lr: Number.NaN }),
    'param_groups[0].lr must be a finite number, got NaN',
  ],
  [
    'a rate of a schedule that is NaN',
    'SGD',
    group0({ initial_lr: Number.NaN }),
    'param_groups[0].initial_lr must be a finite number, got NaN',
  ],
  ['0 for false', 'Adam', group0({ amsgrad: 0 }), 'param_groups[0].amsgrad must be true or false, got 0'],
  [
    'a slot that is null',
    'Adam',
    (s) => Object.assign(s.state, { 0: null }),
    'state[0] must be an object, got null',
  ],
  [
    'half a step',
    'Adam',
    slot0({ step: 4.5 }),
    'state[0].step must be a whole number of at least 0, got 4.5',
  ],
  [
    'a step below 0',
    'RAdam',
    slot0({ step: -1 }),
    'state[0].step must be a whole number of at least 0, got -1',
  ],
  ...(
    [
      ['Adam', 'exp_avg_sq', -1],
      ['Adam', 'exp_avg_sq', Number.NaN],
      ['NAdam', 'exp_avg_sq', -1],
    ] as const
  ).map(
    ([optimizer, name, value]) =>
      [
        `a mean of squares of ${value}`,
        optimizer,
        (s) => void (s.state[0]![name] as Tensor).fill_(value),
        `state[0].${name} must have elements of at least 0, but the smallest is ${value}`,
      ] satisfies (typeof spoilt)[number],
  ),
  [
    'no step',
    'Adam',
    slot0({ step: null }),
    'state[0] has no step; is it the state of a different optimizer?',
  ],
  [
    'a mean that is null',
    'Adam',
    slot0({ exp_avg_sq: null }),
    'state[0] has no exp_avg_sq; is it the state of a different optimizer?',
  ],
  [
    'a mean that is a number',
    'Adam',
    slot0({ exp_avg: 3 }),
    'state[0].exp_avg must be a floating-point tensor, got 3',
  ],
  [
    'a mean of whole numbers',
    'Adam',
    slot0({ exp_avg: zeros([2], { dtype: 'int32' }) }),
    'state[0].exp_avg must be a floating-point tensor, got a Tensor',
  ],
  [
    'a mean of another shape',
    'Adam',
    slot0({ exp_avg: zeros([1]) }),
    "state[0].exp_avg doesn't fit its parameter",
  ],
  [
    'NaN for a product',
    'NAdam',
    slot0({ mu_product: Number.NaN }),
    'state[0].mu_product must be a finite number, got NaN',
  ],
  [
    'no sum',
    'Adagrad',
    slot0({ sum: undefined }),
    'state[0] has no sum; is it the state of a different optimizer?',
  ],
];

test.each(spoilt)('a state with %s changes nothing', (_, name, change, message) => {
  const Any = all[name] as new (params: Tensor[], options: object) => optim.Optimizer<{ lr: number }>;
  const stepped = (): optim.Optimizer<{ lr: number }> => {
    const own = new Any([withGrad(parameter(1, 2), 1, 2)], { lr: 0.1 });
    own.step();
    return own;
  };
  const bad = stepped().stateDict();
  change(bad as unknown as Mutable);
  const own = stepped();
  own.step();
  own.paramGroups[0]!.lr = 0.25;
  const before = own.stateDict();
  expect(() => own.loadStateDict(bad)).toThrow(`${name}.loadStateDict: ${message}`);
  expect(own.stateDict()).toEqual(before);
});

test('one parameter under two numbers, and two under one', () => {
  const own = new optim.SGD([x(), x()]);
  expect(() => own.loadStateDict({ state: {}, param_groups: [{ params: [0, 0] }] })).toThrow(
    'SGD.loadStateDict: param_groups names a parameter twice',
  );
});

test('invalid optimizer states are refused', () => {
  for (const state of [null, undefined, 5, [], zeros([2])])
    expect(() => new optim.Adam([x()]).loadStateDict(state as never)).toThrow(
      'Adam.loadStateDict: the state must be an object, got ',
    );
});

test.each(errors)('error: %s', (_, call, message) => {
  expect(call).toThrow(message);
});

test('an option that was set to what makes no sense', () => {
  for (const make of [(p: Tensor) => new optim.SGD([p], { lr: 0.1 }), (p: Tensor) => new optim.LBFGS([p])]) {
    const p = ones([1]).requiresGrad_();
    const opt = make(p);
    p.grad = ones([1]);
    opt.paramGroups[0]!.lr = '0.5' as never;
    expect(() => opt.step(() => p.sum())).toThrow(
      `${opt.constructor.name}: paramGroups[0]: lr must be a finite number of at least 0, got '0.5'`,
    );
    expect(p.itemSync()).toBe(1);
  }
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import { ones, randn, tensor, zeros } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';

test('the activations of the perceptron, whose gradient is zero', () => {
  const x = tensor([-2, -0.5, 0, 0.5]).requiresGrad_();
  expect([...new nn.Sign().forward(x).dataSync()]).toEqual([-1, -1, 0, 1]);
  const step = new nn.Heaviside().forward(x);
  expect([...step.dataSync()]).toEqual([0, 0, 1, 1]);
  step.sum().backward();
  expect([...x.grad!.dataSync()]).toEqual([0, 0, 0, 0]);
});

test('a list of parameters', () => {
  const first = new nn.Parameter(ones([2]));
  const list = new nn.ParameterList([first]).append(ones([1])).extend([ones([3]), ones([4])]);
  expect([list.length, list.at(0) === first, list.at(-1).shape]).toEqual([4, true, [4]]);
  expect(list.parameters().every((p) => p.requiresGrad)).toBe(true);
  expect(Object.keys(list.stateDict())).toEqual(['0', '1', '2', '3']);
  expect([...list].length).toBe(4);
  expect(list.to('float64').at(2).dtype).toBe('float64');
  expect(String(new nn.ParameterList([ones([2, 3])]))).toBe('ParameterList(Parameter([2, 3]))');
  expect(() => list.at(4)).toThrow('ParameterList: no parameter at 4; there are 4');
  expect(() => list.at(1n as never)).toThrow('ParameterList: no parameter at 1n; there are 4');
  expect(() => list.forward()).toThrow('a list of parameters has no forward; use its parameters');
});

test('a dictionary of parameters', () => {
  const dict = new nn.ParameterDict([['left', ones([2])]]).set('camelCase', ones([1]));
  expect([dict.length, dict.has('left'), dict.keys()]).toEqual([2, true, ['left', 'camelCase']]);
  expect(Object.keys(dict.stateDict())).toEqual(['left', 'camelCase']);
  expect([...dict].map(([name]) => name)).toEqual(dict.entries().map(([name]) => name));
  expect(
    dict
      .to('float64')
      .values()
      .map((p) => p.dtype),
  ).toEqual(['float64', 'float64']);
  expect(String(dict)).toBe('ParameterDict(left=Parameter([2]), camelCase=Parameter([1]))');
  expect(dict.delete('left')).toBe(true);
  expect(() => dict.get('left')).toThrow("ParameterDict: no parameter 'left'; there are camelCase");
  expect(() => dict.get(Symbol('left') as never)).toThrow(
    'ParameterDict: name must be a string, got a symbol',
  );
  expect(() => dict.set(3 as never, ones([1]))).toThrow('ParameterDict: name must be a string, got 3');
  expect(() => dict.set('left', Object.create(null))).toThrow(
    'ParameterDict: holds only floating-point tensors, got {}',
  );
  expect(() => dict.forward()).toThrow('a dictionary of parameters has no forward; use its parameters');
});

test('a layer takes the place of another', () => {
  const model = new nn.Sequential({ body: new nn.Linear(2, 3), head: new nn.Linear(3, 2) });
  const head = new nn.Linear(3, 5);
  expect(model.set(-1, head).at(1)).toBe(head);
  expect(Object.keys(model.stateDict())).toEqual(['body.weight', 'body.bias', 'head.weight', 'head.bias']);
  expect(() => model.set(2, head)).toThrow('Sequential: no layer at 2; there are 2');
  expect(() => model.set('a' as never, head)).toThrow("Sequential: no layer at 'a'; there are 2");
  expect(() => model.slice(0, 1n as never)).toThrow('Sequential: end must be a whole number, got 1n');
  const list = new nn.ModuleList<nn.Module>([head, head]);
  const other = new nn.Identity();
  expect([...list.set(-1, other)]).toEqual([head, other]);
  expect(() => list.set(3, other)).toThrow('ModuleList: no module at 3; there are 2');
  expect(() => list.at(Number.NaN)).toThrow('ModuleList: no module at NaN; there are 2');
  expect(() => list.insert(1n as never, other)).toThrow('ModuleList: index must be a whole number, got 1n');
});

test('tied weights learn as one and load under both names', () => {
  class Tied extends nn.Module {
    readonly encoder = new nn.Linear(3, 3);
    readonly decoder = new nn.Linear(3, 3);
    constructor() {
      super();
      this.decoder.weight = this.encoder.weight;
    }
    override forward(x: ReturnType<typeof ones>): ReturnType<typeof ones> {
      return this.decoder.forward(this.encoder.forward(x));
    }
  }
  const tied = new Tied();
  expect(tied.namedParameters().map(([name]) => name)).toEqual([
    'encoder.weight',
    'encoder.bias',
    'decoder.bias',
  ]);
  expect(tied.numParameters()).toBe(15);
  const other = new Tied();
  other.loadStateDict(tied.stateDict());
  expect(other.decoder.weight.dataSync()).toEqual(tied.encoder.weight.dataSync());
  expect(other.decoder.weight).toBe(other.encoder.weight);
  const opt = new optim.SGD(other.parameters(), { lr: 0.1 });
  other
    .forward(ones([2, 3]))
    .sum()
    .backward();
  opt.step();
  expect(other.decoder.weight.dataSync()).toEqual(other.encoder.weight.dataSync());
  expect(other.decoder.weight.dataSync()).not.toEqual(tied.decoder.weight.dataSync());
  const converted = other.to('float64');
  expect(converted.decoder.weight).toBe(converted.encoder.weight);
});

test('frozen parameters stay as they are, whatever the optimizer adds', () => {
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2));
  model.at(0).requiresGrad_(false);
  const [weight, bias, headWeight] = model.parameters() as [nn.Parameter, nn.Parameter, nn.Parameter];
  const before = [weight, bias, headWeight].map((p) => [...p.dataSync()]);
  const opt = new optim.AdamW(model.parameters(), { lr: 0.1, weightDecay: 0.5 });
  for (let step = 0; step < 3; step++) {
    opt.zeroGrad();
    F.mseLoss(model.forward(ones([5, 3])), ones([5, 2])).backward();
    opt.step();
  }
  expect([weight, bias].map((p) => [...p.dataSync()])).toEqual(before.slice(0, 2));
  expect([...headWeight.dataSync()]).not.toEqual(before[2]);
  expect(weight.grad).toBeNull();
  const double = model.to('float64');
  expect(double.parameters().map((p) => p.requiresGrad)).toEqual([false, false, true, true]);
  double.requiresGrad_();
  double
    .forward(ones([2, 3], { dtype: 'float64' }))
    .sum()
    .backward();
  expect(double.parameters().every((p) => p.grad?.dtype === 'float64')).toBe(true);
});

test("batch norm can't train with one value per channel", () => {
  for (const [norm, x] of [
    [new nn.BatchNorm1d(3), ones([1, 3])],
    [new nn.BatchNorm2d(3), ones([1, 3, 1, 1])],
  ] as const) {
    expect(() => norm.forward(x)).toThrow(
      /^batchNorm: can't train with one value per channel, which has no variance[\s\S]*hint: use a larger batch, or eval\(\)$/,
    );
    expect(norm.eval().forward(x).shape).toEqual(x.shape);
  }
  expect(new nn.BatchNorm2d(3).forward(ones([1, 3, 2, 1])).shape).toEqual([1, 3, 2, 1]);
});

test('batch norm without running statistics uses the batch in evaluation, too', () => {
  const norm = new nn.BatchNorm1d(2, { trackRunningStats: false }).eval();
  expect(Object.keys(norm.stateDict())).toEqual(['weight', 'bias']);
  const y = norm.forward(
    tensor([
      [1, 5],
      [3, 9],
    ]),
  );
  expect(y.mean(0).toArraySync()).toEqual([0, 0]);
});

test('padding of nothing takes no time, however wide it is', () => {
  const started = performance.now();
  expect(new nn.ZeroPad2d([1, -1, 2e9, 2]).forward(zeros([2, 3, 4, 0])).shape).toEqual([
    2, 3, 2_000_000_006, 0,
  ]);
  expect(performance.now() - started).toBeLessThan(1000);
});

test('adaptive softmax: a single example, and invalid targets', () => {
  const softmax = new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [3, 6], { divValue: 2 });
  const x = randn([2, 4]);
  const { output } = softmax.forward(x, tensor([9, 1]));
  const alone = softmax.forward(x.select(0, 0), tensor(9));
  expect(alone.output.shape).toEqual([]);
  expect(alone.output.itemSync()).toBeCloseTo(output.dataSync()[0]!, 5);
  expect(softmax.logProb(x).exp().sum(1).dataSync()[1]).toBeCloseTo(1, 5);
  expect(String(softmax).split('\n')[0]).toBe('AdaptiveLogSoftmaxWithLoss(4, 10, cutoffs=[3, 6], divValue=2');
  expect(() => softmax.forward(x, tensor([9, 10]))).toThrow("target 10 isn't a class; there are 10 (0 to 9)");
  expect(() => softmax.forward(x, tensor([9]))).toThrow(
    'AdaptiveLogSoftmaxWithLoss: needs rows and a target for each',
  );
  for (const cutoffs of [[], [3, 3], [0], [10], [2.5]])
    expect(() => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, cutoffs)).toThrow(
      `cutoffs must be ascending whole numbers from 1 to 9, got [${cutoffs.join(', ')}]`,
    );
});

test('options that make no sense', () => {
  expect(() => new nn.RReLU({ lower: 1, upper: 0 })).toThrow('RReLU: lower 1 is larger than upper 0');
  expect(() => new nn.LocalResponseNorm(0)).toThrow(
    'LocalResponseNorm: size must be a whole number of at least 1, got 0',
  );
  expect(() => new nn.ReflectionPad2d([1, 2])).toThrow(
    'ReflectionPad2d: padding has 2 numbers, needs one or 4',
  );
  expect(() => new nn.ReflectionPad1d(3).forward(ones([1, 2, 3]))).toThrow(
    "axis 2 of length 3 can't have a reflect border of 3 and 3",
  );
  expect(() => new nn.UpsamplingNearest2d({})).toThrow(
    'UpsamplingNearest2d: give either size or scaleFactor',
  );
  expect(() => new nn.EmbeddingBag(3, 2, { paddingIdx: -4 })).toThrow(
    'EmbeddingBag: paddingIdx -4 is outside the 3 embeddings',
  );
});

test('containers hold what they are for', () => {
  const three = 3 as never;
  expect(() => new nn.Sequential().append(three)).toThrow('Sequential: argument 0 must be a module, got 3');
  expect(() => new nn.ModuleList([three])).toThrow('ModuleList: argument 0 must be a module, got 3');
  expect(() => new nn.ModuleList().extend([three])).toThrow('ModuleList: argument 0 must be a module, got 3');
  expect(() => new nn.ModuleDict({ a: three })).toThrow('ModuleDict: argument a must be a module, got 3');
  expect(() => new nn.ModuleDict().set('b', three)).toThrow('ModuleDict: argument b must be a module, got 3');
  expect(() => new nn.ParameterList([three])).toThrow(
    'ParameterList: holds only floating-point tensors, got 3',
  );
  expect(() => new nn.ParameterDict({ a: ones([1], { dtype: 'int32' }) })).toThrow(
    'ParameterDict: holds only floating-point tensors, got one of int32',
  );
});

test.each<[string, () => unknown]>([
  ['LSTM', () => new nn.LSTM(3, 4, { dtype: 'int32' })],
  ['GRUCell', () => new nn.GRUCell(3, 4, { dtype: 'int32' })],
  ['Linear', () => new nn.Linear(3, 4, { dtype: 'bool' })],
  ['Embedding', () => new nn.Embedding(3, 4, { dtype: 'int32' })],
])('%s learns floating-point numbers', (name, make) => {
  const got = name === 'Linear' ? 'bool' : 'int32';
  expect(make).toThrow(
    `${name}: dtype must be float32 or float64, got ${got}: only floating-point numbers are learned`,
  );
});

test('invalid sizes', () => {
  const message = (name: string, least: number, got: string): string =>
    `${name} must be a whole number of at least ${least}, got ${got}`;
  expect(() => new nn.Bilinear(3, -1, 2)).toThrow(message('Bilinear: in2Features', 0, '-1'));
  expect(() => new nn.LayerNorm([2, 2.5])).toThrow(message('LayerNorm: normalizedShape', 0, '2.5'));
  expect(() => new nn.RMSNorm(undefined as never)).toThrow(
    message('RMSNorm: normalizedShape', 0, 'undefined'),
  );
});

test('the printed form', () => {
  expect(String(new nn.ConstantPad1d([1, 2], 0.5))).toBe('ConstantPad1d(padding=[1, 2], value=0.5)');
  expect(String(new nn.ZeroPad2d(1))).toBe('ZeroPad2d(padding=[1, 1, 1, 1])');
  expect(String(new nn.Embedding(7, 3, { paddingIdx: -1 }))).toBe('Embedding(7, 3, paddingIdx=-1)');
  expect(String(new nn.EmbeddingBag(7, 3, { mode: 'sum' }))).toBe('EmbeddingBag(7, 3, mode=sum)');
  expect(
    String(new nn.TripletMarginWithDistanceLoss({ margin: 2, distanceFunction: F.pairwiseDistance })),
  ).toBe('TripletMarginWithDistanceLoss(margin=2)');
  expect(String(new nn.LocalResponseNorm(3))).toBe('LocalResponseNorm(3, alpha=0.0001, beta=0.75, k=1)');
});

test("an embedding of existing vectors shares their memory, and refuses what isn't a matrix", () => {
  const vectors = tensor([
    [1, 2],
    [3, 4],
  ]);
  const frozen = nn.Embedding.fromPretrained(vectors);
  expect(frozen.weight.storage).toBe(vectors.storage);
  expect(frozen.weight.requiresGrad).toBe(false);
  expect(nn.Embedding.fromPretrained(vectors, { freeze: false }).weight.requiresGrad).toBe(true);
  const wrong = (value: unknown): never => value as never;
  expect(() => nn.Embedding.fromPretrained(tensor([1, 2]))).toThrow(
    'Embedding.fromPretrained: the vectors must be the rows of a matrix\n' +
      '  vectors  (numEmbeddings, embeddingDim)  [2]',
  );
  expect(() => nn.Embedding.fromPretrained(vectors.to('int32'))).toThrow(
    'Embedding.fromPretrained: the vectors must be float32 or float64, got int32',
  );
  expect(() => nn.Embedding.fromPretrained(wrong([[1, 2]]))).toThrow(
    'Embedding.fromPretrained: vectors must be a tensor, got [[…]]',
  );
  expect(() => nn.Embedding.fromPretrained(vectors, wrong({ dtype: 'float64' }))).toThrow(
    "Embedding.fromPretrained: there's no option 'dtype'",
  );
  expect(() => nn.Embedding.fromPretrained(vectors, { paddingIdx: 2 })).toThrow(
    'Embedding: paddingIdx 2 is outside the 2 embeddings',
  );
});

test('docs/layers.md names every module', () => {
  const text = readFileSync(new URL('../../docs/layers.md', import.meta.url), 'utf8');
  const named = new Set(text.match(/\w+/g));
  const modules = Object.entries(nn).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof nn.Module,
  );
  expect(modules.length).toBeGreaterThan(100);
  expect(modules.map(([name]) => name).filter((name) => !named.has(name))).toEqual([]);
});

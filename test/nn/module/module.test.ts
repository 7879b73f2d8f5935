import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { manualSeed, ones, type Tensor, zeros } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';

class Block extends nn.Module {
  readonly conv = new nn.Conv2d(2, 2, 3, { padding: 1 });
  readonly batchNorm = new nn.BatchNorm2d(2);
  override forward(x: Tensor): Tensor {
    return F.relu(this.batchNorm.forward(this.conv.forward(x)));
  }
}

class Net extends nn.Module {
  readonly features = new nn.Sequential(new Block(), new nn.Flatten());
  readonly headWeight = new nn.Parameter(ones([18, 4]));
  readonly runningCount = nn.buffer(zeros([1]));
  readonly scratch = nn.buffer(zeros([2]), { persistent: false });
  readonly parts = [new nn.Linear(4, 3), new nn.Linear(3, 2)];
  readonly heads = new nn.ModuleDict({ left: new nn.Linear(2, 1), camelCase: new nn.Linear(2, 1) });
  readonly tail = new nn.ModuleList([new nn.Linear(1, 1)]);
  readonly sizes = [1, 2, 3];
  readonly note = 'text';

  override forward(x: Tensor): Tensor {
    let h = this.features.forward(x).matmul(this.headWeight);
    for (const part of this.parts) h = part.forward(h);
    return this.tail.at(0).forward(this.heads.get('left').forward(h));
  }
}

test('members are found by walking the object, under the names of PyTorch', () => {
  const net = new Net();
  expect(Object.keys(net.stateDict())).toEqual([
    'head_weight',
    'running_count',
    'features.0.conv.weight',
    'features.0.conv.bias',
    'features.0.batch_norm.weight',
    'features.0.batch_norm.bias',
    'features.0.batch_norm.running_mean',
    'features.0.batch_norm.running_var',
    'features.0.batch_norm.num_batches_tracked',
    'parts.0.weight',
    'parts.0.bias',
    'parts.1.weight',
    'parts.1.bias',
    'heads.left.weight',
    'heads.left.bias',
    'heads.camelCase.weight',
    'heads.camelCase.bias',
    'tail.0.weight',
    'tail.0.bias',
  ]);
  expect(net.namedBuffers().map(([name]) => name)).toContain('scratch');
  expect(net.namedChildren().map(([name]) => name)).toEqual([
    'features',
    'parts.0',
    'parts.1',
    'heads',
    'tail',
  ]);
  expect(
    net
      .namedModules()
      .map(([name]) => name)
      .slice(0, 4),
  ).toEqual(['', 'features', 'features.0', 'features.0.conv']);
  expect(net.parameters().every((p) => p.requiresGrad)).toBe(true);
  expect(net.numParameters()).toBe(72 + 38 + 4 + 15 + 8 + 6 + 2);
  expect(net.forward(ones([2, 2, 3, 3])).shape).toEqual([2, 1]);
});

test('a module by its path', () => {
  const net = new Net();
  expect(net.getSubmodule('')).toBe(net);
  expect(net.getSubmodule('parts.1')).toBe(net.parts[1]);
  expect(() => net.getSubmodule('feature.0')).toThrow(
    "Net: there's no module 'feature.0'; did you mean 'features.0'?",
  );
  expect(() => new nn.ReLU().getSubmodule('a')).toThrow(/^ReLU: there's no module 'a'$/);
  expect(() => net.getSubmodule('something else')).toThrow(/^Net: there's no module 'something else'$/);
});

test('shared modules and parameters count once, and are saved under each name', () => {
  class Tied extends nn.Module {
    readonly a = new nn.Linear(2, 2, { bias: false });
    readonly b = this.a;
    readonly weight = this.a.weight;
    override forward(x: Tensor): Tensor {
      return this.b.forward(this.a.forward(x));
    }
  }
  const tied = new Tied();
  expect(tied.namedParameters().map(([name]) => name)).toEqual(['weight']);
  expect(Object.keys(tied.stateDict())).toEqual(['weight', 'a.weight', 'b.weight']);
  expect(tied.children().length).toBe(1);
});

test('a module that knows its parent is walked once', () => {
  class Child extends nn.Module {
    parent: nn.Module | null = null;
    readonly weight = new nn.Parameter(ones([1]));
    override forward(): void {}
  }
  class Parent extends nn.Module {
    readonly child = new Child();
    override forward(): void {}
  }
  const parent = new Parent();
  parent.child.parent = parent;
  expect(Object.keys(parent.stateDict())).toEqual(['child.weight']);
  expect(parent.modules().length).toBe(2);
});

test('a state dict goes into another model', () => {
  manualSeed(1);
  const from = new Net();
  manualSeed(2);
  const to = new Net();
  expect(to.loadStateDict(from.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
  for (const [key, value] of Object.entries(from.stateDict()))
    expect(to.stateDict()[key]!.dataSync()).toEqual(value.dataSync());
  const wide = new nn.Linear(2, 1);
  wide.loadStateDict({ weight: ones([1, 2], { dtype: 'float64' }), bias: ones([1], { dtype: 'int32' }) });
  expect([wide.weight.dtype, [...wide.weight.dataSync()], wide.bias!.itemSync()]).toEqual([
    'float32',
    [1, 1],
    1,
  ]);
});

test("what doesn't fit is listed, and nothing is changed", () => {
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
  const before = [...model.parameters()[2]!.dataSync()];
  const { '0.bias': _missing, ...state } = model.stateDict();
  const given = { ...state, '0.weight': ones([3, 3]), extra: ones([1]), '1.weight': ones([1, 3]) };
  let error: unknown;
  try {
    model.loadStateDict(given);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(nn.StateDictError);
  const { missingKeys, unexpectedKeys, misshapen, message } = error as nn.StateDictError;
  expect({ missingKeys, unexpectedKeys, misshapen }).toEqual({
    missingKeys: ['0.bias'],
    unexpectedKeys: ['extra'],
    misshapen: [{ key: '0.weight', found: [3, 3], expected: [3, 2] }],
  });
  expect(message).toBe(
    [
      "loadStateDict: the state dict doesn't fit Sequential",
      '  missing:',
      '    0.bias',
      '  unexpected:',
      '    extra',
      '  with the wrong shape:',
      '    0.weight: [3, 3], expected [3, 2]',
    ].join('\n'),
  );
  expect([...model.parameters()[2]!.dataSync()]).toEqual(before);
  expect(() => model.loadStateDict(given, { strict: false })).toThrow(nn.StateDictError);
  const { '0.weight': _shape, ...rest } = given;
  expect(model.loadStateDict(rest, { strict: false })).toEqual({
    missingKeys: ['0.weight', '0.bias'],
    unexpectedKeys: ['extra'],
  });
  expect([...model.parameters()[2]!.dataSync()]).toEqual([1, 1, 1]);
});

test('an error thrown inside says where in the model', () => {
  class Outer extends nn.Module {
    readonly body = new nn.Sequential(new nn.Identity(), new nn.Linear(3, 2));
    override forward(x: Tensor): Tensor {
      return this.body.forward(x);
    }
  }
  expect(() => new Outer().forward(ones([1, 4]))).toThrow(ShapeError);
  expect(() => new Outer().forward(ones([1, 4]))).toThrow(/^linear \(body\.1\): /);
  expect(() => new nn.Linear(3, 2).forward(ones([1, 4]))).toThrow(/^linear: /);
  let found: unknown;
  try {
    new Outer().forward(ones([1, 4]));
  } catch (error) {
    found = error;
  }
  expect((found as ShapeError).module).toBe('body.1');
  expect((found as ShapeError).stack).toContain('linear (body.1)');
  expect(Object.keys(new Outer())).not.toContain('forward');
});

test('training, evaluation, freezing, gradients', () => {
  const net = new Net();
  expect(
    net
      .eval()
      .modules()
      .every((m) => !m.training),
  ).toBe(true);
  expect(
    net
      .train()
      .modules()
      .every((m) => m.training),
  ).toBe(true);
  net.features.requiresGrad_(false);
  expect(net.parameters().filter((p) => p.requiresGrad).length).toBe(net.parameters().length - 4);
  net
    .forward(ones([2, 2, 3, 3]))
    .sum()
    .backward();
  expect(net.headWeight.grad).not.toBeNull();
  net.zeroGrad();
  expect(net.headWeight.grad).toBeNull();
  const names: string[] = [];
  new nn.Sequential(new Block()).apply((m) => names.push(m.constructor.name));
  expect(names).toEqual(['Conv2d', 'BatchNorm2d', 'Block', 'Sequential']);
});

test("what is frozen stays in evaluation and doesn't learn, until it is unfrozen", () => {
  const net = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.Linear(3, 1));
  net.slice(0, 2).freeze();
  expect(
    net
      .train()
      .modules()
      .map((m) => m.training),
  ).toEqual([true, false, false, true]);
  expect(net.parameters().map((p) => p.requiresGrad)).toEqual([false, false, false, false, true, true]);
  const mean = (net.at(1) as nn.BatchNorm1d).runningMean!.clone();
  net
    .forward(ones([4, 2]))
    .sum()
    .backward();
  expect((net.at(1) as nn.BatchNorm1d).runningMean!.dataSync()).toEqual(mean.dataSync());
  net.unfreeze();
  expect(net.modules().every((m) => m.training)).toBe(true);
  expect(net.parameters().every((p) => p.requiresGrad)).toBe(true);
});

test('a module takes the place of that at a path, wherever it is used', () => {
  const shared = new nn.Linear(2, 2);
  class Holder extends nn.Module {
    readonly first: nn.Layer = shared;
    readonly list = [new nn.ReLU(), shared];
    readonly named = { last: new nn.Sequential({ inner: shared }) };
    readonly modules3 = [new nn.ModuleList([shared]), new nn.ModuleDict({ one: shared })];
    override forward(x: Tensor): Tensor {
      return this.first.forward(x);
    }
  }
  const holder = new Holder();
  const other = new nn.Linear(2, 2, { bias: false });
  expect(holder.setSubmodule('first', other)).toBe(holder);
  expect(Object.keys(holder.stateDict())).toEqual([
    'first.weight',
    'list.1.weight',
    'named.last.inner.weight',
    'modules3.0.0.weight',
    'modules3.1.one.weight',
  ]);
  holder.setSubmodule('named.last', new nn.Tanh());
  expect(Object.keys(holder.stateDict())).not.toContain('named.last.inner.weight');
  expect(() => holder.setSubmodule('frist', other)).toThrow(
    "Holder: there's no module 'frist'; did you mean 'first'?",
  );
  expect(() => holder.setSubmodule('', other)).toThrow("Holder: a module can't replace itself");
});

test('to() converts parameters and buffers, shared ones once', () => {
  class Tied extends nn.Module {
    readonly norm = new nn.BatchNorm1d(2);
    readonly list = [new nn.Parameter(ones([2])), new nn.Parameter(ones([1]), false)];
    readonly again = this.list[0]!;
    override forward(x: Tensor): Tensor {
      return this.norm.forward(x).mul(this.again);
    }
  }
  const tied = new Tied().to('float64');
  expect(new Set(Object.values(tied.stateDict()).map((t) => t.dtype))).toEqual(new Set(['float64', 'int32']));
  expect(tied.again).toBe(tied.list[0]);
  expect(tied.list.map((p) => p.requiresGrad)).toEqual([true, false]);
  expect(tied.forward(ones([3, 2], { dtype: 'float64' })).dtype).toBe('float64');
});

test('the printed form', () => {
  const model = new nn.Sequential({
    conv: new nn.Conv2d(1, 6, 5, { padding: 2, bias: false }),
    block: new nn.Sequential(new nn.ReLU(), new nn.MaxPool2d(2)),
    drop: new nn.Dropout(0.1),
    fc: new nn.Linear(10, 2),
  });
  const text = [
    'Sequential(',
    '  (conv): Conv2d(1, 6, kernelSize=[5, 5], stride=[1, 1], padding=[2, 2], bias=false)',
    '  (block): Sequential(',
    '    (0): ReLU()',
    '    (1): MaxPool2d(kernelSize=[2, 2], stride=[2, 2], padding=[0, 0], dilation=[1, 1], ceilMode=false)',
    '  )',
    '  (drop): Dropout(p=0.1)',
    '  (fc): Linear(inFeatures=10, outFeatures=2, bias=true)',
    ')',
  ].join('\n');
  expect(String(model)).toBe(text);
  expect(inspect(model)).toBe(text);
});

test('containers', () => {
  const layers = [new nn.Linear(1, 2), new nn.ReLU(), new nn.Linear(2, 1)];
  const model = new nn.Sequential(...layers);
  expect([model.length, model.at(-1), [...model.slice(1)].length]).toEqual([3, layers[2], 2]);
  expect(model.append(new nn.Tanh()).length).toBe(4);
  expect(() => model.at(9)).toThrow('no layer at 9; there are 4');
  const list = new nn.ModuleList(layers).insert(0, new nn.Identity()).append(new nn.ReLU());
  expect([...list].length).toBe(5);
  expect(Object.keys(list.stateDict())).toEqual(['1.weight', '1.bias', '3.weight', '3.bias']);
  expect(() => list.forward()).toThrow('a list of modules has no forward');
  const dict = new nn.ModuleDict([['a', layers[0]!]]);
  expect([dict.has('a'), dict.keys(), dict.length]).toEqual([true, ['a'], 1]);
  expect(() => dict.get('b')).toThrow("no module 'b'; there are a");
  expect(() => dict.get(Symbol('b') as never)).toThrow('ModuleDict: name must be a string, got a symbol');
  expect(() => dict.set(2 as never, new nn.ReLU())).toThrow('ModuleDict: name must be a string, got 2');
  expect(() => new nn.Sequential(3 as never)).toThrow('argument 0 must be a module, got 3');
});

test('options that make no sense', () => {
  expect(() => new nn.Linear(-1, 2)).toThrow('inFeatures must be a whole number of at least 0, got -1');
  expect(() => new nn.Conv2d(3, 4, 3, { groups: 2 })).toThrow("inChannels 3 can't be split into 2 groups");
  expect(() => new nn.Conv2d(2, 4, [1, 2, 3])).toThrow('kernelSize has 3 numbers, needs one or 2');
  expect(() => new nn.Conv2d(2, 4, 3, { padding: 'same', stride: 2 })).toThrow(
    "padding 'same' needs stride 1, not [2, 2]",
  );
  expect(() => new nn.Dropout(1.5)).toThrow('Dropout: p must be a number from 0 to 1, got 1.5');
  expect(() => new nn.GroupNorm(3, 4)).toThrow("4 channels can't be split into 3 groups");
  expect(() => new nn.BatchNorm2d(3).forward(ones([2, 3]))).toThrow('BatchNorm2d: needs 4 axes, got 2');
  expect(() => new nn.BatchNorm2d(3).forward(ones([2, 4, 1, 2]))).toThrow(
    /channels disagree[\s\S]*C = 4[\s\S]*expects C = 3/,
  );
  expect(() => new nn.Embedding(3, 2, { paddingIdx: 3 })).toThrow('paddingIdx 3 is outside the 3 embeddings');
  const up = new nn.ConvTranspose2d(1, 1, 3, { stride: 2 });
  expect(up.forward(ones([1, 1, 3, 3]), { outputSize: [8, 7] }).shape).toEqual([1, 1, 8, 7]);
  expect(() => up.forward(ones([1, 1, 3, 3]), { outputSize: [9, 7] })).toThrow(
    /axis 0 can't have length 9[\s\S]*allows 7 to 8/,
  );
});

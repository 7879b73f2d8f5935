import { expect, test } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import { manualSeed, ones, rand, type Tensor, tidy, zeros } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import * as vision from '../../../src/vision/index.js';

class Net extends nn.Module {
  readonly body = new nn.Sequential(
    new nn.Conv2d(1, 2, 3, { padding: 1, paddingMode: 'reflect' }),
    new nn.BatchNorm2d(2),
  );
  readonly heads = new Map([['a', new nn.Linear(8, 2)]]);
  readonly same = this.heads.get('a')!;
  readonly tied = new nn.Parameter(ones([2]));
  readonly alsoTied = [this.tied];
  readonly count = nn.buffer(zeros([1]), { persistent: false });
  readonly settings = { scale: 2, shift: ones([2]) };
  readonly activation = F.relu;
  parent: nn.Module = this;

  override forward(x: Tensor): Tensor {
    const y = this.same.forward(this.activation(this.body.forward(x)).flatten(1));
    return y.mul(this.tied).mul(this.settings.scale).add(this.settings.shift);
  }
}

const inputs = (): Tensor => {
  manualSeed(3);
  return rand([2, 1, 2, 2]);
};

test('a copy computes the same and shares nothing that learns', () => {
  const net = new Net();
  net.body.at(1).eval();
  net.tied.requiresGrad_(false);
  net.forward(inputs()).sum().backward();
  const copy = net.clone();
  expect(copy).toBeInstanceOf(Net);
  expect(copy.forward(inputs())).toEqual(net.forward(inputs()));
  expect(copy.namedParameters().map(([name]) => name)).toEqual(net.namedParameters().map(([name]) => name));
  expect(copy.stateDict()).toEqual(net.stateDict());
  for (const [i, parameter] of copy.parameters().entries()) {
    expect(parameter).not.toBe(net.parameters()[i]);
    expect(parameter.grad).toBeNull();
  }
  for (const tensor of [...copy.parameters(), ...copy.buffers(), copy.settings.shift])
    tensor.detach().fill_(7);
  expect(net.parameters().some((p) => p.dataSync().includes(7))).toBe(false);
  expect(net.settings.shift.toArraySync()).toEqual([1, 1]);
});

test('what is shared, the flags and loops stay', () => {
  const net = new Net();
  net.body.at(0).freeze();
  net.body.at(1).eval();
  net.tied.requiresGrad_(false);
  const copy = net.clone();
  expect(copy.alsoTied[0]).toBe(copy.tied);
  expect(copy.heads.get('a')).toBe(copy.same);
  expect(copy.parent).toBe(copy);
  expect([copy.training, copy.body.at(0).frozen, copy.body.at(1).training]).toEqual([true, true, false]);
  expect(copy.tied.requiresGrad).toBe(false);
  expect(copy.count.persistent).toBe(false);
  expect(copy.activation).toBe(F.relu);
});

test("hooks don't come along", () => {
  const layer = new nn.Linear(2, 2);
  let calls = 0;
  layer.registerForwardHook(() => void calls++);
  const copy = layer.clone();
  copy.forward(ones([1, 2]));
  expect(calls).toBe(0);
  layer.forward(ones([1, 2]));
  expect(calls).toBe(1);
});

test('a copy outlives the scope in which it is made', () => {
  const layer = new nn.Linear(2, 2);
  let copy = layer;
  tidy(() => {
    copy = layer.clone();
  });
  expect(copy.weight).toEqual(layer.weight);
});

test.each([
  ['weightNorm', (layer: nn.Linear) => nn.utils.weightNorm(layer)],
  ['spectralNorm', (layer: nn.Linear) => nn.utils.spectralNorm(layer)],
] as const)('weights that are computed are computed from the copy: %s', (name, install) => {
  const layer = install(new nn.Linear(3, 2));
  const copy = layer.clone();
  layer.eval();
  copy.eval();
  expect(copy.forward(ones([1, 3]))).toEqual(layer.forward(ones([1, 3])));
  expect(Object.keys(copy.stateDict())).toEqual(Object.keys(layer.stateDict()));
  for (const parameter of layer.parameters()) parameter.detach().fill_(0.5);
  expect(copy.weight).not.toEqual(layer.weight);
  copy
    .train()
    .forward(ones([1, 3]))
    .sum()
    .backward();
  expect(copy.parameters().every(({ grad }) => grad !== null)).toBe(true);
  if (name === 'weightNorm') nn.utils.removeWeightNorm(copy);
  else nn.utils.removeSpectralNorm(copy);
  expect(Object.keys(copy.stateDict()).sort()).toEqual(['bias', 'weight']);
});

test.each([
  ['ResNet', () => new vision.ResNet(18)],
  ['GoogLeNet', () => new vision.GoogLeNet({ smallImages: true, width: 0.1 })],
  ['CifarResNet', () => new vision.CifarResNet(20)],
  ['AlexNet', () => new vision.AlexNet({ smallImages: true, width: 0.1 })],
  ['containers', () => new nn.Sequential(new nn.Linear(3072, 2))],
] as const)('%s', (_, make) => {
  const model: nn.Module = make();
  const copy = model.clone();
  manualSeed(1);
  const x = rand([2, 3, 32, 32]);
  const run = (m: nn.Module): Tensor =>
    (m.eval() as nn.Layer).forward(m instanceof nn.Sequential ? x.flatten(1) : x);
  expect(run(copy)).toEqual(run(model));
});

test('lists and dictionaries of parameters and modules', () => {
  const all = new nn.ModuleDict<nn.Module>({
    list: new nn.ModuleList([new nn.Linear(1, 1)]),
    scales: new nn.ParameterList([ones([2])]),
    named: new nn.ParameterDict({ a: ones([3]) }),
  });
  const copy = all.clone();
  (copy.get('scales') as nn.ParameterList).append(ones([1]));
  expect(all.parameters().length).toBe(4);
  expect(copy.parameters().length).toBe(5);
});

class Secret extends nn.Module {
  readonly #weight = new nn.Parameter(ones([1]));
  override forward(x: Tensor): Tensor {
    return x.mul(this.#weight);
  }
}

class Known extends Secret {
  override clone(): this {
    return new Known() as this;
  }
}

class Arrow extends nn.Module {
  readonly fc = new nn.Linear(1, 1);
  override forward = (x: Tensor): Tensor => this.fc.forward(x);
}

test("what can't be copied is an error that says what to do", () => {
  expect(() => new nn.Sequential(new Secret()).clone()).toThrow(ArgumentError);
  expect(() => new Secret().clone()).toThrow(
    "clone: Secret has #private fields, which can't be copied from outside\n" +
      '  hint: declare them private instead, or override clone() in that class: create a new one and copy the values with loadStateDict',
  );
  expect(new nn.Sequential(new Known()).clone().at(0)).toBeInstanceOf(Known);
  expect(() => new Arrow().clone()).toThrow(
    "clone: the field 'forward' of Arrow is an arrow function with a `this`, which would be the original's in the copy, too\n  hint: make it a method",
  );
});

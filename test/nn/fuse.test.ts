/** Layers include what follows in their pass over memory; values, gradients, and hooks are as without. */
import { describe, expect, test } from 'vitest';
import { inspecting } from '../../src/autograd/mode.js';
import { ArgumentError, ShapeError } from '../../src/core/errors.js';
import * as F from '../../src/functional.js';
import {
  grad,
  gradgradcheck,
  manualSeed,
  noGrad,
  randn,
  setEngine,
  type Tensor,
  tensor,
} from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as vision from '../../src/vision/index.js';
import { testEngines } from '../helpers/engines.js';

/** The operations that `work` runs forward. */
function operationsOf(work: () => unknown): string[] {
  const names: string[] = [];
  inspecting((operation, phase) => {
    if (phase === 'forward') names.push(operation);
  }, work);
  return names;
}

const layers: readonly [string, () => nn.Layer, readonly number[]][] = [
  ['Linear', () => new nn.Linear(5, 7), [3, 5]],
  ['Linear without bias', () => new nn.Linear(5, 7, { bias: false }), [2, 3, 5]],
  ['Conv1d', () => new nn.Conv1d(3, 4, 3, { padding: 1 }), [2, 3, 9]],
  ['Conv2d', () => new nn.Conv2d(3, 4, 3, { paddingMode: 'reflect', padding: 1 }), [2, 3, 8, 8]],
  ['pointwise Conv2d', () => new nn.Conv2d(8, 16, 1), [2, 8, 5, 5]],
  ['depthwise Conv2d', () => new nn.Conv2d(6, 6, 3, { groups: 6 }), [2, 6, 7, 7]],
  ['Winograd Conv2d', () => new nn.Conv2d(16, 16, 3, { padding: 1 }), [2, 16, 16, 16]],
  ['Conv3d', () => new nn.Conv3d(2, 3, 2), [1, 2, 4, 4, 4]],
  ['BatchNorm2d', () => new nn.BatchNorm2d(3), [2, 3, 4, 4]],
];
const activations: readonly [string, () => nn.Layer, boolean][] = [
  ['ReLU', () => new nn.ReLU(), true],
  ['Tanh', () => new nn.Tanh(), false],
  ['Sigmoid', () => new nn.Sigmoid(), false],
  ['GELU', () => new nn.GELU(), false],
];

describe.each(testEngines)('on %s', (engine) => {
  test.each(
    layers.flatMap(([layer, make, shape]) =>
      activations.map(([activation, end, always]) => [layer, activation, make, end, shape, always] as const),
    ),
  )('%s and %s', (name, activation, make, end, shape, always) => {
    setEngine(engine);
    manualSeed(0);
    const [layer, ending] = [make(), end()];
    const x = randn(shape).requiresGrad_();
    const results = (forward: (x: Tensor) => Tensor): (readonly number[])[] => {
      const y = forward(x);
      const wanted = [x, ...layer.parameters()];
      return [y, ...grad([y], wanted, { gradOutputs: [y.detach().mul(0.5).add(1)] })].map((t) => [
        ...t.dataSync(),
      ]);
    };
    const both = new nn.Sequential(layer, ending);
    const alone = results((t) => ending.forward(layer.forward(t)));
    const fused = results((t) => both.forward(t));
    for (const [i, values] of fused.entries())
      for (const [j, value] of values.entries()) expect(value, `${name} ${i}`).toBeCloseTo(alone[i]![j]!, 5);
    const linear = name.startsWith('Linear');
    const runs = operationsOf(() => both.forward(x));
    expect(runs.includes(activation.toLowerCase())).toBe(!(always || (linear && activation !== 'GELU')));
    if (linear && activation === 'GELU')
      expect(noGrad(() => operationsOf(() => both.forward(x)))).not.toContain('gelu');
  });

  test.each([
    ['a tensor and a ReLU', true, true],
    ['a tensor', true, false],
    ['a ReLU', false, true],
  ])('batch norm and %s', (_, adds, ends) => {
    setEngine(engine);
    manualSeed(0);
    const [norm, relu] = [new nn.BatchNorm2d(3), ends ? new nn.ReLU() : null];
    const x = randn([4, 3, 5, 5]).requiresGrad_();
    const add = adds ? randn([4, 3, 5, 5]).requiresGrad_() : null;
    const results = (forward: () => Tensor): (readonly number[])[] => {
      norm.resetRunningStats();
      const y = forward();
      const wanted = [x, ...norm.parameters(), ...(add === null ? [] : [add])];
      const grads = grad([y], wanted, { gradOutputs: [y.detach().mul(0.5).add(1)] });
      return [y, ...grads, ...norm.buffers()].map((t) => [...t.dataSync()]);
    };
    const fuse = () => nn.fuse(norm, x, { add, activation: relu });
    for (const mode of [norm.train(), norm.eval()]) {
      expect(operationsOf(fuse)).not.toContain('relu');
      const alone = results(() => {
        const y = norm.forward(x);
        const sum = add === null ? y : y.add(add);
        return relu === null ? sum : relu.forward(sum);
      });
      for (const [i, values] of results(fuse).entries())
        for (const [j, value] of values.entries())
          expect(value, `${mode.training} ${i}`).toBeCloseTo(alone[i]![j]!, 5);
    }
  });

  test('gradients are differentiated in turn', () => {
    setEngine(engine);
    manualSeed(1);
    const layer = new nn.Linear(3, 2, { dtype: 'float64' });
    const net = new nn.Sequential(layer, new nn.Tanh());
    const x = randn([2, 3], { dtype: 'float64' }).requiresGrad_();
    expect(gradgradcheck((t) => net.forward(t), [x])).toBe(true);
  });
});

test('a module that something watches or replaces runs by itself', () => {
  const x = randn([2, 3]);
  const [layer, relu] = [new nn.Linear(3, 4), new nn.ReLU()];
  const net = new nn.Sequential(layer, relu);
  expect(operationsOf(() => net.forward(x))).not.toContain('relu');
  for (const watched of [layer, relu]) {
    let seen = 0;
    const handle = watched.registerForwardHook(() => {
      seen++;
    });
    expect(operationsOf(() => net.forward(x))).toContain('relu');
    expect(seen).toBe(1);
    handle.remove();
  }
  class Doubled extends nn.Linear {
    override forward(t: Tensor): Tensor {
      return super.forward(t).mul(2);
    }
  }
  class Shifted extends nn.ReLU {
    override forward(t: Tensor): Tensor {
      return super.forward(t.sub(1));
    }
  }
  const doubled = new Doubled(3, 4);
  const twice = new nn.Sequential(doubled, new nn.ReLU()).forward(x);
  expect([...twice.dataSync()]).toEqual([...doubled.forward(x).relu().dataSync()]);
  const shifted = new nn.Sequential(layer, new Shifted()).forward(x);
  expect([...shifted.dataSync()]).toEqual([...layer.forward(x).sub(1).relu().dataSync()]);
});

test('an error inside names the layer', () => {
  const net = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU());
  expect(() => net.forward(randn([2, 5]))).toThrow(/^linear \(0\): features disagree/);
});

test('a layer that is normalized by its weight ends so as well', () => {
  const layer = nn.utils.weightNorm(new nn.Linear(3, 4));
  const x = randn([2, 3]);
  const y = new nn.Sequential(layer, new nn.ReLU()).forward(x);
  expect([...y.dataSync()]).toEqual([...layer.forward(x).relu().dataSync()]);
});

/** Every value that a module's forward hooks see during a forward. */
function outputsOf(module: nn.Layer, forward: () => unknown): number[][] {
  const seen: number[][] = [];
  const handle = module.registerForwardHook((_, _inputs, output) => {
    seen.push([...output.dataSync()]);
  });
  forward();
  handle.remove();
  return seen;
}

test.each([
  ['ResNet', () => new vision.ResNet(18, { numClasses: 4 }), 64],
  ['CifarResNet', () => new vision.CifarResNet(8), 16],
] as const)('hooks in a block of %s see each layer by itself', (_, make, channels) => {
  manualSeed(0);
  const model = make().eval();
  const x = randn([2, 3, 16, 16]);
  const run = (): Tensor => noGrad(() => model.forward(x));
  const alone = [...run().dataSync()];
  expect(operationsOf(run)).not.toContain('relu');
  const [norm, relu] = ['layer1.0.bn2', 'layer1.0.relu'].map((path) => model.getSubmodule(path) as nn.Layer);
  const [conv] = outputsOf(model.getSubmodule('layer1.0.conv2') as nn.Layer, run);
  const input = outputsOf(
    (channels === 64 ? model.getSubmodule('maxpool') : model.getSubmodule('relu')) as nn.Layer,
    run,
  )[0]!;
  const normalized = outputsOf(norm!, run);
  // A new batch norm in evaluation divides by √(1 + eps).
  expect(normalized.length).toBe(1);
  for (const [i, value] of normalized[0]!.entries())
    expect(value).toBeCloseTo(conv![i]! / Math.sqrt(1 + 1e-5), 4);
  const [, ended] = outputsOf(relu!, run);
  for (const [i, value] of ended!.entries())
    expect(value).toBeCloseTo(Math.max(0, normalized[0]![i]! + input[i]!), 4);
  // With a hook that changes nothing, the result stays.
  for (const watched of [norm!, relu!]) {
    const handle = watched.registerForwardHook(() => undefined);
    for (const [i, value] of run().dataSync().entries()) expect(value).toBeCloseTo(alone[i]!, 4);
    handle.remove();
  }
  // What a hook returns goes on to the sum.
  const handle = norm!.registerForwardHook((_, _inputs, y) => y.mul(0));
  const [, skipped] = outputsOf(relu!, run);
  handle.remove();
  expect(skipped).toEqual(input.map((value) => Math.max(0, value)));
});

test('Grad-CAM weights what a batch norm or the ReLU after it returns', () => {
  manualSeed(0);
  const model = new vision.CifarResNet(8);
  const x = randn([1, 3, 16, 16]);
  const maps = ['layer3.0.bn2', 'layer3.0.relu'].map((layer) => [
    ...vision.gradCam(model, x, { layer, target: 1 }).dataSync(),
  ]);
  // The last maps are averaged and mapped linearly, so class 1 has the same gradient in all places of a map.
  const weights = [...(model.fc.weight.at(1) as Tensor).dataSync()];
  const last = noGrad(() =>
    outputsOf(model.eval().getSubmodule('layer3.0.relu') as nn.Layer, () => model.forward(x)),
  )[1]!;
  const cam = Array.from({ length: 16 }, (_, at) =>
    Math.max(
      0,
      weights.reduce((sum, w, k) => sum + (w / 16) * last[k * 16 + at]!, 0),
    ),
  );
  const enlarged = F.interpolate(tensor(cam).reshape([1, 1, 4, 4]), { size: [16, 16], mode: 'bilinear' });
  for (const [i, value] of enlarged.dataSync().entries()) expect(maps[1]![i]!).toBeCloseTo(value, 5);
  expect(maps[0]).not.toEqual(maps[1]);
});

test("what a layer can't include comes after it", () => {
  manualSeed(0);
  const x = randn([4, 3]);
  const [norm, linear, relu] = [new nn.BatchNorm1d(3).eval(), new nn.Linear(3, 3), new nn.ReLU()];
  const equal = (found: Tensor, wanted: Tensor): void =>
    expect(found.toArraySync()).toEqual(wanted.toArraySync());
  equal(nn.fuse(linear, x), linear.forward(x));
  equal(nn.fuse(linear, x, { add: x, activation: relu }), linear.forward(x).add(x).relu());
  // A sum that broadcasts or promotes.
  equal(nn.fuse(norm, x, { add: randn([3]).mul(0).add(1) }), norm.forward(x).add(1));
  equal(nn.fuse(norm, x, { add: x.to('float64') }), norm.forward(x).add(x.to('float64')));
  equal(nn.fuse(norm, x, { activation: new nn.Tanh() }), norm.forward(x).tanh());
  equal(nn.fuse(norm, x, { activation: new nn.Sequential(relu) }), norm.forward(x).relu());
  equal(nn.fuse(new nn.Sequential(norm), x, { add: x, activation: relu }), norm.forward(x).add(x).relu());
  expect(() => nn.fuse(norm, x, { add: randn([2, 2]) })).toThrow(ShapeError);
  expect(() => nn.fuse(norm, randn([4, 2]), { add: x })).toThrow(/^BatchNorm1d: channels disagree/);
});

test('wrong arguments of fuse', () => {
  const [norm, relu, x] = [new nn.BatchNorm1d(3), new nn.ReLU(), randn([4, 3])];
  const lstm = new nn.LSTM(3, 3) as unknown as nn.Layer;
  const wrong: readonly [() => unknown, string][] = [
    [() => nn.fuse(nn.ReLU as never, x), 'fuse: layer must be a Module, got the class ReLU'],
    [() => nn.fuse(norm, [1, 2] as never), 'fuse: x must be a tensor, got [1, 2]'],
    [() => nn.fuse(norm, x, { add: 1 } as never), 'fuse: add must be a tensor, or null, got 1'],
    [
      () => nn.fuse(norm, x, { activation: 'relu' } as never),
      "fuse: activation must be a Module, or null, got 'relu'",
    ],
    [
      () => nn.fuse(norm, x, { residual: x } as never),
      "fuse: there's no option 'residual'\n  hint: its options are add, activation",
    ],
    [() => nn.fuse(norm, x, relu as never), 'fuse'],
    [() => nn.fuse(lstm, x), "fuse: the layer's output must be a tensor, got [a Tensor, […]]"],
  ];
  for (const [call, message] of wrong) {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(message);
  }
});

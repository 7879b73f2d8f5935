/** Sequential applies an activation in the pass of the layer before it: the numbers and hooks are as without. */
import { describe, expect, test } from 'vitest';
import { inspecting } from '../../src/autograd/mode.js';
import { grad, gradgradcheck, manualSeed, noGrad, randn, setEngine, type Tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
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

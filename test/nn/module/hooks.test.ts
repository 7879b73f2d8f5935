import { expect, test } from 'vitest';
import { arange, manualSeed, noGrad, ones, type Tensor, tidy } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';

const x = (): Tensor => arange(6).reshape([2, 3]).to('float32');

test('hooks run in order, and no more when they are removed', () => {
  const layer = new nn.Linear(3, 2);
  const seen: string[] = [];
  const handles = [
    layer.registerForwardHook(() => void seen.push('after 1')),
    layer.registerForwardHook(() => void seen.push('after 2')),
    layer.registerForwardPreHook((module, inputs) => {
      expect([module === layer, inputs.length]).toEqual([true, 1]);
      seen.push('before');
    }),
  ];
  layer.forward(x());
  expect(seen).toEqual(['before', 'after 1', 'after 2']);
  handles[0]!.remove();
  layer.forward(x());
  expect(seen.slice(3)).toEqual(['before', 'after 2']);
  for (const handle of handles) handle.remove();
  layer.forward(x());
  expect(seen.length).toBe(5);
});

test('a module without hooks is as if there were none', () => {
  const layer = new nn.Linear(3, 2);
  const keys = Reflect.ownKeys(layer);
  const first = layer.registerForwardHook(() => undefined);
  expect(Object.hasOwn(layer, 'forward')).toBe(true);
  expect(Object.keys(layer)).not.toContain('forward');
  expect(Object.keys(layer.stateDict())).toEqual(['weight', 'bias']);
  first.remove();
  expect(Reflect.ownKeys(layer)).toEqual(keys);
  // A handle that is used up leaves later hooks alone.
  let calls = 0;
  layer.registerForwardHook(() => void calls++);
  first.remove();
  layer.forward(x());
  expect(calls).toBe(1);
});

test('a hook may remove itself, and a forward may be a field', () => {
  class Doubled extends nn.Module {
    override forward = (x: Tensor): Tensor => x.mul(2);
  }
  const module = new Doubled();
  const own = module.forward;
  const handle = module.registerForwardHook((_, _inputs, y) => {
    handle.remove();
    return y.add(1);
  });
  expect([...module.forward(ones([1])).dataSync()]).toEqual([3]);
  expect([...module.forward(ones([1])).dataSync()]).toEqual([2]);
  expect(module.forward).toBe(own);
});

test("super.forward doesn't run the hooks again", () => {
  class Inner extends nn.Module {
    forward(x: Tensor): Tensor {
      return x.add(1);
    }
  }
  class Outer extends Inner {
    override forward(x: Tensor): Tensor {
      return super.forward(x).mul(2);
    }
  }
  const module = new Outer();
  let calls = 0;
  module.registerForwardHook(() => void calls++);
  expect(module.forward(ones([1])).itemSync()).toBe(4);
  expect(calls).toBe(1);
});

test('backward hooks see the gradients, which stay theirs', () => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(3, 2), new nn.Linear(2, 1));
  const seen: { inputs: (Tensor | null)[]; outputs: (Tensor | null)[]; norm: Tensor }[] = [];
  const layer = model.at(1) as nn.Linear;
  layer.registerFullBackwardHook((_, inputs, outputs) => {
    seen.push({ inputs: [...inputs], outputs: [...outputs], norm: inputs[0]!.norm() });
  });
  model.forward(x()).sum().backward();
  const [{ inputs, outputs, norm }] = seen as [(typeof seen)[0]];
  expect([...outputs[0]!.dataSync()]).toEqual([1, 1]);
  const w = [...layer.weight.dataSync()];
  expect([...inputs[0]!.dataSync()]).toEqual([...w, ...w]);
  expect(norm.itemSync()).toBeCloseTo(Math.SQRT2 * Math.hypot(...w), 6);
});

test('without an input that needs a gradient the hook sees null', () => {
  const layer = new nn.Linear(3, 2);
  const seen: unknown[] = [];
  layer.registerFullBackwardHook((_, inputs, outputs) => void seen.push(inputs, outputs[0]!.shape));
  layer.forward(x()).sum().backward();
  expect(seen).toEqual([[null], [2, 2]]);
  noGrad(() => layer.forward(x()));
  expect(layer.weight.grad!.shape).toEqual([2, 3]);
});

test("several outputs, of which one isn't used", () => {
  class Two extends nn.Module {
    override forward(x: Tensor, factor: number): [Tensor, Tensor, string] {
      return [x.mul(factor), x.add(1), 'text'];
    }
  }
  const module = new Two();
  const seen: unknown[] = [];
  module.registerFullBackwardHook((_, inputs, outputs) => {
    seen.push(
      inputs.map((g) => g?.toArraySync() ?? null),
      outputs.map((g) => g?.toArraySync() ?? null),
    );
  });
  const input = ones([1]).requiresGrad_();
  const [y, , text] = module.forward(input, 3);
  expect(text).toBe('text');
  y.sum().backward();
  expect(seen).toEqual([
    [[3], null],
    [[1], null, null],
  ]);
});

test('second derivatives, and a step inside tidy', () => {
  const layer = new nn.Linear(3, 1);
  let calls = 0;
  layer.registerFullBackwardHook(() => void calls++);
  const input = x().requiresGrad_();
  layer.forward(input).square().sum().backward(null, { createGraph: true });
  expect(input.grad!.requiresGrad).toBe(true);
  layer.zeroGrad();
  input.grad!.sum().backward();
  expect(layer.weight.grad!.shape).toEqual([1, 3]);
  expect(calls).toBeGreaterThan(0);
  layer.zeroGrad();
  tidy(() => layer.forward(x().requiresGrad_()).sum().backward());
  expect(layer.weight.grad!.shape).toEqual([1, 3]);
});

test('what hooks return has the kind of what it stands for', () => {
  const layer = new nn.Linear(3, 2);
  function clampOutput(): unknown {
    return 3;
  }
  const refused = (hook: unknown, message: string): void => {
    const handle = layer.registerForwardHook(hook as never);
    expect(() => layer.forward(x())).toThrow(message);
    handle.remove();
  };
  refused(
    clampOutput,
    'Linear: the forward hook clampOutput must return a tensor, or nothing, but returned 3',
  );
  refused(() => null, 'Linear: the forward hook must return a tensor, or nothing, but returned null');
  refused(
    async () => ones([1]),
    "Linear: the forward hook must return a tensor, or nothing, but returned a Promise\n  hint: hooks can't be async",
  );
  for (const [hook, message] of [
    [() => [3], 'the forward pre-hook must return a tensor, or nothing, but returned 3'],
    [() => null, 'the forward pre-hook must return a list of all inputs, or nothing, but returned null'],
    [async () => [x()], 'must return a list of all inputs, or nothing, but returned a Promise'],
  ] as const) {
    const handle = layer.registerForwardPreHook(hook as never);
    expect(() => layer.forward(x())).toThrow(message);
    handle.remove();
  }
  class Halves extends nn.Module {
    override forward(x: Tensor): [Tensor, Tensor] {
      return [x, x];
    }
  }
  const halves = new Halves();
  const handle = halves.registerForwardHook((() => x()) as never);
  expect(() => halves.forward(x())).toThrow(
    'Halves: the forward hook must return a list, or nothing, but returned a Tensor',
  );
  handle.remove();
  halves.registerForwardHook((_, __, [a, b]): [Tensor, Tensor] => [b, a.mul(2)]);
  expect(halves.forward(x())[1].sum().itemSync()).toBe(30);
});

test('mistakes of hooks, and where they happen', () => {
  const model = new nn.Sequential(new nn.Linear(3, 3), new nn.Linear(3, 2));
  const layer = model.at(1) as nn.Linear;
  const pre = layer.registerForwardPreHook(((_: nn.Module, [x]: [Tensor]) => x) as never);
  expect(() => model.forward(x())).toThrow(
    'Linear (1): the forward pre-hook must return a list of all inputs, or nothing, but returned a Tensor\n  hint: return [x]',
  );
  pre.remove();
  const returning = (grads: (Tensor | null)[]) => () => {
    const handle = layer.registerFullBackwardHook(() => grads);
    try {
      model.forward(x()).sum().backward();
    } finally {
      handle.remove();
    }
  };
  expect(returning([])).toThrow(
    'Linear: a backward hook must return nothing, or a gradient or null for each of the 1 inputs',
  );
  expect(returning([ones([3])])).toThrow(/Linear: a backward hook returned a gradient of the wrong shape/);
  const first = model.at(0).registerFullBackwardHook(() => [ones([2, 3])]);
  expect(() => model.forward(x()).sum().backward()).toThrow(
    'Linear: a backward hook returned a gradient for input 0, which has none',
  );
  first.remove();
  expect(() => layer.registerForwardHook(3 as never)).toThrow('Linear: a hook must be a function, got 3');
  layer.registerFullBackwardHook(() => undefined);
  class InPlace extends nn.Module {
    override forward(x: Tensor): Tensor {
      return x.add_(1);
    }
  }
  const changing = new InPlace();
  changing.registerFullBackwardHook(() => undefined);
  expect(() => changing.forward(x().requiresGrad_().mul(1))).toThrow(
    "a view can't be changed in place if backward hands its gradient to your code",
  );
});

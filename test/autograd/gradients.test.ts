import { afterAll, describe, expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import {
  gradcheck,
  gradgradcheck,
  ones,
  randn,
  setEngine,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';

const leaf = (): Tensor => ones([2]).requiresGrad_();

describe.each([
  ['native', 'wasm'],
  ['wasm', 'native'],
] as const)("gradients that can't be, on %s", (engine, other) => {
  const on = (work: () => unknown) => () => {
    setEngine(engine);
    work();
  };
  afterAll(() => {
    setEngine('native');
  });

  test('another engine, dtype, shape or kind of thing', () => {
    const set = (value: unknown) =>
      on(() => Object.assign(leaf(), { grad: typeof value === 'function' ? value() : value }));
    expect(set(() => ones([2]).to(other))).toThrow(
      `grad: the gradient is on engine ${other}, the tensor on ${engine}`,
    );
    expect(set(() => tensor([1, 1], { dtype: 'int32' }))).toThrow(
      'grad: the gradient is int32, the tensor is float32',
    );
    expect(set(() => ones([3]))).toThrow("grad: the gradient's shape doesn't match the tensor's");
    expect(set(3)).toThrow('grad: a gradient must be a tensor, got 3');
  });

  test('what a hook returns', () => {
    const hooked = (hook: (grad: Tensor) => Tensor) =>
      on(() => {
        const x = leaf();
        x.registerHook(hook);
        x.sum().backward();
      });
    expect(hooked((g) => g.to(other))).toThrow(`registerHook: the gradient is on engine ${other}`);
    expect(hooked((g) => g.to('float64'))).toThrow(
      'registerHook: the gradient is float64, the tensor is float32',
    );
    expect(hooked((() => 3) as never)).toThrow('registerHook: a gradient must be a tensor, got 3');
  });

  test('memory that was given back is never written', () => {
    const given = (): [Tensor, Tensor] => {
      const x = leaf();
      const grad = ones([2]);
      x.grad = grad;
      return [x, grad];
    };
    const disposed = 'was disposed';
    expect(
      on(() => {
        const [x, grad] = given();
        grad.dispose();
        x.sum().backward();
      }),
    ).toThrow(disposed);
    expect(
      on(() => {
        const [x, grad] = given();
        grad.dispose();
        nn.utils.clipGradNorm_([x], 1);
      }),
    ).toThrow(disposed);
    expect(
      on(() => {
        const [x] = given();
        const optimizer = new optim.SGD([x], { lr: 1 });
        x.dispose();
        optimizer.step();
      }),
    ).toThrow(disposed);
    expect(
      on(() => {
        const mean = zeros([4]);
        mean.dispose();
        F.batchNorm(randn([3, 4]), mean, ones([4]), { training: true });
      }),
    ).toThrow(disposed);
  });

  test('running statistics of another engine', () => {
    const statistics = (): [Tensor, Tensor] => [zeros([4]).to(other), ones([4]).to(other)];
    expect(on(() => F.batchNorm(randn([3, 4]), ...statistics(), { training: true }))).toThrow(
      `batchNorm: runningMean is on engine ${other}, x on ${engine}`,
    );
  });
});

test.each([gradcheck, gradgradcheck])('%o wants a function of tensors', (check) => {
  const x = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
  const { name } = check;
  expect(() => check(3 as never, [x])).toThrow(`${name}: f must be a function, got 3`);
  expect(() => check((() => undefined) as never, [x])).toThrow(
    `${name}: f must return a tensor or a list of tensors, got undefined`,
  );
});

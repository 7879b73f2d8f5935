import { describe, expect, test } from 'vitest';
import { setEngine } from '../../src/engine/registry.js';
import * as F from '../../src/functional.js';
import {
  AutogradError,
  backward,
  DisposedError,
  detectAnomaly,
  enableGrad,
  grad,
  NonFiniteError,
  noGrad,
  ones,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  tidy,
} from '../../src/index.js';
import * as optim from '../../src/optim/index.js';
import { testEngines } from '../helpers/engines.js';

const leaf = (values: number | number[] | number[][]): Tensor => tensor(values).requiresGrad_();

describe.each(testEngines)('backward on %s', (engine) => {
  setEngine(engine);

  test('adds into grad of leaves', async () => {
    const x = leaf([1, 2, 3]);
    x.mul(x).sum().backward();
    expect(await x.grad!.toArray()).toEqual([2, 4, 6]);
    x.mul(2).sum().backward();
    expect(await x.grad!.toArray()).toEqual([4, 6, 8]);
  });

  test('a tensor used several times collects all its gradients', async () => {
    const x = leaf([2, 3]);
    const y = x.mul(3);
    const z = y.mul(y).add(y).add(x);
    z.sum().backward();
    expect(await x.grad!.toArray()).toEqual([2 * 9 * 2 + 3 + 1, 2 * 9 * 3 + 3 + 1]);
  });

  test("a gradient that reaches two leaves isn't shared between them", async () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    a.add(b).mul(2).sum().backward();
    a.grad!.mul_(10);
    expect(await b.grad!.toArray()).toEqual([2, 2]);
  });

  test('starts from a given gradient', async () => {
    const x = leaf([1, 2]);
    x.mul(3).backward(tensor([1, 10]));
    expect(await x.grad!.toArray()).toEqual([3, 30]);
    const wrong = x.mul(3);
    expect(() => wrong.backward(tensor([1, 2, 3]))).toThrow(ShapeError);
  });

  test('starts from several roots', async () => {
    const x = leaf([1, 2]);
    backward([x.sum(), x.mul(x).sum()]);
    expect(await x.grad!.toArray()).toEqual([3, 5]);
  });

  test('second derivatives', async () => {
    const x = leaf([2, 3]);
    const [dx] = grad(x.pow(3).sum(), x, { createGraph: true });
    expect(await dx!.toArray()).toEqual([12, 27]);
    const [ddx] = grad(dx!.sum(), x);
    expect(await ddx!.toArray()).toEqual([12, 18]);
    expect(x.grad).toBeNull();
  });

  test('grad of intermediate results', async () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const [dy, dx] = grad(y.mul(y).sum(), [y, x]);
    expect(await dy!.toArray()).toEqual([4, 8]);
    expect(await dx!.toArray()).toEqual([8, 16]);
  });

  test('gradients survive the tidy in which they were made', async () => {
    const x = leaf([1, 2, 3]);
    const loss = tidy(() => {
      const y = x.mul(x).sum();
      y.backward();
      return y;
    });
    expect(await loss.item()).toBe(14);
    expect(await x.grad!.toArray()).toEqual([2, 4, 6]);
  });

  test('zeroGrad gives gradients back inside a tidy, and leaves them alone outside', async () => {
    const x = leaf([1, 2, 3]);
    const step = (): Tensor => {
      const before = x.grad!;
      const loss = x.mul(x).sum();
      new optim.SGD([x], { lr: 0.1 }).zeroGrad();
      expect(x.grad).toBeNull();
      loss.backward();
      return before;
    };
    x.sum().backward();
    expect(await step().toArray()).toEqual([1, 1, 1]);
    let before: Tensor;
    tidy(() => {
      before = step();
    });
    expect(await x.grad!.toArray()).toEqual([2, 4, 6]);
    expect(() => before.add(1)).toThrow(
      'was disposed\n  disposed by zeroGrad inside tidy; clone() a gradient to keep it',
    );
  });

  test("what backward consumed isn't what others see", async () => {
    const x = randn([64, 64]).requiresGrad_();
    const y = x.relu();
    const z = y.mul(2);
    z.sum().backward();
    const again = noGrad(() => x.relu().mul(2));
    expect(await z.toArray()).toEqual(await again.toArray());
  });

  test('hooks see and replace gradients', async () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const seen: Tensor[] = [];
    const remove = y.registerHook((g) => {
      seen.push(g);
      return g.mul(10);
    });
    y.sum().backward();
    expect(await seen[0]!.toArray()).toEqual([1, 1]);
    expect(await x.grad!.toArray()).toEqual([20, 20]);
    remove();
    x.grad = null;
    y.detach();
    x.mul(2).sum().backward();
    expect(await x.grad!.toArray()).toEqual([2, 2]);
  });

  test('in-place operations take part in the graph', async () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    y.add_(1);
    y.mul(y).sum().backward();
    expect(await x.grad!.toArray()).toEqual([12, 20]);
  });

  test('noGrad, enableGrad and detach', async () => {
    const x = leaf([1]);
    expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
    expect(noGrad(() => enableGrad(() => x.mul(2))).requiresGrad).toBe(true);
    expect(x.mul(2).detach().requiresGrad).toBe(false);
  });
});

describe('errors of autograd', () => {
  const x = leaf([1, 2]);

  test('a freed graph', () => {
    const y = x.mul(x).sum();
    y.backward();
    expect(() => y.backward()).toThrow(AutogradError);
    expect(() => y.backward()).toThrow(/second time.*\n.*retainGraph: true/);
    const z = x.mul(x).sum();
    z.backward(null, { retainGraph: true });
    expect(() => z.backward()).not.toThrow();
  });

  test('a changed saved tensor', () => {
    const w = ones([2]);
    const y = x.mul(w).sum();
    w.add_(1);
    expect(() => y.backward()).toThrow(
      /mul: a tensor saved for backward, float32 \[2\], was changed in place: version \d+ was saved, it is now \d+/,
    );
  });

  test("a root that isn't a scalar", () => {
    expect(() => x.mul(2).backward()).toThrow(/root has 2 elements.*\n.*mean\(\) or sum\(\)/);
  });

  test('a root without a gradient', () => {
    expect(() => ones([1]).backward()).toThrow(/doesn't require grad/);
    expect(() => noGrad(() => x.sum()).backward()).toThrow(/doesn't require grad/);
  });

  test('the gradient of an integer', () => {
    expect(() => tensor([1, 2], { dtype: 'int32' }).requiresGrad_()).toThrow(
      /only floating tensors have gradients, this one is int32/,
    );
    expect(() => tensor(3, { dtype: 'int32' }).backward()).toThrow(
      /only floating tensors have gradients, the root is int32/,
    );
  });

  test("an input that doesn't matter", () => {
    const unused = leaf([1]);
    expect(() => grad(x.sum(), unused)).toThrow(/don't depend on input 1.*\n.*allowUnused/);
    expect(grad(x.sum(), unused, { allowUnused: true })).toEqual([null]);
    expect(() => grad(x.sum(), ones([1]))).toThrow(/input 1 doesn't require grad/);
  });

  test('a leaf changed in place', () => {
    expect(() => x.add_(1)).toThrow(/a leaf that requires grad can't be changed in place/);
    expect(() => noGrad(() => x.add_(0))).not.toThrow();
  });

  test('a view of a leaf changed in place', () => {
    const view = x.view([2, 1]);
    expect(() => view.add_(1)).toThrow(AutogradError);
    expect(() => view.add_(1)).toThrow(
      /a view of a leaf that requires grad can't be changed in place.*\n {2}hint: change it inside noGrad/,
    );
    expect(() => noGrad(() => view.add_(0))).not.toThrow();
  });

  test('a disposed tensor', () => {
    const y = ones([3000]);
    y.dispose();
    expect(() => y.add(1)).toThrow(DisposedError);
    expect(() => y.add(1)).toThrow(
      /operand 1, float32 \[3000\], was disposed\n {2}disposed.*backward\.test\.ts/s,
    );
    const w = ones([2]);
    const z = x.mul(w).sum();
    w.dispose();
    expect(() => z.backward()).toThrow(/a tensor saved for backward.*was disposed/s);
  });

  test('anomaly mode names the operation', () => {
    const bad = leaf([-1]);
    expect(() => detectAnomaly(() => bad.log())).toThrow(NonFiniteError);
    expect(() => detectAnomaly(() => bad.log())).toThrow(
      /log: forward made a NaN in a float32 tensor \[1\]; its operands have none/,
    );
    expect(() => detectAnomaly(() => leaf([0]).sqrt().mul(0).sum().backward())).toThrow(
      /sqrt: backward made a NaN/,
    );
  });
});

test('losses reach the parameters of a small network', async () => {
  const w = randn([3, 4]).requiresGrad_();
  const loss = F.crossEntropy(randn([5, 4]).matmul(w.t()), tensor([0, 1, 2, 0, 1], { dtype: 'int32' }));
  loss.backward();
  expect(w.grad!.shape).toEqual([3, 4]);
});

test('retainGrad keeps the gradient of a result, and adds up', () => {
  const x = tensor([1, 2]).requiresGrad_();
  const y = x.mul(3);
  y.retainGrad();
  y.retainGrad();
  y.square().sum().backward(null, { retainGraph: true });
  expect(y.grad!.toArraySync()).toEqual([6, 12]);
  y.sum().backward();
  expect(y.grad!.toArraySync()).toEqual([7, 13]);
  x.retainGrad();
  expect(() => tensor([1]).retainGrad()).toThrow(
    "retainGrad: the tensor doesn't require grad; there'd be no gradient",
  );
});

/** Checkpointed parts of a network: the same values and gradients, with less memory. */
import { expect, test } from 'vitest';
import { ArgumentError, AutogradError } from '../../src/core/errors.js';
import {
  checkpoint,
  grad,
  gradcheck,
  gradgradcheck,
  manualSeed,
  noGrad,
  rand,
  randn,
  setEngine,
  type Tensor,
  tidy,
} from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import { watchAllocations } from '../../src/tensor/memory.js';
import { testEngines } from '../helpers/engines.js';

const wrong = (value: unknown): never => value as never;

setEngine(testEngines[0]!);

/** Value, gradients, and the next random number of a network with dropout. */
function run(forward: (layers: nn.TransformerEncoderLayer[], x: Tensor) => Tensor): Tensor[] {
  manualSeed(1);
  const layers = [0, 1, 2].map(
    () => new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 8, dropout: 0.3, batchFirst: true }),
  );
  const x = randn([2, 3, 4], { requiresGrad: true });
  const y = forward(layers, x);
  y.pow(3).sum().backward();
  const grads = layers.flatMap((layer) => layer.parameters()).map((p) => p.grad!);
  return [y.detach(), x.grad!, ...grads, rand([1])];
}

const plain = (layers: nn.TransformerEncoderLayer[], x: Tensor): Tensor =>
  layers.reduce((h, layer) => layer.forward(h), x);

const each = (layers: nn.TransformerEncoderLayer[], x: Tensor): Tensor =>
  layers.reduce((h, layer) => checkpoint((v: Tensor) => layer.forward(v), h), x);

const nested = (layers: nn.TransformerEncoderLayer[], x: Tensor): Tensor =>
  checkpoint((h: Tensor) => each(layers, h), x);

test.each([
  ['each layer', each],
  ['nested', nested],
  ['in tidy', (layers: nn.TransformerEncoderLayer[], x: Tensor) => tidy(() => nested(layers, x))],
])('%s: the same values, gradients, and random numbers', (_, forward) => {
  const expected = run(plain);
  const found = run(forward);
  found.forEach((value, i) => {
    expect(value.allcloseSync(expected[i]!, { rtol: 1e-5, atol: 1e-6 }), `${i}`).toBe(true);
  });
  expect(found.at(-1)!.equalSync(expected.at(-1)!)).toBe(true);
});

test('what f closes over gets its gradient, results of the graph too', () => {
  const w = randn([3], { requiresGrad: true });
  const outer = w.mul(2);
  const x = randn([3]);
  checkpoint((v: Tensor) => v.mul(outer).mul(w).sin(), x)
    .sum()
    .backward();
  const found = w.grad!;
  const [expected] = grad(x.mul(w.mul(2)).mul(w).sin().sum(), [w]);
  expect(found.allcloseSync(expected!)).toBe(true);
});

test('several results, other arguments, and results without a gradient', () => {
  const x = randn([4], { requiresGrad: true });
  const [a, b, c] = checkpoint(
    (v: Tensor, factor: number) => [v.mul(factor), v.exp(), v.gt(0)] as const,
    x,
    3,
  );
  expect(c.dtype).toBe('bool');
  expect(c.requiresGrad).toBe(false);
  const [dx] = grad(a.sum().add(b.sum()), [x], { retainGraph: true });
  expect(dx!.allcloseSync(x.exp().add(3))).toBe(true);
  const [only] = grad(b.sum(), [x]);
  expect(only!.allcloseSync(x.exp())).toBe(true);
  const same = checkpoint((v: Tensor) => v, x);
  expect(same).not.toBe(x);
  expect(grad(same.sum(), [x])[0]!.sum().itemSync()).toBe(4);
  expect(x.gradFn).toBeNull();
});

test('derivatives of any order, and a second backward', () => {
  const x = randn([3], { dtype: 'float64', requiresGrad: true });
  const f = (v: Tensor): Tensor => checkpoint((u: Tensor) => u.sin().mul(u), v.mul(2));
  gradcheck(f as never, [x]);
  gradgradcheck(f as never, [x]);
  const y = f(x).sum();
  const [first] = grad(y, [x], { retainGraph: true });
  const [second] = grad(y, [x]);
  expect(first!.equalSync(second!)).toBe(true);
  expect(() => grad(y, [x])).toThrow('backward a second time through the same graph');
});

test('a hook of a leaf or a result outside sees its whole gradient, once', () => {
  const w = randn([2], { requiresGrad: true });
  const seen: number[] = [];
  w.registerHook((g) => void seen.push(g.count));
  const outer = w.mul(2);
  outer.registerHook((g) => void seen.push(-g.count));
  checkpoint((v: Tensor) => v.mul(w), outer)
    .sum()
    .backward();
  expect(seen).toEqual([-2, 2]);
});

test('without a graph it is just f', () => {
  const x = randn([3], { requiresGrad: true });
  let runs = 0;
  const f = (v: Tensor): Tensor => {
    runs++;
    return v.mul(2);
  };
  expect(noGrad(() => checkpoint(f, x)).requiresGrad).toBe(false);
  expect(checkpoint(f, x.detach()).requiresGrad).toBe(false);
  expect(runs).toBe(2);
  checkpoint(f, x).sum().backward();
  expect(runs).toBe(4);
});

test('a change in place before backward is an error', () => {
  const linear = new nn.Linear(3, 3);
  const y = checkpoint((v: Tensor) => linear.forward(v), randn([2, 3]));
  noGrad(() => linear.weight.add_(1));
  expect(() => y.sum().backward()).toThrow('was changed in place');
});

test('only the results stay in memory until backward, and only gradients after it', () => {
  const layers = [0, 1, 2, 3].map(() => new nn.Linear(8, 8));
  const x = randn([2, 8], { requiresGrad: true });
  const forward = (v: Tensor): Tensor => layers.reduce((h, layer) => layer.forward(h).tanh(), v);
  /** How many tensors are alive after `work`. */
  const alive = (work: () => unknown): number =>
    watchAllocations(work).allocated.filter(({ disposedAt }) => disposedAt === undefined).length;
  expect(alive(() => forward(x))).toBe(8);
  expect(alive(() => checkpoint(forward, x))).toBe(1);
  const y = checkpoint(forward, x).sum();
  // Of x, and of each weight and bias.
  expect(alive(() => grad(y, [x, ...layers.flatMap((layer) => layer.parameters())]))).toBe(9);
});

test.each<[string, new (...args: never[]) => Error, () => unknown]>([
  ['checkpoint: f must be a function, got undefined', ArgumentError, () => checkpoint(wrong(undefined))],
  [
    'checkpoint: f must return a tensor or a list of tensors, got 3',
    AutogradError,
    () =>
      checkpoint(
        wrong(() => 3),
        randn([2]),
      ),
  ],
  [
    'checkpoint: f must be synchronous',
    AutogradError,
    () =>
      checkpoint(
        wrong(async () => randn([2])),
        randn([2]),
      ),
  ],
  [
    'checkpoint: f returned [2] at first, and [1] when run again for backward\n  hint: f must do the same both times',
    AutogradError,
    () => {
      let n = 3;
      checkpoint((x: Tensor) => x.narrow(0, 0, --n), randn([3], { requiresGrad: true }))
        .sum()
        .backward();
    },
  ],
])('refuses: %s', (message, kind, work) => {
  expect(work).toThrow(message);
  expect(work).toThrow(kind);
});

/** Attention with several heads: what it hides, returns, prints, counts, and refuses. */
import { afterAll, describe, expect, test } from 'vitest';
import { ArgumentError, DTypeError, MyelinError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import {
  grad,
  gradcheck,
  gradgradcheck,
  manualSeed,
  ones,
  randn,
  setEngine,
  slice,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { allEngines, testEngines } from '../../helpers/engines.js';

const wrong = (value: unknown): never => value as never;
const bools = (rows: readonly (readonly number[])[]): Tensor => tensor(rows as number[][]).to('bool');

setEngine(testEngines[0]!);

describe.each(allEngines)('on %s', (engine) => {
  afterAll(() => setEngine(testEngines[0]!));

  test('what is hidden has no influence, however it is hidden', async () => {
    setEngine(engine);
    manualSeed(3);
    const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
    const x = randn([2, 5, 8]);
    const later = ones([5, 5]).triu(1);
    const causal = { isCausal: true } as const;
    const masked = { attnMask: later.to('bool') };
    const added = { attnMask: later.mul(-1e9) };
    const padding = bools([
      [0, 0, 0, 0, 0],
      [0, 0, 0, 1, 1],
    ]);
    for (const keyPaddingMask of [null, padding]) {
      const [expected, weights] = attention.forward(x, x, x, { ...masked, keyPaddingMask });
      for (const masks of [causal, masked, added])
        for (const needWeights of [true, false]) {
          const [output, found] = attention.forward(x, x, x, { ...masks, keyPaddingMask, needWeights });
          expect(await output.allclose(expected, { atol: 1e-6 })).toBe(true);
          if (needWeights) expect(await found!.allclose(weights, { atol: 1e-6 })).toBe(true);
          else expect(found).toBeNull();
        }
    }
    // The second sequence by itself, without its padding.
    const [padded] = attention.forward(x, x, x, { keyPaddingMask: padding, needWeights: false });
    const alone = x.at(1, slice(0, 3));
    const [own] = attention.forward(alone, alone, alone);
    expect(await padded.at(1, slice(0, 3)).allclose(own, { atol: 1e-6 })).toBe(true);
  });

  test('a query that sees nothing gets zeros, and no gradient', async () => {
    setEngine(engine);
    manualSeed(4);
    const attention = new nn.MultiheadAttention(4, 2, { batchFirst: true });
    const x = randn([2, 3, 4], { requiresGrad: true });
    const keyPaddingMask = bools([
      [1, 1, 1],
      [0, 0, 1],
    ]);
    for (const needWeights of [true, false]) {
      const [output, weights] = attention.forward(x, x, x, { keyPaddingMask, needWeights });
      expect(await output.at(0).abs().sum().item()).toBe(0);
      if (weights) expect(await weights.at(0).abs().sum().item()).toBe(0);
      const [dx] = grad(output.sum(), [x]);
      expect(await dx!.at(0).abs().sum().item()).toBe(0);
      expect(await dx!.isfinite().all().item()).toBeTruthy();
    }
  });
});

test('gradients of any order, in float64, of operands and a learned mask', () => {
  manualSeed(2);
  const attention = new nn.MultiheadAttention(4, 2, {
    kdim: 3,
    addBiasKv: true,
    addZeroAttn: true,
    dtype: 'float64',
  });
  const double = (...shape: number[]): Tensor => randn(shape, { dtype: 'float64', requiresGrad: true });
  for (const needWeights of [true, false]) {
    const run = (q: Tensor, k: Tensor, v: Tensor, attnMask: Tensor, ..._: Tensor[]): Tensor =>
      attention.forward(q, k, v, { attnMask, needWeights })[0];
    const inputs = [double(2, 2, 4), double(3, 2, 3), double(3, 2, 4), double(2, 3)] as const;
    gradcheck(run as never, [...inputs, ...attention.parameters()]);
    gradgradcheck(run as never, inputs as never);
  }
});

test('each head attends by itself, and the output mixes them', async () => {
  manualSeed(6);
  const attention = new nn.MultiheadAttention(6, 3, { batchFirst: true });
  const x = randn([2, 4, 6]);
  const [output, weights] = attention.forward(x, x, x, { averageAttnWeights: false });
  expect(weights.shape).toEqual([2, 3, 4, 4]);
  const [q, k, v] = attention.inProjWeight!.chunk(3).map((w) => x.matmul(w.t()));
  const heads = [0, 1, 2].map((h) => {
    const own = (y: Tensor): Tensor => y.at(slice(), slice(), slice(2 * h, 2 * h + 2));
    const scores = own(q!).matmul(own(k!).transpose(1, 2)).div(Math.sqrt(2));
    const alpha = scores.softmax(-1);
    expect(weights.at(slice(), h).allcloseSync(alpha, { atol: 1e-6 })).toBe(true);
    return alpha.matmul(own(v!));
  });
  const [a, b, c] = heads as [Tensor, Tensor, Tensor];
  const mixed = attention.outProj.forward(
    F.pad(a, [0, 4])
      .add(F.pad(b, [2, 2]))
      .add(F.pad(c, [4, 0])),
  );
  expect(output.allcloseSync(mixed, { atol: 1e-6 })).toBe(true);
});

test('keys and shapes of the weights are those of PyTorch', () => {
  const keys = (module: nn.Module): string[] =>
    Object.entries(module.stateDict()).map(([key, x]) => `${key} ${x.shape}`);
  expect(keys(new nn.MultiheadAttention(6, 2))).toEqual([
    ...['in_proj_weight 18,6', 'in_proj_bias 18', 'out_proj.weight 6,6', 'out_proj.bias 6'],
  ]);
  expect(keys(new nn.MultiheadAttention(6, 2, { vdim: 4, addBiasKv: true }))).toEqual([
    ...['q_proj_weight 6,6', 'k_proj_weight 6,6', 'v_proj_weight 6,4', 'in_proj_bias 18'],
    ...['bias_k 1,1,6', 'bias_v 1,1,6', 'out_proj.weight 6,6', 'out_proj.bias 6'],
  ]);
});

test('a copy and another dtype work; it prints and counts', () => {
  manualSeed(1);
  const attention = new nn.MultiheadAttention(6, 2, { batchFirst: true });
  const x = randn([2, 4, 6]);
  const [output] = attention.forward(x, x, x);
  expect(attention.clone().forward(x, x, x)[0].equalSync(output)).toBe(true);
  const wide = x.to('float64');
  const [double] = attention.clone().to('float64').forward(wide, wide, wide);
  expect(double.to('float32').allcloseSync(output, { atol: 1e-6 })).toBe(true);
  expect(String(attention)).toBe(
    'MultiheadAttention(embedDim=6, numHeads=2, batchFirst=true\n' +
      '  (out_proj): Linear(inFeatures=6, outFeatures=6, bias=true)\n)',
  );
  const all = { dropout: 0.1, bias: false, addBiasKv: true, addZeroAttn: true, kdim: 3, vdim: 4 };
  expect(String(new nn.MultiheadAttention(6, 2, all)).split('\n')[0]).toBe(
    'MultiheadAttention(embedDim=6, numHeads=2, dropout=0.1, bias=false, addBiasKv=true, addZeroAttn=true, kdim=3, vdim=4',
  );
  expect(attention.multiplyAdds([x, x, x])).toBe(2 * 6 * (4 * 6 * 3 + 2 * 4 * 4));
  expect(
    nn.summary(attention, [
      [2, 4, 6],
      [2, 3, 6],
      [2, 3, 6],
    ]).multiplyAdds,
  ).toBe(2 * 6 * (4 * 6 + 3 * 12 + 2 * 4 * 3) + 2 * 4 * 6 * 6);
});

const attention = new nn.MultiheadAttention(6, 2);
const first = new nn.MultiheadAttention(6, 2, { batchFirst: true });
const x = zeros([4, 3, 6]);
const y = zeros([5, 3, 6]);

test.each<[string, new (...args: never[]) => Error, () => unknown]>([
  [
    'MultiheadAttention: embedDim must be divisible by numHeads: each head gets the same share, got 10 and 3',
    ArgumentError,
    () => new nn.MultiheadAttention(10, 3),
  ],
  [
    'MultiheadAttention: numHeads must be a whole number of at least 1, got 0',
    ArgumentError,
    () => new nn.MultiheadAttention(10, 0),
  ],
  [
    'MultiheadAttention: embedDim must be a whole number of at least 1, got undefined',
    ArgumentError,
    () => new nn.MultiheadAttention(wrong(undefined), 2),
  ],
  [
    'MultiheadAttention: kdim must be a whole number of at least 1, or null, got 0',
    ArgumentError,
    () => new nn.MultiheadAttention(6, 2, { kdim: 0 }),
  ],
  [
    "MultiheadAttention: there's no option 'batch_first'; did you mean 'batchFirst'?",
    ArgumentError,
    () => new nn.MultiheadAttention(6, 2, wrong({ batch_first: true })),
  ],
  [
    'MultiheadAttention: key must be a tensor, got undefined',
    ArgumentError,
    () => attention.forward(x, wrong(undefined), x),
  ],
  [
    'MultiheadAttention: value must be a tensor, got null',
    ArgumentError,
    () => attention.forward(x, x, wrong(null)),
  ],
  [
    'MultiheadAttention: query needs 3 axes, or 2 without a batch\n  query  (L, E)  [6]',
    ShapeError,
    () => attention.forward(zeros([6]), x, x),
  ],
  [
    'MultiheadAttention: key has 2 axes, query has 3',
    ShapeError,
    () => attention.forward(x, zeros([5, 6]), x),
  ],
  [
    'MultiheadAttention: query has the wrong number of features\n  query  (L, N, E)  [4, 3, 5]  expects E = 6\n  key',
    ShapeError,
    () => attention.forward(zeros([4, 3, 5]), y, y),
  ],
  [
    'MultiheadAttention: value has the wrong number of features',
    ShapeError,
    () => new nn.MultiheadAttention(6, 2, { vdim: 5 }).forward(x, y, y),
  ],
  [
    'MultiheadAttention: key has 2 sequences, query has 3\n  query  (L, N, E)  [4, 3, 6]\n' +
      '  key    (S, N, E)  [5, 2, 6]\n  value  (S, N, E)  [5, 2, 6]\n' +
      '  hint: if the sequences are the first axis, set batchFirst',
    ShapeError,
    () => attention.forward(x, zeros([5, 2, 6]), zeros([5, 2, 6])),
  ],
  [
    'MultiheadAttention: key has 2 sequences, query has 3\n  query  (N, L, E)  [3, 4, 6]',
    ShapeError,
    () => first.forward(zeros([3, 4, 6]), zeros([2, 5, 6]), zeros([2, 5, 6])),
  ],
  ['MultiheadAttention: value has length 4, key has 5', ShapeError, () => attention.forward(x, y, x)],
  [
    'MultiheadAttention: key is float64, the weights are float32',
    DTypeError,
    () => attention.forward(x, y.to('float64'), y),
  ],
  [
    'MultiheadAttention: query is int32, the weights are float32\n  hint: nn.Embedding makes vectors of indices',
    DTypeError,
    () => attention.forward(x.to('int32'), y, y),
  ],
  [
    'MultiheadAttention: attnMask has the wrong shape\n' +
      '  attnMask    [5, 4]  expects [4, 5], which is (L, S), or [6, 4, 5], which is (N · numHeads, L, S)',
    ShapeError,
    () => attention.forward(x, y, y, { attnMask: zeros([5, 4]) }),
  ],
  [
    'MultiheadAttention: keyPaddingMask has the wrong shape\n  keyPaddingMask    [5, 3]  expects [3, 5], which is (N, S)',
    ShapeError,
    () => attention.forward(x, y, y, { keyPaddingMask: zeros([5, 3]) }),
  ],
  [
    'expects [5], which is (S)',
    ShapeError,
    () => attention.forward(zeros([4, 6]), zeros([5, 6]), zeros([5, 6]), { keyPaddingMask: zeros([4]) }),
  ],
  [
    "MultiheadAttention: attnMask must be bool or float32, got int32\n  hint: convert it with mask.to('bool'): true hides a " +
      'position, as in PyTorch',
    DTypeError,
    () => attention.forward(x, y, y, { attnMask: zeros([4, 5], { dtype: 'int32' }) }),
  ],
  [
    "MultiheadAttention: keyPaddingMask must be bool or float32, got float64\n  hint: convert it with mask.to('float32')",
    DTypeError,
    () => attention.forward(x, y, y, { keyPaddingMask: zeros([3, 5], { dtype: 'float64' }) }),
  ],
  [
    'MultiheadAttention: attnMask must be a tensor, or null, got',
    ArgumentError,
    () => attention.forward(x, y, y, { attnMask: wrong([[0]]) }),
  ],
  [
    'MultiheadAttention: the options must be an object, got',
    ArgumentError,
    () => attention.forward(x, y, y, wrong(zeros([3, 5]))),
  ],
  ['MultiheadAttention: inputs must be a list, got 5', ArgumentError, () => attention.multiplyAdds(wrong(5))],
  [
    'MultiheadAttention: query must be a tensor, got undefined',
    ArgumentError,
    () => attention.multiplyAdds([]),
  ],
])('refuses: %s', (message, kind, work) => {
  expect(work).toThrow(message);
  expect(work).toThrow(kind);
  expect(work).toThrow(MyelinError);
});

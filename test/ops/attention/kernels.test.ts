/** The kernels of attention are its composition, at sizes that take each way through them. */
import { describe, expect, test } from 'vitest';
import { noFamilies } from '../../../src/engine/engine.js';
import * as F from '../../../src/functional.js';
import {
  arange,
  engineInfo,
  grad,
  manualSeed,
  noGrad,
  rand,
  randn,
  setEngine,
  setThreads,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import { testEngines } from '../../helpers/engines.js';
import { watched, withFamilies } from '../../helpers/families.js';

interface Case {
  /** Axes before the heads. */
  readonly batch?: readonly number[];
  readonly heads?: number;
  readonly keyHeads?: number;
  readonly queries: number;
  readonly keys?: number;
  readonly width: number;
  readonly valueWidth?: number;
  readonly options?: Omit<F.AttentionOptions, 'attnMask'>;
  readonly mask?: (scores: readonly number[]) => Tensor;
  /** How the operands lie in memory: heads in front, or as views of (N, L, H·E), or with gaps between columns. */
  readonly layout?: 'dense' | 'projection' | 'gapped';
}

/** Bool, true for a share of the elements. */
const some = (shape: readonly number[], share: number): Tensor => rand([...shape]).lt(share);

/** Bool (N, 1, 1, S): only the first keys of each sequence, fewer from one to the next. */
const padding = (scores: readonly number[]): Tensor => {
  const [n, s] = [scores[0]!, scores.at(-1)!];
  return arange(s)
    .expand([n, 1, 1, s])
    .lt(
      tensor([s, s - 1, 130, 1])
        .narrow(0, 0, n)
        .reshape([n, 1, 1, 1]),
    );
};

const cases: Readonly<Record<string, Case>> = {
  'one block': { queries: 20, keys: 30, width: 16 },
  'many blocks': { batch: [2], heads: 2, queries: 300, keys: 270, width: 64 },
  'odd sizes': { batch: [3], queries: 131, keys: 137, width: 19, valueWidth: 35 },
  narrow: { heads: 3, queries: 45, width: 1, valueWidth: 3 },
  wide: { queries: 40, keys: 150, width: 130, valueWidth: 97 },
  'few queries': { batch: [2], heads: 4, queries: 4, keys: 200, width: 32 },
  'one key': { heads: 2, queries: 150, keys: 1, width: 8 },
  'no heads': { batch: [], heads: 0, queries: 33, keys: 65, width: 24 },
  'a batch of batches': { batch: [2, 3], heads: 2, queries: 17, width: 8 },
  'one head': { queries: 700, width: 20 },
  causal: { heads: 2, queries: 400, width: 32, options: { isCausal: true } },
  'causal, more keys': { heads: 2, queries: 130, keys: 400, width: 16, options: { isCausal: true } },
  'causal, more queries': { heads: 2, queries: 400, keys: 140, width: 16, options: { isCausal: true } },
  'causal, odd': { heads: 1, queries: 277, keys: 275, width: 21, options: { isCausal: true } },
  grouped: { batch: [2], heads: 6, keyHeads: 2, queries: 140, width: 16, options: { enableGqa: true } },
  'grouped, causal': {
    ...{ heads: 4, keyHeads: 1, queries: 300, width: 16 },
    options: { enableGqa: true, isCausal: true, scale: 0.5 },
  },
  'heads of a projection': { batch: [2], heads: 3, queries: 135, width: 16, layout: 'projection' },
  'causal heads of a projection': {
    ...{ batch: [2], heads: 3, queries: 135, width: 16, layout: 'projection' },
    options: { isCausal: true },
  },
  'gapped columns': { heads: 2, queries: 20, keys: 40, width: 8, layout: 'gapped' },
  'a mask of keys': { batch: [4], heads: 2, queries: 60, keys: 300, width: 16, mask: padding },
  'a mask of one sequence': {
    heads: 2,
    queries: 150,
    keys: 200,
    width: 16,
    mask: (s) => some([s.at(-1)!], 0.5),
  },
  'a mask of all': { batch: [2], heads: 2, queries: 150, keys: 133, width: 16, mask: (s) => some(s, 0.5) },
  'a mask that hides rows': {
    batch: [2],
    heads: 1,
    queries: 150,
    keys: 133,
    width: 16,
    mask: (s) => some(s, 0.02),
  },
  'a mask of queries': {
    ...{ heads: 2, queries: 150, keys: 40, width: 16 },
    mask: (s) => some([s.at(-2)!, 1], 0.5),
  },
  'a mask that hides everything': { heads: 2, queries: 30, width: 16, mask: () => some([1], 0) },
  'a transposed mask': {
    ...{ heads: 2, queries: 140, keys: 150, width: 16 },
    mask: (s) => some([s.at(-1)!, s.at(-2)!], 0.7).t(),
  },
  'added numbers': { batch: [2], heads: 3, queries: 140, width: 16, mask: (s) => randn([...s.slice(-3)]) },
  'added numbers of keys': {
    heads: 3,
    queries: 140,
    width: 16,
    mask: (s) => randn([3, 1, s.at(-1)!]).mul(5),
  },
  'added −∞': {
    ...{ batch: [2], queries: 140, keys: 300, width: 16 },
    mask: (s) => randn([...s]).maskedFill(some(s, 0.9), Number.NEGATIVE_INFINITY),
  },
  'large scores': { heads: 2, queries: 140, width: 64, options: { scale: 8 } },
};

/** Operands, which require gradients, and a function of them. */
function attentionOf({ layout = 'dense', options, mask, ...sizes }: Case) {
  manualSeed(1);
  const {
    batch = [1],
    heads = 1,
    keyHeads = heads,
    queries,
    keys = queries,
    width,
    valueWidth = width,
  } = sizes;
  const operand = (h: number, rows: number, columns: number): Tensor => {
    const before = h === 0 ? [] : [h];
    if (layout === 'projection')
      return randn([...batch, rows, ...before, columns])
        .transpose(-2, -3)
        .detach()
        .requiresGrad_();
    const x = randn([...batch, ...before, rows, columns * (layout === 'gapped' ? 2 : 1)]);
    return (layout === 'gapped' ? x.unflatten(-1, [columns, 2]).select(-1, 0) : x).detach().requiresGrad_();
  };
  const inputs = [
    operand(heads, queries, width),
    operand(keyHeads, keys, width),
    operand(keyHeads, keys, valueWidth),
  ] as const;
  const attnMask = mask?.([...batch, heads, queries, keys]) ?? null;
  const forward = (): Tensor => F.scaledDotProductAttention(...inputs, { ...options, attnMask });
  return { inputs, forward };
}

/** The result and the gradients of its operands, which are the same each time. */
function resultsOf(of: Case): Tensor[] {
  const { inputs, forward } = attentionOf(of);
  const y = forward();
  return [y, ...grad([y], inputs, { gradOutputs: [randn(y.shape)] })];
}

const bytesOf = (xs: readonly Tensor[]): Buffer[] => xs.map((x) => Buffer.from(x.dataSync().buffer));

describe.each(testEngines)('attention kernels on %s', (engine) => {
  test.each(Object.entries(cases))('%s', (_, of) => {
    setEngine(engine);
    const called = new Set<string>();
    const own = zeros([]).engine;
    const fused = withFamilies(own, watched(own.fused, called), () => resultsOf(of));
    expect([...called].filter((name) => name.startsWith('attention'))).toHaveLength(2);
    const composed = withFamilies(own, noFamilies, () => resultsOf(of));
    fused.forEach((x, k) => {
      expect(x.shape).toEqual(composed[k]!.shape);
      const difference = x.sub(composed[k]!).abs().max().itemSync();
      const largest = Math.max(1, composed[k]!.abs().max().itemSync());
      expect(difference / largest, `result ${k}`).toBeLessThan(2e-5);
    });
  });

  test('without a backward pass, the same results', () => {
    setEngine(engine);
    for (const [name, of] of Object.entries(cases)) {
      const { forward } = attentionOf(of);
      const [a, b] = [bytesOf([noGrad(forward)]), bytesOf([forward()])];
      expect(a[0]!.equals(b[0]!), name).toBe(true);
    }
  });

  test('the same bits on any number of threads', () => {
    setEngine(engine);
    const before = engineInfo().threads;
    for (const [name, of] of Object.entries(cases)) {
      const [one, ...others] = [1, 2, 3].map((threads) => {
        setThreads(threads);
        return bytesOf(resultsOf(of));
      });
      setThreads(before);
      for (const other of others)
        expect(
          other.every((bytes, i) => bytes.equals(one![i]!)),
          name,
        ).toBe(true);
    }
  });

  test('a query that sees nothing gets zeros, and no gradient flows through it', () => {
    setEngine(engine);
    const { inputs, forward } = attentionOf(cases['a mask that hides everything']!);
    const y = forward();
    for (const x of [y, ...grad([y.sum()], inputs)]) expect(x.abs().max().itemSync()).toBe(0);
  });

  test("results and gradients lie as a projection's heads do", () => {
    setEngine(engine);
    const { inputs, forward } = attentionOf(cases['heads of a projection']!);
    const y = forward();
    for (const x of [y, ...grad([y], inputs, { gradOutputs: [randn(y.shape)] })])
      expect(x.transpose(-2, -3).isContiguous()).toBe(true);
  });

  test('NaN shows', () => {
    setEngine(engine);
    const q = randn([1, 4, 4]);
    q.select(1, 1).fill_(Number.NaN);
    const y = F.scaledDotProductAttention(q, randn([1, 5, 4]), randn([1, 5, 4]));
    expect([...y.isnan().any(-1).dataSync()]).toEqual([0, 1, 0, 0]);
  });
});

import { describe, expect, test } from 'vitest';
import { DataLoader, Dataset } from '../../src/data/index.js';
import { oneHot } from '../../src/functional.js';
import { cat, Generator, manualSeed, type Tensor } from '../../src/index.js';
import {
  BpttBatches,
  BucketBatchSampler,
  encodeTokens,
  LanguageModel,
  padBatch,
  padCollate,
  Vocab,
} from '../../src/text/index.js';

describe('padBatch', () => {
  const sequences = [[1, 2, 3], [], Int32Array.of(4, 5)];
  test('on the right', async () => {
    const { ids, lengths, mask } = padBatch(sequences, { padValue: 9 });
    expect(await ids.toArray()).toEqual([
      [1, 2, 3],
      [9, 9, 9],
      [4, 5, 9],
    ]);
    expect([ids.dtype, mask.dtype, lengths]).toEqual(['int32', 'bool', [3, 0, 2]]);
    expect(await mask.toArray()).toEqual([
      [true, true, true],
      [false, false, false],
      [true, true, false],
    ]);
  });
  test('on the left, with truncation on either side', async () => {
    const left = padBatch(sequences, { side: 'left', maxLength: 2 });
    expect(await left.ids.toArray()).toEqual([
      [1, 2],
      [0, 0],
      [4, 5],
    ]);
    expect(left.lengths).toEqual([2, 0, 2]);
    const tail = padBatch(sequences, { side: 'left', maxLength: 2, truncate: 'left' });
    expect(await tail.ids.toArray()).toEqual([
      [2, 3],
      [0, 0],
      [4, 5],
    ]);
    expect(await padBatch([[1], [2, 3]], { side: 'left' }).mask.toArray()).toEqual([
      [false, true],
      [true, true],
    ]);
  });
  test('encoded tokens become one-hot', async () => {
    const { ids } = padBatch([new Vocab(['a', 'b', 'c']).lookupIndices(['c', 'a'])]);
    expect(await oneHot(ids, 3).toArray()).toEqual([
      [
        [0, 0, 1],
        [1, 0, 0],
      ],
    ]);
  });
  test('errors', () => {
    expect(() => padBatch([])).toThrow('padBatch: needs a list of sequences with at least one, got []');
    expect(() => padBatch(['ab' as never])).toThrow(
      "padBatch: sequence 0 must be an Int32Array or a list of numbers, got 'ab'",
    );
    expect(() => padBatch([[1], [2, 0.5]])).toThrow(
      'padBatch: number 1 of sequence 1 must be a whole number that fits into int32, got 0.5',
    );
    expect(() => padBatch([[2 ** 31]])).toThrow(
      'must be a whole number that fits into int32, got 2147483648',
    );
    const long = new Int32Array(2 ** 16);
    expect(() => padBatch(new Array<Int32Array>(2 ** 15).fill(long))).toThrow(
      'padBatch: 32768 sequences padded to 65536 would have 2³¹ numbers or more; pass maxLength',
    );
    expect(() => padBatch([[1]], { maxLength: 0 })).toThrow('maxLength must be a whole number of at least 1');
  });
});

describe('padCollate', () => {
  const collate = padCollate({ padValue: 7 });
  test('sequences are padded, the rest is collated as usual', async () => {
    const [x, label, name] = collate<[number[], number, string]>([
      [[1], 0, 'a'],
      [[2, 3], 1, 'b'],
    ]);
    expect(await x.ids.toArray()).toEqual([
      [1, 7],
      [2, 3],
    ]);
    expect(await label.toArray()).toEqual([0, 1]);
    expect(name).toEqual(['a', 'b']);
    expect(await collate([[1], [2, 3]]).ids.toArray()).toEqual([
      [1, 7],
      [2, 3],
    ]);
  });
  test('examples that differ', () => {
    expect(() =>
      collate([
        [[1], 'a'],
        [[1], 'a', 'b'],
      ] as never),
    ).toThrow("padCollate: example 0 has 2 parts, example 1 is [[…], 'a', 'b']");
  });
});

describe('BucketBatchSampler', () => {
  const random = Int32Array.from({ length: 1003 }, (_, i) => (i * 7919) % 97);
  const groups = (options: Partial<ConstructorParameters<typeof BucketBatchSampler>[1]> = {}): number[][] => [
    ...new BucketBatchSampler(random, { batchSize: 10, bucketBatches: 20, ...options }),
  ];

  test('every example once, in batches of similar length', () => {
    const batches = groups({ generator: new Generator(1) });
    expect(batches.length).toBe(101);
    expect(new BucketBatchSampler(random, { batchSize: 10 }).length).toBe(101);
    expect(batches.flat().sort((a, b) => a - b)).toEqual([...random.keys()]);
    const padding = batches.reduce((sum, batch) => {
      const lengths = batch.map((i) => random[i]!);
      return sum + lengths.length * Math.max(...lengths) - lengths.reduce((a, b) => a + b, 0);
    }, 0);
    expect(padding / random.reduce((a, b) => a + b, 0)).toBeLessThan(0.08);
  });

  test('the seed decides; each iteration differs', () => {
    manualSeed(3);
    const sampler = new BucketBatchSampler(random, { batchSize: 10 });
    const [first, second] = [[...sampler], [...sampler]];
    expect(first).not.toEqual(second);
    manualSeed(3);
    expect([...sampler]).toEqual(first);
    expect([...sampler]).toEqual(second);
  });

  test('dropLast, and no shuffling', () => {
    const batches = groups({ dropLast: true });
    expect([batches.length, new Set(batches.map(({ length }) => length))]).toEqual([100, new Set([10])]);
    expect(new BucketBatchSampler(random, { batchSize: 10, dropLast: true }).length).toBe(100);
    const sorted = groups({ shuffle: false }).flat();
    expect(sorted.every((i, k) => k === 0 || random[sorted[k - 1]!]! <= random[i]!)).toBe(true);
  });

  test('in a DataLoader, with padding', async () => {
    class Sequences extends Dataset<[number[], number]> {
      override readonly length = 5;
      override get(i: number): [number[], number] {
        return [new Array<number>(i + 1).fill(i), i];
      }
    }
    const loader = new DataLoader(new Sequences(), {
      batchSampler: new BucketBatchSampler([1, 2, 3, 4, 5], { batchSize: 2, shuffle: false }),
      collate: (examples: [number[], number][]) => padCollate()(examples),
    });
    const shapes: (readonly number[])[] = [];
    for await (const [x] of loader) shapes.push(x.ids.shape);
    expect(shapes).toEqual([
      [2, 2],
      [2, 4],
      [1, 5],
    ]);
  });

  test('errors', () => {
    expect(() => new BucketBatchSampler([], { batchSize: 1 })).toThrow(
      'BucketBatchSampler: there are no examples',
    );
    expect(() => new BucketBatchSampler([1, -2], { batchSize: 1 })).toThrow(
      'BucketBatchSampler: length 1 is -2; lengths must be whole numbers of at least 0',
    );
    expect(() => new BucketBatchSampler([1], {} as never)).toThrow(
      'BucketBatchSampler: the option batchSize is missing\n  hint: batchSize must be a whole number of at least 1',
    );
  });
});

describe('BpttBatches', () => {
  const ids = Int32Array.from({ length: 23 }, (_, i) => i);
  test('windows of parts side by side, each beginning where the last ended', async () => {
    const windows = [...new BpttBatches(ids, { batchSize: 2, bptt: 4 })];
    expect(windows.length).toBe(new BpttBatches(ids, { batchSize: 2, bptt: 4 }).length);
    expect(await Promise.all(windows.map(([x]) => x.toArray()))).toEqual([
      [
        [0, 1, 2, 3],
        [11, 12, 13, 14],
      ],
      [
        [4, 5, 6, 7],
        [15, 16, 17, 18],
      ],
      [
        [8, 9],
        [19, 20],
      ],
    ]);
    for (const [x, y] of windows) expect(await y.toArray()).toEqual(await x.add(1).toArray());
    const turned = [...new BpttBatches(ids, { batchSize: 2, bptt: 4, batchFirst: false })];
    expect(turned.map(([x]) => x.shape)).toEqual([
      [4, 2],
      [4, 2],
      [2, 2],
    ]);
    expect(await turned[1]![0].t().toArray()).toEqual(await windows[1]![0].toArray());
  });
  test('a language model carries its states through the windows, the shorter last one too', async () => {
    const model = new LanguageModel(23, 4);
    model.eval();
    const windows = new BpttBatches(ids, { batchSize: 2, bptt: 4 });
    let state: Parameters<LanguageModel['forward']>[1] = null;
    const logits: Tensor[] = [];
    for (const [x] of windows) {
      const [scores, next] = model.forward(x, state);
      logits.push(scores);
      state = next;
    }
    const [whole] = [...new BpttBatches(ids, { batchSize: 2, bptt: 10 })];
    const [all] = model.forward(whole![0]);
    expect(await cat(logits, 1).sub(all).abs().max().item()).toBeLessThan(1e-6);
  });
  test('errors', () => {
    expect(() => new BpttBatches([1, 2, 3], { batchSize: 2 })).toThrow(
      'BpttBatches: 3 tokens make 1 step of 2 parts; at least 2 are needed',
    );
    expect(() => new BpttBatches([1, 2.5, 3, 4], { batchSize: 2 })).toThrow(
      'BpttBatches: token 1 must be a whole number, got 2.5',
    );
  });
});

test('encodeTokens', async () => {
  await expect(encodeTokens(3 as never, new Vocab([]))).rejects.toThrow('encodeTokens: lists must be a list');
  await expect(encodeTokens([['a']], 3 as never)).rejects.toThrow(
    'encodeTokens: vocab must be a Vocab, got 3',
  );
  expect(() => padCollate()(3 as never)).toThrow(/^padCollate: examples must be a list, got 3$/m);
  const vocab = new Vocab(['a', 'b']);
  const lists = Array.from({ length: 900 }, () => ['a', 'b', 'b']);
  const ids = await encodeTokens(lists, vocab);
  expect([ids.length, [...ids.subarray(2697)]]).toEqual([2700, [0, 1, 1]]);
});

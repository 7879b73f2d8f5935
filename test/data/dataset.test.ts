import { expect, test } from 'vitest';
import { ArgumentError, IndexError, ShapeError } from '../../src/core/errors.js';
import * as data from '../../src/data/index.js';
import { arange, type Tensor, tensor } from '../../src/index.js';

const set = (): data.TensorDataset => new data.TensorDataset(arange(10), arange(20).reshape([10, 2]));

async function collect<B>(loader: AsyncIterable<B>): Promise<B[]> {
  const out: B[] = [];
  for await (const batch of loader) out.push(batch);
  return out;
}

const arrays = (batch: readonly Tensor[]): unknown[] => batch.map((t) => t.toArraySync());

test('a TensorDataset gives examples and batches', async () => {
  expect(arrays(set().get(-1))).toEqual([9, [18, 19]]);
  const loader = new data.DataLoader(set(), { batchSize: 4 });
  const batches = await collect(loader);
  expect(batches.map((b) => b[0]!.shape)).toEqual([[4], [4], [2]]);
  expect(arrays(batches[2]!)).toEqual([
    [8, 9],
    [
      [16, 17],
      [18, 19],
    ],
  ]);
});

test('a batch at once equals the collated examples', async () => {
  const subset = new data.Subset(set(), [7, 2, 2]);
  const [fast] = await collect(new data.DataLoader(subset, { batchSize: 3 }));
  const [slow] = await collect(new data.DataLoader(new data.ConcatDataset([subset]), { batchSize: 3 }));
  expect(arrays(fast!)).toEqual(arrays(slow!));
  expect(arrays(fast!)[0]).toEqual([7, 2, 2]);
});

test('ConcatDataset counts through its parts', () => {
  const both = new data.ConcatDataset([new data.Subset(set(), [1, 2]), new data.Subset(set(), [5])]);
  expect(both.length).toBe(3);
  expect(arrays(both.get(2) as Tensor[])[0]).toBe(5);
  expect(arrays(both.get(-3) as Tensor[])[0]).toBe(1);
  expect(() => both.get(3)).toThrow(IndexError);
});

test('an iterable data set is batched in its order', async () => {
  class Stream extends data.IterableDataset<{ n: number; word: string }> {
    override async *[Symbol.asyncIterator](): AsyncGenerator<{ n: number; word: string }> {
      for (let n = 0; n < 5; n++) yield { n, word: `w${n}` };
    }
  }
  const batches = await collect(new data.DataLoader(new Stream(), { batchSize: 2, dropLast: true }));
  expect(batches.map((b) => [b.n.toArraySync(), b.word])).toEqual([
    [
      [0, 1],
      ['w0', 'w1'],
    ],
    [
      [2, 3],
      ['w2', 'w3'],
    ],
  ]);
  expect(() => new data.DataLoader(new Stream()).length).toThrow("doesn't know its length");
  expect(() => new data.DataLoader(new Stream(), { shuffle: true })).toThrow(ArgumentError);
});

class Words extends data.IterableDataset<string> {
  constructor(
    readonly words: readonly string[],
    readonly known = true,
  ) {
    super();
  }
  override get length(): number | undefined {
    return this.known ? this.words.length : undefined;
  }
  override async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    yield* this.words;
  }
}

test('ChainDataset goes through iterable data sets one after the other, each time anew', async () => {
  const chain = new data.ChainDataset([new Words(['a', 'b', 'c']), new Words([]), new Words(['d', 'e'])]);
  for (const dropLast of [false, true]) {
    const loader = new data.DataLoader(chain, { batchSize: 2, dropLast });
    const batches = await collect(loader);
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ...(dropLast ? [] : [['e']])]);
    expect(loader.length).toBe(batches.length);
  }
  const unknown = new data.ChainDataset([new Words(['a']), new Words(['b'], false)]);
  expect(unknown.length).toBeUndefined();
  expect(() => new data.DataLoader(unknown).length).toThrow("doesn't know its length; give it a `length`");
  expect(() => new data.ChainDataset([])).toThrow('ChainDataset: needs at least one data set');
});

test('a reader that stops early ends the data set that it is in, and begins no other', async () => {
  const events: string[] = [];
  class Watched extends data.IterableDataset<number> {
    constructor(readonly name: string) {
      super();
    }
    override async *[Symbol.asyncIterator](): AsyncGenerator<number> {
      events.push(`${this.name} begins`);
      try {
        yield 1;
        yield 2;
      } finally {
        events.push(`${this.name} ends`);
      }
    }
  }
  const chain = new data.ChainDataset([new Watched('first'), new Watched('second')]);
  for await (const _ of new data.DataLoader(chain)) break;
  expect(events).toEqual(['first begins', 'first ends']);
});

test('a collate function makes the batches', async () => {
  const loader = new data.DataLoader(set(), { batchSize: 5, collate: async (examples) => examples.length });
  expect(await collect(loader)).toEqual([5, 5]);
});

test('defaultCollate', () => {
  const whole = data.defaultCollate([1, 2]);
  expect([whole.dtype, whole.toArraySync()]).toEqual(['int32', [1, 2]]);
  expect(data.defaultCollate([1, 2.5]).dtype).toBe('float32');
  expect(data.defaultCollate([true, false]).dtype).toBe('bool');
  expect(data.defaultCollate(['a', 'b'])).toEqual(['a', 'b']);
  const nested = data.defaultCollate([
    { x: tensor([1]), y: [1, 'a'] as [number, string] },
    { x: tensor([2]), y: [2, 'b'] as [number, string] },
  ]);
  expect([nested.x.toArraySync(), nested.y[0].toArraySync(), nested.y[1]]).toEqual([
    [[1], [2]],
    [1, 2],
    ['a', 'b'],
  ]);
  const rows = data.defaultCollate([Float64Array.of(1, 2), Float64Array.of(3, 4)]);
  expect([rows.dtype, rows.toArraySync()]).toEqual([
    'float64',
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  expect(() => data.defaultCollate([[1], [1, 2]])).toThrow('lists of different lengths');
  expect(() => data.defaultCollate([null])).toThrow("can't make a batch of null");
  expect(() => data.defaultCollate([new Map()])).toThrow("can't make a batch of Map");
});

test.each<[string, readonly unknown[]]>([
  ['the examples are of different kinds: 0 is number, 1 is string; pass a collate function', [1, 'a']],
  ['0 is boolean, 2 is number', [true, false, 1]],
  ['0 is Tensor, 1 is number', [tensor([1]), 1]],
  ['0.y.1 is string, 1.y.1 is undefined', [{ y: [1, 'a'] }, { y: [2, undefined] }]],
  ['0 is object, 1 is null', [{ x: 1 }, null]],
  ['only one of 0 and 1 has the key "y"', [{ x: 1 }, { x: 1, y: 2 }]],
  ['only one of 0.a and 2.a has the key "x"', [{ a: { x: 1 } }, { a: { x: 1 } }, { a: {} }]],
  ["1.n is 2147483648, which doesn't fit in int32", [{ n: 1 }, { n: 2 ** 31 }]],
  ['the Float32Arrays have different lengths', [new Float32Array(1), new Float32Array(2)]],
  ["can't make a batch of BigInt64Array", [new BigInt64Array(1)]],
])('defaultCollate: %s', (message, examples) => {
  expect(() => data.defaultCollate(examples)).toThrow(ArgumentError);
  expect(() => data.defaultCollate(examples)).toThrow(message);
});

test('mistakes are named', () => {
  const source = set();
  expect(() => new data.TensorDataset()).toThrow(ArgumentError);
  expect(() => new data.TensorDataset(arange(3), arange(4))).toThrow(ShapeError);
  expect(() => source.get(10)).toThrow('index 10 is out of range for 10 examples');
  expect(() => new data.DataLoader([1, 2] as never)).toThrow(
    'DataLoader: needs a Dataset, got [1, 2]\n  hint: to make one from tensors, use new data.TensorDataset(x, y)',
  );
  expect(() => new data.DataLoader(source, { collate: {} as never })).toThrow(
    'DataLoader: collate must be a function, got {}',
  );
  expect(() => new data.DistributedSampler(source, { rank: 0 } as never)).toThrow(
    'DistributedSampler: the option numReplicas is missing',
  );
  expect(() => new data.DataLoader(source, { batchSize: 0 })).toThrow(
    'DataLoader: batchSize must be a whole number of at least 1, got 0',
  );
  expect(
    () => new data.DataLoader(source, { shuffle: true, sampler: new data.SequentialSampler(source) }),
  ).toThrow('leave shuffle out');
  expect(() => new data.DataLoader(source, { batchSize: 2, batchSampler: [[1]] as never })).toThrow(
    'excludes',
  );
  expect(() => new data.RandomSampler([])).toThrow('positive number of samples, got 0');
  expect(() => new data.WeightedRandomSampler([1], 0)).toThrow(ArgumentError);
  expect(() => new data.BatchSampler(new data.SequentialSampler(source), 1.5)).toThrow(ArgumentError);
  expect(() => data.randomSplit(source, [3, 3])).toThrow(
    'the lengths sum to 6, but the data set has 10 examples',
  );
  expect(() => new data.ConcatDataset([])).toThrow(ArgumentError);
});

test('an example that fails to load fails the iteration', async () => {
  class Broken extends data.Dataset<number> {
    override readonly length = 3;
    override get(index: number): Promise<number> {
      return index === 1 ? Promise.reject(new RangeError('example 1')) : Promise.resolve(index);
    }
  }
  await expect(collect(new data.DataLoader(new Broken(), { batchSize: 2 }))).rejects.toThrow('example 1');
});

test('a loader in for … of, or as a sampler, is an error', () => {
  const loader = new data.DataLoader(set());
  const hint = 'DataLoader: batches come asynchronously\n  hint: for await (const batch of loader)';
  expect(() => [...(loader as never as Iterable<unknown>)]).toThrow(ArgumentError);
  expect(() => [...(loader as never as Iterable<unknown>)]).toThrow(hint);
  expect(() => new data.DataLoader(set(), { sampler: loader as never })).toThrow(
    'DataLoader: sampler must be a sampler, got a DataLoader',
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import * as data from '../../src/data/index.js';
import { arange, Generator, getRngState, manualSeed } from '../../src/index.js';

class Numbers extends data.Dataset<number> {
  constructor(override readonly length: number) {
    super();
  }
  override get(index: number): number {
    return index;
  }
}

/** Checks that every class has its share of every part, give or take one, and nothing is lost. */
function expectShares(parts: readonly data.Subset<number>[], labels: readonly unknown[]): void {
  const all = parts.flatMap((part) => part.indices);
  expect(all.toSorted((a, b) => a - b)).toEqual(labels.map((_, i) => i));
  for (const label of new Set(labels)) {
    const total = labels.filter((other) => other === label).length;
    for (const part of parts) {
      const own = part.indices.filter((i) => labels[i] === label).length;
      expect(Math.abs(own - (total * part.length) / labels.length)).toBeLessThan(1);
    }
  }
}

test('a stratified split gives every part each class in its share', () => {
  manualSeed(1);
  const labels = Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 'rare' : 'common'));
  const parts = data.randomSplit(new Numbers(100), [0.7, 0.2, 0.1], { stratifyBy: labels });
  expect(parts.map((part) => part.length)).toEqual([70, 20, 10]);
  expect(parts.map((part) => part.indices.filter((i) => labels[i] === 'rare').length)).toEqual([7, 2, 1]);
  expect(parts[0]!.indices).not.toEqual(parts[0]!.indices.toSorted((a, b) => a - b));
});

test('shares hold for any classes and lengths', () => {
  const cases = fc.record({
    labels: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 60 }),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
  });
  fc.assert(
    fc.property(cases, ({ labels, cuts }) => {
      const n = labels.length;
      const ends = [...cuts.map((cut) => Math.round(cut * n)).sort((a, b) => a - b), n];
      const lengths = ends.map((end, i) => end - (i === 0 ? 0 : ends[i - 1]!));
      const parts = data.randomSplit(new Numbers(n), lengths, { stratifyBy: labels });
      expect(parts.map((part) => part.length)).toEqual(lengths);
      expectShares(parts, labels);
    }),
    { numRuns: 200, seed: 4 },
  );
});

test('training, validation and test set share nothing; the test set comes out once', () => {
  const labels = Int32Array.from({ length: 50 }, (_, i) => i % 5);
  const split = data.trainValidationTest(new Numbers(50), {
    validation: 0.2,
    test: 10,
    stratifyBy: labels,
    generator: new Generator(3),
  });
  expect([split.train.length, split.validation.length, split.testLength]).toEqual([30, 10, 10]);
  expect(split.trainAndValidation.length).toBe(40);
  expect(JSON.stringify(split)).not.toContain('"test"');
  const test = split.unsealTest();
  expectShares([split.train, split.validation, test], [...labels]);
  const again = (): unknown => split.unsealTest();
  expect(again).toThrow('the test set was already opened');
  try {
    again();
  } catch (error) {
    expect((error as Error).cause).toMatchObject({ message: 'the test set was first opened here' });
  }
});

test('with its own generator, it gives the same parts and leaves the default one alone', () => {
  const parts = (): readonly number[] =>
    data.trainValidationTest(new Numbers(30), { validation: 5, test: 5, generator: new Generator(1) }).train
      .indices;
  const before = getRngState();
  const first = parts();
  expect(getRngState()).toEqual(before);
  manualSeed(99);
  expect(parts()).toEqual(first);
});

test.each<[string, () => unknown]>([
  ["the length -1 isn't a number of examples", () => data.randomSplit(new Numbers(5), [-1, 6])],
  ["the length 2.5 isn't a number of examples", () => data.randomSplit(new Numbers(5), [2.5, 2.5])],
  ["the length NaN isn't a number", () => data.randomSplit(new Numbers(5), [Number.NaN, 5])],
  [
    'stratifyBy has 2 labels, but the data set has 5',
    () => data.randomSplit(new Numbers(5), [2, 3], { stratifyBy: [1, 2] }),
  ],
  [
    'validation must be a fraction below 1 or a whole number, got 1.5',
    () => data.trainValidationTest(new Numbers(5), { validation: 1.5, test: 1 }),
  ],
  [
    'trainValidationTest: test must be a finite number of at least 0, got -1',
    () => data.trainValidationTest(new Numbers(5), { validation: 1, test: -1 }),
  ],
  [
    'validation (3) and test (2) leave none of the 5',
    () => data.trainValidationTest(new Numbers(5), { validation: 3, test: 2 }),
  ],
  ['DistributedSampler: rank must be below the 2 replicas, got 2', () => shard({ numReplicas: 2, rank: 2 })],
  [
    'DistributedSampler: numReplicas must be a whole number of at least 1, got 0',
    () => shard({ numReplicas: 0, rank: 0 }),
  ],
  [
    'DistributedSampler: seed must be a whole number, got 0.5',
    () => shard({ numReplicas: 2, rank: 0, seed: 0.5 }),
  ],
  ['leave dropLast out', () => shard({ numReplicas: 9, rank: 0, dropLast: true })],
  ['the data set is empty', () => new data.DistributedSampler([], { numReplicas: 1, rank: 0 })],
  [
    'epoch must be a whole number of at least 0, got -1',
    () => shard({ numReplicas: 1, rank: 0 }).setEpoch(-1),
  ],
  ['weight 1 is -2; weights must be numbers of at least 0', () => new data.WeightedRandomSampler([1, -2], 1)],
  ['weight 0 is NaN', () => new data.WeightedRandomSampler([Number.NaN], 1)],
  ['0 of 2 weights are above 0; 1 are needed', () => new data.WeightedRandomSampler([0, 0], 1)],
  [
    '1 of 2 weights are above 0; 2 are needed',
    () => new data.WeightedRandomSampler([0, 1], 2, { replacement: false }),
  ],
  ['there are no examples', () => data.defaultCollate([])],
])('%s', (message, make) => {
  expect(make).toThrow(ArgumentError);
  expect(make).toThrow(message);
});

const shard = (options: data.DistributedSamplerOptions): data.DistributedSampler =>
  new data.DistributedSampler({ length: 5 }, options);

test('an empty data set has no batches', async () => {
  const empty = new data.TensorDataset(arange(0));
  const loader = new data.DataLoader(empty, { batchSize: 4 });
  expect(loader.length).toBe(0);
  for await (const batch of loader) throw new Error(`a batch of ${batch}`);
  expect(empty.batch([])[0]!.shape).toEqual([0]);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as data from '../../src/data/index.js';
import { Generator, manualSeed, rand } from '../../src/index.js';

const N = 23;
type Recorded = { readonly values: unknown; readonly next: number };
const recording = JSON.parse(
  readFileSync(new URL('../recordings/data-order.json', import.meta.url), 'utf8'),
) as Record<string, Recorded>;

class Numbers extends data.Dataset<number> {
  override readonly length = N;
  override get(index: number): number {
    return index;
  }
}

const numbers = new Numbers();
const own = (): Generator => new Generator(9);
const weights = [0.1, 3, 0, 1.5, 0.7, 2];

/** The batches of two epochs. */
async function batches(options: data.DataLoaderOptions<number>): Promise<unknown> {
  const loader = new data.DataLoader(numbers, options);
  const epochs: unknown[] = [];
  for (let epoch = 0; epoch < 2; epoch++) {
    const seen: unknown[] = [];
    for await (const batch of loader) seen.push(batch.toArraySync());
    expect(seen.length).toBe(loader.length);
    epochs.push(seen);
  }
  return epochs;
}

interface Shards {
  readonly n: number;
  readonly numReplicas: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly epochs: number[][][];
}

/** The same shards as recorded, from our sampler. */
function shards({ n, epochs, ...options }: Shards): Shards {
  const samplers = Array.from(
    { length: options.numReplicas },
    (_, rank) => new data.DistributedSampler({ length: n }, { ...options, rank, seed: 7 }),
  );
  const ours = epochs.map((_, epoch) =>
    samplers.map((sampler) => {
      sampler.setEpoch(epoch);
      const share = [...sampler];
      expect(share.length).toBe(sampler.length);
      return share;
    }),
  );
  return { n, ...options, epochs: ours };
}

const indicesOf = (parts: readonly data.Subset<number>[]): unknown => parts.map((part) => part.indices);

const ours: Record<string, () => unknown> = {
  sequential: () => batches({ batchSize: 5 }),
  shuffled: () => batches({ batchSize: 5, shuffle: true }),
  dropLast: () => batches({ batchSize: 5, shuffle: true, dropLast: true }),
  generator: () => batches({ batchSize: 5, shuffle: true, generator: own() }),
  replacement: () => [...new data.RandomSampler(numbers, { replacement: true, numSamples: 70 })],
  more: () => [...new data.RandomSampler(numbers, { numSamples: 50 })],
  ownGenerator: () => [...new data.RandomSampler(numbers, { generator: own() })],
  subset: () => [...new data.SubsetRandomSampler([3, 1, 4, 1, 5, 9, 2, 6])],
  weighted: () => [...new data.WeightedRandomSampler(weights, 40)],
  weightedOnce: () => [...new data.WeightedRandomSampler(weights, 5, { replacement: false })],
  batchSampler: () => [...new data.BatchSampler(new data.RandomSampler(numbers), 4)],
  split: () => indicesOf(data.randomSplit(numbers, [10, 8, 5])),
  splitFractions: () => indicesOf(data.randomSplit(numbers, [0.5, 0.3, 0.2])),
  splitGenerator: () => indicesOf(data.randomSplit(numbers, [20, 3], { generator: own() })),
  distributed: () => (recording.distributed!.values as Shards[]).map(shards),
};

const { torch: _version, ...cases } = recording;

test.each(Object.keys(cases))("%s: PyTorch's order, and its place in the stream afterwards", async (name) => {
  manualSeed(5);
  expect(await ours[name]!()).toEqual(cases[name]!.values);
  expect(rand([1]).itemSync()).toBe(Math.fround(cases[name]!.next));
});

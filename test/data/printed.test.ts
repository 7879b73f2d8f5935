import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ChainDataset, DataLoader, IterableDataset, TensorDataset } from '../../src/data/index.js';
import { type Tensor, zeros } from '../../src/index.js';

class Endless extends IterableDataset<Tensor> {
  override async *[Symbol.asyncIterator](): AsyncIterator<Tensor> {
    while (true) yield zeros([1]);
  }
}

test('data sets and loaders say their length', () => {
  const set = new TensorDataset(zeros([1000, 2]));
  expect(inspect(set)).toBe('TensorDataset(1,000 examples)');
  expect(String(new TensorDataset(zeros([1, 2])))).toBe('TensorDataset(1 example)');
  expect(inspect(new DataLoader(set, { batchSize: 64 }))).toBe(
    'DataLoader(16 batches of TensorDataset(1,000 examples))',
  );
  expect(String(new DataLoader(set, { batchSize: 1000 }))).toBe(
    'DataLoader(1 batch of TensorDataset(1,000 examples))',
  );
  expect(inspect(new ChainDataset([new Endless()]))).toBe('ChainDataset(unknown length)');
  expect(String(new DataLoader(new Endless()))).toBe('DataLoader(batches of Endless(unknown length))');
});

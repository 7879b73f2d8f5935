import { expect, test } from 'vitest';
import { normalization } from '../../../src/recipes/ch2-networks/normalization.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { trainedInTwoGoes } from '../stopped.js';

test('normalization lets a deep network learn, batch norm at the highest rates', async () => {
  const { experiment, result } = await trainedInTwoGoes(normalization, { epochs: 4 });
  const { numbers, report } = result;
  expect(numbers.raw).toBe(0); // learns at no rate
  expect(numbers.batchNorm).toBeGreaterThanOrEqual(0.3);
  expect(numbers.batchNorm).toBeGreaterThan(numbers.standardized!);
  expect(numbers.layerNorm).toBeGreaterThan(0);
  expect(numbers.runningSpread).toBeLessThan(1e-6);
  expect(numbers.batchSpread).toBeGreaterThan(0.05);
  expect(numbers.runningAccuracy).toBeGreaterThan(0.95);
  const text = reportLines(report!).join('\n');
  expect(text).toMatch(/^batch norm +error +\d+\.\d %/m);
  expect(text).toContain("can't train with one value per channel, which has no variance");
  expect(text).toContain('hint: use a larger batch, or eval()');
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual([
    'losses',
    'learning-rates',
    'running-mean',
  ]);
}, 30_000);

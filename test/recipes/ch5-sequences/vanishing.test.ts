import { expect, test } from 'vitest';
import { vanishing } from '../../../src/recipes/ch5-sequences/vanishing.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { trainedInTwoGoes } from '../stopped.js';

test('clipping tames what explodes; skip connections and open gates keep what vanishes', async () => {
  const { experiment, result } = await trainedInTwoGoes(vanishing, { length: 30, steps: 200 });
  const { numbers, report } = result;
  expect(numbers.unclipped).toBeLessThan(0.4);
  expect(numbers.clippedByNorm).toBeGreaterThan(0.6);
  expect(numbers.rnn).toBeLessThan(0.5);
  expect(numbers.lstm).toBeLessThan(0.5);
  expect(numbers.skip).toBeGreaterThan(0.9);
  expect(numbers.openLstm).toBeGreaterThan(0.9);
  expect(numbers.openGru).toBeGreaterThan(0.9);
  const text = reportLines(report!).join('\n');
  expect(text).toMatch(/^\|W\| = 0.9 +0.0424$/m); // 0.9³⁰
  expect(text).toMatch(/^\|W\| = 1.1 +17.4$/m); // 1.1³⁰
  expect(text).toContain('loses half of its memory at every step');
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['norms', 'accuracy']);
});

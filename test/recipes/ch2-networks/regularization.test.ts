import { expect, test } from 'vitest';
import { regularization } from '../../../src/recipes/ch2-networks/regularization.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

test('every measure narrows the gap between training and validation that overfitting opens', async () => {
  const { experiment, result } = await trainedInTwoGoes(regularization, { epochs: 100 });
  const { numbers, report } = result;
  const gap = (way: string): number => numbers[`${way} validationLoss`]! - numbers[`${way} trainLoss`]!;
  expect(numbers['none trainAccuracy']).toBeGreaterThan(0.94); // learned by heart
  expect(gap('none')).toBeGreaterThan(0.4);
  for (const way of ['dropout', 'weight decay', 'early stopping', 'all three']) {
    expect(gap(way)).toBeLessThan(0.75 * gap('none'));
    expect(numbers[`${way} testLoss`]).toBeLessThan(numbers['none testLoss']!);
  }
  expect(numbers['weight decay weightNorm']).toBeLessThan(0.5 * numbers['none weightNorm']!);
  expect(numbers['early stopping epoch']).toBeLessThan(60);
  expect(reportLines(report!).join('\n')).toMatch(/^none +100 +0\.\d{3} +\d\.\d{3}/m);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['curves', 'regions']);
}, 30_000);

test('a diverging training is reported and drawn as such', async () => {
  const experiment = await prepare(regularization, { epochs: 2, lr: 1e30, dropout: 0 });
  await experiment.train();
  const { line, report } = await experiment.evaluate();
  expect(line).toMatch(/^test loss: none diverged, dropout diverged/);
  expect(reportLines(report!).join('\n')).toMatch(/^none +1 +diverged +diverged +– +50\.0 %/m);
  // Nothing was learned by heart, nor dropped.
  expect(reportLines(report!).join('\n')).not.toMatch(/by heart|drops nothing/);
  const regions = (await experiment.pictures!()).at(-1)!.figure.toText();
  expect(regions).toContain('\nnone: diverged\n');
});

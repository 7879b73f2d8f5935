import { expect, test } from 'vitest';
import { imbalance } from '../../../src/recipes/ch2-networks/imbalance.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

test('always the common class: high accuracy, F1 of 0; weights and sampling find most rare examples', async () => {
  const { experiment, result } = await trainedInTwoGoes(imbalance, { points: 2000, epochs: 8 });
  const { numbers, report } = result;
  expect(numbers.alwaysAccuracy).toBeCloseTo(0.95, 6);
  expect(numbers.alwaysF1).toBe(0);
  expect(numbers.plainF1).toBeGreaterThan(0.4);
  expect(numbers.weightedRecall).toBeGreaterThan(numbers.plainRecall! + 0.15);
  expect(numbers.sampledRecall).toBeGreaterThan(numbers.plainRecall! + 0.15);
  const text = reportLines(report!).join('\n');
  expect(text).toContain("'always common': accuracy 95.0 % is misleading");
  expect(text).toMatch(/^always common +95\.0 % +0\.00 +0\.00 +0\.00 +0\.50 +0 +50 +0 +950$/m);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['confusion', 'metrics', 'regions']);
});

test('of balanced classes no warning is due', async () => {
  const experiment = await prepare(imbalance, { points: 400, fraction: 0.5, epochs: 1 });
  await experiment.train();
  const { report } = await experiment.evaluate();
  expect(reportLines(report!).join('\n')).not.toContain('imbalanceWarning');
});

test('too few rare points for two sets are an error', async () => {
  await expect(prepare(imbalance, { points: 40, fraction: 0.02 })).rejects.toThrow(
    'imbalance: 0.02 of 40 points leaves too few rare ones to train and test on; raise --points or --fraction',
  );
});

test('a diverging training is reported and drawn as such', async () => {
  const experiment = await prepare(imbalance, { points: 400, epochs: 1, lr: 1e30 });
  await experiment.train();
  const { report } = await experiment.evaluate();
  expect(reportLines(report!).join('\n')).toMatch(/^plain: diverged +0\.0 %/m);
  const pictures = await experiment.pictures!();
  expect(pictures.at(-1)!.figure.toText()).toContain('\nplain: diverged\n');
  expect(pictures[1]!.figure.title).toBe('Accuracy and F1');
});

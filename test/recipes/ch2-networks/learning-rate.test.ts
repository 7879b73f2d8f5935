import { expect, test } from 'vitest';
import { learningRate } from '../../../src/recipes/ch2-networks/learning-rate.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

test('a small rate is late, a large one is noisy, a far too large one learns nothing', async () => {
  const {
    experiment,
    result: { numbers, line },
  } = await trainedInTwoGoes(learningRate, {
    epochs: 12,
    points: 300,
  });
  const right = numbers['loss, right']!;
  expect(numbers['accuracy, right']).toBeGreaterThan(0.88);
  expect(numbers['loss, too small']).toBeGreaterThan(1.2 * right);
  expect(numbers['loss, too large']).toBeGreaterThan(1.2 * right);
  expect(numbers['loss, far too large']).toBeGreaterThan(Math.LN2);
  expect(numbers['loss, decaying']).toBeLessThan(1.05 * right);
  const { results } = experiment.state() as unknown as { results: { numbers: { rises: number } }[] };
  expect(results[0]!.numbers.rises).toBeLessThan(results[2]!.numbers.rises);
  expect(line).toMatch(/^test accuracy: \d\d\.\d\d % with the rate 0\.5$/);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['loss', 'steps']);
});

test('a training that diverges is shown as such', async () => {
  const experiment = await prepare(learningRate, { lr: 1e6, epochs: 2, points: 50 });
  await experiment.train();
  const { report } = await experiment.evaluate();
  expect(reportLines(report!).join('\n')).toMatch(/^far too large .* diverged /m);
  expect(await experiment.pictures!()).toHaveLength(2);
});

test("what the numbers don't bear out isn't said", async () => {
  const slow = await prepare(learningRate, { lr: 0.01, epochs: 3, points: 100 });
  await slow.train();
  const report = reportLines((await slow.evaluate()).report!).join('\n');
  expect(report).toContain('Loss over all training points.');
  expect(report).not.toContain('Too large: up and down');
  expect(report).not.toContain('the steps undo what was learned');
});

test('of trainings that all diverge nothing else is said', async () => {
  const experiment = await prepare(learningRate, { epochs: 2, lr: 1e6 });
  await experiment.train();
  const { line, report } = await experiment.evaluate();
  expect(line).toBe('with the rate 1000000, the training diverged');
  expect(report!.at(-1)).toBe('Loss over all training points.');
});

import { expect, test } from 'vitest';
import { manualSeed, tensor } from '../../../src/index.js';
import { batchSize, gradientNoise } from '../../../src/recipes/ch2-networks/batch-size.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

test('the noise of the gradient is what its formula says, and falls with the root of the batch size', async () => {
  manualSeed(0);
  // The gradient of example i of w · cᵢ is cᵢ, 1 or 3: mean 2, standard deviation 1.
  const w = tensor(1, { requiresGrad: true });
  const c = tensor([1, 3]);
  const problem = {
    parameters: [w],
    n: 2,
    cost: (rows?: typeof c) => (rows ? c.indexSelect(0, rows) : c).mean().mul(w),
  };
  expect(await gradientNoise(problem, 1, 10)).toBeCloseTo(0.5, 6);
  expect(await gradientNoise(problem, 2, 10)).toBe(0);
  expect((await gradientNoise(problem, 100, 1000)) / 0.05).toBeCloseTo(1, 1);
});

test('small batches are noisy, large ones slow to learn', async () => {
  const {
    experiment,
    result: { numbers, line },
  } = await trainedInTwoGoes(
    batchSize,
    {
      images: 128,
      epochs: 6,
      lr: 0.2,
    },
    { timed: true },
  );
  const [one, eight, all] = [1, 8, 128].map((size) => numbers[`noise, ${size}`]!);
  expect(one! / eight! / Math.sqrt(8)).toBeCloseTo(1, 0);
  expect(all).toBe(0);
  expect(numbers['loss, 8']).toBeLessThan(numbers['loss, 1']!);
  expect(numbers['loss, 8']).toBeLessThan(0.3 * numbers['loss, 128']!);
  expect(numbers['seconds, 1']).toBeGreaterThan(numbers['seconds, 128']!);
  expect(line).toMatch(/^lowest loss after 6 epochs: 0\.\d{4}, with batches of 8$/);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['loss', 'noise']);
});

test('what is said of batches that are too small or too large holds for the numbers', async () => {
  const experiment = await prepare(batchSize, { images: 64, epochs: 1, lr: 1e6 });
  await experiment.train();
  const { line, report } = await experiment.evaluate();
  expect(line).toMatch(/^lowest loss after 1 epoch: \d\.\de\d+, with batches of /);
  // In one epoch no loss goes up and down.
  expect(reportLines(report!).join('\n')).not.toContain('up and down');
  const noise = (await experiment.pictures!()).at(-1)!.figure;
  expect(noise.toText()).toContain('1 of 8 points left out: not above 0 on a log axis');
});

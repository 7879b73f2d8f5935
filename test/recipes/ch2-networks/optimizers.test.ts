import { expect, test } from 'vitest';
import { tensor } from '../../../src/index.js';
import { optimizers } from '../../../src/recipes/ch2-networks/optimizers.js';
import { ravine } from '../../../src/recipes/ch2-networks/ravine.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

test('the surface of the ravine is the cost of all examples, and its least value is the least', async () => {
  const starts: [number, number][] = [
    [-3, 1.6],
    [2, 0.5],
    [0, -7],
  ];
  for (const start of starts) {
    const { cost, surface, least } = await ravine({ seed: 3, start });
    const found = cost().itemSync();
    expect(surface(...start) / found).toBeCloseTo(1, 4);
    expect(least).toBeLessThanOrEqual(found);
  }
  const { surface, least } = await ravine({ seed: 3, start: [0, 0] });
  const around = Array.from({ length: 41 * 41 }, (_, i) =>
    surface(1 + (i % 41) / 20, Math.floor(i / 41) / 40),
  );
  expect(Math.min(...around)).toBeGreaterThanOrEqual(least);
  expect(Math.min(...around) - least).toBeLessThan(0.02);
});

test('some examples cost what the mean over them is', async () => {
  const { cost, n } = await ravine({ seed: 0, start: [1, 1] });
  const costs = Array.from({ length: n }, (_, i) => cost(tensor([i], { dtype: 'int32' })).itemSync());
  expect(costs.reduce((a, b) => a + b) / n / cost().itemSync()).toBeCloseTo(1, 5);
});

test('momentum and Adam go down faster than plain steps, single examples slower', async () => {
  const {
    experiment,
    result: { numbers, line },
  } = await trainedInTwoGoes(optimizers, { images: 500, steps: 120 });
  expect(numbers.momentum).toBeLessThan(numbers['mini-batch']!);
  expect(numbers.Adam).toBeLessThan(numbers.SGD!);
  expect(numbers['gradient descent']).toBeLessThan(numbers.SGD!);
  expect(numbers['momentum, ravine']).toBeLessThan(numbers['gradient descent, ravine']! / 5);
  expect(numbers['momentum, ravine']).toBeLessThan(numbers['mini-batch, ravine']! / 5);
  expect(numbers['Adam, ravine']).toBeLessThan(numbers['momentum, ravine']!);
  expect(line).toMatch(/^lowest cost after 120 steps of 32 examples: \d\.\d{3}, by (momentum|Adam)$/);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['cost', 'ravine']);
});

test('of rates at which nothing is learned no mini-batch is praised', async () => {
  const experiment = await prepare(optimizers, { images: 200, steps: 10, lrFactor: 50 });
  await experiment.train();
  const text = reportLines((await experiment.evaluate()).report!).join('\n');
  expect(text).not.toContain('A mini-batch points nearly the same way');
  expect(text).toMatch(/^gradient descent +150 +200 /m);
});

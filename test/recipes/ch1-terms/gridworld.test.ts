import { expect, test } from 'vitest';
import { gridworld } from '../../../src/recipes/ch1-terms/gridworld.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

const options = { episodes: 1000 };

test('both learners come near the best return, from nothing but the reward at the end', async () => {
  const { experiment, result } = await trainedInTwoGoes(gridworld, options);
  const { numbers, report } = result;
  expect(numbers.optimum).toBeCloseTo(0.5891, 3);
  expect(numbers.qLearning).toBeGreaterThan(0.95 * numbers.optimum!);
  expect(numbers.reinforce).toBeGreaterThan(0.95 * numbers.optimum!);
  for (const learned of ['qLearning', 'reinforce'])
    expect(numbers[learned]).toBeLessThanOrEqual(numbers.optimum! + 1e-9);
  expect(reportLines(report!).join('\n')).toMatch(/steps by chance +-0\.\d+/);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['learning', 'policies']);
});

test("where chance doesn't come to the goal, sparse reward teaches nothing but to avoid the pits", async () => {
  const experiment = await prepare(gridworld, { episodes: 300, map: 'large', lr: 0.01 });
  await experiment.train();
  const { numbers, report } = await experiment.evaluate();
  expect(numbers.reinforce).toBeLessThan(0.05);
  expect(reportLines(report!).join('\n')).toMatch(/REINFORCE +never +never/);
});

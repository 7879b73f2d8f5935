import { expect, test } from 'vitest';
import { tensor } from '../../../src/index.js';
import { Network, xor } from '../../../src/recipes/ch2-networks/xor.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

test("a hidden layer solves XOR, one line doesn't", async () => {
  const {
    experiment,
    result: { numbers, line },
  } = await trainedInTwoGoes(xor, {
    starts: 2,
    steps: 80,
    lr: 0.1,
    points: 60,
  });
  expect(numbers.accuracy).toBeGreaterThan(0.99);
  expect(numbers.accuracyWithout).toBeLessThan(0.8);
  expect(line).toMatch(/^test accuracy: \d+\.\d\d % with 2 hidden units, \d\d\.\d\d % with no hidden layer$/);
  const { results } = experiment.state() as unknown as { results: { numbers: { solved: number } }[] };
  // More units solve it from more of the starts.
  expect(results[0]!.numbers.solved).toBe(0);
  expect(results.at(-1)!.numbers.solved).toBe(1);
  const pictures = await experiment.pictures!();
  expect(pictures.map(({ name }) => name)).toEqual(['boundary', 'hidden-units', 'loss']);
});

test('more hidden units than the table shows are named as such', async () => {
  const experiment = await prepare(xor, { hidden: 6, starts: 1, steps: 2, points: 8, activation: 'relu' });
  await experiment.train();
  const { report } = await experiment.evaluate();
  expect(report).toContain('How the network with 6 sees the corners (its first 4 units):');
  expect(await experiment.pictures!()).toHaveLength(3);
});

test('the line of a hidden unit is where it changes its mind', async () => {
  const network = new Network(1, 'tanh');
  const [w0, w1, b] = (await network.lines())[0]!;
  expect(network.features(tensor([[1, -(w0 + b) / w1]])).itemSync()).toBeCloseTo(0, 6);
});

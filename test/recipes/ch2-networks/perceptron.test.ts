import { expect, test } from 'vitest';
import { tensor } from '../../../src/index.js';
import { Perceptron, perceptron } from '../../../src/recipes/ch2-networks/perceptron.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

test('the perceptron rule moves the weights by the input where the neuron is wrong, and only there', async () => {
  const neuron = new Perceptron();
  const x = tensor([[2, -1]]);
  // w · x + b = 0: the neuron fires.
  expect(await neuron.learn(x, tensor([1]))).toBe(false);
  expect(await neuron.line()).toEqual([0, 0, 0]);
  expect(await neuron.learn(x, tensor([0]))).toBe(true);
  expect(await neuron.line()).toEqual([-2, 1, -1]);
  expect(await neuron.learn(x, tensor([0]))).toBe(false);
});

test.each([0, 1, 2])(
  'it comes to rest where a line parts the classes, and not on XOR (seed %i)',
  async (seed) => {
    const {
      experiment,
      result: { numbers },
    } = await trainedInTwoGoes(perceptron, { seed });
    expect(numbers).toEqual({ accuracy: 1, xorAccuracy: 0.75 });
    const { results } = experiment.state() as unknown as {
      results: { mistakes: number[]; numbers: { epochs: number } }[];
    };
    expect(results.map(({ mistakes }) => mistakes.at(-1) === 0)).toEqual([true, true, true, false]);
    expect(results[3]!.numbers.epochs).toBe(100);
    expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['lines', 'mistakes']);
  },
);

test("clouds that overlap aren't learned, and the report says so", async () => {
  const experiment = await prepare(perceptron, { spread: 1, epochs: 20 });
  await experiment.train();
  const { report } = await experiment.evaluate();
  expect(reportLines(report!)[3]).toMatch(/^clouds +20 .* not at rest$/);
});

import { expect, test } from 'vitest';
import { linspace } from '../../../src/index.js';
import { activations, derivativeAt, functions } from '../../../src/recipes/ch2-networks/activations.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

const options = { epochs: 8, width: 16 };

test('at depth 10 the gradient of sigmoid vanishes and it learns nothing; ReLU learns', async () => {
  const { experiment, result } = await trainedInTwoGoes(activations, options);
  const { numbers, report } = result;
  expect(numbers['sigmoid firstOverLast']).toBeLessThan(1e-5);
  expect(numbers['sigmoid accuracy']).toBeCloseTo(0.5, 1);
  expect(numbers['sign firstOverLast']).toBe(0);
  expect(numbers['linear accuracy']).toBeLessThan(0.93);
  for (const name of ['ReLU', 'Leaky ReLU', 'SiLU']) {
    expect(numbers[`${name} firstOverLast`]).toBeGreaterThan(0.05);
    expect(numbers[`${name} accuracy`]).toBeGreaterThan(0.93);
  }
  expect(reportLines(report!).join('\n')).toMatch(/^sigmoid +1\/\(1 \+ e\^−x\)/m);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual([
    'functions',
    'gradients',
    'losses',
  ]);
});

test('with wide weights a training may diverge: the others go on', async () => {
  const experiment = await prepare(activations, { epochs: 1, width: 16, scale: 20 });
  expect(await experiment.train()).toBe(true);
  const { report } = await experiment.evaluate();
  expect(reportLines(report!).join('\n')).toMatch(/^linear .* diverges$/m);
  const tanh = reportLines(report!).find((line) => line.startsWith('tanh') && line.includes('%'))!;
  expect(Number(/(\d+\.\d) %/.exec(tanh)![1])).toBeGreaterThan(60); // share of flat places: saturated
});

test('the slopes are those of the functions', () => {
  const x = linspace(-2, 2, 4); // -2, -2/3, 2/3, 2
  const slopes = (name: string): number[] => [
    ...derivativeAt(functions.find((f) => f.name === name)!.layer(), x).dataSync(),
  ];
  expect(slopes('sign')).toEqual([0, 0, 0, 0]);
  expect(slopes('ReLU')).toEqual([0, 0, 1, 1]);
  expect(slopes('tanh')[3]).toBeCloseTo(1 - Math.tanh(2) ** 2, 6);
  expect(slopes('Softplus')[0]).toBeCloseTo(1 / (1 + Math.exp(2)), 6);
});

test('a diverging network is reported and drawn as such', async () => {
  const experiment = await prepare(activations, { depth: 3, epochs: 2, lr: 1e4 });
  await experiment.train();
  const { line, report } = await experiment.evaluate();
  expect(line).toMatch(/^test accuracy at depth 3: sigmoid \d+\.\d %, ReLU diverges$/);
  expect(reportLines(report!).join('\n')).toMatch(/^ReLU .* – +diverges$/m);
  const [, gradients, losses] = (await experiment.pictures!()).map(({ figure }) => figure.toText());
  expect(gradients).toContain('6 of 40 points left out: not above 0 on a log axis');
  expect(losses).toMatch(/^diverges: linear, ReLU/m);
});

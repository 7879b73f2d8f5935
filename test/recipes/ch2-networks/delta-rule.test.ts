import { expect, test } from 'vitest';
import { setEngine } from '../../../src/index.js';
import {
  byAutograd,
  deltaRule,
  deltaRuleByHand,
  type Example,
} from '../../../src/recipes/ch2-networks/delta-rule.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { testEngines } from '../../helpers/engines.js';
import { trainedInTwoGoes } from '../stopped.js';

test.each(testEngines)("the delta rule of the notes gives autograd's derivatives (%s)", async (engine) => {
  setEngine(engine);
  const examples: Example[] = [
    { x: [1, 2], w: [0.5, -0.5], b: 0.1, t: 1 },
    { x: [-3, 0], w: [2, 7], b: -1, t: 0 },
    { x: [1, 1], w: [0, 0], b: 30, t: 0.25 },
  ];
  for (const example of examples) {
    const [hand, autograd] = [deltaRule(example), await byAutograd(example)];
    for (const [name, value] of Object.entries(hand)) {
      const found = autograd[name as keyof typeof hand];
      [value].flat().forEach((v, i) => {
        expect([found].flat()[i], `${name} of ${JSON.stringify(example)}`).toBeCloseTo(v as number, 14);
      });
    }
  }
});

test('at y = 1/2 the numbers are simple', () => {
  const { y, E, dEdy, dyda, dEdw, dEdb } = deltaRule({ x: [1, -4], w: [4, 1], b: 0, t: 0 });
  expect({ y, E, dEdy, dyda, dEdw, dEdb }).toEqual({
    y: 0.5,
    E: 0.25,
    dEdy: 1,
    dyda: 0.25,
    dEdw: [0.25, -1],
    dEdb: 0.25,
  });
});

test('gradient descent by the rule learns the example', async () => {
  const {
    experiment,
    result: { numbers },
  } = await trainedInTwoGoes(deltaRuleByHand);
  expect(numbers.error).toBeLessThan(1e-3);
  expect(numbers.difference).toBeLessThan(1e-14);
  const { report } = await experiment.evaluate();
  expect(reportLines(report!).join('\n')).toMatch(
    /dE\/dw₁ +2 x₁ \(y − t\) \(1 − y\) y +(-?\d\.\d{10}) +\1\n/,
  );
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['slope', 'descent']);
});

import { expect, test } from 'vitest';
import { lenet5 } from '../../../src/recipes/ch3-vision/lenet5.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { listener } from '../said.js';
import { withoutData } from '../without-data.js';

test("LeNet-5 learns the digits that Myelin draws: more than 97 % on ones it hasn't seen", async () => {
  withoutData();
  const { said, onEvent } = listener();
  const experiment = await prepare(lenet5, { epochs: 1 }, { onEvent });
  expect(said[0]).toMatch(/^data: digits that Myelin draws: 20,000 images .*MNIST wasn't found/);
  await experiment.train();
  const { line, numbers } = await experiment.evaluate();
  console.log(`drawn digits, one epoch: ${line}`);
  expect(numbers.accuracy).toBeGreaterThan(0.97);
});

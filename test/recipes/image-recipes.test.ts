import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noGrad } from '../../src/index.js';
import { lenet5 } from '../../src/recipes/lenet5.js';
import { type Experiment, prepare, type Recipe } from '../../src/recipes/recipe.js';
import { resnet } from '../../src/recipes/resnet.js';
import { smallDigits, smallShapes } from '../cli/command.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-images-'));
let shapes: string;
let digits: string;
beforeAll(() => {
  shapes = smallShapes(join(folder, 'shapes'));
  digits = smallDigits(join(folder, 'digits'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Options = Readonly<Record<string, number | string>>;

/** Trains through, and in two goes that must end with the same numbers. */
async function trained(recipe: Recipe, options: Options): Promise<Experiment> {
  const through = await prepare(recipe, options);
  expect(await through.train()).toBe(true);
  const half = through.step >> 1;
  const stopped: Experiment = await prepare(recipe, options, {
    callbacks: [{ onStep: ({ step }) => (step === half ? stopped.stop() : undefined) }],
  });
  expect(await stopped.train()).toBe(false);
  const state = stopped.state();
  const resumed = await prepare(recipe, options);
  resumed.loadState(state);
  expect(await resumed.train()).toBe(true);
  const { numbers, line, confusion } = await through.evaluate();
  expect((await resumed.evaluate()).numbers).toEqual(numbers);
  expect(line).toBe(`test accuracy: ${(100 * numbers.accuracy!).toFixed(2)} %`);
  expect(confusion!.classes).toHaveLength(10);
  console.log(recipe.name, line);

  const { model, toInput, test } = through.network!;
  const [image, label] = await test.get(0);
  model.eval();
  expect(noGrad(() => model.forward(toInput(image.unsqueeze(0)))).shape).toEqual([1, 10]);
  expect(label).toBeTypeOf('number');
  return through;
}

const names = async (experiment: Experiment): Promise<string[]> =>
  (await experiment.pictures!()).map(({ name }) => name);

/** Each network, made small, and what it is right about after once through few digits. */
const networks: readonly (readonly [Recipe, Options, least: number])[] = [
  [resnet, { depth: 8, epochs: 2, lr: 0.1 }, 0.4],
];

test.each(networks.map(([recipe, options, least]) => [recipe.name, recipe, options, least] as const))(
  '%s learns digits',
  async (_, recipe, options, least) => {
    const experiment = await prepare(recipe, {
      ...{ dataset: 'mnist', data: digits, epochs: 1, batchSize: 16, schedule: 'one-cycle', augment: 'off' },
      ...options,
    });
    expect(await experiment.train()).toBe(true);
    const { numbers } = await experiment.evaluate();
    console.log(recipe.name, numbers.accuracy);
    expect(numbers.accuracy).toBeGreaterThan(least);
    expect(await names(experiment)).toEqual(['mistakes']);
  },
);

test('LeNet-5 learns digits, with distortions too; stopped and resumed as well', async () => {
  const plain = await trained(lenet5, { epochs: 6, batchSize: 32, data: digits });
  expect((await plain.evaluate()).numbers.accuracy).toBeGreaterThan(0.9);
  expect(await names(plain)).toEqual(['mistakes']);
  const distorted = await trained(lenet5, { epochs: 2, batchSize: 32, augment: 'on', data: digits });
  expect((await distorted.evaluate()).numbers.accuracy).toBeGreaterThan(0.4);
  expect(await names(distorted)).toEqual(['augmented', 'mistakes']);
});

test('colour images, mixed up, their labels smoothed; stopped and resumed as well', async () => {
  const options = {
    depth: 8,
    epochs: 1,
    batchSize: 32,
    mixup: 0.2,
    labelSmoothing: 0.1,
    schedule: 'one-cycle',
  };
  const experiment = await trained(resnet, { ...options, data: shapes });
  expect(await names(experiment)).toEqual(['augmented', 'mistakes']);
  expect(experiment.network!.shape).toEqual([3, 32, 32]);
  expect(experiment.network!.classes[0]).toBe('airplane');
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noGrad, zeros } from '../../../src/index.js';
import { alexnet } from '../../../src/recipes/ch3-vision/alexnet.js';
import { augmentation } from '../../../src/recipes/ch3-vision/augmentation.js';
import { googlenet } from '../../../src/recipes/ch3-vision/googlenet.js';
import { largenet } from '../../../src/recipes/ch3-vision/largenet.js';
import { lenet5 } from '../../../src/recipes/ch3-vision/lenet5.js';
import { plainVsResidual } from '../../../src/recipes/ch3-vision/plain-vs-residual.js';
import { resnet } from '../../../src/recipes/ch3-vision/resnet.js';
import { vgg } from '../../../src/recipes/ch3-vision/vgg.js';
import type { RecipeEvent } from '../../../src/recipes/kit/events.js';
import { colorInput } from '../../../src/recipes/kit/images/inputs.js';
import { loadImageSet } from '../../../src/recipes/kit/images/sets.js';
import type { Experiment, Recipe } from '../../../src/recipes/kit/recipe.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { type ScheduleName, scheduledSgd } from '../../../src/recipes/kit/schedules.js';
import { smallDigits, smallShapes } from '../../cli/command.js';
import { picturesOf } from '../pictures.js';
import { listener } from '../said.js';
import { trainedInTwoGoes } from '../stopped.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-images-'));
let shapes: string;
let digits: string;
beforeAll(() => {
  shapes = smallShapes(join(folder, 'shapes'), { train: 120, test: 40 });
  digits = smallDigits(join(folder, 'digits'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Options = Readonly<Record<string, number | string>>;

/** Trains through, and in two goes that must end with the same numbers. */
async function trained(recipe: Recipe, options: Options): Promise<Experiment> {
  const through = await prepare(recipe, options);
  expect(await through.train()).toBe(true);
  const half = through.step >> 1;
  const abort = new AbortController();
  const stopped = await prepare(recipe, options, {
    onEvent(event) {
      if (event.type === 'progress' && event.training!.step === half) abort.abort();
    },
  });
  expect(await stopped.train(abort.signal)).toBe(false);
  expect(stopped.step).toBe(half);
  const state = stopped.state();
  const resumed = await prepare(recipe, options);
  resumed.loadState(state);
  expect(await resumed.train()).toBe(true);
  const { numbers, line, report, confusion } = await through.evaluate();
  expect((await resumed.evaluate()).numbers).toEqual(numbers);
  expect(line).toBe(`test accuracy: ${(100 * numbers.accuracy!).toFixed(2)} %`);
  expect(confusion!.classes).toHaveLength(10);
  expect(reportLines(report!)[0]).toMatch(/^most often mistaken +taken for +times$/);
  console.log(recipe.name, line);

  const { model, toInput, test } = through.network!;
  const [image, label] = await test.get(0);
  model.eval();
  expect(noGrad(() => model.forward(toInput(image.unsqueeze(0)))).shape).toEqual([1, 10]);
  expect(label).toBeTypeOf('number');
  return through;
}

/** Each network, made small. */
const networks: readonly (readonly [Recipe, Options])[] = [
  [largenet, { lr: 0.05 }],
  [alexnet, { width: 0.25, dropout: 0, lr: 0.02, epochs: 6, batchSize: 8 }],
  [googlenet, { width: 0.05 }],
  [vgg, { width: 0.125, dropout: 0, lr: 0.02 }],
  [resnet, { depth: 8 }],
];

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;

test.each(networks.map(([recipe, options]) => [recipe.name, recipe, options] as const))(
  '%s learns digits',
  async (_, recipe, options) => {
    const losses: number[] = [];
    const experiment = await prepare(
      recipe,
      {
        ...{ dataset: 'mnist', data: digits, epochs: 1, batchSize: 16, schedule: 'constant', augment: 'off' },
        ...options,
      },
      {
        onEvent(event) {
          if (event.type === 'progress' && event.training!.step > 0)
            losses.push(event.training!.values.loss!);
        },
      },
    );
    expect(await experiment.train()).toBe(true);
    const [first, last] = [mean(losses.slice(0, 5)), mean(losses.slice(-5))];
    console.log(`${recipe.name}: loss from ${first.toFixed(2)} to ${last.toFixed(2)}`);
    expect(last).toBeLessThan(0.9 * first);
    expect((await experiment.evaluate()).numbers.accuracy).toBeGreaterThan(0);
    expect(await picturesOf(experiment, 'MNIST')).toEqual(['mistakes']);
  },
);

test('LeNet-5 learns digits, with distortions too; stopped and resumed as well', async () => {
  const plain = await trained(lenet5, { epochs: 6, batchSize: 32, data: digits });
  expect((await plain.evaluate()).numbers.accuracy).toBeGreaterThan(0.9);
  expect(await picturesOf(plain, 'MNIST')).toEqual(['mistakes']);
  const distorted = await trained(lenet5, { epochs: 2, batchSize: 32, augment: 'on', data: digits });
  expect((await distorted.evaluate()).numbers.accuracy).toBeGreaterThan(0.4);
  expect(await picturesOf(distorted, 'MNIST')).toEqual(['augmented', 'mistakes']);
});

test('color images, mixed up, their labels smoothed; stopped and resumed as well', async () => {
  const options = {
    depth: 8,
    epochs: 1,
    batchSize: 32,
    mixup: 0.2,
    labelSmoothing: 0.1,
    schedule: 'one-cycle',
  };
  const experiment = await trained(resnet, { ...options, data: shapes });
  expect(await picturesOf(experiment, 'CIFAR-10')).toEqual(['augmented', 'mistakes']);
  expect(experiment.network!.shape).toEqual([3, 32, 32]);
  expect(experiment.network!.classes[0]).toBe('airplane');
});

test('plain and residual networks of two depths', async () => {
  const { experiment, result } = await trainedInTwoGoes(plainVsResidual, {
    ...{ depths: '8,14', epochs: 1, batchSize: 40, data: shapes },
  });
  const all = ['plain-8', 'plain-14', 'ResNet-8', 'ResNet-14'];
  expect(Object.keys(result.numbers)).toEqual(
    all.flatMap((name) => [`${name} train error`, `${name} test error`]),
  );
  expect(reportLines(result.report!).map((line) => line.split(' ')[0])).toEqual(['', ...all]);
  expect(await picturesOf(experiment, 'CIFAR-10')).toEqual(['errors']);
  await expect(prepare(plainVsResidual, { depths: '20,21', data: shapes })).rejects.toThrow(
    'plain-vs-residual: --depths takes numbers of layers 6n + 2 separated by commas, such as 20,56, not 20,21',
  );
});

test('augmentation of few digits, in each way and in all', async () => {
  const options = { dataset: 'mnist', images: 50, epochs: 1, batchSize: 25, data: digits };
  const { experiment, result } = await trainedInTwoGoes(augmentation, options);
  expect(Object.keys(result.numbers)).toEqual(['none', 'affine', 'elastic', 'erasing', 'mixup', 'all']);
  expect(result.line).toMatch(/^test accuracy: \d+\.\d % without augmentation, at best \d+\.\d %, with \w+$/);
  expect(await picturesOf(experiment, 'MNIST')).toEqual(['accuracy', 'training', 'examples']);
});

test("where a data set isn't found, Myelin makes images, and says so", async () => {
  const before = { ...process.env };
  Object.assign(process.env, { MYELIN_OFFLINE: '1', MYELIN_DATA: '', XDG_CACHE_HOME: join(folder, 'none') });
  try {
    const { said, onEvent } = listener();
    const at = (data?: string) => ({
      options: { seed: 0, data },
      emit: async (event: RecipeEvent) => onEvent(event),
    });
    const shapes = await loadImageSet('cifar10', at());
    expect(said[0]).toMatch(/^data: shapes that Myelin draws: 5,000 images .*; CIFAR-10 wasn't found/);
    expect(shapes.classes).toContain('star');
    await expect(loadImageSet('cifar10', at(join(folder, 'none')))).rejects.toThrow(
      /test_batch|data_batch_1/,
    );
  } finally {
    process.env = before;
  }
});

test('what a network takes: three channels of 32 × 32, with mean 0 and variance 1', async () => {
  const { said, onEvent } = listener();
  const at = (data: string) => ({
    options: { seed: 0, data },
    emit: async (event: RecipeEvent) => onEvent(event),
  });
  const shapesSet = await loadImageSet('cifar10', at(shapes));
  expect(said).toEqual([
    'data: CIFAR-10: 120 images to train on, 40 to test on',
    'missing: data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin: trained without them',
  ]);
  const x = (await colorInput(shapesSet))(shapesSet.train.images);
  expect(x.shape).toEqual([120, 3, 32, 32]);
  for (const channel of x.unbind(1)) {
    expect(channel.mean().itemSync()).toBeCloseTo(0, 4);
    expect(channel.std().itemSync()).toBeCloseTo(1, 4);
  }
  const gray = await loadImageSet('mnist', at(digits));
  const [red, , blue] = (await colorInput(gray))(gray.test.images).unbind(1);
  expect(red!.shape).toEqual([200, 32, 32]);
  expect(red!.sub(blue!).abs().max().itemSync()).toBe(0);
});

test('schedules: by ten at a half and at three quarters, a half wave, one cycle', () => {
  const rates = (name: ScheduleName): number[] => {
    const { optimizer, scheduler } = scheduledSgd([zeros([1], { requiresGrad: true })], {
      ...{ lr: 0.1, weightDecay: 0, schedule: name, steps: 8 },
    });
    return Array.from({ length: 8 }, () => {
      const { lr } = optimizer.paramGroups[0]!;
      optimizer.step();
      scheduler.step();
      return Number(lr.toFixed(6));
    });
  };
  expect(rates('constant')).toEqual(Array(8).fill(0.1));
  expect(rates('step')).toEqual([0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001]);
  expect(rates('cosine')[4]).toBe(0.05);
  expect(Math.max(...rates('one-cycle').slice(1, 4))).toBeGreaterThan(0.09);
  expect(rates('one-cycle').at(-1)).toBeLessThan(0.001);
});

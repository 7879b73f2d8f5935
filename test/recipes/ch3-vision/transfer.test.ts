import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualSeed } from '../../../src/index.js';
import { saveSafetensors, saveTorch } from '../../../src/io/index.js';
import { transfer } from '../../../src/recipes/ch3-vision/transfer.js';
import type { Experiment } from '../../../src/recipes/kit/recipe.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { LAST, RunFolder } from '../../../src/train/index.js';
import { CifarResNet, ResNet } from '../../../src/vision/index.js';
import { smallShapes } from '../../cli/command.js';
import { picturesOf } from '../pictures.js';
import { listener } from '../said.js';
import { trainedInTwoGoes } from '../stopped.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-transfer-'));
const path = (name: string): string => join(folder, name);
let data: string;
beforeAll(() => {
  data = smallShapes(path('shapes'), { train: 120, test: 60 });
});
afterAll(() => rmSync(folder, { recursive: true }));

test('pretraining, then from scratch, frozen and fine-tuned; stopped and resumed as well', async () => {
  const options = { data, epochs: 1, batchSize: 32, steps: 2 };
  const { experiment, result } = await trainedInTwoGoes(transfer, options);
  expect(Object.keys(result.numbers)).toEqual([
    ...['scratch', 'frozen', 'fine-tuned'].flatMap((way) =>
      [10, 50, 250].map((labels) => `${way} ${labels}`),
    ),
    ...['pretraining', 'neighborsByFeatures', 'neighborsByPixels'],
  ]);
  expect(reportLines(result.report!).join('\n')).toMatch(
    /^labels per class +scratch +frozen +fine-tuned\n10 +\d+\.\d %/m,
  );
  expect(await picturesOf(experiment, 'CIFAR-10')).toEqual(['labels', 'neighbors']);

  const run = RunFolder.create('transfer', {}, path('run'));
  await run.saveCheckpoint(LAST, '1', experiment.state());
}, 60_000);

test('an encoder of a file or a run takes the place of the pretraining; which one it is, the weights say', async () => {
  manualSeed(0);
  const small = new CifarResNet(8, { numClasses: 7 });
  await saveSafetensors(path('small.safetensors'), small.stateDict());
  await saveTorch(path('resnet18.pth'), new ResNet(18).stateDict());
  await saveTorch(path('other.pth'), { weight: new CifarResNet(8).conv1.weight });
  const prepared = async (from: string): Promise<{ experiment: Experiment; model: string | undefined }> => {
    const { said, onEvent } = listener();
    const options = { data, from: path(from), steps: 1 };
    const experiment = await prepare(transfer, options, { onEvent });
    return { experiment, model: said.find((line) => line.startsWith('model: ')) };
  };
  expect((await prepared('run')).model).toBe('model: ResNet-20, 269,397 parameters');
  expect((await prepared('resnet18.pth')).model).toBe(
    'model: ResNet-18 for large images, 11,689,512 parameters',
  );
  const { experiment, model } = await prepared('small.safetensors');
  expect(model).toBe(`model: ResNet-8, ${small.numParameters().toLocaleString('en')} parameters`);
  expect(await experiment.train()).toBe(true);
  const { numbers, report } = await experiment.evaluate();
  expect(numbers.pretraining).toBeUndefined();
  expect(reportLines(report!)[0]).toMatch(
    /^nearest neighbors with the same class as a new image: by features \d+\.\d %, by pixels/,
  );
  await expect(prepared('other.pth')).rejects.toThrow(
    /transfer: .*other\.pth has no ResNet weights: it must be the state dict of torchvision's,/,
  );
  await expect(prepared('none.pth')).rejects.toThrow(/none\.pth/);
}, 60_000);

/** torchvision's names as functions, `vision.models`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { manualSeed, rand, type Tensor, tensor } from '../../../src/index.js';
import * as io from '../../../src/io/index.js';
import type * as nn from '../../../src/nn/index.js';
import * as vision from '../../../src/vision/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { models } = vision;
const small = { numClasses: 3, smallImages: true, width: 0.1 } as const;

test('every name makes its network', () => {
  expect(models.resnet18({ numClasses: 10 })).toBeInstanceOf(vision.ResNet);
  expect(models.resnet18({ numClasses: 10 }).fc.outFeatures).toBe(10);
  expect(models.alexnet(small)).toBeInstanceOf(vision.AlexNet);
  expect(models.googlenet(small).aux1).not.toBeNull();
  for (const [name, depth, batchNorm] of [
    ['vgg11', 11, false],
    ['vgg13', 13, false],
    ['vgg16', 16, false],
    ['vgg19', 19, false],
    ['vgg11Bn', 11, true],
    ['vgg13Bn', 13, true],
    ['vgg16Bn', 16, true],
    ['vgg19Bn', 19, true],
  ] as const)
    expect(Object.keys(models[name](small).stateDict()), name).toEqual(
      Object.keys(new vision.VGG(depth, { ...small, batchNorm }).stateDict()),
    );
  for (const [name, depth] of [
    ['resnet34', 34],
    ['resnet50', 50],
  ] as const)
    expect(Object.keys(models[name]().stateDict()), name).toEqual(
      Object.keys(new vision.ResNet(depth).stateDict()),
    );
});

test.each(['pth', 'safetensors'])(
  'weights come from a .%s file, and say how many classes there are',
  async (kind) => {
    manualSeed(2);
    const trained = models.vgg11Bn(small);
    const file = join(folder, `vgg.${kind}`);
    if (kind === 'pth') await io.saveTorch(file, trained.stateDict());
    else await io.saveSafetensors(file, trained.stateDict());
    const model = models.vgg11Bn({ smallImages: true, width: 0.1, weights: file });
    expect(model.stateDict()).toEqual(trained.stateDict());
    expect((vision.headOf(model) as nn.Linear).outFeatures).toBe(3);
  },
);

test("GoogLeNet's weights come as torchvision takes them", () => {
  manualSeed(2);
  const trained = models.googlenet(small);
  const weights = trained.stateDict();
  const model = models.googlenet({ ...small, weights });
  expect([model.aux1, model.aux2, model.transformInput]).toEqual([null, null, true]);
  const whole = models.googlenet({ ...small, weights, auxLogits: true, transformInput: false });
  expect(whole.stateDict()).toEqual(weights);
  const x = rand([2, 3, 16, 16]);
  const channel = (values: readonly number[]): Tensor => tensor(values, [1, 3, 1, 1]);
  const [mean, std] = [channel([0.485, 0.456, 0.406]), channel([0.229, 0.224, 0.225])];
  const image = x.mul(std).add(mean);
  const inputs = image.sub(0.5).div(0.5);
  expect(model.eval().forward(x).allcloseSync(whole.eval().forward(inputs), { atol: 1e-5 })).toBe(true);
});

test.each([
  [
    'other classes',
    () => models.alexnet({ ...small, numClasses: 5, weights: models.alexnet(small).stateDict() }),
    'alexnet: the weights are for 3 classes, but numClasses is 5\n  hint: omit numClasses, and give the model a new head: vision.replaceHead(model, 5)',
  ],
  [
    'a tensor',
    () => models.alexnet({ weights: rand([1]) as never }),
    'alexnet: weights must be a file, or an object of tensors by name, got a Tensor',
  ],
  [
    'a promise',
    () => models.alexnet({ weights: null as never }),
    'alexnet: weights must be a file, or an object of tensors by name, got null',
  ],
  ['no options', () => models.resnet18(5 as never), 'resnet18: the options must be an object, got 5'],
])('error: %s', (_, call, message) => {
  expect(call).toThrow(message);
  expect(call).toThrow(ArgumentError);
});

test('error: weights of another network', () => {
  const weights = models.vgg11(small).stateDict();
  expect(() => models.alexnet({ ...small, weights })).toThrow("the state dict doesn't fit AlexNet");
});

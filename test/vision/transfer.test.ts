import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../src/data/index.js';
import * as F from '../../src/functional.js';
import { arange, manualSeed, noGrad, randint, randn, type Tensor } from '../../src/index.js';
import { loadTorch } from '../../src/io/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import { loadCheckpoint, saveCheckpoint, Trainer } from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Networks with the size of images that they take, and of what they make of them. */
const networks: readonly [
  name: string,
  make: () => vision.Classifier,
  image: readonly number[],
  features: number,
][] = [
  ['LeNet-5', () => new vision.LeNet5(), [1, 32, 32], 84],
  ['LargeNet', () => new vision.LargeNet(), [3, 32, 32], 32],
  ['AlexNet', () => new vision.AlexNet(), [3, 63, 63], 4096],
  ['VGG-11', () => new vision.VGG(11), [3, 32, 32], 4096],
  ['GoogLeNet', () => new vision.GoogLeNet(), [3, 32, 32], 1024],
  ['ResNet-18', () => new vision.ResNet(18), [3, 32, 32], 512],
  ['ResNet-50', () => new vision.ResNet(50), [3, 32, 32], 2048],
  ['CifarResNet-20', () => new vision.CifarResNet(20), [3, 32, 32], 64],
];

describe.each(networks)('%s', (_, make, image, features) => {
  test('is a head behind an encoder; a new head gives scores for other classes', () => {
    manualSeed(0);
    const model = make().eval() as vision.Classifier;
    const x = randn([2, ...image]);
    noGrad(() => {
      const embedding = model.embed(x);
      expect(embedding.shape).toEqual([2, features]);
      expect(vision.headOf(model).forward(embedding).dataSync()).toEqual(model.forward(x).dataSync());

      const before = model.stateDict();
      expect(vision.replaceHead(model, 3)).toBe(model);
      expect(model.forward(x).shape).toEqual([2, 3]);
      expect(model.embed(x).dataSync()).toEqual(embedding.dataSync());
      const after = model.stateDict();
      expect(Object.keys(after)).toEqual(Object.keys(before));
      for (const [key, value] of Object.entries(after))
        if (model.heads.some((head) => key.startsWith(`${head}.`))) expect(value.shape[0]).toBe(3);
        else expect(value.storage).toBe(before[key]!.storage);
    });
  });
});

/** Few images of three classes, as (N, 3, 8, 8). */
const images = (): TensorDataset<[images: Tensor, labels: Tensor]> =>
  new TensorDataset<[Tensor, Tensor]>(randn([24, 3, 8, 8]), randint(0, 3, [24]));

/** Trains two epochs, validated in between. */
async function trained(model: vision.Classifier, optimizer: optim.SGD): Promise<void> {
  const set = images();
  const trainer = new Trainer<[Tensor, Tensor]>({
    model,
    optimizer,
    step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
  });
  await trainer.fit(new DataLoader(set, { batchSize: 8, shuffle: true }), {
    epochs: 2,
    validation: new DataLoader(set, { batchSize: 8 }),
  });
}

const copied = (model: nn.Module): Record<string, ArrayLike<number>> =>
  Object.fromEntries(
    Object.entries(model.stateDict()).map(([key, value]) => [key, value.clone().dataSync()]),
  );

/** Names of what isn't as before. */
const changed = (model: nn.Module, before: Record<string, ArrayLike<number>>): string[] =>
  Object.entries(model.stateDict())
    .filter(([key, value]) => !Buffer.from(value.dataSync().slice().buffer).equals(bytes(before[key]!)))
    .map(([key]) => key);

const bytes = (values: ArrayLike<number>): Buffer => Buffer.from((values as Float32Array).slice().buffer);

test('a frozen encoder keeps parameters and statistics to the bit; the head learns', async () => {
  manualSeed(1);
  const model = vision.freezeEncoder(vision.replaceHead(new vision.CifarResNet(8), 3));
  expect(
    model
      .namedParameters()
      .filter(([, p]) => p.requiresGrad)
      .map(([name]) => name),
  ).toEqual(['fc.weight', 'fc.bias']);
  const before = copied(model);
  await trained(model, new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-2 }));
  expect(changed(model, before)).toEqual(['fc.weight', 'fc.bias']);

  const frozen = copied(model);
  await trained(model.unfreeze(), new optim.SGD(model.parameters(), { lr: 0.1 }));
  expect(changed(model, frozen)).toEqual(Object.keys(frozen));
});

test("what is frozen stays in evaluation, and what isn't stays in training when it was validated", async () => {
  manualSeed(1);
  const model = new vision.GoogLeNet({ numClasses: 3 });
  model.setSubmodule('fc', new nn.Sequential(new nn.Dropout(0.5), new nn.Linear(1024, 3)));
  vision.freezeEncoder(model).train();
  const training = (): string[] =>
    model
      .namedModules()
      .filter(([, module]) => module.training)
      .map(([path]) => path);
  expect(training()).toEqual(['fc', 'fc.0', 'fc.1']);
  model.eval();
  expect(training()).toEqual([]);
  model.train();
  const trainer = new Trainer<[Tensor, Tensor]>({
    model,
    optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
    step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
  });
  const set = new TensorDataset<[Tensor, Tensor]>(randn([2, 3, 32, 32]), randint(0, 3, [2]));
  await trainer.evaluate(new DataLoader(set, { batchSize: 2 }));
  expect(training()).toEqual(['fc', 'fc.0', 'fc.1']);
});

test('encoder and head are groups with rates of their own', () => {
  manualSeed(2);
  const model = vision.replaceHead(new vision.CifarResNet(8), 3);
  const opt = new optim.SGD(vision.parameterGroups(model, { encoder: { lr: 1e-3 }, head: { momentum: 0 } }), {
    lr: 1e-1,
    momentum: 0.9,
  });
  expect(opt.paramGroups.map(({ lr, momentum }) => [lr, momentum])).toEqual([
    [1e-3, 0.9],
    [1e-1, 0],
  ]);
  expect(opt.paramGroups[1]!.params).toEqual([model.fc.weight, model.fc.bias]);
  expect(opt.paramGroups.flatMap(({ params }) => params)).toHaveLength(model.parameters().length);
  const before = model.conv1.weight.clone();
  const head = model.fc.bias!.clone();
  F.crossEntropy(model.forward(randn([8, 3, 8, 8])), randint(0, 3, [8])).backward();
  opt.step();
  const moved = (now: Tensor, then: Tensor, grad: Tensor): number =>
    noGrad(() => then.sub(now).norm().div(grad.norm()).itemSync());
  expect(moved(model.conv1.weight, before, model.conv1.weight.grad!)).toBeCloseTo(1e-3, 6);
  expect(moved(model.fc.bias!, head, model.fc.bias!.grad!)).toBeCloseTo(1e-1, 4);
});

test('a network with a new head goes through a checkpoint', async () => {
  manualSeed(3);
  const model = vision.freezeEncoder(vision.replaceHead(new vision.CifarResNet(8), 3));
  await saveCheckpoint(folder, 'last', '1', { model: model.stateDict() });
  const other = vision.replaceHead(new vision.CifarResNet(8), 3);
  other.loadStateDict((loadCheckpoint(folder, 'last') as { model: nn.StateDict }).model);
  const x = randn([2, 3, 8, 8]);
  expect(noGrad(() => other.eval().forward(x)).dataSync()).toEqual(
    noGrad(() => model.eval().forward(x)).dataSync(),
  );
});

test('embeddings are those of evaluation, in the order of the batches, and leave the model alone', async () => {
  manualSeed(4);
  const model = new vision.CifarResNet(8);
  const before = copied(model);
  const set = images();
  const {
    tensors: [features, labels],
  } = await vision.embeddings(model, new DataLoader(set, { batchSize: 9 }));
  expect(labels.dataSync()).toEqual(set.tensors[1].dataSync());
  expect(features.requiresGrad).toBe(false);
  expect(model.training).toBe(true);
  expect(changed(model, before)).toEqual([]);
  const expected = noGrad(() => model.eval().embed(set.tensors[0])).dataSync();
  features.dataSync().forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
  });
  await expect(
    vision.embeddings(model, new DataLoader(set, { batchSize: 30, dropLast: true })),
  ).rejects.toThrow('embeddings: there are no batches');
});

test("a head that isn't linear is replaced by hand", () => {
  const model = new vision.CifarResNet(8);
  model.setSubmodule('fc', new nn.Sequential(new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 3)));
  expect(model.forward(randn([2, 3, 8, 8])).shape).toEqual([2, 3]);
  expect(() => vision.replaceHead(model, 5)).toThrow(
    "replaceHead: the head 'fc' is a Sequential, not a Linear; insert one with model.setSubmodule('fc', …)",
  );
});

describe("torchvision's file of resnet18", () => {
  const recording = (name: string): Buffer => readFileSync(new URL(`../recordings/${name}`, import.meta.url));
  const path = join(folder, 'resnet18.pth');
  writeFileSync(path, gunzipSync(gunzipSync(recording('torchvision-resnet18.pth.gz.gz'))));

  test('is loaded, counters of batches included, and gives what it gives there', () => {
    const state = loadTorch<nn.StateDict>(path);
    const model = new vision.ResNet(18);
    expect(model.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(Object.keys(model.stateDict())).toEqual(Object.keys(state));
    expect(model.bn1.numBatchesTracked!.itemSync()).toBe(5004);
    const { logits } = JSON.parse(recording('torchvision-resnet18.json').toString()) as { logits: number[] };
    const x = arange(3 * 64 * 64)
      .to('float32')
      .sin()
      .reshape([1, 3, 64, 64]);
    const found = noGrad(() => model.eval().forward(x)).dataSync();
    logits.forEach((value, i) => {
      expect(Math.abs(found[i]! - value)).toBeLessThan(1e-3);
    });
  });

  test('into a network for other classes it is an error that says what to do', () => {
    const model = new vision.ResNet(18, { numClasses: 10 });
    const before = copied(model);
    expect(() => model.loadStateDict(loadTorch<nn.StateDict>(path))).toThrow(
      "loadStateDict: the state dict doesn't fit ResNet\n" +
        '  with the wrong shape:\n' +
        '    fc.weight: [1000, 512], expected [10, 512]\n' +
        '    fc.bias: [1000], expected [10]\n' +
        "  hint: 'fc' has 1000 outputs in the state dict and 10 in the model; create the model for 1000 classes, load, " +
        "and then give it a new head: vision.replaceHead(model, 10), or model.setSubmodule('fc', …)",
    );
    expect(changed(model, before)).toEqual([]);
  });
});

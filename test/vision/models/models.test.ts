import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ArgumentError, ShapeError } from '../../../src/core/errors.js';
import { arange, manualSeed, noGrad, randn, slice, type Tensor, tidy, zeros } from '../../../src/index.js';
import type * as nn from '../../../src/nn/index.js';
import * as vision from '../../../src/vision/index.js';

/** First elements, sum, weighted sum and norm. */
type Digest = readonly number[];

interface Recorded {
  readonly shape: readonly number[];
  readonly start: Readonly<Record<string, Digest>>;
  readonly training: {
    readonly logits: readonly number[];
    readonly loss: number;
    readonly grads: Readonly<Record<string, Digest>>;
    readonly state: Readonly<Record<string, Digest>>;
  };
  readonly evaluation: readonly number[];
}

const recording = JSON.parse(
  gunzipSync(readFileSync(new URL('../../recordings/vision-models.json.gz', import.meta.url))).toString(),
) as {
  readonly seed: number;
  readonly held: Readonly<
    Record<string, { readonly parameters: number; readonly state: Readonly<Record<string, number[]>> }>
  >;
  readonly networks: Readonly<Record<string, Recorded>>;
};

const held: Record<string, () => nn.Module> = {
  alexnet: () => new vision.AlexNet(),
  vgg11: () => new vision.VGG(11),
  vgg16: () => new vision.VGG(16),
  vgg19: () => new vision.VGG(19),
  googlenet: () => new vision.GoogLeNet({ auxLogits: false }),
  'googlenet with auxiliary classifiers': () => new vision.GoogLeNet(),
  resnet18: () => new vision.ResNet(18),
  resnet34: () => new vision.ResNet(34),
  resnet50: () => new vision.ResNet(50),
  resnet101: () => new vision.ResNet(101),
  resnet152: () => new vision.ResNet(152),
};

const networks: Record<string, () => nn.Layer> = {
  alexnet: () => new vision.AlexNet({ numClasses: 10 }),
  vgg11: () => new vision.VGG(11, { numClasses: 10 }),
  vgg13_bn: () => new vision.VGG(13, { numClasses: 10, batchNorm: true }),
  googlenet: () => new vision.GoogLeNet({ numClasses: 10 }),
  resnet18: () => new vision.ResNet(18, { numClasses: 10 }),
  resnet34: () => new vision.ResNet(34, { numClasses: 10, zeroInitResidual: true }),
  resnet50: () => new vision.ResNet(50, { numClasses: 10 }),
};

/** Of at most 1000 elements, at equal distances. */
function digest(t: Tensor): Digest {
  return tidy(() => {
    const all = t.detach().flatten();
    const flat = all.at(slice(null, null, Math.ceil(all.count / 1000))).to('float64');
    const weights = arange(flat.count, { dtype: 'float64' }).remainder(7).add(1);
    const sums = [flat.sum(), flat.mul(weights).sum(), flat.norm()].map((x) => x.itemSync());
    return [...flat.dataSync().subarray(0, 6), ...sums];
  });
}

function expectClose(
  found: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    const off = Math.abs(found[i]! - value);
    expect(off <= tolerance * scale, `${what}[${i}]: ${found[i]}, torchvision has ${value}`).toBe(true);
  });
}

test.each(Object.keys(recording.held))("%s has torchvision's parameters, names and shapes", (name) => {
  const { parameters, state } = recording.held[name]!;
  const model = held[name]!();
  expect(model.numParameters()).toBe(parameters);
  const shapes = Object.entries(model.stateDict()).map(([key, tensor]) => [key, tensor.shape]);
  expect(shapes).toEqual(Object.entries(state));
});

test.each(Object.keys(recording.networks))("%s starts and computes as torchvision's", (name) => {
  const recorded = recording.networks[name]!;
  manualSeed(recording.seed);
  const model = networks[name]!();
  const x = randn(recorded.shape);
  for (const [key, tensor] of Object.entries(model.stateDict()))
    expectClose(digest(tensor), recorded.start[key]!, 1e-6, key);

  model.to('float64');
  const labels = arange(recorded.shape[0]!, { dtype: 'int32' }).remainder(10);
  const outputs =
    model instanceof vision.GoogLeNet
      ? model.outputs(x.to('float64'))
      : { logits: model.forward(x.to('float64')), auxLogits1: null, auxLogits2: null };
  const loss = vision.googLeNetLoss(outputs, labels);
  loss.backward();
  const { training, evaluation } = recorded;
  expectClose(outputs.logits.dataSync(), training.logits, 1e-5, 'logits in training');
  expect(loss.itemSync()).toBeCloseTo(training.loss, 5);
  for (const [key, parameter] of model.namedParameters())
    expectClose(digest(parameter.grad!), training.grads[key]!, 1e-4, `gradient of ${key}`);
  const state = model.stateDict();
  for (const [key, expected] of Object.entries(training.state))
    expectClose(digest(state[key]!), expected, 1e-5, key);

  model.to('float32').eval();
  const logits = noGrad(() => model.forward(x));
  expectClose(logits.dataSync(), evaluation, 1e-4, 'logits in evaluation');
});

test("the paper's ResNets for CIFAR have its numbers of parameters; shortcuts have none", () => {
  const count = (depth: number, residual = true): number =>
    new vision.CifarResNet(depth, { residual }).numParameters();
  // Table 6 of the paper: 0.27 M, 0.46 M, 0.85 M.
  expect([20, 32, 56].map((depth) => Math.round(count(depth) / 1e4))).toEqual([27, 46, 85]);
  expect(count(20, false)).toBe(count(20));
  expect(new vision.ResNet(18, { residual: false }).numParameters()).toBeLessThan(11_689_512);
  expect(() => new vision.CifarResNet(21)).toThrow(ArgumentError);
  expect(() => new vision.CifarResNet(21)).toThrow('depth must be 6n + 2, such as 20, 32, or 56, got 21');
});

test('the forms for small images, and narrow ones', () => {
  const small = { numClasses: 10, smallImages: true } as const;
  const counts: readonly (readonly [nn.Layer, number])[] = [
    // Convolutions as for large images, but 5 × 5 at the start; 256 · 9 features, 1,024 units.
    [new vision.AlexNet(small), 2_451_264 + 2304 * 1024 + 1024 + 1024 * 1024 + 1024 + 10_250],
    [new vision.VGG(11, small), 9_220_480 + 2 * (512 * 512 + 512) + 5130],
    // Kept narrow: half of all channels, a quarter of the weights.
    [new vision.VGG(11, { ...small, width: 0.5 }), 2_306_240 + 2 * (256 * 256 + 256) + 2570],
    [new vision.GoogLeNet({ ...small, auxLogits: false, width: 0.25 }), 348_770],
  ];
  noGrad(() => {
    for (const [model, parameters] of counts) {
      expect(model.numParameters()).toBe(parameters);
      expect(model.eval().forward(randn([2, 3, 32, 32])).shape).toEqual([2, 10]);
    }
    expect(new vision.AlexNet(small).forward(randn([1, 3, 15, 15])).shape).toEqual([1, 10]);
    const narrow = new vision.GoogLeNet({ ...small, width: 0.1 });
    expect(narrow.outputs(randn([2, 3, 32, 32])).auxLogits2!.shape).toEqual([2, 10]);
    expect(narrow.eval().forward(randn([1, 3, 4, 4])).shape).toEqual([1, 10]);
    expect(new vision.AlexNet({ numClasses: 10, width: 0.1 }).forward(randn([1, 3, 63, 63])).shape).toEqual([
      1, 10,
    ]);
  });
  expect(() => new vision.VGG(11, { width: 0 })).toThrow('VGG: width must be a finite number above 0, got 0');
});

test("modules have torchvision's names and order", () => {
  const names = (model: nn.Module, path: string): string[] =>
    model
      .getSubmodule(path)
      .namedChildren()
      .map(([name]) => name);
  const layers = ['conv1', 'bn1', 'relu', 'maxpool', 'layer1', 'layer2', 'layer3', 'layer4', 'avgpool', 'fc'];
  expect(names(new vision.ResNet(18), '')).toEqual(layers);
  expect(names(new vision.ResNet(18), 'layer2.0')).toEqual([
    'conv1',
    'bn1',
    'relu',
    'conv2',
    'bn2',
    'downsample',
  ]);
  expect(names(new vision.ResNet(50), 'layer1.0')).toEqual([
    'conv1',
    'bn1',
    'conv2',
    'bn2',
    'conv3',
    'bn3',
    'relu',
    'downsample',
  ]);
});

test("a block's input reaches its output; without, it doesn't", () => {
  for (const residual of [true, false]) {
    manualSeed(0);
    const model = new vision.CifarResNet(8, { residual }).eval();
    for (const [name, parameter] of model.namedParameters())
      if (/layer\d.*bn2/.test(name)) noGrad(() => parameter.zero_());
    const zero = noGrad(() =>
      model
        .embed(randn([1, 3, 8, 8]))
        .abs()
        .sum()
        .itemSync(),
    );
    expect(zero === 0).toBe(!residual);
  }
});

test("networks with global pooling take any size; what can't be taken is said", () => {
  noGrad(() => {
    expect(new vision.ResNet(18, { numClasses: 3 }).eval().forward(randn([1, 3, 40, 23])).shape).toEqual([
      1, 3,
    ]);
    expect(new vision.CifarResNet(8).eval().forward(randn([2, 3, 17, 9])).shape).toEqual([2, 10]);
    expect(new vision.NetworkInNetwork().eval().forward(randn([1, 3, 32, 32])).shape).toEqual([1, 10]);
    expect(new vision.LargeNet().forward(randn([1, 3, 32, 32])).shape).toEqual([1, 10]);
  });
  const nin = new vision.NetworkInNetwork();
  expect(() => nin.forward(zeros([3, 32, 32]))).toThrow(ShapeError);
  expect(() => nin.forward(zeros([3, 32, 32]))).toThrow('for a single image, use x.unsqueeze(0)');
  expect(() => nin.forward(zeros([1, 32, 32, 3]))).toThrow('for NHWC images, use x.permute([0, 3, 1, 2])');
  expect(() => nin.forward(zeros([1, 3, 2, 2]))).toThrow('takes images (N, 3, H, W) of at least 4 × 4');
  expect(() => new vision.LargeNet().forward(zeros([1, 3, 8, 8]))).toThrow('resize the images');
});

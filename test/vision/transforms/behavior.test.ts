/** What transforms do beside torchvision's arithmetic: batches, generators, errors. */
import { describe, expect, test } from 'vitest';
import {
  ArgumentError,
  DTypeError,
  Generator,
  getRngState,
  manualSeed,
  ones,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import { watchAllocations } from '../../../src/tensor/memory.js';
import { transforms as T } from '../../../src/vision/index.js';

const image = zeros([3, 8, 6]);
const batch = zeros([2, 3, 8, 6]);
const bytes = zeros([3, 8, 6], { dtype: 'uint8' });

test('ToTensor makes floats from 0 to 1 of bytes, and leaves floats', () => {
  const pixels = tensor([0, 51, 255], { dtype: 'uint8' }).reshape([3, 1, 1]);
  const floats = new T.ToTensor().forward(pixels);
  expect([floats.dtype, floats.shape]).toEqual(['float32', [3, 1, 1]]);
  expect([...floats.dataSync()]).toEqual([0, Math.fround(0.2), 1]);
  const doubles = rand([1, 2, 2], { dtype: 'float64' });
  expect(T.toTensor(doubles).dataSync()).toEqual(doubles.dataSync());
});

test('AddNoise adds numbers of the mean and deviation that it is given', () => {
  manualSeed(3);
  const noise = new T.AddNoise(0.2, { mean: 0.1, clip: false }).forward(zeros([8, 3, 32, 32]));
  expect(noise.mean().itemSync()).toBeCloseTo(0.1, 2);
  expect(noise.std().itemSync()).toBeCloseTo(0.2, 2);
  const clipped = new T.AddNoise(2).forward(ones([3, 8, 8]));
  expect([clipped.min().itemSync(), clipped.max().itemSync()]).toEqual([0, 1]);
});

test('a batch gets what its images get one after the other', () => {
  const noise = new T.Compose([new T.AddNoise(0.1), new T.RandomVerticalFlip()]);
  const images = rand([3, 1, 4, 4]);
  manualSeed(1);
  const whole = noise.forward(images).dataSync();
  manualSeed(1);
  expect([...whole]).toEqual(images.unbind(0).flatMap((each) => [...noise.forward(each).dataSync()]));
});

test('with its own generator, it gives the same images and leaves the default one alone', () => {
  const augment = new T.Compose([
    new T.RandomResizedCrop(4),
    new T.RandomHorizontalFlip(),
    new T.ColorJitter({ brightness: 0.5 }),
    new T.ElasticTransform({ sigma: 0.5 }),
    new T.AddNoise(),
  ]);
  const before = getRngState();
  const images = tensor(Float32Array.from({ length: 48 }, (_, i) => i / 48)).reshape([3, 4, 4]);
  const run = (): Tensor => augment.forward(images, { generator: new Generator(5) });
  const first = run().dataSync();
  expect(getRngState()).toEqual(before);
  manualSeed(99);
  expect(run().dataSync()).toEqual(first);
});

test('gradients flow through', () => {
  const x = rand([2, 3, 6, 6]).requiresGrad_();
  const augment = new T.Compose([
    new T.RandomCrop(6, { padding: 1 }),
    new T.ColorJitter({ saturation: 0.2 }),
    new T.RandomRotation(10, { interpolation: 'bilinear' }),
    new T.GaussianBlur(3),
  ]);
  augment.forward(x).sum().backward();
  expect(x.grad!.abs().sum().itemSync()).toBeGreaterThan(0);
  const displacement = zeros([1, 6, 6, 2]).requiresGrad_();
  T.elasticTransform(rand([2, 1, 6, 6]), displacement)
    .sum()
    .backward();
  expect(displacement.grad!.abs().sum().itemSync()).toBeGreaterThan(0);
});

test('what was computed on the way is given back at once', () => {
  const images = rand([2, 3, 6, 6]);
  const { allocated } = watchAllocations(() => new T.ColorJitter({ hue: 0.1 }).forward(images));
  expect([...allocated].filter((storage) => storage.disposedAt === undefined).length).toBe(1);
});

test('float64 images stay float64', () => {
  const augment = new T.Compose([
    new T.Resize(7),
    new T.RandomAffine(10),
    new T.ColorJitter({ contrast: 0.2, hue: 0.1 }),
    new T.ElasticTransform({ sigma: 0.5 }),
    new T.GaussianBlur(3),
    new T.RandomErasing({ p: 1 }),
    new T.AddNoise(),
    new T.Normalize([0.5], [0.5]),
  ]);
  expect(augment.forward(rand([2, 3, 9, 9], { dtype: 'float64' })).dtype).toBe('float64');
});

test('one factor for each image', () => {
  const images = ones([2, 3, 1, 1]);
  expect([...T.adjustBrightness(images, [0.25, 0.5]).dataSync()]).toEqual([0.25, 0.25, 0.25, 0.5, 0.5, 0.5]);
});

test('transforms print what they do', () => {
  const augment = new T.Compose([
    new T.RandomCrop(32, { padding: 4 }),
    new T.Compose([new T.RandomHorizontalFlip(), new T.ToTensor()]),
    new T.ColorJitter({ brightness: 0.25, hue: 0.1 }),
  ]);
  expect(`${augment}`).toBe(`Compose(
  RandomCrop(size=[32, 32], padding=[4, 4, 4, 4])
  Compose(
    RandomHorizontalFlip(p=0.5)
    ToTensor()
  )
  ColorJitter(brightness=[0.75, 1.25], contrast=null, saturation=null, hue=[-0.1, 0.1])
)`);
  const others: readonly [T.Transform, string][] = [
    [new T.Normalize([0.5], [0.25]), 'Normalize(mean=[0.5], std=[0.25])'],
    [new T.Pad([1, 2]), 'Pad(padding=[1, 2, 1, 2], fill=0, paddingMode=constant)'],
    [new T.CenterCrop([4, 5]), 'CenterCrop(size=[4, 5])'],
    [new T.Resize(8), 'Resize(size=8, interpolation=bilinear, antialias=true)'],
    [
      new T.RandomResizedCrop(8),
      'RandomResizedCrop(size=[8, 8], scale=[0.08, 1], ratio=[0.75, 1.3333], interpolation=bilinear, antialias=true)',
    ],
    [new T.RandomRotation(30), 'RandomRotation(degrees=[-30, 30], interpolation=nearest, expand=false)'],
    [
      new T.RandomAffine(5, { scale: [0.5, 2], shear: [1, 2, 3, 4] }),
      'RandomAffine(degrees=[-5, 5], scale=[0.5, 2], shear=[1, 2, 3, 4], interpolation=nearest)',
    ],
    [new T.RandomGrayscale(), 'RandomGrayscale(p=0.1)'],
    [new T.GaussianBlur(3), 'GaussianBlur(kernelSize=[3, 3], sigma=[0.1, 2])'],
    [new T.RandomErasing(), 'RandomErasing(p=0.5, scale=[0.02, 0.33], ratio=[0.3, 3.3], value=0)'],
    [new T.ElasticTransform(), 'ElasticTransform(alpha=[50, 50], sigma=[5, 5], interpolation=bilinear)'],
    [new T.AddNoise(), 'AddNoise(std=0.1, mean=0, clip=true)'],
  ];
  for (const [transform, text] of others) expect(`${transform}`).toBe(text);
});

const wrong = <V>(value: unknown): V => value as V;

describe('errors', () => {
  test.each<[string, () => unknown]>([
    ['RandomHorizontalFlip: p must be in [0, 1], got 2', () => new T.RandomHorizontalFlip(2)],
    ['RandomGrayscale: p must be in [0, 1], got -1', () => new T.RandomGrayscale(-1)],
    ['degrees as one number must be at least 0, got -3', () => new T.RandomRotation(-3)],
    ['degrees must be a range [from, to], got [3, 1]', () => new T.RandomRotation([3, 1])],
    [
      'brightness must be a range [from, to] of at least 0, got [-1, 1]',
      () => new T.ColorJitter({ brightness: [-1, 1] }),
    ],
    ['hue must be a range [from, to] within [-0.5, 0.5]', () => new T.ColorJitter({ hue: 0.7 })],
    ['scale must be a range [from, to] within [0, 1]', () => new T.RandomErasing({ scale: [0.1, 1.5] })],
    ['ratio must be a number above 0, got 0', () => new T.RandomResizedCrop(4, { ratio: [0, 1] })],
    ['ratio must be a range [from, to], got [2, 1]', () => new T.RandomErasing({ ratio: [2, 1] })],
    ['scale must be a number above 0, got -1', () => new T.RandomAffine(0, { scale: [-1, 1] })],
    ['translate must be in [0, 1], got [0, 2]', () => new T.RandomAffine(0, { translate: [0, 2] })],
    ['shear must be a range [from, to], got [2, 1]', () => new T.RandomAffine(0, { shear: [0, 1, 2, 1] })],
    ['affine: scale must be a finite number above 0, got 0', () => T.affine(image, { scale: 0 })],
    ["std can't be 0, got [1, 0]", () => new T.Normalize([0, 0], [1, 0])],
    ['padding must be one, two, or four whole numbers', () => new T.Pad(wrong([1, 2, 3]))],
    ['padding must be one, two, or four whole numbers of at least 0, got [-1]', () => T.pad(image, -1)],
    [
      "Pad: paddingMode must be 'constant', 'edge', 'reflect' or 'symmetric', got 'wrap'",
      () => new T.Pad(1, { paddingMode: wrong('wrap') }),
    ],
    ['size must be a whole number of at least 1, got 0', () => new T.CenterCrop(0)],
    ['the box of 2 × 2 pixels at (8, 0) is outside an image of 8 × 6', () => T.crop(image, 8, 0, 2, 2)],
    ['height and width must be a whole number', () => T.crop(image, 0, 0, 0, 2)],
    [
      "Resize: interpolation must be 'nearest' or 'bilinear', got 'cubic'",
      () => new T.Resize(4, { interpolation: wrong('cubic') }),
    ],
    ['maxSize needs one number as size', () => new T.Resize([4, 4], { maxSize: 9 })],
    ['maxSize, 4, must be larger than the shorter side, 4', () => T.resize(image, 4, { maxSize: 4 })],
    [
      'resize: the size [200000000, 266666666] is too large for images of [1, 3, 6, 8]',
      () => T.resize(image.transpose(1, 2), 200_000_000),
    ],
    [
      'resize: the size [300000000, 6] is too large for images of [1, 3, 8, 6]',
      () => new T.RandomResizedCrop([300_000_000, 6], { scale: [1, 1], ratio: [0.75, 0.75] }).forward(image),
    ],
    [
      'resize: the size [100000000, 6] is too large for images of [1, 1, 8, 6]',
      () => T.resize(image.narrow(0, 0, 1), [100_000_000, 6]),
    ],
    ['the factor must be at least 0, got -1', () => T.adjustContrast(image, -1)],
    ['the factor must be in [-0.5, 0.5], got 0.6', () => T.adjustHue(image, 0.6)],
    [
      'rgbToGrayscale: outputChannels must be 1 or 3, got 2',
      () => T.rgbToGrayscale(image, { outputChannels: wrong(2) }),
    ],
    [
      'rotate: fill must be a finite number, or one for each channel, or null, got NaN',
      () => T.rotate(image, 5, { fill: Number.NaN }),
    ],
    [
      'ElasticTransform: fill must be a finite number, or one for each channel, got []',
      () => new T.ElasticTransform({ fill: [] }),
    ],
    ['kernelSize must be odd, got [4, 3]', () => new T.GaussianBlur([4, 3])],
    ['sigma must be a number above 0, got 0', () => T.gaussianBlur(image, 3, { sigma: 0 })],
    ['sigma must be a range [from, to], got [2, 1]', () => new T.GaussianBlur(3, { sigma: [2, 1] })],
    [
      "the box of 4 × 4 pixels at (5, 0) isn't within an image of 8 × 6",
      () => T.erase(image, { top: 5, left: 0, height: 4, width: 4 }),
    ],
    ['alpha and sigma must be at least 0, got -1', () => new T.ElasticTransform({ alpha: -1 })],
    ['sigma must be 0 for both axes or for none', () => new T.ElasticTransform({ sigma: [0, 1] })],
    ['AddNoise: std must be a finite number of at least 0, got -1', () => new T.AddNoise(-1)],
  ])('%s', (message, make) => {
    expect(make).toThrow(ArgumentError);
    expect(make).toThrow(message);
  });

  test.each<[string, () => unknown]>([
    ['needs an image (C, H, W) or a batch of them (N, C, H, W)', () => T.horizontalFlip(zeros([4, 4]))],
    [
      "RandomVerticalFlip: there's nothing to transform",
      () => new T.RandomVerticalFlip().forward(zeros([0, 3, 2, 2])),
    ],
    [
      'needs gray or RGB images, with 1 or 3 channels',
      () => new T.ColorJitter({ hue: 0.1 }).forward(zeros([4, 2, 2])),
    ],
    ['factor has 3 numbers for 2 images', () => T.adjustHue(batch, [0, 0, 0])],
    [
      'the images of a batch would have different sizes',
      () =>
        new T.RandomRotation(45, { expand: true }).forward(zeros([9, 1, 8, 6]), {
          generator: new Generator(1),
        }),
    ],
    ['mean has 2 numbers for 3 channels', () => new T.Normalize([0, 0], [1]).forward(image)],
    ['std has 2 numbers for 3 channels', () => T.normalize(image, [0], [1, 1])],
    ["can't have a symmetric border of 9 and 9", () => T.pad(image, 9, { paddingMode: 'symmetric' })],
    ['a crop of 9 × 9 pixels is larger than the image of 8 × 6', () => new T.RandomCrop(9).forward(image)],
    ['fill has 2 numbers for 3 channels', () => T.affine(image, {}, { fill: [0, 0] })],
    ['a kernel of [13, 3] pixels reaches beyond', () => new T.GaussianBlur([13, 3]).forward(image)],
    ['a kernel of [4294967297, 3] pixels reaches beyond', () => T.gaussianBlur(image, [2 ** 32 + 1, 3])],
    [
      'ElasticTransform: a kernel of [8000000001, 8000000001] pixels reaches beyond',
      () => new T.ElasticTransform({ sigma: 1e9 }).forward(image),
    ],
    ['a kernel of [41, 41] pixels reaches beyond', () => new T.ElasticTransform().forward(image)],
    ['value has 2 numbers for 3 channels', () => new T.RandomErasing({ value: [0, 1] }).forward(image)],
    [
      "the displacement's shape doesn't match the images",
      () => T.elasticTransform(image, zeros([1, 8, 5, 2])),
    ],
  ])('%s', (message, make) => {
    expect(make).toThrow(ShapeError);
    expect(make).toThrow(message);
  });

  test.each<[string, () => unknown]>([
    ['images must be uint8 from 0 to 255 or floats from 0 to 1, got int32', () => T.resize(image.int(), 3)],
    ['normalize: needs floats, got uint8', () => new T.Normalize([0], [1]).forward(bytes)],
    ['AddNoise: needs floats, got uint8', () => new T.AddNoise().forward(bytes)],
  ])('%s', (message, make) => {
    expect(make).toThrow(DTypeError);
    expect(make).toThrow(message);
  });
});

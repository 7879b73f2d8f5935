/** Transforms against torchvision's, recorded by test/record/record-transforms.py. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DType } from '../../../src/core/dtype.js';
import { manualSeed, rand, setEngine, stack, type Tensor, tensor } from '../../../src/index.js';
import { transforms as T } from '../../../src/vision/index.js';
import { testEngines } from '../../helpers/engines.js';

interface Recorded {
  readonly shape: number[];
  readonly dtype: DType;
  readonly values: number[];
}

const recording = JSON.parse(
  gunzipSync(readFileSync(new URL('../../recordings/transforms.json.gz', import.meta.url))).toString(),
) as {
  readonly seed: number;
  readonly images: Readonly<Record<string, Recorded>>;
  readonly cases: readonly {
    readonly name: string;
    readonly images: string;
    readonly out: Recorded;
    /** The number that the random stream gives afterwards. */
    readonly next: number;
  }[];
};

const bilinear = { interpolation: 'bilinear' } as const;
const mean = [0.5, 0.4, 0.3];
const std = [0.2, 0.25, 0.3];

const made: Readonly<Record<string, T.Transform | ((images: Tensor) => Tensor)>> = {
  Normalize: new T.Normalize(mean, std),
  'Normalize, one for all': new T.Normalize([0.5], [0.2]),
  Pad: new T.Pad(2),
  'Pad, two sides': new T.Pad([1, 3], { fill: 0.5 }),
  'Pad, edge': new T.Pad([1, 2, 3, 4], { paddingMode: 'edge' }),
  'Pad, reflect': new T.Pad([1, 2, 3, 4], { paddingMode: 'reflect' }),
  'Pad, symmetric': new T.Pad([1, 2, 3, 4], { paddingMode: 'symmetric' }),
  CenterCrop: new T.CenterCrop(4),
  'CenterCrop, odd': new T.CenterCrop([3, 6]),
  'CenterCrop, larger': new T.CenterCrop([11, 4]),
  'Resize, smaller': new T.Resize([3, 4]),
  'Resize, larger': new T.Resize([13, 10]),
  'Resize, one axis': new T.Resize([8, 3]),
  'Resize, shorter side': new T.Resize(4),
  'Resize, maxSize': new T.Resize(4, { maxSize: 9 }),
  'Resize, no antialias': new T.Resize([3, 11], { antialias: false }),
  'Resize, nearest': new T.Resize([5, 12], { interpolation: 'nearest' }),
  RandomCrop: new T.RandomCrop(5),
  'RandomCrop, whole': new T.RandomCrop([8, 7]),
  'RandomCrop, padding': new T.RandomCrop([8, 7], { padding: 2 }),
  'RandomCrop, edge': new T.RandomCrop(6, { padding: [1, 2], paddingMode: 'edge' }),
  'RandomCrop, padIfNeeded': new T.RandomCrop([10, 8], { padIfNeeded: true, fill: 0.25 }),
  RandomResizedCrop: new T.RandomResizedCrop(5),
  'RandomResizedCrop, bytes': new T.RandomResizedCrop([4, 6], { scale: [0.3, 0.5], ratio: [0.5, 2] }),
  'RandomResizedCrop, nearest': new T.RandomResizedCrop(6, { interpolation: 'nearest' }),
  'RandomResizedCrop, none fits': new T.RandomResizedCrop(5, { scale: [1, 1] }),
  RandomHorizontalFlip: new T.RandomHorizontalFlip(),
  'RandomHorizontalFlip, always': new T.RandomHorizontalFlip(1),
  RandomVerticalFlip: new T.RandomVerticalFlip(0.3),
  RandomRotation: new T.RandomRotation(40),
  'RandomRotation, bilinear': new T.RandomRotation([10, 80], { ...bilinear, fill: 0.5 }),
  'RandomRotation, bytes': new T.RandomRotation(30, { ...bilinear, fill: [10, 20, 30] }),
  'RandomRotation, center': new T.RandomRotation(90, { ...bilinear, center: [1, 2] }),
  'RandomRotation, expand': new T.RandomRotation([30, 30], { ...bilinear, expand: true }),
  RandomAffine: new T.RandomAffine(25),
  'RandomAffine, all': new T.RandomAffine(20, {
    ...bilinear,
    translate: [0.2, 0.3],
    scale: [0.7, 1.4],
    shear: [-10, 10, -20, 5],
  }),
  'RandomAffine, shear': new T.RandomAffine([0, 0], { ...bilinear, shear: 20, fill: 0.5, center: [2, 5] }),
  ColorJitter: new T.ColorJitter({ brightness: 0.4, contrast: 0.3, saturation: 0.5, hue: 0.2 }),
  'ColorJitter, three': new T.ColorJitter({ brightness: 0.2, contrast: 0.2, saturation: 0.2 }),
  'ColorJitter, ranges': new T.ColorJitter({ brightness: [0.5, 2], hue: [-0.5, 0.5] }),
  RandomGrayscale: new T.RandomGrayscale(0.5),
  GaussianBlur: new T.GaussianBlur(5),
  'GaussianBlur, sides': new T.GaussianBlur([3, 7], { sigma: [0.5, 3] }),
  RandomErasing: new T.RandomErasing(),
  'RandomErasing, color': new T.RandomErasing({ p: 0.8, scale: [0.1, 0.5], value: [0.1, 0.2, 0.3] }),
  'RandomErasing, random': new T.RandomErasing({ p: 1, ratio: [0.5, 2], value: 'random' }),
  'RandomErasing, none fits': new T.RandomErasing({ p: 1, scale: [1, 1], ratio: [0.3, 0.3] }),
  ElasticTransform: new T.ElasticTransform({ alpha: 10, sigma: 1 }),
  'ElasticTransform, sides': new T.ElasticTransform({ alpha: [5, 20], sigma: [0.5, 1], fill: 0.5 }),
  'ElasticTransform, nearest': new T.ElasticTransform({ alpha: 4, sigma: 0, interpolation: 'nearest' }),
  Compose: new T.Compose([
    new T.RandomCrop([8, 7], { padding: 2 }),
    new T.RandomHorizontalFlip(),
    new T.Compose([
      new T.ColorJitter({ brightness: 0.2, contrast: 0.2, saturation: 0.2, hue: 0.1 }),
      new T.RandomAffine(10, bilinear),
    ]),
    new T.Normalize(mean, std),
    new T.RandomErasing({ p: 0.5, value: 'random' }),
  ]),
  'Compose, sizes that differ': new T.Compose([
    new T.RandomHorizontalFlip(),
    new T.RandomRotation(45, { ...bilinear, expand: true }),
    new T.Resize([6, 6]),
  ]),
  adjustBrightness: (x) => T.adjustBrightness(x, 1.7),
  adjustContrast: (x) => T.adjustContrast(x, 0.3),
  adjustSaturation: (x) => T.adjustSaturation(x, 1.9),
  adjustHue: (x) => T.adjustHue(x, -0.35),
  rgbToGrayscale: (x) => T.rgbToGrayscale(x),
  crop: (x) => T.crop(x, 2, 1, 4, 5),
  'crop, beyond': (x) => T.crop(x, -2, 3, 7, 9),
  resizedCrop: (x) => T.resizedCrop(x, { top: 1, left: 2, height: 6, width: 4 }, [4, 5]),
  'rotate, no fill': (x) => T.rotate(x, 25, { ...bilinear, fill: null }),
  'rotate, a quarter': (x) => T.rotate(x, 90, { expand: true }),
  'affine, no fill': (x) =>
    T.affine(x, { angle: 15, translate: [1, -2], scale: 1.2, shear: [5, 10] }, { ...bilinear, fill: null }),
  gaussianBlur: (x) => T.gaussianBlur(x, [3, 5]),
  erase: (x) => T.erase(x, { top: 1, left: 2, height: 3, width: 4 }, 0.5),
};

/** Computed in floats and rounded or cut off: the last step may fall to the other side. */
const tolerance: Readonly<Partial<Record<DType, number>>> = { uint8: 1, float32: 1e-5 };

function expectRecorded(got: Tensor, want: Recorded): void {
  expect(got.shape).toEqual(want.shape);
  expect(got.dtype).toBe(want.dtype);
  const data = got.dataSync();
  const apart = want.values.map((value, i) => Math.abs(value - data[i]!));
  expect(Math.max(...apart)).toBeLessThanOrEqual(tolerance[want.dtype]!);
  if (want.dtype === 'uint8') expect(apart.filter((d) => d > 0).length).toBeLessThan(apart.length / 20);
}

describe.each(testEngines)('%s', (engine) => {
  test.each(recording.cases.map((each) => [each.name, each.images, each] as const))(
    '%s of %s images',
    (name, images, { out, next }) => {
      setEngine(engine);
      const { shape, dtype, values } = recording.images[images]!;
      const batch = tensor(values, { dtype }).reshape(shape);
      const transform = made[name]!;
      const run = (x: Tensor): Tensor =>
        typeof transform === 'function' ? transform(x) : transform.forward(x);
      manualSeed(recording.seed);
      expectRecorded(run(batch), out);
      expect(rand([1]).itemSync()).toBe(next);
      manualSeed(recording.seed);
      expectRecorded(stack(batch.unbind(0).map(run)), out);
      expect(rand([1]).itemSync()).toBe(next);
      expect(batch.dataSync()).toEqual(tensor(values, { dtype }).dataSync());
    },
  );
});

import { beforeAll, describe, expect, test } from 'vitest';
import * as F from '../../../src/functional.js';
import {
  Generator,
  getRngState,
  manualSeed,
  noGrad,
  ones,
  rand,
  randn,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import * as optim from '../../../src/optim/index.js';
import * as vision from '../../../src/vision/index.js';

const SIZE = 16;
const PATCH = 5;

/** A cross for class 0, a ring for class 1. */
const patterns = [
  ['..#..', '..#..', '#####', '..#..', '..#..'],
  ['.###.', '#...#', '#...#', '#...#', '.###.'],
];

/** Noise with one of two small patterns somewhere in it. */
function planted(count: number, generator: Generator) {
  const values = rand([count, 1, SIZE, SIZE], { generator }).mul(0.3);
  const pixels = values.dataSync().slice();
  const where = rand([count, 2], { generator }).dataSync();
  const places: [top: number, left: number][] = [];
  for (let i = 0; i < count; i++) {
    const [top, left] = [0, 1].map((axis) => Math.floor(where[2 * i + axis]! * (SIZE - PATCH + 1)));
    places.push([top!, left!]);
    patterns[i % 2]!.forEach((row, r) => {
      [...row].forEach((cell, c) => {
        if (cell === '#') pixels[i * SIZE * SIZE + (top! + r) * SIZE + left! + c] = 1;
      });
    });
  }
  const labels = tensor(Int32Array.from({ length: count }, (_, i) => i % 2));
  return { x: tensor(pixels as Float32Array, [count, 1, SIZE, SIZE]), labels, places };
}

/** How much stronger a map is, on average, where something was planted than elsewhere. */
function contrasts(maps: Tensor, places: readonly (readonly [number, number])[]): number[] {
  const values = maps.clamp(0, Number.MAX_VALUE).dataSync();
  return places.map(([top, left], i) => {
    const sums = { inside: 0, outside: 0 };
    for (let row = 0; row < SIZE; row++)
      for (let column = 0; column < SIZE; column++) {
        const inside = row >= top && row < top + PATCH && column >= left && column < left + PATCH;
        sums[inside ? 'inside' : 'outside'] += values[(i * SIZE + row) * SIZE + column]!;
      }
    return sums.inside / PATCH ** 2 / (sums.outside / (SIZE ** 2 - PATCH ** 2));
  });
}

describe('a network that tells small patterns apart', () => {
  manualSeed(0);
  const model = new nn.Sequential(
    new nn.Conv2d(1, 8, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.Conv2d(8, 8, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.AdaptiveMaxPool2d(1),
    new nn.Flatten(),
    new nn.Linear(8, 2),
  );
  for (const layer of [model.at(0), model.at(2), model.at(6)] as nn.Linear[])
    nn.init.kaimingNormal_(layer.weight, { nonlinearity: 'relu' });
  const { x, labels, places } = planted(20, new Generator(7));

  beforeAll(() => {
    const optimizer = new optim.Adam(model.parameters(), { lr: 1e-2 });
    const generator = new Generator(1);
    for (let step = 0; step < 120; step++)
      tidy(() => {
        const batch = planted(32, generator);
        optimizer.zeroGrad();
        F.crossEntropy(model.forward(batch.x), batch.labels).backward();
        optimizer.step();
      });
  });

  test('it has learned it', () => {
    const right = noGrad(() => model.forward(x).argmax(1).eq(labels).sum());
    expect(right.itemSync()).toBe(20);
  });

  // Before ReLU, Grad-CAM also counts what is below 0 in maps that speak against the class.
  test.each([
    ['saliency', () => vision.saliency(model, x), 2.5],
    ['SmoothGrad', () => vision.smoothGrad(model, x, { samples: 10 }), 2.5],
    ['Grad-CAM', () => vision.gradCam(model, x), 1.5],
    ['Grad-CAM after ReLU', () => vision.gradCam(model, x, { layer: '3' }), 2.5],
    ['occlusion', () => vision.occlusion(model, x, { window: 3, stride: 1 }), 2.5],
  ] as const)('%s finds the pattern in every image', (_, look, contrast) => {
    const found = contrasts(look(), places);
    expect(Math.min(...found)).toBeGreaterThan(contrast);
    expect(found.reduce((a, b) => a + b) / found.length).toBeGreaterThan(4);
  });

  test('an image of the batch has the map that it has alone', () => {
    const one = x.at(3);
    for (const look of [vision.saliency, vision.gradCam, vision.occlusion]) {
      const alone = look(model, one as Tensor);
      expect(alone.shape).toEqual([SIZE, SIZE]);
      const difference = alone.sub(look(model, x).at(3) as Tensor);
      expect(difference.abs().max().itemSync()).toBeLessThan(1e-5);
    }
  });

  test('the images that excite the classes do', () => {
    const steps = 60;
    const images = vision.activationMaximization(model, [1, SIZE, SIZE], [0, 1], { steps });
    expect(images.shape).toEqual([2, 1, SIZE, SIZE]);
    const scores = noGrad(() => model.forward(images).toArraySync()) as number[][];
    const [crosses, rings] = [0, 1].map((c) => noGrad(() => model.forward(x).select(1, c).max().itemSync()));
    expect(scores[0]![0]!).toBeGreaterThan(crosses!);
    expect(scores[1]![1]!).toBeGreaterThan(rings!);
    // The same seed gives the same image, whatever else is asked for; another seed another.
    const again = vision.activationMaximization(model, [1, SIZE, SIZE], 1, { steps });
    expect(
      again
        .sub(images.at(1) as Tensor)
        .abs()
        .max()
        .itemSync(),
    ).toBeLessThan(1e-5);
    const other = vision.activationMaximization(model, [1, SIZE, SIZE], 1, { steps, seed: 1 });
    expect(other.sub(again).abs().max().itemSync()).toBeGreaterThan(0.01);
    const { least, most } = { least: again.min().itemSync(), most: again.max().itemSync() };
    expect([least >= 0, most <= 1]).toEqual([true, true]);
  });

  test('a map of a layer is excited by the mean of it', () => {
    const options = { layer: '0', steps: 20 };
    const image = vision.activationMaximization(model, [1, SIZE, SIZE], 5, options);
    const before = vision.featureMaps(model, ones([1, SIZE, SIZE]).mul(0.5), '0').mean([1, 2]);
    const after = vision.featureMaps(model, image, '0').mean([1, 2]);
    expect((after.at(5) as Tensor).itemSync()).toBeGreaterThan((before.at(5) as Tensor).itemSync());
  });
});

/** Maps 2x and −x, whose means two classes weigh by 3 and 1, and by 1 and 3. */
class ByHand extends nn.Module {
  readonly conv = new nn.Conv2d(1, 2, 1, { bias: false });
  readonly fc = new nn.Linear(2, 2, { bias: false });
  constructor() {
    super();
    noGrad(() => {
      this.conv.weight.copy_(tensor([[[[2]]], [[[-1]]]]));
      this.fc.weight.copy_(
        tensor([
          [3, 1],
          [1, 3],
        ]),
      );
    });
  }
  override forward(x: Tensor): Tensor {
    return this.fc.forward(this.conv.forward(x).mean([2, 3]));
  }
}

/** With a head that is asked in training only. */
class WithHead extends ByHand {
  readonly head = new nn.Conv2d(2, 1, 1);
  override forward(x: Tensor): Tensor {
    if (this.training) this.head.forward(this.conv.forward(x));
    return super.forward(x);
  }
}

describe('by hand', () => {
  const image = tensor([
    [
      [1, 2],
      [3, 4],
    ],
  ]).to('float32');

  test('Grad-CAM: α = w / 4, M = ReLU(α₀ · 2x − α₁ · x)', () => {
    const model = new ByHand();
    expect(vision.gradCam(model, image, { target: 0 }).toArraySync()).toEqual([
      [1.25, 2.5],
      [3.75, 5],
    ]);
    expect(vision.gradCam(model, image, { target: 1, layer: 'conv' }).toArraySync()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test('Grad-CAM is enlarged to the image, bilinearly', () => {
    const model = new nn.Sequential(
      new nn.Conv2d(1, 1, 2, { stride: 2, bias: false }),
      new nn.Flatten(),
      new nn.Linear(4, 1, { bias: false }),
    );
    noGrad(() => {
      (model.at(0) as nn.Conv2d).weight.copy_(ones([1, 1, 2, 2]));
      (model.at(2) as nn.Linear).weight.copy_(ones([1, 4]));
    });
    const x = zeros([1, 1, 4, 4]);
    noGrad(() =>
      x
        .narrow(2, 0, 1)
        .narrow(3, 0, 1)
        .copy_(ones([1, 1, 1, 1])),
    );
    const small = tensor([
      [
        [
          [1, 0],
          [0, 0],
        ],
      ],
    ]).to('float32');
    const want = F.interpolate(small, { size: [4, 4], mode: 'bilinear' }).squeeze(1);
    expect(vision.gradCam(model, x).toArraySync()).toEqual(want.toArraySync());
  });

  test('saliency: the greatest absolute gradient of the channels; SmoothGrad of a linear model is the same', () => {
    const weight = tensor([
      [1, -5, 2, 0, -3, 4, -1, 0],
      [0, 0, 0, 0, 0, 0, 0, 7],
    ]).to('float32');
    const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(8, 2, { bias: false }));
    noGrad(() => (model.at(1) as nn.Linear).weight.copy_(weight));
    const x = ones([2, 2, 2]);
    const first = [
      [3, 5],
      [2, 0],
    ];
    expect(vision.saliency(model, x, { target: 0 }).toArraySync()).toEqual(first);
    expect(vision.smoothGrad(model, randn([2, 2, 2]), { target: 0, samples: 4 }).toArraySync()).toEqual(
      first,
    );
    // The second class has the higher score.
    expect(vision.saliency(model, x).toArraySync()).toEqual([
      [0, 0],
      [0, 7],
    ]);
    const both = vision.saliency(model, ones([2, 2, 2, 2]), { target: [1, 0] });
    expect(both.toArraySync()).toEqual([
      [
        [0, 0],
        [0, 7],
      ],
      first,
    ]);
  });

  test('occlusion: the fall of the score, the mean over the squares that cover a pixel', () => {
    const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(9, 1, { bias: false }));
    noGrad(() => (model.at(1) as nn.Linear).weight.copy_(tensor([[1, 0, 0, 0, 0, 0, 0, 0, -2]])));
    const found = vision.occlusion(model, ones([1, 3, 3]), { window: 2, stride: 1, batchSize: 3 });
    expect(found.toArraySync()).toEqual([
      [1, 0.5, 0],
      [0.5, -0.25, -1],
      [0, -1, -2],
    ]);
    // Filled with what is there already, nothing changes.
    expect(
      vision
        .occlusion(model, ones([1, 3, 3]), { value: 1 })
        .abs()
        .max()
        .itemSync(),
    ).toBe(0);
  });

  test('filters and feature maps', () => {
    const model = new vision.LeNet5();
    expect(vision.filters(model).toArraySync()).toEqual(model.conv1.weight.detach().toArraySync());
    expect(vision.filters(model, { layer: 'conv2' }).shape).toEqual([16, 6, 5, 5]);
    const x = rand([2, 1, 32, 32]);
    const maps = vision.featureMaps(model, x, 'conv1');
    expect(maps.toArraySync()).toEqual(model.conv1.forward(x).detach().toArraySync());
    expect(vision.featureMaps(model, x, 'pool').shape).toEqual([2, 16, 5, 5]);
    expect(vision.featureMaps(model, x, 'pool', { call: 0 }).shape).toEqual([2, 6, 14, 14]);
    expect(vision.featureMaps(model, x.at(0) as Tensor, 'fc1').shape).toEqual([120]);
  });

  test('Grad-CAM takes the convolution that runs last, an auxiliary head left out', () => {
    const model = new WithHead();
    const x = rand([1, 4, 4]);
    const last = vision.gradCam(model, x, { target: 0, layer: 'conv' });
    expect(vision.gradCam(model, x, { target: 0 }).toArraySync()).toEqual(last.toArraySync());
  });
});

test('the model and the random numbers stay as they were, after an error too', () => {
  manualSeed(3);
  const model = new nn.Sequential(
    new nn.Conv2d(1, 4, 3),
    new nn.BatchNorm2d(4),
    new nn.ReLU(),
    new nn.Dropout(0.5),
    new nn.Flatten(),
    new nn.Linear(4 * 6 * 6, 3),
  );
  (model.at(1) as nn.BatchNorm2d).eval();
  (model.at(0) as nn.Conv2d).weight.requiresGrad_(false);
  const x = rand([2, 1, 8, 8]);
  F.crossEntropy(model.forward(x), tensor(Int32Array.of(0, 1))).backward();
  let calls = 0;
  model.at(2).registerForwardHook(() => {
    calls++;
    return undefined;
  });
  const state = () => ({
    modes: model.modules().map(({ training }) => training),
    parameters: model
      .parameters()
      .map((p) => [p.requiresGrad, p.grad?.toArraySync() ?? null, p.toArraySync()]),
    buffers: model.buffers().map((b) => b.toArraySync()),
    forwards: model.modules().map((module) => Object.hasOwn(module, 'forward')),
    random: Buffer.from(getRngState()).toString('base64'),
    x: [x.requiresGrad, x.grad],
  });
  const before = state();
  vision.filters(model);
  for (const work of [
    () => vision.featureMaps(model, x, '5'),
    () => vision.saliency(model, x),
    () => vision.smoothGrad(model, x, { samples: 2 }),
    () => vision.gradCam(model, x),
    () => vision.occlusion(model, x),
    () => vision.activationMaximization(model, [1, 8, 8], 0, { steps: 2 }),
    () => noGrad(() => vision.saliency(model, x)),
  ]) {
    calls = 0;
    const result = work();
    expect(result.requiresGrad).toBe(false);
    expect(calls).toBeGreaterThan(0);
    expect(state()).toEqual(before);
  }
  for (const fails of [
    () => vision.saliency(model, x, { target: 3 }),
    () => vision.gradCam(model, x, { layer: '5' }),
    () => vision.featureMaps(model, zeros([1, 3, 8, 8]), '5'),
    () => vision.activationMaximization(model, [1, 8, 8], 3),
  ]) {
    expect(fails).toThrow();
    expect(state()).toEqual(before);
  }
  // Dropout is off: the same map twice.
  expect(vision.saliency(model, x).toArraySync()).toEqual(vision.saliency(model, x).toArraySync());
});

/** With a convolution that nothing asks. */
class Unused extends nn.Module {
  readonly conv = new nn.Conv2d(1, 1, 1);
  override forward(x: Tensor): Tensor {
    return x.mean([2, 3]);
  }
}

describe('messages', () => {
  const lenet = new vision.LeNet5();
  const linear = new nn.Sequential(new nn.Flatten(), new nn.Linear(4, 2));
  const x = rand([2, 1, 32, 32]);
  const one = rand([1, 32, 32]);
  test.each<[string, () => unknown, string]>([
    [
      'no such layer',
      () => vision.featureMaps(lenet, x, 'conv3'),
      "ArgumentError: LeNet5: there's no module 'conv3'; did you mean 'conv1'?",
    ],
    [
      'no such call',
      () => vision.featureMaps(lenet, x, 'pool', { call: 2 }),
      "IndexError: featureMaps: call 2 is out of range; 'pool' is called 2 times",
    ],
    [
      "a layer that doesn't run",
      () => vision.featureMaps(new WithHead(), one, 'head'),
      "ArgumentError: featureMaps: no tensor came out of 'head': forward doesn't call it, or not in evaluation mode",
    ],
    ['no convolution', () => vision.filters(linear), 'ArgumentError: filters: Sequential has no Conv2d'],
    [
      'no convolution for Grad-CAM',
      () => vision.gradCam(linear, one),
      'ArgumentError: gradCam: Sequential has no Conv2d',
    ],
    [
      'no convolution that runs',
      () => vision.gradCam(new Unused(), one),
      "ArgumentError: gradCam: no tensor came out of 'conv': forward doesn't call it, or not in evaluation mode",
    ],
    [
      'filters of another layer',
      () => vision.filters(lenet, { layer: 'fc1' }),
      "ArgumentError: filters: 'fc1' is a Linear, not a Conv2d",
    ],
    [
      'Grad-CAM of a layer without maps',
      () => vision.gradCam(lenet, x, { layer: 'fc1' }),
      "ShapeError: gradCam: 'fc1' gives no maps (N, K, H, W)\n  output    [2, 120]",
    ],
    [
      'a class out of range',
      () => vision.saliency(lenet, x, { target: 10 }),
      'IndexError: saliency: class 10 is out of range; the model has classes 0 to 9',
    ],
    [
      'too few targets',
      () => vision.gradCam(lenet, x, { target: [1] }),
      'ArgumentError: gradCam: there are 1 targets for 2 images',
    ],
    [
      'no image',
      () => vision.saliency(lenet, rand([32, 32])),
      'ShapeError: saliency: needs an image (C, H, W) or a batch (N, C, H, W), as the model takes them\n' +
        '  x    [32, 32]\n  hint: for a gray image, use x.unsqueeze(0)',
    ],
    [
      'bytes',
      () => vision.occlusion(lenet, zeros([1, 32, 32], { dtype: 'uint8' })),
      'DTypeError: occlusion: takes what the model does, in float32 or float64; x is uint8\n' +
        "  hint: x.to('float32').div(255)",
    ],
    [
      'no scores',
      () => vision.smoothGrad(new nn.Conv2d(1, 1, 3), x),
      'ShapeError: smoothGrad: the model must return a score for each class, (N, K)\n  output    [2, 1, 30, 30]',
    ],
    [
      'samples',
      () => vision.smoothGrad(lenet, x, { samples: 0 }),
      'ArgumentError: smoothGrad: samples must be a whole number of at least 1, got 0',
    ],
    [
      'noise',
      () => vision.smoothGrad(lenet, x, { noise: -1 }),
      'ArgumentError: smoothGrad: noise must be a finite number of at least 0, got -1',
    ],
    [
      'window',
      () => vision.occlusion(lenet, x, { window: 33 }),
      "ArgumentError: occlusion: window must be at most 32, the image's shorter side, got 33",
    ],
    [
      'gaps',
      () => vision.occlusion(lenet, x, { window: 4, stride: 5 }),
      'ArgumentError: occlusion: stride must be at most 4, the window, got 5',
    ],
    [
      'batch',
      () => vision.occlusion(lenet, x, { batchSize: 0 }),
      'ArgumentError: occlusion: batchSize must be a whole number of at least 1, got 0',
    ],
    [
      'unit',
      () => vision.activationMaximization(lenet, [1, 32, 32], [0, 6], { layer: 'conv1' }),
      'IndexError: activationMaximization: unit 6 is out of range; the layer has units 0 to 5',
    ],
    [
      'no units',
      () => vision.activationMaximization(lenet, [1, 32, 32], []),
      'ArgumentError: activationMaximization: there are no units',
    ],
    [
      'a layer without units',
      () => vision.activationMaximization(new nn.Flatten(0), [1, 2, 2], 0),
      'ShapeError: activationMaximization: the layer gives no units, (N, K) or (N, K, …)\n  output    [4]',
    ],
    [
      'shape',
      () => vision.activationMaximization(lenet, [32, 32], 0),
      'ShapeError: activationMaximization: the shape must be that of an image, (C, H, W)\n  shape    [32, 32]',
    ],
    [
      'steps',
      () => vision.activationMaximization(lenet, [1, 32, 32], 0, { steps: 0 }),
      'ArgumentError: activationMaximization: steps must be a whole number of at least 1, got 0',
    ],
    [
      'range',
      () => vision.activationMaximization(lenet, [1, 32, 32], 0, { range: [1, 0] }),
      "ArgumentError: activationMaximization: from 1 to 0 isn't a range",
    ],
    [
      'smoothing',
      () => vision.activationMaximization(lenet, [1, 32, 32], 0, { smoothing: 2 }),
      'ArgumentError: activationMaximization: smoothing must be a number from 0 to 1, got 2',
    ],
  ])('%s', (_, work, message) => {
    let said = '';
    try {
      work();
    } catch (error) {
      said = String(error);
    }
    expect(said).toBe(message);
  });
});

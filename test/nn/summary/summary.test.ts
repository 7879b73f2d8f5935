import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import * as F from '../../../src/functional.js';
import { getRngState, ones, rand, type Tensor } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { LeNet5 } from '../../../src/vision/index.js';

test('the table of LeNet-5', () => {
  const found = nn.summary(new LeNet5(), [2, 1, 32, 32]);
  const text = [
    'layer              output shape     parameters  multiply-adds  activations',
    'LeNet5             [2, 10]',
    '  conv1: Conv2d    [2, 6, 28, 28]          156        235,200      37.6 kB',
    '  pool: MaxPool2d  [2, 6, 14, 14]                                   9.4 kB',
    '  conv2: Conv2d    [2, 16, 10, 10]       2,416        480,000      12.8 kB',
    '  pool: MaxPool2d  [2, 16, 5, 5]                                    3.2 kB',
    '  fc1: Linear      [2, 120]             48,120         96,000        960 B',
    '  fc2: Linear      [2, 84]              10,164         20,160        672 B',
    '  fc3: Linear      [2, 10]                 850          1,680         80 B',
    '',
    'parameters     61,706, of which 61,706 learn',
    'multiply-adds  833,040',
    'memory         inputs 8.2 kB, activations 64.8 kB, parameters 246.8 kB, buffers 0 B',
  ].join('\n');
  expect(String(found)).toBe(text);
  expect(inspect(found)).toBe(text);
});

test('the network of notes 2.6, whose middle layer is used twice', () => {
  class MLP extends nn.Module {
    readonly firstLayer = new nn.Linear(20, 10);
    readonly middleLayer = new nn.Linear(10, 10);
    readonly lastLayer = new nn.Linear(10, 1);
    override forward(x: Tensor): Tensor {
      let h = F.relu(this.firstLayer.forward(x));
      h = F.relu(this.middleLayer.forward(h));
      h = F.relu(this.middleLayer.forward(h));
      return this.lastLayer.forward(h);
    }
  }
  // The notes write the input as (20, B); here, as in PyTorch, the batch comes first.
  const model = new MLP();
  const found = nn.summary(model, [8, 20]);
  const layers = found.rows.filter((row) => row.type === 'Linear');
  expect(layers.length).toBe(4);
  // The notes count 441: the middle layer for each of its two uses. There is one such layer, and it
  // learns 110 numbers, not 220.
  expect(layers.map((row) => row.parameters + row.shared)).toEqual([210, 110, 110, 11]);
  expect(layers.reduce((sum, row) => sum + row.parameters + row.shared, 0)).toBe(441);
  expect(found.parameters).toBe(331);
  expect(found.parameters).toBe(model.numParameters());
  expect(found.multiplyAdds).toBe(8 * (200 + 100 + 100 + 10));
  expect(String(found)).toContain('  middle_layer: Linear (shared)  [8, 10]');
});

test('the other counts of notes 2.6 and 3.5', () => {
  // 200 × 200 pixels, 500 and 200 hidden neurons: 20,100,700.
  const hidden = new nn.Sequential(new nn.Linear(40000, 500), new nn.Linear(500, 200));
  expect(nn.summary(hidden, [1, 40000]).parameters).toBe(20100700);

  class TwoInputs extends nn.Module {
    readonly fc1 = new nn.Linear(16, 100);
    readonly fc2 = new nn.Linear(32, 100);
    override forward(a: Tensor, b: Tensor): Tensor {
      return this.fc1.forward(a).add(this.fc2.forward(b));
    }
  }
  const two = nn.summary(new TwoInputs(), [
    [1, 16],
    [1, 32],
  ]);
  expect(two.parameters).toBe(5000);

  // One kernel over a colored image: 27 weights. The notes leave its bias out; PyTorch has one.
  const image = [1, 3, 28, 28];
  expect(nn.summary(new nn.Conv2d(3, 1, 3, { bias: false }), image).parameters).toBe(27);
  expect(nn.summary(new nn.Conv2d(3, 1, 3), image).parameters).toBe(28);

  // Five kernels of 3 × 8 × 8: 960 weights and 5 biases; five channels come out.
  const five = nn.summary(new nn.Conv2d(3, 5, 8), image);
  expect(five.parameters).toBe(960 + 5);
  expect(five.rows[0]!.outputShapes).toEqual([[1, 5, 21, 21]]);
  expect(five.multiplyAdds).toBe(21 * 21 * 960);
});

test('nothing is changed in the model', () => {
  class Counting extends nn.Module {
    readonly norm = new nn.BatchNorm1d(3);
    readonly drop = new nn.Dropout(0.5);
    readonly calls = nn.buffer(ones([1]), { persistent: false });
    override forward(x: Tensor): Tensor {
      this.calls.add_(rand([1]));
      return this.drop.forward(this.norm.forward(x));
    }
  }
  const model = new Counting();
  model.norm.eval();
  const own = Reflect.ownKeys(model.norm);
  const [state, random] = [Object.values(model.stateDict()).map((t) => [...t.dataSync()]), getRngState()];
  // In training, batch norm would refuse a batch of one.
  nn.summary(model, [1, 3]);
  expect(Object.values(model.stateDict()).map((t) => [...t.dataSync()])).toEqual(state);
  expect(getRngState()).toEqual(random);
  expect([model.training, model.norm.training, model.drop.training]).toEqual([true, false, true]);
  expect(model.calls.itemSync()).toBe(1);
  expect(Reflect.ownKeys(model.norm)).toEqual(own);
  expect(model.parameters().every((p) => p.grad === null)).toBe(true);
});

test('tied weights, frozen layers, and parameters of no layer', () => {
  class Net extends nn.Module {
    readonly encoder = new nn.Linear(4, 4);
    readonly decoder = new nn.Linear(4, 4);
    readonly scale = new nn.ParameterList([ones([4])]);
    readonly unused = new nn.Linear(1, 1);
    readonly offset = new nn.Parameter(ones([4]));
    constructor() {
      super();
      this.decoder.weight = this.encoder.weight;
      this.unused.requiresGrad_(false);
    }
    override forward(x: Tensor): Tensor {
      return this.decoder.forward(this.encoder.forward(x).mul(this.scale.at(0)).add(this.offset));
    }
  }
  const found = nn.summary(new Net(), [1, 4]);
  expect(String(found).split('\n').slice(0, 6)).toEqual([
    'layer                              output shape  parameters  multiply-adds  activations',
    'Net                                [1, 4]                 4              ?',
    '  encoder: Linear                  [1, 4]                20             16         16 B',
    '  decoder: Linear (partly shared) [1, 4]                 4             16         16 B'.replace(
      ') [',
      ')  [',
    ),
    '  scale: ParameterList                                    4',
    '  unused: Linear (frozen)                                 2',
  ]);
  expect([found.parameters, found.trainable]).toEqual([34, 32]);
  expect(found.uncounted).toEqual(['']);
  expect(String(found)).toContain('multiply-adds  at least 32 (unknown: the model itself)');
  expect(String(found)).toContain('parameters     34, of which 32 learn');
});

test('your own module reports its multiply-adds', () => {
  class Squash extends nn.Module {
    readonly weight = new nn.Parameter(ones([3]));
    override forward(x: Tensor): Tensor {
      return x.mul(this.weight);
    }
    override multiplyAdds([x]: readonly Tensor[]): number {
      return x!.count;
    }
  }
  const found = nn.summary(new nn.Sequential(new Squash()), [5, 3]);
  expect([found.multiplyAdds, found.uncounted]).toEqual([15, []]);
});

test.each<[string, nn.Module, number[][], number]>([
  ['Linear on sequences', new nn.Linear(3, 5), [[2, 4, 3]], 2 * 4 * 5 * 3],
  [
    'Bilinear',
    new nn.Bilinear(3, 4, 2),
    [
      [5, 3],
      [5, 4],
    ],
    5 * 2 * (3 * 4 + 3),
  ],
  ['grouped Conv1d', new nn.Conv1d(4, 6, 3, { groups: 2 }), [[2, 4, 7]], 2 * 6 * 5 * (2 * 3)],
  ['strided Conv3d', new nn.Conv3d(1, 2, 2, { stride: 2 }), [[1, 1, 4, 4, 4]], 2 * 8 * 8],
  ['ConvTranspose2d', new nn.ConvTranspose2d(3, 2, 2, { stride: 2 }), [[1, 3, 4, 5]], 3 * 20 * (2 * 4)],
  ['BatchNorm2d', new nn.BatchNorm2d(3), [[2, 3, 4, 4]], 96],
  ['BatchNorm1d untracked', new nn.BatchNorm1d(3, { trackRunningStats: false }), [[4, 3]], 36],
  ['InstanceNorm1d', new nn.InstanceNorm1d(3), [[4, 3, 2]], 48],
  ['LayerNorm', new nn.LayerNorm(3), [[4, 3]], 36],
  ['RMSNorm plain', new nn.RMSNorm(3, { elementwiseAffine: false }), [[4, 3]], 24],
  ['GroupNorm', new nn.GroupNorm(2, 4), [[1, 4, 5]], 60],
  ['LocalResponseNorm', new nn.LocalResponseNorm(2), [[1, 4, 5]], 60],
  ['PReLU', new nn.PReLU(), [[7]], 7],
  ['GELU', new nn.GELU(), [[7]], 0],
  ['weight norm', nn.utils.weightNorm(new nn.Linear(3, 5)), [[1, 3]], 15],
])('multiply-adds of %s', (_, module, shapes, expected) => {
  const found = nn.summary(module, shapes);
  expect([found.multiplyAdds, found.uncounted]).toEqual([expected, []]);
});

test('embeddings take integers, lists and objects come out, views cost nothing', () => {
  class Net extends nn.Module {
    readonly embedding = new nn.Embedding(9, 4);
    readonly flatten = new nn.Flatten();
    readonly pair = new (class Pair extends nn.Module {
      override forward(x: Tensor): { sum: Tensor; parts: Tensor[] } {
        return { sum: x.sum(), parts: [x.mul(2)] };
      }
    })();
    override forward(x: Tensor): unknown {
      return this.pair.forward(this.flatten.forward(this.embedding.forward(x)));
    }
  }
  const found = nn.summary(new Net(), [2, 3], { dtype: 'int32' });
  expect(found.rows.map((row) => [row.path, row.outputShapes, row.activationBytes])).toEqual([
    ['', [[], [2, 12]], 0],
    ['embedding', [[2, 3, 4]], 96],
    ['flatten', [[2, 12]], 0],
    ['pair', [[], [2, 12]], 100],
  ]);
  expect(found.bytes.inputs).toBe(24);
  const double = nn.summary(new nn.Linear(2, 2).to('float64'), [1, 2]);
  expect(double.bytes).toEqual({ inputs: 16, activations: 16, parameters: 48, buffers: 0 });
});

test('modules in modules are indented, and rows have the whole path', () => {
  const block = new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU());
  const model = new nn.Sequential({ body: new nn.Sequential(block, block), head: new nn.Linear(2, 1) });
  const found = nn.summary(model, [1, 2]);
  expect(found.rows.map((row) => row.path)).toEqual([
    ...['', 'body', 'body.0', 'body.0.0', 'body.0.1', 'body.0', 'body.0.0', 'body.0.1', 'head'],
  ]);
  const layers = String(found)
    .split('\n')
    .slice(1, 10)
    .map((line) => line.slice(0, 26).trimEnd());
  expect(layers).toEqual([
    'Sequential',
    '  body: Sequential',
    '    0: Sequential',
    '      0: Linear',
    '      1: ReLU',
    '    0: Sequential',
    '      0: Linear (shared)',
    '      1: ReLU',
    '  head: Linear',
  ]);
  expect(found.parameters).toBe(9);
});

test("what can't be summed up", () => {
  const layer = new nn.Linear(3, 2);
  expect(() => nn.summary(layer, [1.5])).toThrow(
    'summary: inputShape must be a list of lengths, or one list per input, got [1.5]',
  );
  expect(() => nn.summary(layer, [[1, 3], 2 as never])).toThrow('got [[…], 2]');
  expect(() => nn.summary(layer, [1, 3], { dtype: ['float32', 'int32'] })).toThrow(
    'summary: got 1 inputs but 2 dtypes',
  );
  expect(() => nn.summary(layer, undefined as never)).toThrow('or one list per input, got undefined');
  expect(() => nn.summary(layer, [1, 3], { dtype: 'float16' as never })).toThrow(
    /^summary: dtype must be 'float32', 'float64', .*, or a list .*, got 'float16'; did you mean 'float32'\?$/,
  );
  expect(() => nn.summary(new nn.Sequential(layer), [1, 4])).toThrow(/^linear \(0\): /);
  expect(Object.hasOwn(layer, 'forward')).toBe(false);
  expect(layer.training).toBe(true);
});

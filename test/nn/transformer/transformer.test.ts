/** Transformers: what their layers and stacks hide, hold, print, and refuse. */
import { expect, test } from 'vitest';
import { ArgumentError, DTypeError, MyelinError, ShapeError } from '../../../src/core/errors.js';
import * as F from '../../../src/functional.js';
import {
  gradcheck,
  manualSeed,
  ones,
  randn,
  randperm,
  setEngine,
  slice,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import * as optim from '../../../src/optim/index.js';
import { testEngines } from '../../helpers/engines.js';

const wrong = (value: unknown): never => value as never;

setEngine(testEngines[0]!);

const small = { dimFeedforward: 8, dropout: 0, batchFirst: true } as const;
const sizes = { dModel: 4, nhead: 2, numEncoderLayers: 2, numDecoderLayers: 2, ...small };

test('without positions, an encoder is equivariant to the order of its inputs, and their mean invariant', () => {
  manualSeed(1);
  const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, small), 2);
  const x = randn([2, 6, 4]);
  const order = randperm(6);
  const y = encoder.forward(x);
  const shuffled = encoder.forward(x.indexSelect(1, order));
  expect(shuffled.allcloseSync(y.indexSelect(1, order), { atol: 1e-6 })).toBe(true);
  expect(shuffled.mean(1).allcloseSync(y.mean(1), { atol: 1e-6 })).toBe(true);
});

test('a causal decoder predicts nothing from what comes later', () => {
  manualSeed(2);
  const transformer = new nn.Transformer(sizes);
  const [src, tgt] = [randn([3, 5, 4]), randn([3, 6, 4])];
  const whole = transformer.forward(src, tgt, { tgtIsCausal: true });
  const cut = transformer.forward(src, tgt.at(slice(), slice(0, 4)), { tgtIsCausal: true });
  expect(whole.at(slice(), slice(0, 4)).allcloseSync(cut, { atol: 1e-6 })).toBe(true);
  const mask = nn.Transformer.generateSquareSubsequentMask(6);
  expect(transformer.forward(src, tgt, { tgtMask: mask }).allcloseSync(whole, { atol: 1e-6 })).toBe(true);
  expect(mask.at(slice(0, 2), slice(0, 2)).toArraySync()).toEqual([
    [0, -Infinity],
    [0, 0],
  ]);
});

test('padding changes nothing, wherever the batch is', () => {
  manualSeed(3);
  const transformer = new nn.Transformer({ ...sizes, normFirst: true, activation: 'gelu' });
  const [src, tgt] = [randn([2, 5, 4]), randn([2, 4, 4])];
  const srcPadding = tensor([
    [0, 0, 0, 0, 0],
    [0, 0, 1, 1, 1],
  ]).to('bool');
  const tgtPadding = tensor([
    [0, 0, 0, 0],
    [0, 0, 0, 1],
  ]).to('bool');
  const masks = {
    srcKeyPaddingMask: srcPadding,
    memoryKeyPaddingMask: srcPadding,
    tgtKeyPaddingMask: tgtPadding,
  };
  const y = transformer.forward(src, tgt, masks);
  const alone = transformer.forward(src.at(1, slice(0, 2)), tgt.at(1, slice(0, 3)));
  expect(y.at(1, slice(0, 3)).allcloseSync(alone, { atol: 1e-6 })).toBe(true);
  const timeFirst = new nn.Transformer({ ...sizes, batchFirst: false, normFirst: true, activation: 'gelu' });
  timeFirst.loadStateDict(transformer.stateDict());
  const turned = timeFirst.forward(src.transpose(0, 1), tgt.transpose(0, 1), masks);
  expect(turned.transpose(0, 1).allcloseSync(y, { atol: 1e-6 })).toBe(true);
});

test('without bias, a layer has no bias, and is what it would be with zeros', () => {
  manualSeed(4);
  const [x, memory] = [randn([2, 3, 4]), randn([2, 5, 4])];
  const cases = [
    [
      new nn.TransformerEncoderLayer(4, 2, { ...small, bias: false }),
      new nn.TransformerEncoderLayer(4, 2, small),
    ],
    [
      new nn.TransformerDecoderLayer(4, 2, { ...small, bias: false }),
      new nn.TransformerDecoderLayer(4, 2, small),
    ],
    [new nn.Transformer({ ...sizes, bias: false }), new nn.Transformer(sizes)],
  ] as const;
  for (const [bare, biased] of cases) {
    expect(Object.keys(bare.stateDict()).filter((key) => key.includes('bias'))).toEqual([]);
    biased.loadStateDict(bare.stateDict(), { strict: false });
    for (const [key, parameter] of biased.namedParameters())
      if (key.includes('bias')) nn.init.zeros_(parameter);
    const run = (layer: nn.Module): Tensor =>
      (layer.forward as (...inputs: Tensor[]) => Tensor).call(
        layer,
        x,
        ...(bare === cases[0][0] ? [] : [memory]),
      );
    expect(run(bare).allcloseSync(run(biased), { atol: 1e-6 })).toBe(true);
  }
});

test('layers of a stack start alike and learn on their own; keys are those of PyTorch', () => {
  manualSeed(5);
  const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, small), 2, {
    norm: new nn.LayerNorm(4),
  });
  const [a, b] = [encoder.layers.at(0), encoder.layers.at(1)] as nn.TransformerEncoderLayer[];
  expect(a!.linear1.weight.equalSync(b!.linear1.weight)).toBe(true);
  encoder
    .forward(randn([2, 3, 4]))
    .pow(3)
    .sum()
    .backward();
  new optim.SGD(encoder.parameters(), { lr: 0.1 }).step();
  expect(a!.linear1.weight.equalSync(b!.linear1.weight)).toBe(false);
  const keys = Object.keys(encoder.stateDict());
  expect(keys.slice(0, 12)).toEqual(
    [
      ...[
        'self_attn.in_proj_weight',
        'self_attn.in_proj_bias',
        'self_attn.out_proj.weight',
        'self_attn.out_proj.bias',
      ],
      ...['linear1.weight', 'linear1.bias', 'linear2.weight', 'linear2.bias'],
      ...['norm1.weight', 'norm1.bias', 'norm2.weight', 'norm2.bias'],
    ].map((key) => `layers.0.${key}`),
  );
  expect(keys.slice(-2)).toEqual(['norm.weight', 'norm.bias']);
  const decoder = new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, small), 1);
  expect(Object.keys(decoder.stateDict()).filter((key) => key.includes('multihead_attn'))).toEqual([
    ...['in_proj_weight', 'in_proj_bias', 'out_proj.weight', 'out_proj.bias'].map(
      (key) => `layers.0.multihead_attn.${key}`,
    ),
  ]);
});

test('the sizes of the paper have the numbers of parameters that PyTorch has', () => {
  const count = (module: nn.Module): number => module.numParameters();
  expect(count(new nn.TransformerEncoderLayer(512, 8))).toBe(3152384);
  expect(count(new nn.TransformerDecoderLayer(512, 8))).toBe(4204032);
  const own = new nn.Transformer({ dModel: 32, nhead: 4, dimFeedforward: 64 });
  expect(count(own)).toBe(6 * 8544 + 6 * 12832 + 4 * 32);
});

test('the same seed drops the same; evaluation drops nothing', () => {
  const layer = new nn.TransformerEncoderLayer(4, 2, { ...small, dropout: 0.5 });
  const x = randn([2, 3, 4]);
  const run = (seed: number): Tensor => {
    manualSeed(seed);
    return layer.forward(x);
  };
  expect(run(1).equalSync(run(1))).toBe(true);
  expect(run(1).equalSync(run(2))).toBe(false);
  layer.eval();
  expect(run(1).equalSync(run(2))).toBe(true);
});

test('gradients in float64', () => {
  manualSeed(7);
  const transformer = new nn.Transformer({
    ...sizes,
    numEncoderLayers: 1,
    numDecoderLayers: 1,
    activation: 'gelu',
    dtype: 'float64',
  });
  const double = (...shape: number[]): Tensor => randn(shape, { dtype: 'float64', requiresGrad: true });
  gradcheck(
    (src: Tensor, tgt: Tensor) => transformer.forward(src, tgt, { tgtIsCausal: true }),
    [double(1, 3, 4), double(1, 2, 4)],
  );
});

test('your own encoder, decoder, layers, and activation', () => {
  class Doubling extends nn.Module {
    override forward(x: Tensor, memory?: Tensor | object): Tensor {
      return memory && 'shape' in memory ? x.add(memory as Tensor) : x.mul(2);
    }
  }
  const x = randn([2, 3, 4]);
  const custom = { customEncoder: new Doubling(), customDecoder: new Doubling() as nn.Decoder };
  const y = new nn.Transformer({ ...sizes, ...custom }).forward(x, x);
  expect(y.allcloseSync(x.mul(3))).toBe(true);
  expect(new nn.TransformerEncoder(new Doubling(), 3).forward(x).allcloseSync(x.mul(8))).toBe(true);
  expect(
    new nn.TransformerEncoder(new Doubling(), 0, { norm: new nn.ReLU() }).forward(x).equalSync(x.relu()),
  ).toBe(true);
  const named = new nn.TransformerEncoderLayer(4, 2, small);
  for (const activation of [F.relu, new nn.ReLU()]) {
    const own = new nn.TransformerEncoderLayer(4, 2, { ...small, activation });
    own.loadStateDict(named.stateDict());
    expect(own.forward(x).allcloseSync(named.forward(x), { atol: 1e-6 })).toBe(true);
  }
});

test('they print what differs, and the summary counts their products', () => {
  const layer = new nn.TransformerEncoderLayer(4, 2, { ...small, activation: 'gelu', normFirst: true });
  expect(String(layer).split('\n').slice(0, 2)).toEqual([
    'TransformerEncoderLayer(activation=gelu, normFirst=true',
    '  (self_attn): MultiheadAttention(embedDim=4, numHeads=2, batchFirst=true',
  ]);
  const swish = (x: Tensor): Tensor => x.mul(x.sigmoid());
  expect(String(new nn.TransformerDecoderLayer(4, 2, { ...small, activation: swish })).split('\n')[0]).toBe(
    'TransformerDecoderLayer(activation=swish',
  );
  expect(String(new nn.TransformerEncoderLayer(4, 2)).split('\n')[0]).toBe('TransformerEncoderLayer(');
  // Four projections, the scores, the mixture, two linear layers, and two norms of three each.
  expect(nn.summary(layer, [2, 3, 4]).multiplyAdds).toBe(
    2 * 3 * (4 * 4 * 4 + 2 * 3 * 4 + 2 * 4 * 8 + 2 * 3 * 4),
  );
});

const encoder = new nn.TransformerEncoderLayer(4, 2, small);
const decoder = new nn.TransformerDecoderLayer(4, 2, small);
const transformer = new nn.Transformer(sizes);
const x = zeros([3, 5, 4]);
const y = zeros([3, 6, 4]);

test.each<[string, new (...args: never[]) => Error, () => unknown]>([
  [
    'TransformerEncoderLayer: dModel must be divisible by nhead: each head gets the same share, got 10 and 4',
    ArgumentError,
    () => new nn.TransformerEncoderLayer(10, 4),
  ],
  [
    'TransformerDecoderLayer: dModel must be divisible by nhead: each head gets the same share, got 10 and 4',
    ArgumentError,
    () => new nn.TransformerDecoderLayer(10, 4),
  ],
  [
    'TransformerEncoderLayer: nhead must be a whole number of at least 1, got 0',
    ArgumentError,
    () => new nn.TransformerEncoderLayer(10, 0),
  ],
  [
    'TransformerDecoderLayer: dModel must be a whole number of at least 1, got -2',
    ArgumentError,
    () => new nn.TransformerDecoderLayer(-2, 1),
  ],
  [
    "TransformerEncoderLayer: activation must be 'relu' or 'gelu', or a function, or a Module, got 'gelo'; did you mean 'gelu'?",
    ArgumentError,
    () => new nn.TransformerEncoderLayer(4, 2, { activation: wrong('gelo') }),
  ],
  [
    'TransformerEncoderLayer: the options must be an object, got 2048',
    ArgumentError,
    () => new nn.TransformerEncoderLayer(4, 2, wrong(2048)),
  ],
  [
    'Transformer: the options must be an object, got 512\n  hint: write { dModel: 512 }',
    ArgumentError,
    () => new nn.Transformer(wrong(512)),
  ],
  [
    'Transformer: numEncoderLayers must be a whole number of at least 0, got -1',
    ArgumentError,
    () => new nn.Transformer({ numEncoderLayers: -1 }),
  ],
  [
    'TransformerEncoder: encoderLayer must be a Module, got undefined',
    ArgumentError,
    () => new nn.TransformerEncoder(wrong(undefined), 2),
  ],
  [
    'TransformerDecoder: numLayers must be a whole number of at least 0, got 1.5',
    ArgumentError,
    () => new nn.TransformerDecoder(decoder, 1.5),
  ],
  [
    'TransformerDecoder: would make 18000000000 tensors',
    ArgumentError,
    () => new nn.TransformerDecoder(decoder, 1e9),
  ],
  [
    'TransformerEncoder: norm must be a Module, or null, got 1',
    ArgumentError,
    () => new nn.TransformerEncoder(encoder, 2, { norm: wrong(1) }),
  ],
  [
    'generateSquareSubsequentMask: size must be a whole number of at least 0, got -1',
    ArgumentError,
    () => nn.Transformer.generateSquareSubsequentMask(-1),
  ],
  [
    'TransformerEncoderLayer: src must be a tensor, got null',
    ArgumentError,
    () => encoder.forward(wrong(null)),
  ],
  [
    'TransformerEncoderLayer: src has the wrong number of features\n  src  (N, L, E)  [3, 5, 3]  expects E = 4',
    ShapeError,
    () => encoder.forward(zeros([3, 5, 3])),
  ],
  [
    'TransformerEncoderLayer: srcMask has the wrong shape',
    ShapeError,
    () => encoder.forward(x, { srcMask: zeros([4, 5]) }),
  ],
  [
    'TransformerEncoderLayer: srcKeyPaddingMask must be bool or float32, got uint8',
    DTypeError,
    () => encoder.forward(x, { srcKeyPaddingMask: zeros([3, 5], { dtype: 'uint8' }) }),
  ],
  [
    "TransformerEncoderLayer: there's no option 'mask'",
    ArgumentError,
    () => encoder.forward(x, wrong({ mask: ones([5, 5]) })),
  ],
  [
    'TransformerDecoderLayer: memory must be a tensor, got undefined',
    ArgumentError,
    () => decoder.forward(x, wrong(undefined)),
  ],
  [
    'TransformerDecoderLayer: memory has 2 sequences, tgt has 3',
    ShapeError,
    () => decoder.forward(x, zeros([2, 6, 4])),
  ],
  [
    'TransformerDecoderLayer: memoryMask has the wrong shape\n  memoryMask    [5, 5]  expects [5, 6], which is (L, S)',
    ShapeError,
    () => decoder.forward(x, y, { memoryMask: zeros([5, 5]) }),
  ],
  [
    'TransformerDecoderLayer: tgtMask must be bool or float32, got int32',
    DTypeError,
    () => decoder.forward(x, y, { tgtMask: zeros([5, 5], { dtype: 'int32' }) }),
  ],
  [
    'TransformerDecoderLayer: tgtKeyPaddingMask has the wrong shape',
    ShapeError,
    () => decoder.forward(x, y, { tgtKeyPaddingMask: zeros([3, 6]) }),
  ],
  [
    'TransformerDecoderLayer: memoryKeyPaddingMask has the wrong shape',
    ShapeError,
    () => decoder.forward(x, y, { memoryKeyPaddingMask: zeros([3, 5]) }),
  ],
  ['Transformer: src has 2 sequences, tgt has 3', ShapeError, () => transformer.forward(zeros([2, 6, 4]), x)],
  [
    'Transformer: tgt must be a tensor, got undefined',
    ArgumentError,
    () => transformer.forward(x, wrong(undefined)),
  ],
  [
    'Transformer: src has the wrong number of features',
    ShapeError,
    () => transformer.forward(zeros([3, 6, 5]), x),
  ],
])('refuses: %s', (message, kind, work) => {
  expect(work).toThrow(message);
  expect(work).toThrow(kind);
  expect(work).toThrow(MyelinError);
});

import * as F from '../../src/functional.js';
import { arange, cat, full, ones, type Tensor, tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';

const { packPaddedSequence, packSequence, padPackedSequence, padSequence, unpackSequence } = nn.utils.rnn;

/** A loss of probabilities, of inputs that are none. */
class BCEOfSigmoids extends nn.Module {
  readonly loss = new nn.BCELoss();
  override forward(x: Tensor, y: Tensor): Tensor {
    return this.loss.forward(x.sigmoid(), y.sigmoid());
  }
}

class GaussianOfExp extends nn.Module {
  readonly loss = new nn.GaussianNLLLoss({ full: true });
  override forward(x: Tensor, y: Tensor, v: Tensor): Tensor {
    return this.loss.forward(x, y, v.exp());
  }
}

class CTCOfLogits extends nn.Module {
  readonly loss = new nn.CTCLoss({ blank: 4 });
  override forward(x: Tensor, y: Tensor): Tensor {
    return this.loss.forward(x.logSoftmax(2), y, [6, 5, 4], [1, 2, 3]);
  }
}

class LPPoolOfPositive extends nn.Module {
  readonly pool = new nn.LPPool2d(3, [2, 3], { ceilMode: true });
  override forward(x: Tensor): Tensor {
    return this.pool.forward(x.abs().add(0.1));
  }
}

class Unpooled extends nn.Module {
  readonly unpool = new nn.MaxUnpool1d(2);
  override forward(x: Tensor): Tensor {
    return this.unpool.forward(...F.maxPool1d(x, 2, { returnIndices: true }));
  }
}

class Unpooled2d extends nn.Module {
  readonly unpool = new nn.MaxUnpool2d(3, { stride: 2 });
  override forward(x: Tensor): Tensor {
    const [pooled, indices] = F.maxPool2d(x, 3, { stride: 2, returnIndices: true });
    return this.unpool.forward(pooled, indices, { outputSize: x.shape });
  }
}

class Unpooled3d extends nn.Module {
  readonly unpool = new nn.MaxUnpool3d(2);
  override forward(x: Tensor): Tensor {
    return this.unpool.forward(...F.maxPool3d(x, 2, { returnIndices: true }));
  }
}

/** All that an adaptive softmax tells, as one tensor. */
class AdaptiveSoftmax extends nn.Module {
  readonly softmax = new nn.AdaptiveLogSoftmaxWithLoss(8, 12, [2, 5], { divValue: 2, headBias: true });
  override forward(x: Tensor, y: Tensor): Tensor {
    const { output, loss } = this.softmax.forward(x, y);
    const whole = this.softmax.logProb(x).mul(loss).add(output.unsqueeze(1));
    return cat([whole, this.softmax.predict(x).to('float32').unsqueeze(1)], 1);
  }
}

type Results = Tensor | null | nn.utils.rnn.PackedSequence | readonly Results[];

/** A recurrent layer or cell, all of whose results are one vector; on packed sequences, or with lengths as an option. */
class Recurrent extends nn.Module {
  constructor(
    readonly net: nn.Module,
    private readonly lengths: readonly number[] | null = null,
    private readonly packs = false,
  ) {
    super();
  }
  override forward(x: Tensor, ...states: Tensor[]): Tensor {
    const { net, lengths } = this;
    const forward = (x: nn.Sequences, ...rest: unknown[]): Results =>
      (net.forward as (...inputs: unknown[]) => Results).call(net, x, ...rest);
    const given = states.length < 2 ? (states[0] ?? null) : states;
    if (!this.packs) return joined(lengths === null ? forward(x, given) : forward(x, given, { lengths }));
    const { batchFirst } = net as nn.LSTM;
    const [output, last] = forward(
      packPaddedSequence(x, lengths!, { batchFirst, enforceSorted: false }),
      given,
    ) as readonly [nn.utils.rnn.PackedSequence, Results];
    const totalLength = x.shape[batchFirst ? 1 : 0]!;
    return joined([padPackedSequence(output, { batchFirst, totalLength })[0], last]);
  }
}

const tensorsIn = (results: Results): Tensor[] =>
  Array.isArray(results) ? results.flatMap(tensorsIn) : results === null ? [] : [results as Tensor];

const joined = (results: Results): Tensor => cat(tensorsIn(results).map((y) => y.flatten()));

/** Options of a call, which inputs are the arguments, and which options the inputs after those are. */
interface AttentionCase {
  readonly order?: readonly number[];
  readonly named?: readonly string[];
  readonly [option: string]: unknown;
}

/** Attention or a transformer, all of whose results are one vector. */
class Attention extends nn.Module {
  constructor(
    readonly net: nn.Module,
    private readonly given: AttentionCase = {},
  ) {
    super();
  }
  override forward(...inputs: Tensor[]): Tensor {
    const { order = [0, 1, 2], named = [], ...options } = this.given;
    const rest = inputs.slice(Math.max(...order) + 1);
    const forward = this.net.forward as (...inputs: unknown[]) => Results;
    return joined(
      forward.call(this.net, ...order.map((i) => inputs[i]), {
        ...options,
        ...Object.fromEntries(named.map((name, i) => [name, rest[i]])),
      }),
    );
  }
}

const padding = (lengths: readonly number[], total: number): Tensor =>
  tensor(lengths.map((n) => Array.from({ length: total }, (_, i) => (i >= n ? 1 : 0)))).to('bool');

const later = (targets: number, sources: number): Tensor => ones([targets, sources]).triu(1).to('bool');

const numbered = (shape: readonly number[], f: (i: number) => number): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => f(i)),
    shape,
  );

/** Hides every third position, but never the first of a row. */
const some = (shape: readonly number[]): Tensor =>
  numbered(shape, (i) => (i % 3 === 1 && i % shape.at(-1)! > 0 ? 1 : 0)).to('bool');

const waves = (shape: readonly number[]): Tensor => numbered(shape, (i) => Math.cos(i * 0.9));

class Elementwise extends nn.Module {
  constructor(private readonly f: (...inputs: Tensor[]) => Tensor) {
    super();
  }
  override forward(...inputs: Tensor[]): Tensor {
    return this.f(...inputs);
  }
}

/** All that a PackedSequence holds, as one vector. */
function packedVector({
  data,
  batchSizes,
  sortedIndices,
  unsortedIndices,
}: nn.utils.rnn.PackedSequence): Tensor {
  const lists = [batchSizes, sortedIndices ?? [], unsortedIndices ?? []];
  return cat([data.flatten(), ...lists.map((list) => tensor([...list]))]);
}

class Scales extends nn.Module {
  constructor(readonly scales: nn.ParameterList) {
    super();
  }
  override forward(x: Tensor): Tensor {
    let y = x;
    for (const scale of this.scales) y = y.mul(scale).add(1);
    return y;
  }
}

class NamedScales extends nn.Module {
  constructor(readonly scales: nn.ParameterDict) {
    super();
  }
  override forward(x: Tensor): Tensor {
    return x.mul(this.scales.get('inner')).add(this.scales.get('outerMost'));
  }
}

/** Two layers with one weight. */
class Tied extends nn.Module {
  readonly encoder = new nn.Linear(4, 4);
  readonly decoder = new nn.Linear(4, 4);
  constructor() {
    super();
    this.decoder.weight = this.encoder.weight;
  }
  override forward(x: Tensor): Tensor {
    return this.decoder.forward(F.tanh(this.encoder.forward(x)));
  }
}

/** A part that doesn't learn, whose batch norm goes on counting. */
class Frozen extends nn.Module {
  readonly body = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4));
  readonly head = new nn.Linear(4, 2);
  constructor() {
    super();
    this.body.requiresGrad_(false);
  }
  override forward(x: Tensor): Tensor {
    return this.head.forward(this.body.forward(x));
  }
}

/** Hooks that change what goes in, comes out, and flows back. */
function hooked(): nn.Module {
  const [first, second] = [new nn.Linear(3, 4), new nn.Linear(4, 4)];
  const third = new nn.Bilinear(4, 4, 2);
  first.registerForwardPreHook((_, [x]) => [x.mul(2)]);
  first.registerForwardHook((_, [x], y) => y.add(x.sum()));
  first.registerFullBackwardHook((_, [dx], [dy]) => [dx!.mul(dy!.sum())]);
  second.registerFullBackwardHook((_, [dx]) => [dx!.mul(3)]);
  second.registerFullBackwardHook((_, [dx]) => [dx!.add(1)]);
  third.registerForwardPreHook((_, [x]) => [x, x.tanh()]);
  third.registerFullBackwardHook((_, [dx1, dx2]) => [dx2!, dx1!]);
  return new nn.Sequential(first, second, third as nn.Module as nn.Layer);
}

/** The modules of cases.json, as Myelin spells them. */
export const modules: Readonly<Record<string, () => nn.Module>> = {
  Linear: () => new nn.Linear(5, 3),
  'Linear without bias': () => new nn.Linear(5, 3, { bias: false }),
  Bilinear: () => new nn.Bilinear(3, 4, 2),
  Conv1d: () => new nn.Conv1d(4, 6, 3, { stride: 2, padding: 1, groups: 2 }),
  'Conv1d same': () => new nn.Conv1d(2, 3, 4, { padding: 'same', dilation: 2 }),
  Conv2d: () => new nn.Conv2d(3, 4, [3, 5], { stride: [2, 1], padding: [1, 2], bias: false }),
  'Conv2d reflect': () => new nn.Conv2d(2, 3, 3, { padding: [1, 2], paddingMode: 'reflect' }),
  'Conv2d circular same': () => new nn.Conv2d(2, 3, 4, { padding: 'same', paddingMode: 'circular' }),
  'Conv2d replicate': () => new nn.Conv2d(2, 2, 3, { padding: 2, paddingMode: 'replicate', dilation: 2 }),
  Conv3d: () => new nn.Conv3d(2, 3, 2, { padding: 1 }),
  ConvTranspose1d: () => new nn.ConvTranspose1d(3, 2, 4, { stride: 2, padding: 1 }),
  ConvTranspose2d: () =>
    new nn.ConvTranspose2d(4, 6, 3, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
  ConvTranspose3d: () => new nn.ConvTranspose3d(2, 2, [2, 3, 2], { dilation: [1, 2, 1] }),
  MaxPool1d: () => new nn.MaxPool1d(3, { stride: 2, padding: 1 }),
  MaxPool2d: () => new nn.MaxPool2d(2),
  'MaxPool2d ceil': () => new nn.MaxPool2d([3, 2], { stride: [2, 1], ceilMode: true }),
  MaxPool3d: () => new nn.MaxPool3d(2),
  AvgPool1d: () => new nn.AvgPool1d(3, { stride: 2, padding: 1 }),
  AvgPool2d: () => new nn.AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false }),
  AvgPool3d: () => new nn.AvgPool3d(2),
  AdaptiveAvgPool1d: () => new nn.AdaptiveAvgPool1d(4),
  AdaptiveAvgPool2d: () => new nn.AdaptiveAvgPool2d([null, 2]),
  AdaptiveAvgPool3d: () => new nn.AdaptiveAvgPool3d(2),
  AdaptiveMaxPool1d: () => new nn.AdaptiveMaxPool1d(4),
  AdaptiveMaxPool2d: () => new nn.AdaptiveMaxPool2d(3),
  AdaptiveMaxPool3d: () => new nn.AdaptiveMaxPool3d(2),
  Flatten: () => new nn.Flatten(),
  Unflatten: () => new nn.Unflatten(1, [2, 3]),
  Sigmoid: () => new nn.Sigmoid(),
  LogSigmoid: () => new nn.LogSigmoid(),
  Tanh: () => new nn.Tanh(),
  Tanhshrink: () => new nn.Tanhshrink(),
  ReLU: () => new nn.ReLU(),
  ReLU6: () => new nn.ReLU6(),
  SELU: () => new nn.SELU(),
  SiLU: () => new nn.SiLU(),
  Mish: () => new nn.Mish(),
  Softsign: () => new nn.Softsign(),
  Hardsigmoid: () => new nn.Hardsigmoid(),
  Hardswish: () => new nn.Hardswish(),
  LeakyReLU: () => new nn.LeakyReLU(0.2),
  PReLU: () => new nn.PReLU({ numParameters: 3 }),
  ELU: () => new nn.ELU(0.5),
  CELU: () => new nn.CELU({ alpha: 0.5 }),
  GELU: () => new nn.GELU(),
  'GELU tanh': () => new nn.GELU({ approximate: 'tanh' }),
  Softplus: () => new nn.Softplus({ beta: 2, threshold: 1 }),
  Softshrink: () => new nn.Softshrink(0.3),
  Hardshrink: () => new nn.Hardshrink(0.3),
  Hardtanh: () => new nn.Hardtanh({ minVal: -0.5, maxVal: 0.7 }),
  Threshold: () => new nn.Threshold(0.1, 20),
  Softmax: () => new nn.Softmax(1),
  LogSoftmax: () => new nn.LogSoftmax({ dim: -1 }),
  Softmin: () => new nn.Softmin(0),
  Softmax2d: () => new nn.Softmax2d(),
  GLU: () => new nn.GLU(1),
  Dropout: () => new nn.Dropout(0.3),
  Dropout2d: () => new nn.Dropout2d(),
  BatchNorm1d: () => new nn.BatchNorm1d(4),
  'BatchNorm1d sequence': () => new nn.BatchNorm1d(4, { eps: 1e-3, momentum: null }),
  BatchNorm2d: () => new nn.BatchNorm2d(3, { momentum: 0.2 }),
  'BatchNorm2d untracked': () => new nn.BatchNorm2d(3, { affine: false, trackRunningStats: false }),
  BatchNorm3d: () => new nn.BatchNorm3d(2),
  LayerNorm: () => new nn.LayerNorm([3, 4]),
  'LayerNorm plain': () => new nn.LayerNorm(4, { elementwiseAffine: false }),
  GroupNorm: () => new nn.GroupNorm(2, 4),
  InstanceNorm1d: () => new nn.InstanceNorm1d(3, { affine: true }),
  InstanceNorm2d: () => new nn.InstanceNorm2d(3, { trackRunningStats: true }),
  InstanceNorm3d: () => new nn.InstanceNorm3d(2),
  Embedding: () => new nn.Embedding(7, 3, { paddingIdx: -2 }),
  PixelShuffle: () => new nn.PixelShuffle(2),
  PixelUnshuffle: () => new nn.PixelUnshuffle(2),
  Upsample: () => new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' }),
  MSELoss: () => new nn.MSELoss(),
  L1Loss: () => new nn.L1Loss({ reduction: 'sum' }),
  SmoothL1Loss: () => new nn.SmoothL1Loss({ beta: 0.5 }),
  HuberLoss: () => new nn.HuberLoss({ delta: 0.7 }),
  CrossEntropyLoss: () => new nn.CrossEntropyLoss({ weight: tensor([1, 2, 3, 4, 5]), labelSmoothing: 0.1 }),
  NLLLoss: () => new nn.NLLLoss({ ignoreIndex: 2 }),
  BCEWithLogitsLoss: () => new nn.BCEWithLogitsLoss({ posWeight: tensor([2]) }),
  KLDivLoss: () => new nn.KLDivLoss({ reduction: 'batchmean', logTarget: true }),
  PoissonNLLLoss: () => new nn.PoissonNLLLoss(),
  HingeEmbeddingLoss: () => new nn.HingeEmbeddingLoss({ margin: 0.5 }),
  MarginRankingLoss: () => new nn.MarginRankingLoss({ margin: 0.5 }),
  TripletMarginLoss: () => new nn.TripletMarginLoss(),
  Sequential: () =>
    new nn.Sequential(
      new nn.Conv2d(1, 4, 3),
      new nn.BatchNorm2d(4),
      new nn.ReLU(),
      new nn.Flatten(),
      new nn.Dropout(0.25),
      new nn.Linear(36, 2),
    ),
  'named Sequential': () => new nn.Sequential({ conv1: new nn.Conv1d(2, 3, 1), fooBar: new nn.PReLU() }),
  'large Linear': () => new nn.Linear(130, 70),
  Sign: () => new nn.Sign(),
  RReLU: () => new nn.RReLU(),
  'RReLU options': () => new nn.RReLU({ lower: 0.3, upper: 0.9 }),
  AlphaDropout: () => new nn.AlphaDropout(0.3),
  FeatureAlphaDropout: () => new nn.FeatureAlphaDropout(0.4),
  Dropout1d: () => new nn.Dropout1d(0.4),
  Dropout3d: () => new nn.Dropout3d(0.4),
  ConstantPad1d: () => new nn.ConstantPad1d([1, 2], 3.5),
  ConstantPad2d: () => new nn.ConstantPad2d(2, -1),
  ConstantPad3d: () => new nn.ConstantPad3d([1, 0, 2, 1, 0, 3], 0.5),
  ZeroPad1d: () => new nn.ZeroPad1d([2, 1]),
  ZeroPad2d: () => new nn.ZeroPad2d([1, -1, 0, 2]),
  ZeroPad3d: () => new nn.ZeroPad3d(1),
  ReflectionPad1d: () => new nn.ReflectionPad1d([3, 1]),
  ReflectionPad2d: () => new nn.ReflectionPad2d([1, 2, 0, 2]),
  ReflectionPad3d: () => new nn.ReflectionPad3d(1),
  ReplicationPad1d: () => new nn.ReplicationPad1d(3),
  ReplicationPad2d: () => new nn.ReplicationPad2d([1, 2, 0, 5]),
  ReplicationPad3d: () => new nn.ReplicationPad3d([1, 2, 0, 3, 2, 0]),
  CircularPad1d: () => new nn.CircularPad1d([2, 1]),
  CircularPad2d: () => new nn.CircularPad2d([2, 1, 3, 0]),
  CircularPad3d: () => new nn.CircularPad3d(1),
  LocalResponseNorm: () => new nn.LocalResponseNorm(3, { alpha: 0.5, beta: 0.6, k: 2 }),
  ChannelShuffle: () => new nn.ChannelShuffle(2),
  Unfold: () => new nn.Unfold([2, 3], { padding: 1, stride: 2 }),
  Fold: () => new nn.Fold([4, 5], [2, 3], { padding: 1 }),
  'Upsample linear': () => new nn.Upsample({ size: 7, mode: 'linear', alignCorners: true }),
  'Upsample trilinear': () => new nn.Upsample({ scaleFactor: 2, mode: 'trilinear' }),
  UpsamplingNearest2d: () => new nn.UpsamplingNearest2d({ scaleFactor: 2 }),
  UpsamplingBilinear2d: () => new nn.UpsamplingBilinear2d({ size: [5, 4] }),
  'Embedding options': () => new nn.Embedding(7, 3, { maxNorm: 1, normType: 1.5, scaleGradByFreq: true }),
  EmbeddingBag: () => new nn.EmbeddingBag(7, 3, { paddingIdx: 1 }),
  'EmbeddingBag max': () => new nn.EmbeddingBag(7, 3, { mode: 'max' }),
  CosineSimilarity: () => new nn.CosineSimilarity(),
  PairwiseDistance: () => new nn.PairwiseDistance({ p: 3, keepdim: true }),
  BCELoss: () => new BCEOfSigmoids(),
  GaussianNLLLoss: () => new GaussianOfExp(),
  CosineEmbeddingLoss: () => new nn.CosineEmbeddingLoss({ margin: 0.2 }),
  MultiMarginLoss: () => new nn.MultiMarginLoss({ p: 2, margin: 0.5, weight: tensor([1, 2, 3, 4, 5]) }),
  MultiLabelMarginLoss: () => new nn.MultiLabelMarginLoss({ reduction: 'sum' }),
  MultiLabelSoftMarginLoss: () => new nn.MultiLabelSoftMarginLoss({ weight: tensor([1, 2, 3]) }),
  SoftMarginLoss: () => new nn.SoftMarginLoss(),
  TripletMarginWithDistanceLoss: () =>
    new nn.TripletMarginWithDistanceLoss({
      distanceFunction: (a, b) => F.pairwiseDistance(a, b, { p: 1 }),
      swap: true,
    }),
  ParameterList: () => new Scales(new nn.ParameterList([ones([4]), full([4], 0.5)])),
  ParameterDict: () => new NamedScales(new nn.ParameterDict({ inner: ones([4]), outerMost: full([4], 0.5) })),
  'tied weights': () => new Tied(),
  'frozen part': () => new Frozen(),
  hooks: hooked,
  weightNorm: () => nn.utils.weightNorm(new nn.Linear(5, 3)),
  'weightNorm Conv2d': () => nn.utils.weightNorm(new nn.Conv2d(2, 3, 3), { dim: 1 }),
  'weightNorm whole': () => nn.utils.weightNorm(new nn.Linear(5, 3), { name: 'bias', dim: null }),
  'weightNorm removed': () => nn.utils.removeWeightNorm(nn.utils.weightNorm(new nn.Linear(5, 3))),
  spectralNorm: () => nn.utils.spectralNorm(new nn.Linear(5, 3)),
  'spectralNorm iterations': () =>
    nn.utils.spectralNorm(new nn.Conv2d(2, 3, 3, { bias: false }), { nPowerIterations: 3 }),
  'spectralNorm transposed': () => nn.utils.spectralNorm(new nn.ConvTranspose1d(2, 3, 3)),
  'spectralNorm removed': () => nn.utils.removeSpectralNorm(nn.utils.spectralNorm(new nn.Linear(5, 3))),
  CTCLoss: () => new CTCOfLogits(),
  LPPool1d: () => new nn.LPPool1d(2, 3, { stride: 2 }),
  LPPool2d: () => new LPPoolOfPositive(),
  MaxUnpool1d: () => new Unpooled(),
  MaxUnpool2d: () => new Unpooled2d(),
  MaxUnpool3d: () => new Unpooled3d(),
  AdaptiveLogSoftmaxWithLoss: () => new AdaptiveSoftmax(),
  RNN: () => new Recurrent(new nn.RNN(3, 4)),
  'RNN relu': () =>
    new Recurrent(new nn.RNN(3, 4, { numLayers: 2, nonlinearity: 'relu', bidirectional: true })),
  'RNN lengths': () =>
    new Recurrent(new nn.RNN(3, 4, { batchFirst: true, bidirectional: true }), [2, 5, 1, 5]),
  LSTM: () => new Recurrent(new nn.LSTM(3, 4)),
  'LSTM states': () => new Recurrent(new nn.LSTM(3, 4, 3, { batchFirst: true, bias: false })),
  'LSTM bidirectional': () => new Recurrent(new nn.LSTM(5, 3, { numLayers: 2, bidirectional: true })),
  'LSTM projections': () =>
    new Recurrent(new nn.LSTM(3, 5, { numLayers: 2, bidirectional: true, projSize: 2 })),
  'LSTM projections without bias': () => new Recurrent(new nn.LSTM(3, 4, { projSize: 3, bias: false })),
  'LSTM 4 layers': () =>
    new Recurrent(new nn.LSTM(6, 5, { numLayers: 4, batchFirst: true, bidirectional: true })),
  'LSTM unbatched': () => new Recurrent(new nn.LSTM(3, 4, 2, { bidirectional: true })),
  'LSTM dropout': () => new Recurrent(new nn.LSTM(3, 8, 3, { dropout: 0.4 })),
  'LSTM dropout batchFirst': () =>
    new Recurrent(new nn.LSTM(3, 8, 2, { dropout: 0.3, batchFirst: true, bidirectional: true })),
  'LSTM lengths': () => new Recurrent(new nn.LSTM(3, 4, 2, { bidirectional: true }), [3, 6, 1, 4]),
  'LSTM packed': () => new Recurrent(new nn.LSTM(3, 4, 2, { batchFirst: true }), [3, 6, 1, 4, 3], true),
  'LSTM lengths projections dropout': () =>
    new Recurrent(new nn.LSTM(3, 6, 2, { bidirectional: true, projSize: 3, dropout: 0.5 }), [2, 5, 5, 3]),
  GRU: () => new Recurrent(new nn.GRU(3, 4)),
  'GRU states': () => new Recurrent(new nn.GRU(3, 4, 2, { bias: false })),
  'GRU 4 layers': () => new Recurrent(new nn.GRU(6, 5, 4, { batchFirst: true, bidirectional: true })),
  'GRU unbatched': () => new Recurrent(new nn.GRU(3, 4, { batchFirst: true })),
  'GRU dropout': () => new Recurrent(new nn.GRU(3, 8, 2, { dropout: 0.2, bidirectional: true })),
  'GRU lengths': () =>
    new Recurrent(new nn.GRU(3, 4, 3, { batchFirst: true, bidirectional: true, dropout: 0.5 }), [3, 6, 1, 4]),
  'GRU packed': () => new Recurrent(new nn.GRU(3, 4, { bidirectional: true }), [6, 3, 3, 1], true),
  RNNCell: () => new Recurrent(new nn.RNNCell(3, 4, { nonlinearity: 'relu' })),
  LSTMCell: () => new Recurrent(new nn.LSTMCell(3, 4)),
  'LSTMCell unbatched': () => new Recurrent(new nn.LSTMCell(3, 4, { bias: false })),
  GRUCell: () => new Recurrent(new nn.GRUCell(3, 4)),
  'GRUCell unbatched': () => new Recurrent(new nn.GRUCell(3, 4)),
  packPaddedSequence: () =>
    new Elementwise((x) => packedVector(packPaddedSequence(x, [3, 5, 3, 1], { enforceSorted: false }))),
  'packPaddedSequence sorted': () =>
    new Elementwise((x) => packedVector(packPaddedSequence(x, [5, 3, 3], { batchFirst: true }))),
  packSequence: () =>
    new Elementwise((x, y, z) => packedVector(packSequence([x!, y!, z!], { enforceSorted: false }))),
  padSequence: () =>
    new Elementwise((x, y) => padSequence([x!, y!], { batchFirst: true, paddingValue: 0.5 })),
  padPackedSequence: () =>
    new Elementwise((x) =>
      cat(
        padPackedSequence(packPaddedSequence(x, [2, 4, 1], { enforceSorted: false }), {
          batchFirst: true,
          paddingValue: -1,
          totalLength: 5,
        }).map((y) => y.flatten()),
      ),
    ),
  unpackSequence: () =>
    new Elementwise((x) =>
      cat(
        unpackSequence(packPaddedSequence(x, [2, 4, 1], { enforceSorted: false })).map((y, i) =>
          y.flatten().mul(i + 1),
        ),
      ),
    ),
  'Embedding.fromPretrained': () =>
    nn.Embedding.fromPretrained(arange(12).to('float32').reshape([4, 3]), { freeze: false, paddingIdx: 1 }),
  'Embedding.fromPretrained scaled': () =>
    nn.Embedding.fromPretrained(arange(12).to('float32').reshape([4, 3]), {
      ...{ freeze: false, paddingIdx: -1, scaleGradByFreq: true },
    }),
  MultiheadAttention: () => new Attention(new nn.MultiheadAttention(6, 2)),
  'MultiheadAttention self': () =>
    new Attention(new nn.MultiheadAttention(6, 3, { batchFirst: true }), { order: [0, 0, 0] }),
  'MultiheadAttention cross': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { batchFirst: true }), {
      order: [0, 1, 1],
      keyPaddingMask: padding([5, 2, 4], 5),
    }),
  'MultiheadAttention kdim vdim': () =>
    new Attention(new nn.MultiheadAttention(6, 3, { kdim: 5, vdim: 4 }), { averageAttnWeights: false }),
  'MultiheadAttention without bias': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { bias: false }), { order: [0, 1, 1] }),
  'MultiheadAttention kdim without bias': () =>
    new Attention(
      new nn.MultiheadAttention(6, 2, { bias: false, kdim: 3, addBiasKv: true, batchFirst: true }),
      { needWeights: false },
    ),
  'MultiheadAttention addBiasKv': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { addBiasKv: true }), {
      attnMask: some([4, 5]),
      keyPaddingMask: padding([5, 3, 4], 5),
    }),
  'MultiheadAttention addZeroAttn': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { addZeroAttn: true, addBiasKv: true, batchFirst: true }), {
      order: [0, 0, 0],
      attnMask: waves([4, 4]),
      keyPaddingMask: padding([4, 2], 4),
    }),
  'MultiheadAttention addZeroAttn alone': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { addZeroAttn: true }), { needWeights: false }),
  'MultiheadAttention unbatched': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { batchFirst: true }), {
      keyPaddingMask: padding([3], 5).squeeze(0),
      attnMask: some([2, 4, 5]),
    }),
  'MultiheadAttention unbatched heads': () =>
    new Attention(new nn.MultiheadAttention(6, 3, { addBiasKv: true }), {
      order: [0, 0, 0],
      averageAttnWeights: false,
    }),
  'MultiheadAttention unbatched output': () =>
    new Attention(new nn.MultiheadAttention(6, 3), { order: [0, 0, 0], needWeights: false }),
  'MultiheadAttention masks': () =>
    new Attention(new nn.MultiheadAttention(6, 2), { attnMask: some([6, 4, 5]), needWeights: false }),
  'MultiheadAttention learned mask': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { batchFirst: true }), {
      order: [0, 0, 0],
      named: ['attnMask'],
      needWeights: false,
    }),
  'MultiheadAttention learned mask weights': () =>
    new Attention(new nn.MultiheadAttention(6, 2), {
      order: [0, 0, 0],
      named: ['attnMask'],
      keyPaddingMask: padding([2, 4], 4),
    }),
  'MultiheadAttention added padding': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { batchFirst: true }), {
      order: [0, 0, 0],
      named: ['keyPaddingMask'],
    }),
  'MultiheadAttention isCausal': () =>
    new Attention(new nn.MultiheadAttention(6, 2), { order: [0, 1, 1], isCausal: true, needWeights: false }),
  'MultiheadAttention isCausal weights': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { addZeroAttn: true }), {
      order: [0, 0, 0],
      isCausal: true,
      keyPaddingMask: padding([4, 2, 3], 4),
    }),
  'MultiheadAttention dropout': () => new Attention(new nn.MultiheadAttention(6, 2, { dropout: 0.3 })),
  'MultiheadAttention dropout output': () =>
    new Attention(new nn.MultiheadAttention(6, 2, { dropout: 0.4, batchFirst: true }), {
      order: [0, 0, 0],
      needWeights: false,
      attnMask: some([6, 5, 5]),
    }),
  TransformerEncoderLayer: () =>
    new Attention(new nn.TransformerEncoderLayer(6, 2, { dimFeedforward: 10, dropout: 0 }), { order: [0] }),
  'TransformerEncoderLayer normFirst': () =>
    new Attention(
      new nn.TransformerEncoderLayer(6, 3, {
        dimFeedforward: 10,
        dropout: 0,
        activation: 'gelu',
        layerNormEps: 0.01,
        batchFirst: true,
        normFirst: true,
      }),
      { order: [0], srcMask: some([4, 4]), srcKeyPaddingMask: padding([4, 2, 3], 4) },
    ),
  'TransformerEncoderLayer dropout': () =>
    new Attention(
      new nn.TransformerEncoderLayer(6, 2, { dimFeedforward: 10, dropout: 0.2, activation: (x) => x.tanh() }),
      { order: [0], isCausal: true },
    ),
  'TransformerEncoderLayer layer': () =>
    new Attention(
      new nn.TransformerEncoderLayer(6, 2, {
        dimFeedforward: 10,
        dropout: 0.1,
        activation: new nn.PReLU(),
        batchFirst: true,
      }),
      { order: [0] },
    ),
  TransformerDecoderLayer: () =>
    new Attention(new nn.TransformerDecoderLayer(6, 2, { dimFeedforward: 10, dropout: 0 }), {
      order: [0, 1],
    }),
  'TransformerDecoderLayer normFirst': () =>
    new Attention(
      new nn.TransformerDecoderLayer(6, 3, {
        dimFeedforward: 10,
        dropout: 0,
        activation: 'gelu',
        layerNormEps: 0.01,
        batchFirst: true,
        normFirst: true,
      }),
      {
        order: [0, 1],
        tgtIsCausal: true,
        memoryMask: waves([4, 5]),
        tgtKeyPaddingMask: padding([4, 2, 3], 4),
        memoryKeyPaddingMask: padding([5, 1, 3], 5),
      },
    ),
  'TransformerDecoderLayer dropout': () =>
    new Attention(new nn.TransformerDecoderLayer(6, 2, { dimFeedforward: 10, dropout: 0.3 }), {
      order: [0, 1],
      memoryIsCausal: true,
    }),
  TransformerEncoder: () =>
    new Attention(
      new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 6, dropout: 0 }), 2),
      { order: [0], mask: later(3, 3) },
    ),
  'TransformerEncoder norm': () =>
    new Attention(
      new nn.TransformerEncoder(
        new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 6, dropout: 0.2, batchFirst: true }),
        3,
        { norm: new nn.LayerNorm(4) },
      ),
      { order: [0], srcKeyPaddingMask: padding([3, 1], 3) },
    ),
  TransformerDecoder: () =>
    new Attention(
      new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, { dimFeedforward: 6, dropout: 0 }), 2, {
        norm: new nn.LayerNorm(4),
      }),
      { order: [0, 1], tgtIsCausal: true },
    ),
  Transformer: () =>
    new Attention(
      new nn.Transformer({
        dModel: 4,
        nhead: 2,
        numEncoderLayers: 1,
        numDecoderLayers: 2,
        dimFeedforward: 6,
        dropout: 0,
      }),
      { order: [0, 1], tgtMask: nn.Transformer.generateSquareSubsequentMask(3) },
    ),
  'Transformer masks': () =>
    new Attention(
      new nn.Transformer({
        dModel: 4,
        nhead: 2,
        numEncoderLayers: 2,
        numDecoderLayers: 1,
        dimFeedforward: 6,
        dropout: 0.1,
        activation: 'gelu',
        batchFirst: true,
        normFirst: true,
      }),
      {
        order: [0, 1],
        srcIsCausal: true,
        tgtIsCausal: true,
        memoryMask: some([3, 5]),
        srcKeyPaddingMask: padding([5, 3], 5),
        tgtKeyPaddingMask: padding([2, 3], 3),
        memoryKeyPaddingMask: padding([5, 3], 5),
      },
    ),
};

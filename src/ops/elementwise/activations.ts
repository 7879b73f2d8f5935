import { defineOp } from '../../autograd/op.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { anyNumber, defineOptions, number, word } from '../../core/options.js';
import { normalizeAxis } from '../../core/shape.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { empty, emptyLike, type Tensor, view } from '../../tensor/tensor.js';
import { reluRule, sigmoidRule } from '../ending.js';
import { cat } from '../shape/join.js';
import { change, unaryInPlace } from './in-place.js';
import { composes, defineBinary, defineUnary, fusedGradient, toFloat } from './pointwise.js';

/** @throws DTypeError for integers, which these functions don't accept */
function requireFloat(operation: string, x: Tensor): Tensor {
  checkTensors(operation, { x });
  if (!isFloat(x.dtype)) throw new DTypeError(operation, `is defined for floating tensors, not ${x.dtype}`);
  return x;
}

const reluOp = defineUnary(reluRule);
const sigmoidOp = defineUnary(sigmoidRule);
const logSigmoidOp = defineUnary({
  name: 'logSigmoid',
  fused: 'logSigmoidBackward',
  gradient: (g, x) => g.mul(x.neg().sigmoid()),
});
const leakyReluOp = defineUnary({
  name: 'leakyRelu',
  parameters: ['negativeSlope'],
  fused: 'leakyReluBackward',
  gradient: (g, x, slope) => g.where(x.gt(0), g.mul(slope)),
});
const hardtanhOp = defineUnary({
  name: 'hardtanh',
  kernel: 'clamp',
  parameters: ['minVal', 'maxVal'],
  fused: 'hardtanhBackward',
  gradient: (g, x, least, most) => g.where(x.le(least).logicalOr(x.ge(most)).logicalNot(), 0),
});

/** The gradient of scale·(x > 0 ? x : alpha·expm1(x)). */
const eluGradient =
  (alpha: number, scale: number) =>
  (g: Tensor, x: Tensor): Tensor =>
    g.mul(
      x
        .exp()
        .mul(alpha * scale)
        .where(x.gt(0).logicalNot(), scale),
    );

const eluOp = defineUnary({
  name: 'elu',
  parameters: ['alpha', 'scale'],
  fused: 'eluBackward',
  gradient: (g, x, alpha, scale) => eluGradient(alpha, scale)(g, x),
});
const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;
const seluOp = defineUnary({
  name: 'selu',
  fused: 'eluBackward',
  fusedParameters: [seluAlpha, seluScale],
  gradient: eluGradient(seluAlpha, seluScale),
});
const celuOp = defineUnary({
  name: 'celu',
  parameters: ['alpha'],
  fused: 'celuBackward',
  gradient: (g, x, alpha) => g.mul(x.div(alpha).exp().where(x.gt(0).logicalNot(), 1)),
});

const invRootTwo = Math.SQRT1_2;
const invRootTwoPi = 1 / Math.sqrt(2 * Math.PI);
const geluOp = defineUnary({
  name: 'gelu',
  fused: 'geluBackward',
  gradient: (g, x) => {
    const cdf = x.mul(-invRootTwo).erfc().mul(0.5);
    const density = x.square().mul(-0.5).exp().mul(invRootTwoPi);
    return g.mul(cdf.add(x.mul(density)));
  },
});
const rootTwoOverPi = Math.sqrt(2 / Math.PI);
const geluTanhOp = defineUnary({
  name: 'gelu',
  kernel: 'geluTanh',
  attributes: { approximate: 'tanh' },
  fused: 'geluTanhBackward',
  gradient: (g, x) => {
    const t = x.add(x.pow(3).mul(0.044715)).mul(rootTwoOverPi).tanh();
    const slope = x
      .square()
      .mul(3 * 0.044715)
      .add(1)
      .mul(rootTwoOverPi);
    return g.mul(
      t
        .add(1)
        .add(x.mul(t.square().rsub(1)).mul(slope))
        .mul(0.5),
    );
  },
});
const siluOp = defineUnary({
  name: 'silu',
  fused: 'siluBackward',
  gradient: (g, x) => {
    const s = x.sigmoid();
    return g.mul(s.mul(x.mul(s.rsub(1)).add(1)));
  },
});
const softplusOp = defineUnary({
  name: 'softplus',
  parameters: ['beta', 'threshold'],
  fused: 'softplusBackward',
  gradient: (g, x, beta, threshold) => {
    const z = x.mul(beta);
    return g.mul(z.sigmoid().where(z.gt(threshold).logicalNot(), 1));
  },
});
const mishOp = defineUnary({
  name: 'mish',
  fused: 'mishBackward',
  gradient: (g, x) => {
    const t = softplusOp(x, 1, 20).tanh();
    return g.mul(t.add(x.mul(x.sigmoid()).mul(t.square().rsub(1))));
  },
});
const softsignOp = defineUnary({
  name: 'softsign',
  fused: 'softsignBackward',
  gradient: (g, x) => g.div(x.abs().add(1).square()).add(x.sub(x)),
});
const tanhshrinkOp = defineUnary({
  name: 'tanhshrink',
  fused: 'tanhshrinkBackward',
  gradient: (g, x) => g.mul(x.tanh().square()),
});
const hardsigmoidOp = defineUnary({
  name: 'hardsigmoid',
  fused: 'hardsigmoidBackward',
  gradient: (g, x) => g.div(6).where(x.gt(-3).logicalAnd(x.lt(3)), 0),
});
const hardswishOp = defineUnary({
  name: 'hardswish',
  fused: 'hardswishBackward',
  gradient: (g, x) => {
    const middle = x.div(3).add(0.5);
    return g.mul(middle.where(x.gt(3).logicalNot(), 1).where(x.lt(-3).logicalNot(), 0));
  },
});
const shrinkGradient = (g: Tensor, x: Tensor, lambd: number): Tensor =>
  g.where(x.ge(-lambd).logicalAnd(x.le(lambd)).logicalNot(), 0);
const hardshrinkOp = defineUnary({
  name: 'hardshrink',
  parameters: ['lambd'],
  fused: 'shrinkBackward',
  gradient: shrinkGradient,
});
const softshrinkOp = defineUnary({
  name: 'softshrink',
  parameters: ['lambd'],
  fused: 'shrinkBackward',
  gradient: shrinkGradient,
});
const thresholdOp = defineUnary({
  name: 'threshold',
  parameters: ['limit', 'value'],
  fused: 'thresholdBackward',
  gradient: (g, x, limit) => g.where(x.le(limit).logicalNot(), 0),
});

const preluOp = defineBinary({
  name: 'prelu',
  kernel: 'prelu',
  floating: true,
  saves: 'operands',
  gradA: (g, x, w) => g.where((x as Tensor).gt(0), g.mul(w)),
  gradB: (g, x) => g.mul(x).where((x as Tensor).gt(0).logicalNot(), 0),
  fusedA: (g, x, w) => fusedGradient('preluBackward', g, x, w),
  fusedB(g, x) {
    const out = emptyLike(g);
    out.engine.fused.slope!.slope('preluWeightBackward', out, g, x as Tensor);
    return out;
  },
});

interface Halves {
  readonly axis: number;
  readonly length: number;
}

/** The halves of a tensor along an axis. Views. */
const halvesOf = (x: Tensor, { axis, length }: Halves): [Tensor, Tensor] => {
  const shape = x.shape.map((n, i) => (i === axis ? length : n));
  return [view(x, shape, x.strides), view(x, shape, x.strides, x.offset + length * x.strides[axis]!)];
};

const gluOp = defineOp<[Tensor], Halves>({
  name: 'glu',
  forward(ctx, [x], attrs) {
    const [a, b] = halvesOf(x, attrs);
    const out = empty(a.shape, x.dtype, x.engine);
    out.engine.binary('gate', out, a, b);
    ctx.save(x);
    return out;
  },
  backward({ saved, attrs, createGraph }, g) {
    const x = saved[0]!;
    const { axis, length } = attrs;
    if (composes(g, createGraph)) {
      const [a, b] = [x.narrow(axis, 0, length), x.narrow(axis, length, length)];
      const s = b.sigmoid();
      return [cat([g.mul(s), g.mul(a).mul(s.rsub(1)).mul(s)], axis)];
    }
    const dx = emptyLike(x);
    const [a, b] = halvesOf(x, attrs);
    const [da, db] = halvesOf(dx, attrs);
    dx.engine.binary('gate', da, g, b);
    dx.engine.fused.slope!.slopeOfTwo('gateBackward', db, g, a, b);
    return [dx];
  },
});

/** max(x, 0). */
export const relu = exact('relu(x)', (x: Tensor): Tensor => {
  checkTensors('relu', { x });
  if (x.dtype === 'bool') throw new DTypeError('relu', "isn't defined for bool");
  return reluOp(x);
});
/** min(max(x, 0), 6). */
export const relu6 = exact('relu6(x)', (x: Tensor): Tensor => hardtanhOp(requireFloat('relu6', x), 0, 6));
/** 1 / (1 + e^-x). */
export const sigmoid = exact('sigmoid(x)', (x: Tensor): Tensor => sigmoidOp(toFloat('sigmoid', x)));
/** log(1 / (1 + e^-x)), without overflow. */
export const logsigmoid = exact(
  'logsigmoid(x)',
  (x: Tensor): Tensor => logSigmoidOp(requireFloat('logsigmoid', x)),
);

export interface LeakyReluOptions {
  /** Default 0.01. */
  readonly negativeSlope?: number;
}

const readLeakyRelu = defineOptions({ negativeSlope: anyNumber(0.01) });

/** x for x > 0, negativeSlope · x otherwise. */
export const leakyRelu = (x: Tensor, options?: LeakyReluOptions): Tensor =>
  leakyReluOp(requireFloat('leakyRelu', x), readLeakyRelu('leakyRelu', options).negativeSlope);

/**
 * x for x > 0, weight · x otherwise, with one learned weight, or one per channel.
 *
 * @shape x (N, C, …), weight (C) or (1) → like x
 * @throws ShapeError if there's more than one weight, but not one for each channel
 */
export const prelu = exact('prelu(x, weight)', (x: Tensor, weight: Tensor): Tensor => {
  checkTensors('prelu', { x, weight });
  const channels = x.ndim >= 2 ? x.shape[1]! : 1;
  if (weight.ndim > 1 || (weight.count !== 1 && weight.count !== channels))
    throw new ShapeError('prelu', 'needs one weight, or one for each channel', [
      { name: 'x', axes: '(N, C, …)', shape: x.shape, note: `C = ${channels}` },
      { name: 'weight', axes: '(C)', shape: weight.shape },
    ]);
  // weight (C) → (C, 1, …), which broadcasts over (N, C, …)
  const slope =
    x.ndim < 2 || weight.count === 1
      ? weight.reshape([])
      : weight.reshape([channels, ...x.shape.slice(2).map(() => 1)]);
  return preluOp(x, slope);
});

export interface EluOptions {
  /** Default 1. */
  readonly alpha?: number;
}

const readElu = defineOptions({ alpha: anyNumber(1) });

/** x for x > 0, alpha·(e^x - 1) otherwise. */
export const elu = (x: Tensor, options?: EluOptions): Tensor =>
  eluOp(requireFloat('elu', x), readElu('elu', options).alpha, 1);

/** scale·(x > 0 ? x : alpha·(e^x - 1)), with scale ≈ 1.0507, alpha ≈ 1.6733. @source arXiv:1706.02515 */
export const selu = exact('selu(x)', (x: Tensor): Tensor => seluOp(requireFloat('selu', x)));

/**
 * x for x > 0, alpha·(e^(x/alpha) - 1) otherwise.
 * @param options.alpha default 1, not 0
 */
export function celu(x: Tensor, options?: EluOptions): Tensor {
  checkTensors('celu', { x });
  const { alpha } = readElu('celu', options);
  if (alpha === 0) throw new ArgumentError('celu', "alpha can't be 0");
  return celuOp(requireFloat('celu', x), alpha);
}

export interface GeluOptions {
  /** `'tanh'`: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))); `'none'`: x·Φ(x) (default). */
  readonly approximate?: 'none' | 'tanh';
}

const readGelu = defineOptions({ approximate: word(['none', 'tanh'], 'none') });

/** x·Φ(x), where Φ is the cumulative distribution function of N(0, 1). @source arXiv:1606.08415 */
export function gelu(x: Tensor, options?: GeluOptions): Tensor {
  checkTensors('gelu', { x });
  const { approximate } = readGelu('gelu', options);
  requireFloat('gelu', x);
  return approximate === 'tanh' ? geluTanhOp(x) : geluOp(x);
}

/** x / (1 + e^-x), also called swish. */
export const silu = exact('silu(x)', (x: Tensor): Tensor => siluOp(requireFloat('silu', x)));
/** x · tanh(log(1 + e^x)). */
export const mish = exact('mish(x)', (x: Tensor): Tensor => mishOp(requireFloat('mish', x)));

export interface SoftplusOptions {
  /** Default 1. */
  readonly beta?: number;
  /** Where beta·x exceeds this, the result is x itself (default 20). */
  readonly threshold?: number;
}

const readSoftplus = defineOptions({ beta: anyNumber(1), threshold: anyNumber(20) });

/** log(1 + e^(beta·x)) / beta. */
export function softplus(x: Tensor, options?: SoftplusOptions): Tensor {
  checkTensors('softplus', { x });
  const { beta, threshold: limit } = readSoftplus('softplus', options);
  return softplusOp(requireFloat('softplus', x), beta, limit);
}

/** x / (1 + |x|). */
export const softsign = exact('softsign(x)', (x: Tensor): Tensor => softsignOp(toFloat('softsign', x)));

export interface HardtanhOptions {
  /** Default -1. */
  readonly minVal?: number;
  /** Default 1. */
  readonly maxVal?: number;
}

const readHardtanh = defineOptions({
  minVal: number(-1, { infinite: true }),
  maxVal: number(1, { infinite: true }),
});

/** min(max(x, minVal), maxVal); the gradient at both limits is 0. */
export function hardtanh(x: Tensor, options?: HardtanhOptions): Tensor {
  checkTensors('hardtanh', { x });
  const { minVal, maxVal } = readHardtanh('hardtanh', options);
  if (!(minVal <= maxVal))
    throw new ArgumentError('hardtanh', `minVal ${minVal} is larger than maxVal ${maxVal}`);
  return hardtanhOp(requireFloat('hardtanh', x), minVal, maxVal);
}

/** min(max(x + 3, 0), 6) / 6. */
export const hardsigmoid = exact(
  'hardsigmoid(x)',
  (x: Tensor): Tensor => hardsigmoidOp(requireFloat('hardsigmoid', x)),
);
/** x · hardsigmoid(x). */
export const hardswish = exact(
  'hardswish(x)',
  (x: Tensor): Tensor => hardswishOp(requireFloat('hardswish', x)),
);

export interface ShrinkOptions {
  /** Default 0.5; not negative for `softshrink`. */
  readonly lambd?: number;
}

const readHardshrink = defineOptions({ lambd: anyNumber(0.5) });
const readSoftshrink = defineOptions({ lambd: number(0.5, { least: 0, infinite: true }) });

/** 0 within ±lambd, x outside. */
export const hardshrink = (x: Tensor, options?: ShrinkOptions): Tensor =>
  hardshrinkOp(requireFloat('hardshrink', x), readHardshrink('hardshrink', options).lambd);

/** 0 within ±lambd; outside, x moved toward 0 by lambd. */
export const softshrink = (x: Tensor, options?: ShrinkOptions): Tensor =>
  softshrinkOp(requireFloat('softshrink', x), readSoftshrink('softshrink', options).lambd);

/** x - tanh(x). */
export const tanhshrink = exact(
  'tanhshrink(x)',
  (x: Tensor): Tensor => tanhshrinkOp(toFloat('tanhshrink', x)),
);

/** x where x > limit, `value` otherwise. */
export const threshold = exact(
  'threshold(x, limit, value)',
  (x: Tensor, limit: number, value: number): Tensor =>
    thresholdOp(requireFloat('threshold', x), limit, value),
);

/**
 * a · sigmoid(b), where a and b are the halves of x along `dim`.
 * @param dim default -1
 * @throws ShapeError if the axis has an odd length
 */
export const glu = exact('glu(x, dim)', (x: Tensor, dim = -1): Tensor => {
  checkTensors('glu', { x });
  const axis = normalizeAxis('glu', dim, x.ndim);
  const length = x.shape[axis] ?? 1;
  if (length % 2 !== 0)
    throw new ShapeError('glu', `axis ${axis} is cut in half, so its length must be even`, [
      { name: 'x', shape: x.shape },
    ]);
  return gluOp([toFloat('glu', x)], { axis, length: length / 2 });
});

/** x = relu(x). */
export const relu_ = unaryInPlace('relu_', 'relu', relu);
/** x = sigmoid(x). */
export const sigmoid_ = unaryInPlace('sigmoid_', 'sigmoid', sigmoid);
export const leakyRelu_ = (x: Tensor, options?: LeakyReluOptions): Tensor =>
  change('leakyRelu_', x, [], (y) => leakyRelu(y, options));
export const hardtanh_ = (x: Tensor, options?: HardtanhOptions): Tensor =>
  change('hardtanh_', x, [], (y) => hardtanh(y, options));

attach({ relu, relu_, sigmoid, sigmoid_, prelu, hardshrink });

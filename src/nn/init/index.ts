import { noGrad } from '../../autograd/mode.js';
import { ArgumentError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import {
  checkOption,
  defineOptions,
  generatorOption,
  number,
  type Resolved,
  whole,
  word,
} from '../../core/options.js';
import type { Generator } from '../../index.js';
import { truncatedNormal_ } from '../../ops/random/in-place.js';
import { checkTensors } from '../../tensor/argument.js';
import { type Tensor, view } from '../../tensor/tensor.js';

export { orthogonal_, sparse_ } from './matrix.js';

/** Your own `Generator`, instead of the default one. */
export interface RandomOptions {
  readonly generator?: Generator;
}

const drawnFrom = (generator: Generator | undefined): RandomOptions => (generator ? { generator } : {});

/** The factor for each nonlinearity; for leaky relu, as a function of its slope a. */
const gains = {
  linear: () => 1,
  conv1d: () => 1,
  conv2d: () => 1,
  conv3d: () => 1,
  conv_transpose1d: () => 1,
  conv_transpose2d: () => 1,
  conv_transpose3d: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leaky_relu: (a: number) => Math.sqrt(2 / (1 + a ** 2)),
  selu: () => 3 / 4,
};

export type Nonlinearity = keyof typeof gains;

export type FanMode = 'fan_in' | 'fan_out';

const nonlinearityOption = word(Object.keys(gains) as Nonlinearity[], 'leaky_relu');

/**
 * Factor by which to scale the initial weights for a nonlinearity: 5/3 for tanh, √2 for relu,
 * √(2/(1 + a²)) for leaky relu, 3/4 for selu, 1 for the rest.
 *
 * @param param slope a of leaky relu (default 0.01)
 * @throws ArgumentError for an unknown nonlinearity
 */
export const calculateGain = exact(
  'calculateGain(nonlinearity, param)',
  (nonlinearity: Nonlinearity, param = 0.01): number => {
    checkOption('calculateGain', 'nonlinearity', nonlinearityOption, nonlinearity);
    return gains[nonlinearity](param);
  },
);

/** Connections into and out of one unit: axes 1 and 0 of a weight, times its receptive field. */
export const calculateFanInAndFanOut = exact(
  'calculateFanInAndFanOut(weight)',
  (weight: Tensor): { fanIn: number; fanOut: number } => {
    checkTensors('calculateFanInAndFanOut', { weight });
    const [out, into, ...field] = weight.shape;
    if (out === undefined || into === undefined)
      throw new ShapeError('calculateFanInAndFanOut', 'needs at least two axes', [
        { name: 'weight', shape: weight.shape },
      ]);
    const receptive = field.reduce((a, b) => a * b, 1);
    return { fanIn: into * receptive, fanOut: out * receptive };
  },
);

/** Fills with numbers drawn uniformly from [a, b). */
export const uniform_ = <T extends Tensor>(x: T, a = 0, b = 1, options?: RandomOptions): T => {
  checkTensors('uniform_', { x });
  noGrad(() => x.uniform_(a, b, options));
  return x;
};

/** Fills with numbers drawn from N(mean, std²). */
export const normal_ = <T extends Tensor>(x: T, mean = 0, std = 1, options?: RandomOptions): T => {
  checkTensors('normal_', { x });
  noGrad(() => x.normal_(mean, std, options));
  return x;
};

export interface TruncNormalOptions extends RandomOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Default 1. */
  readonly std?: number;
  /** Smallest value (default −2). */
  readonly a?: number;
  /** Largest value (default 2). */
  readonly b?: number;
}

const truncNormalOptions = defineOptions({
  mean: number(0),
  std: number(1, { least: 0 }),
  a: number(-2, { infinite: true }),
  b: number(2, { infinite: true }),
  generator: generatorOption,
});

/** Fills with numbers drawn from N(mean, std²), truncated to [a, b]. */
export const truncNormal_ = <T extends Tensor>(x: T, options?: TruncNormalOptions): T => {
  const { mean, std, a, b, generator } = truncNormalOptions('truncNormal_', options);
  checkTensors('truncNormal_', { x });
  noGrad(() => truncatedNormal_(x, mean, std, a, b, drawnFrom(generator)));
  return x;
};

/** Fills with one value. */
export const constant_ = exact('constant_(x, value)', <T extends Tensor>(x: T, value: number): T => {
  checkTensors('constant_', { x });
  noGrad(() => x.fill_(value));
  return x;
});

export const zeros_ = exact('zeros_(x)', <T extends Tensor>(x: T): T => constant_(x, 0));
export const ones_ = exact('ones_(x)', <T extends Tensor>(x: T): T => constant_(x, 1));

/** Fills a matrix with ones on the diagonal and zeros elsewhere. */
export const eye_ = exact('eye_(x)', <T extends Tensor>(x: T): T => {
  checkTensors('eye_', { x });
  if (x.ndim !== 2) throw new ShapeError('eye_', 'needs a matrix', [{ name: 'x', shape: x.shape }]);
  const [rows, columns] = x.shape as [number, number];
  zeros_(x);
  noGrad(() => view(x, [Math.min(rows, columns)], [x.strides[0]! + x.strides[1]!]).fill_(1));
  return x;
});

const diracOptions = defineOptions({ groups: whole(1, { least: 1 }) });

/**
 * Fills the weight of a convolution so it passes its input channels through unchanged, as far as there are output
 * channels.
 *
 * @param options.groups number of groups of the convolution (default 1)
 */
export function dirac_<T extends Tensor>(x: T, options?: { groups?: number }): T {
  checkTensors('dirac_', { x });
  const { groups } = diracOptions('dirac_', options);
  if (x.ndim < 3 || x.ndim > 5)
    throw new ShapeError('dirac_', 'needs a weight of 3, 4, or 5 axes', [{ name: 'x', shape: x.shape }]);
  const out = x.shape[0]!;
  if (out % groups !== 0)
    throw new ArgumentError('dirac_', `${out} output channels can't be split into ${groups} groups`);
  const perGroup = out / groups;
  if (x.count === 0) return x;
  const center = x.shape.slice(2).reduce((at, n, i) => at + Math.floor(n / 2) * x.strides[i + 2]!, 0);
  zeros_(x);
  noGrad(() => {
    for (let g = 0; g < groups; g++) {
      const start = x.offset + center + g * perGroup * x.strides[0]!;
      const n = Math.min(perGroup, x.shape[1]!);
      if (n > 0) view(x, [n], [x.strides[0]! + x.strides[1]!], start).fill_(1);
    }
  });
  return x;
}

const xavierOptions = defineOptions({ gain: number(1), generator: generatorOption });

/**
 * U(−a, a), a = gain · √(6/(fanIn + fanOut)).
 * @source Glorot and Bengio 2010
 */
export function xavierUniform_<T extends Tensor>(x: T, options?: { gain?: number } & RandomOptions): T {
  checkTensors('xavierUniform_', { x });
  const { gain, generator } = xavierOptions('xavierUniform_', options);
  const { fanIn, fanOut } = calculateFanInAndFanOut(x);
  if (x.count === 0) return x;
  const bound = Math.sqrt(3) * gain * Math.sqrt(2 / (fanIn + fanOut));
  return uniform_(x, -bound, bound, drawnFrom(generator));
}

/** N(0, σ²), σ = gain · √(2/(fanIn + fanOut)). @source Glorot and Bengio 2010 */
export function xavierNormal_<T extends Tensor>(x: T, options?: { gain?: number } & RandomOptions): T {
  checkTensors('xavierNormal_', { x });
  const { gain, generator } = xavierOptions('xavierNormal_', options);
  const { fanIn, fanOut } = calculateFanInAndFanOut(x);
  if (x.count === 0) return x;
  return normal_(x, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), drawnFrom(generator));
}

export interface KaimingOptions extends RandomOptions {
  /** Slope below zero of the leaky relu that follows (default 0). */
  readonly a?: number;
  /** Whether to preserve the variance in the forward pass or in the backward pass (default `fan_in`). */
  readonly mode?: FanMode;
  /** Default `leaky_relu`. */
  readonly nonlinearity?: Nonlinearity;
}

const kaimingSpec = {
  a: number(0),
  mode: word(['fan_in', 'fan_out'], 'fan_in'),
  nonlinearity: nonlinearityOption,
  generator: generatorOption,
};
const kaimingOptions = defineOptions(kaimingSpec);

const kaimingStd = (x: Tensor, { a, mode, nonlinearity }: Resolved<typeof kaimingSpec>): number => {
  const { fanIn, fanOut } = calculateFanInAndFanOut(x);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut);
};

/** U(−b, b), b = gain · √(3/fan). @source He et al. 2015, arXiv:1502.01852 */
export function kaimingUniform_<T extends Tensor>(x: T, options?: KaimingOptions): T {
  checkTensors('kaimingUniform_', { x });
  const read = kaimingOptions('kaimingUniform_', options);
  if (x.count === 0) return x;
  const bound = Math.sqrt(3) * kaimingStd(x, read);
  return uniform_(x, -bound, bound, drawnFrom(read.generator));
}

/** N(0, σ²), σ = gain/√fan. @source He et al. 2015, arXiv:1502.01852 */
export function kaimingNormal_<T extends Tensor>(x: T, options?: KaimingOptions): T {
  checkTensors('kaimingNormal_', { x });
  const read = kaimingOptions('kaimingNormal_', options);
  if (x.count === 0) return x;
  return normal_(x, 0, kaimingStd(x, read), drawnFrom(read.generator));
}

/**
 * PyTorch's initialization for linear and convolutional layers: weight and bias from U(±1/√fanIn), or 0 without
 * inputs.
 */
export const resetWeightAndBias = exact(
  'resetWeightAndBias(weight, bias)',
  (weight: Tensor, bias: Tensor | null): void => {
    kaimingUniform_(weight, { a: Math.sqrt(5) });
    if (bias === null) return;
    const { fanIn } = calculateFanInAndFanOut(weight);
    const bound = fanIn === 0 ? 0 : 1 / Math.sqrt(fanIn);
    uniform_(bias, -bound, bound);
  },
);

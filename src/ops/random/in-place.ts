import { describe } from '../../core/describe.js';
import type { DType } from '../../core/dtype.js';
import { asConstant } from '../../core/element.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import { anyNumber, checkOption } from '../../core/options.js';
import { attach } from '../../tensor/attach.js';
import type { Tensor } from '../../tensor/tensor.js';
import { splitNumbers } from '../creation/creation.js';
import { checkHeld, checkLimits, checkSpread, fillDrawn, type RandomOptions } from './draw.js';

const limit = anyNumber(0);

/** Fills with numbers drawn uniformly from [from, to) (default [0, 1)). */
export function uniform_(x: Tensor, from = 0, to = 1, options?: RandomOptions): Tensor {
  checkOption('uniform_', 'from', limit, from);
  checkOption('uniform_', 'to', limit, to);
  if (!(from <= to)) throw new ArgumentError('uniform_', `from must be at most to, got ${from} and ${to}`);
  if (!Number.isFinite(asConstant('uniform_', to - from, x.dtype)))
    throw new ArgumentError('uniform_', `can't draw from an infinite range, from ${from} to ${to}`);
  return fillDrawn('uniform_', x, options, (out, generator) =>
    out.engine.randomUniform(out, from, to, generator),
  );
}

/** Fills with numbers drawn from N(mean, std²) (default N(0, 1)). */
export function normal_(x: Tensor, mean = 0, std = 1, options?: RandomOptions): Tensor {
  checkSpread('normal_', std);
  const oneByOne = !x.packed;
  return fillDrawn('normal_', x, options, (out, generator) =>
    out.engine.randomNormal(out, mean, std, oneByOne, generator),
  );
}

/** Fills with numbers drawn from Exp(rate): density rate·exp(-rate·x) (default rate 1). */
export function exponential_(x: Tensor, rate = 1, options?: RandomOptions): Tensor {
  if (!(typeof rate === 'number' && rate > 0))
    throw new ArgumentError('exponential_', `the rate must be positive, got ${describe(rate)}`);
  return fillDrawn('exponential_', x, options, (out, generator) =>
    out.engine.randomExponential(out, rate, generator),
  );
}

/** Fills with e to the power of numbers drawn from N(mean, std²) (default mean 1, std 2). */
export function logNormal_(x: Tensor, mean = 1, std = 2, options?: RandomOptions): Tensor {
  checkSpread('logNormal_', std);
  return fillDrawn('logNormal_', x, options, (out, generator) =>
    out.engine.randomLogNormal(out, mean, std, generator),
  );
}

/** Fills with numbers drawn from the Cauchy distribution (default median 0, sigma 1). */
export function cauchy_(x: Tensor, median = 0, sigma = 1, options?: RandomOptions): Tensor {
  return fillDrawn('cauchy_', x, options, (out, generator) =>
    out.engine.randomCauchy(out, median, sigma, generator),
  );
}

/**
 * Fills with the number of trials up to the first success, which has probability p; integers stop at the
 * largest that their dtype holds.
 *
 * @throws DTypeError for bool
 */
export function geometric_(x: Tensor, p: number, options?: RandomOptions): Tensor {
  if (!(typeof p === 'number' && p > 0 && p < 1))
    throw new ArgumentError('geometric_', `p must be in (0, 1), got ${describe(p)}`);
  if (x.dtype === 'bool') throw new DTypeError('geometric_', 'draws numbers from 1, the tensor is bool');
  return fillDrawn(
    'geometric_',
    x,
    options,
    (out, generator) => out.engine.randomGeometric(out, p, generator),
    'any',
  );
}

/** How many whole numbers, starting with 0, a dtype holds exactly; at most 2⁵³ - 1. */
const wholeNumbers: Readonly<Record<DType, number>> = {
  float32: 2 ** 24 + 1,
  float64: 2 ** 53 - 1,
  int32: 2 ** 31,
  uint8: 256,
  bool: 2,
};

/**
 * Fills with whole numbers drawn uniformly from low (default 0) to high - 1; without limits, from all that
 * the dtype holds, starting with 0.
 *
 * @throws DTypeError for numbers that the dtype can't hold
 */
export function random_(x: Tensor, options?: RandomOptions): Tensor;
export function random_(x: Tensor, high: number, options?: RandomOptions): Tensor;
export function random_(x: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
export function random_(x: Tensor, ...args: (number | RandomOptions | undefined)[]): Tensor {
  const { numbers, options } = splitNumbers('random_', args, 0, 2);
  const high = numbers.at(-1) ?? wholeNumbers[x.dtype];
  const low = numbers.length === 2 ? numbers[0]! : 0;
  checkLimits('random_', low, high);
  checkHeld('random_', low, high, x.dtype);
  return fillDrawn(
    'random_',
    x,
    options,
    (out, generator) => out.engine.randomIntegers(out, low, high, generator),
    'any',
  );
}

/**
 * Fills with numbers drawn from N(mean, std²), truncated to [low, high].
 * In PyTorch, it's `nn.init.trunc_normal_`.
 */
export function truncatedNormal_(
  x: Tensor,
  mean: number,
  std: number,
  low: number,
  high: number,
  options?: RandomOptions,
): Tensor {
  if (!(std > 0)) throw new ArgumentError('truncNormal_', `std must be positive, got ${std}`);
  if (!(low < high)) throw new ArgumentError('truncNormal_', `a must be less than b, got ${low} and ${high}`);
  return fillDrawn('truncNormal_', x, options, (out, generator) =>
    out.engine.randomTruncatedNormal(out, mean, std, low, high, generator),
  );
}

attach({
  uniform_,
  normal_,
  exponential_,
  logNormal_,
  cauchy_,
  geometric_,
  random_,
});

import type { Generator } from '../core/random.js';
import type { View } from './storage.js';

/**
 * Random numbers. Every `out` is contiguous; the generator's state advances as PyTorch's CPU
 * generator would.
 */
export interface RandomEngine {
  /** U[from, to); float32 or float64. */
  randomUniform(out: View, from: number, to: number, generator: Generator): void;
  /** N(mean, std²); `oneByOne` reads the stream as for fewer than 16 elements. */
  randomNormal(out: View, mean: number, std: number, oneByOne: boolean, generator: Generator): void;
  /** U{from, …, to - 1}; any dtype. */
  randomIntegers(out: View, from: number, to: number, generator: Generator): void;
  /** A permutation of 0 … n-1; int32. */
  randomPermutation(out: View, generator: Generator): void;
  /** 1 with probability p, otherwise 0; any dtype. */
  randomBernoulli(out: View, p: number, generator: Generator): void;
  /** 1 with the probability in `p`, contiguous, of out's shape, float32 or float64. */
  randomBernoulliEach(out: View, p: View, generator: Generator): void;
  /** slopes = U[lower, upper) where x ≤ 0, else 1; out = x·slopes; all contiguous, of one shape, floating. */
  randomRRelu(out: View, slopes: View, x: View, lower: number, upper: number, generator: Generator): void;
  /** Exp(rate). */
  randomExponential(out: View, rate: number, generator: Generator): void;
  /** exp(N(mean, std²)). */
  randomLogNormal(out: View, mean: number, std: number, generator: Generator): void;
  randomCauchy(out: View, median: number, sigma: number, generator: Generator): void;
  /** Trials until the first success of probability p. */
  randomGeometric(out: View, p: number, generator: Generator): void;
  /** N(mean, std²) within [low, high]. */
  randomTruncatedNormal(
    out: View,
    mean: number,
    std: number,
    low: number,
    high: number,
    generator: Generator,
  ): void;
  /** out (rows, samples), int32: indices drawn by the rows of `weights` (rows, n), contiguous. */
  randomMultinomial(out: View, weights: View, replacement: boolean, generator: Generator): void;
}

/** Dropout in one pass; all views are contiguous, of one shape. */
export interface DropoutEngine {
  /** out = x·mask/(1-p), mask (uint8) 1 with probability 1-p as `randomBernoulli` draws it. */
  randomDropout(out: View, mask: View, x: View, p: number, generator: Generator): void;
  /** out = g·mask/(1-p) */
  dropoutBackward(out: View, g: View, mask: View, p: number): void;
}

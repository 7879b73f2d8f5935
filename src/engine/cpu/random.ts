import { dtypeCode } from '../../core/dtype.js';
import type { Generator } from '../../core/random.js';
import type { RandomEngine } from '../random.js';
import { type CpuContext, pointer } from './context.js';

/** Signatures of kernels/random/random.h; pointers are numbers. */
export interface RandomAbi {
  random_uniform(dtype: number, out: number, n: number, from: number, to: number, state: number): void;
  random_normal(
    dtype: number,
    out: number,
    n: number,
    mean: number,
    std: number,
    oneByOne: number,
    state: number,
  ): void;
  random_integers(dtype: number, out: number, n: number, from: number, range: number, state: number): void;
  random_permutation(out: number, n: number, state: number): void;
  random_bernoulli(dtype: number, out: number, n: number, p: number, state: number): void;
  random_bernoulli_each(
    dtype: number,
    out: number,
    pDtype: number,
    p: number,
    n: number,
    state: number,
  ): void;
  random_dropout(
    dtype: number,
    x: number,
    y: number,
    mask: number,
    n: number,
    p: number,
    state: number,
  ): void;
  dropout_backward(dtype: number, dy: number, mask: number, dx: number, n: number, p: number): void;
  random_rrelu(
    dtype: number,
    x: number,
    slopes: number,
    y: number,
    n: number,
    lower: number,
    upper: number,
    state: number,
  ): void;
  random_exponential(dtype: number, out: number, n: number, rate: number, state: number): void;
  random_log_normal(dtype: number, out: number, n: number, mean: number, std: number, state: number): void;
  random_cauchy(dtype: number, out: number, n: number, median: number, sigma: number, state: number): void;
  random_geometric(dtype: number, out: number, n: number, p: number, state: number): void;
  random_truncated_normal(
    dtype: number,
    out: number,
    n: number,
    mean: number,
    std: number,
    low: number,
    high: number,
    state: number,
  ): void;
  random_multinomial(
    dtype: number,
    weights: number,
    rows: number,
    n: number,
    samples: number,
    replacement: number,
    out: number,
    state: number,
  ): void;
}

export function randomKernels(cpu: CpuContext<RandomAbi>): RandomEngine {
  const { abi } = cpu;

  /** Runs a kernel on the generator's state, which visits the engine's memory for it. */
  function drawing(generator: Generator, kernel: (state: number) => void): void {
    const { state } = generator;
    cpu.numbers.raw().set(state);
    kernel(cpu.numbers.address);
    const after = cpu.numbers.raw();
    for (let i = 0; i < state.length; i++) state[i] = after[i]!;
  }

  return {
    randomUniform: (out, from, to, generator) =>
      drawing(generator, (state) =>
        abi.random_uniform(dtypeCode[out.dtype], pointer(out), out.count, from, to, state),
      ),
    randomNormal: (out, mean, std, oneByOne, generator) =>
      drawing(generator, (state) =>
        abi.random_normal(dtypeCode[out.dtype], pointer(out), out.count, mean, std, Number(oneByOne), state),
      ),
    randomIntegers: (out, from, to, generator) =>
      drawing(generator, (state) =>
        abi.random_integers(dtypeCode[out.dtype], pointer(out), out.count, from, to - from, state),
      ),
    randomPermutation: (out, generator) =>
      drawing(generator, (state) => abi.random_permutation(pointer(out), out.count, state)),
    randomBernoulli: (out, p, generator) =>
      drawing(generator, (state) =>
        abi.random_bernoulli(dtypeCode[out.dtype], pointer(out), out.count, p, state),
      ),
    randomBernoulliEach: (out, p, generator) =>
      drawing(generator, (state) =>
        abi.random_bernoulli_each(
          dtypeCode[out.dtype],
          pointer(out),
          dtypeCode[p.dtype],
          pointer(p),
          out.count,
          state,
        ),
      ),
    randomDropout: (out, mask, x, p, generator) =>
      drawing(generator, (state) =>
        abi.random_dropout(
          dtypeCode[out.dtype],
          pointer(x),
          pointer(out),
          pointer(mask),
          out.count,
          p,
          state,
        ),
      ),
    dropoutBackward: (out, g, mask, p) =>
      abi.dropout_backward(dtypeCode[out.dtype], pointer(g), pointer(mask), pointer(out), out.count, p),
    randomRRelu: (out, slopes, x, lower, upper, generator) =>
      drawing(generator, (state) =>
        abi.random_rrelu(
          dtypeCode[out.dtype],
          pointer(x),
          pointer(slopes),
          pointer(out),
          out.count,
          lower,
          upper,
          state,
        ),
      ),
    randomExponential: (out, rate, generator) =>
      drawing(generator, (state) =>
        abi.random_exponential(dtypeCode[out.dtype], pointer(out), out.count, rate, state),
      ),
    randomLogNormal: (out, mean, std, generator) =>
      drawing(generator, (state) =>
        abi.random_log_normal(dtypeCode[out.dtype], pointer(out), out.count, mean, std, state),
      ),
    randomCauchy: (out, median, sigma, generator) =>
      drawing(generator, (state) =>
        abi.random_cauchy(dtypeCode[out.dtype], pointer(out), out.count, median, sigma, state),
      ),
    randomGeometric: (out, p, generator) =>
      drawing(generator, (state) =>
        abi.random_geometric(dtypeCode[out.dtype], pointer(out), out.count, p, state),
      ),
    randomTruncatedNormal: (out, mean, std, low, high, generator) =>
      drawing(generator, (state) =>
        abi.random_truncated_normal(
          dtypeCode[out.dtype],
          pointer(out),
          out.count,
          mean,
          std,
          low,
          high,
          state,
        ),
      ),
    randomMultinomial: (out, weights, replacement, generator) => {
      const n = weights.shape[weights.shape.length - 1]!;
      const samples = out.shape[out.shape.length - 1]!;
      drawing(generator, (state) =>
        abi.random_multinomial(
          dtypeCode[weights.dtype],
          pointer(weights),
          weights.count / n,
          n,
          samples,
          Number(replacement),
          pointer(out),
          state,
        ),
      );
    },
  };
}

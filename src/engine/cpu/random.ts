import type { Generator } from '../../core/random.js';
import type { DropoutEngine, RandomEngine } from '../random.js';
import { codes } from './abi.js';
import { type CpuContext, pointer } from './context.js';

export function randomKernels(cpu: CpuContext): RandomEngine & DropoutEngine {
  const { abi } = cpu;

  /** Runs a kernel on the generator's state, which is copied to the engine's memory and back. */
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
        abi.random_uniform(codes.dtype[out.dtype], pointer(out), out.count, from, to, state),
      ),
    randomNormal: (out, mean, std, oneByOne, generator) =>
      drawing(generator, (state) =>
        abi.random_normal(
          codes.dtype[out.dtype],
          pointer(out),
          out.count,
          mean,
          std,
          Number(oneByOne),
          state,
        ),
      ),
    randomIntegers: (out, from, to, generator) =>
      drawing(generator, (state) =>
        abi.random_integers(codes.dtype[out.dtype], pointer(out), out.count, from, to - from, state),
      ),
    randomPermutation: (out, generator) =>
      drawing(generator, (state) => abi.random_permutation(pointer(out), out.count, state)),
    randomBernoulli: (out, p, generator) =>
      drawing(generator, (state) =>
        abi.random_bernoulli(codes.dtype[out.dtype], pointer(out), out.count, p, state),
      ),
    randomBernoulliEach: (out, p, generator) =>
      drawing(generator, (state) =>
        abi.random_bernoulli_each(
          codes.dtype[out.dtype],
          pointer(out),
          codes.dtype[p.dtype],
          pointer(p),
          out.count,
          state,
        ),
      ),
    randomDropout: (out, mask, x, p, generator) =>
      drawing(generator, (state) =>
        abi.random_dropout(
          codes.dtype[out.dtype],
          pointer(x),
          pointer(out),
          pointer(mask),
          out.count,
          p,
          state,
        ),
      ),
    dropoutBackward: (out, g, mask, p) =>
      abi.dropout_backward(codes.dtype[out.dtype], pointer(g), pointer(mask), pointer(out), out.count, p),
    randomRRelu: (out, slopes, x, lower, upper, generator) =>
      drawing(generator, (state) =>
        abi.random_rrelu(
          codes.dtype[out.dtype],
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
        abi.random_exponential(codes.dtype[out.dtype], pointer(out), out.count, rate, state),
      ),
    randomLogNormal: (out, mean, std, generator) =>
      drawing(generator, (state) =>
        abi.random_log_normal(codes.dtype[out.dtype], pointer(out), out.count, mean, std, state),
      ),
    randomCauchy: (out, median, sigma, generator) =>
      drawing(generator, (state) =>
        abi.random_cauchy(codes.dtype[out.dtype], pointer(out), out.count, median, sigma, state),
      ),
    randomGeometric: (out, p, generator) =>
      drawing(generator, (state) =>
        abi.random_geometric(codes.dtype[out.dtype], pointer(out), out.count, p, state),
      ),
    randomTruncatedNormal: (out, mean, std, low, high, generator) =>
      drawing(generator, (state) =>
        abi.random_truncated_normal(
          codes.dtype[out.dtype],
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
          codes.dtype[weights.dtype],
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

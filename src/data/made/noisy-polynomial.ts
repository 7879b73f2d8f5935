import { ArgumentError } from '../../core/errors.js';
import { defineOptions, listOf, number, pairOf } from '../../core/options.js';
import { type Tensor, tensor } from '../../index.js';
import { Draw, type MadeOptions, madeSpec, spread } from './draw.js';

export interface NoisyPolynomialOptions extends MadeOptions {
  /** c₀, c₁, c₂, … of c₀ + c₁ x + c₂ x² + … (default 0, −1, 0, 2). */
  readonly coefficients?: readonly number[];
  /** Standard deviation of the noise in y (default 0.1). */
  readonly noise?: number;
  /** Range of x (default −1 to 1). */
  readonly range?: readonly [low: number, high: number];
}

const polynomialOptions = defineOptions({
  ...madeSpec,
  coefficients: listOf(number(0), [0, -1, 0, 2]),
  noise: spread(0.1),
  range: pairOf(number(0), [-1, 1] as const),
});

/** Points on a curve with noise, for regression. */
export interface MadeCurve {
  /** @shape (n, 1), float32, in random order */
  readonly x: Tensor;
  /** @shape (n), float32 */
  readonly y: Tensor;
  /** y without the noise: the best that a model can predict. @shape (n), float32 */
  readonly clean: Tensor;
}

/**
 * y = c₀ + c₁ x + c₂ x² + … + noise, with x drawn uniformly from the range.
 *
 * @shape x (n, 1), y (n)
 * @throws ArgumentError for no coefficients, an empty range, or negative noise
 * @source notes 1.3
 */
export function noisyPolynomial(options?: NoisyPolynomialOptions): MadeCurve {
  const { n, coefficients, noise, range, seed } = polynomialOptions('noisyPolynomial', options);
  if (coefficients.length === 0)
    throw new ArgumentError('noisyPolynomial', 'coefficients must be one or more numbers, got []');
  const [low, high] = range;
  if (low >= high)
    throw new ArgumentError(
      'noisyPolynomial',
      `range must go from a lower to a higher number, not [${range}]`,
    );
  const draw = new Draw(seed);
  const x = draw.uniform(n, low, high);
  const clean = x.map((at) => coefficients.reduceRight((sum, c) => sum * at + c, 0));
  const errors = draw.normal(n, noise);
  const float = (values: Float64Array, shape: number[]): Tensor => tensor(Float32Array.from(values), shape);
  return {
    x: float(x, [n, 1]),
    y: float(
      clean.map((value, i) => value + errors[i]!),
      [n],
    ),
    clean: float(clean, [n]),
  };
}

import type { DType } from '../../core/dtype.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { defineOptions, dtype, number, whole } from '../../core/options.js';
import { arange } from '../../ops/creation/creation.js';
import { stack } from '../../ops/shape/join.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module/module.js';
import { count, show } from '../sizes.js';

/** Options of a call. */
export interface PositionsCall {
  /** The position of the first vector, for sequences that come in parts (default 0). */
  readonly offset?: number;
}

export const readPositionsCall = defineOptions({ offset: whole(0, { least: 0 }) });

/** @throws ArgumentError, DTypeError, ShapeError unless x is a sequence of vectors with the right features */
export function checkVectors(operation: string, x: Tensor, features: number): void {
  checkTensors(operation, { x });
  if (!isFloat(x.dtype))
    throw new DTypeError(
      operation,
      `needs vectors of float32 or float64, x is ${x.dtype}\n  hint: nn.Embedding makes vectors of indices`,
    );
  if (x.ndim < 2 || x.shape.at(-1) !== features)
    throw new ShapeError(operation, 'x must be a sequence of vectors', [
      { name: 'x', axes: '(…, T, E)', shape: x.shape, note: `expects E = ${features}` },
    ]);
}

/** Angles p / base^(2i/features), for i = 0 … features/2 − 1 and `length` positions p from `offset` on. @shape (T, features/2) */
export function positionAngles(length: number, features: number, base: number, offset: number): Tensor {
  const half = Math.ceil(features / 2);
  const steps = arange(half, { dtype: 'float64' })
    .mul((-2 * Math.log(base)) / features)
    .exp();
  return arange(offset, offset + length, { dtype: 'float64' })
    .unsqueeze(1)
    .mul(steps);
}

export interface SinusoidalOptions {
  /** What wavelengths grow toward, over 2π (default 10,000). */
  readonly base?: number;
  /** Default float32. */
  readonly dtype?: DType;
}

const base = number(10000, { above: 1 });
const readTable = defineOptions({ base, offset: whole(0, { least: 0 }), dtype: dtype('float32') });

/**
 * A vector for each position, made of waves of different lengths:
 *
 *     PE[p, 2i] = sin(p / 10000^(2i/E)), PE[p, 2i + 1] = cos(p / 10000^(2i/E))
 *
 * Wavelengths go from 2π to 2π · 10,000. For any k, PE[p + k] is PE[p] rotated by an angle that depends on k alone, in each
 * pair of features, so a linear layer can look a fixed distance away.
 *
 * @param offset the first position (default 0)
 * @shape (length, features)
 * @source notes 7.3, figure 7.10; Vaswani et al. 2017, arXiv:1706.03762
 * @example
 * const waves = nn.sinusoidalPositions(50, 128);
 * waves.shape; // [50, 128]
 */
export function sinusoidalPositions(
  length: number,
  features: number,
  options?: SinusoidalOptions & PositionsCall,
): Tensor {
  const { base, offset, dtype } = readTable('sinusoidalPositions', options);
  count('sinusoidalPositions', 'length', length);
  count('sinusoidalPositions', 'features', features, 1);
  if (!isFloat(dtype))
    throw new ArgumentError('sinusoidalPositions', `dtype must be float32 or float64, got ${dtype}`);
  const angles = positionAngles(length, features, base, offset);
  const pairs = stack([angles.sin(), angles.cos()], 2).flatten(1); // (T, E), or a column more
  return pairs.narrow(1, 0, features).to(dtype);
}

const readSinusoidal = defineOptions({ base });

/**
 * y = x + PE, where PE are `sinusoidalPositions`. Nothing is learned, and there's no longest sequence.
 *
 * @shape x (…, T, E) → (…, T, E): time is the last axis but one
 * @source notes 7.3, figure 7.10; Vaswani et al. 2017, arXiv:1706.03762
 * @example
 * const positions = new nn.SinusoidalPositions(8);
 * positions.forward(randn([3, 5, 8])).shape; // [3, 5, 8]
 */
export class SinusoidalPositions extends Module {
  readonly base: number;

  constructor(
    readonly features: number,
    options?: { readonly base?: number },
  ) {
    super();
    this.base = readSinusoidal(new.target.name, options).base;
    count(new.target.name, 'features', features, 1);
  }

  /** @param options.offset the position of the first vector (default 0) */
  override forward(x: Tensor, options?: PositionsCall): Tensor {
    const { name } = this.constructor;
    const { offset } = readPositionsCall(name, options);
    checkVectors(name, x, this.features);
    const { features, base } = this;
    const dtype = x.dtype as 'float32' | 'float64';
    return x.add(sinusoidalPositions(x.shape.at(-2)!, features, { base, offset, dtype }).to(x));
  }

  protected override describe(): string {
    return show({ features: this.features, base: this.base });
  }
}

import { ArgumentError } from '../../core/errors.js';
import { defineOptions, flag, number } from '../../core/options.js';
import { cat, stack } from '../../ops/shape/join.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module/module.js';
import { count, show } from '../sizes.js';
import { checkVectors, type PositionsCall, positionAngles, readPositionsCall } from './sinusoidal.js';

export interface RotaryOptions {
  /** What wavelengths grow toward, over 2π (default 10,000). */
  readonly base?: number;
  /**
   * Whether a pair is two features side by side, as in the paper, instead of features i and i + D/2, as in Llama and most
   * published weights (default false).
   */
  readonly interleaved?: boolean;
}

const readRotary = defineOptions({ base: number(10000, { above: 1 }), interleaved: flag(false) });

/**
 * Rotates each pair of features by an angle that grows with the position p:
 *
 *     (a, b) → (a cos θ − b sin θ, a sin θ + b cos θ), θ = p / base^(2i/D) for pair i
 *
 * Apply it to queries and keys after they are split into heads: their scores then depend only on how far apart they are.
 *
 * @shape x (…, T, D) → (…, T, D), such as (N, H, T, D): time is the last axis but one
 * @source Su et al. 2021, arXiv:2104.09864
 * @example
 * const rotary = new nn.RotaryPositions(16);
 * const [q, k, v] = [randn([2, 4, 10, 16]), randn([2, 4, 10, 16]), randn([2, 4, 10, 16])];
 * F.scaledDotProductAttention(rotary.forward(q), rotary.forward(k), v, { isCausal: true }).shape; // [2, 4, 10, 16]
 */
export class RotaryPositions extends Module {
  readonly base: number;
  readonly interleaved: boolean;

  constructor(
    readonly headDim: number,
    options?: RotaryOptions,
  ) {
    super();
    const { name } = new.target;
    const { base, interleaved } = readRotary(name, options);
    count(name, 'headDim', headDim, 1);
    if (headDim % 2 !== 0)
      throw new ArgumentError(name, `headDim must be even: features are rotated in pairs, got ${headDim}`);
    this.base = base;
    this.interleaved = interleaved;
  }

  /** @param options.offset the position of the first vector (default 0) */
  override forward(x: Tensor, options?: PositionsCall): Tensor {
    const { name } = this.constructor;
    const { headDim, base, interleaved } = this;
    const { offset } = readPositionsCall(name, options);
    checkVectors(name, x, headDim);
    const angles = positionAngles(x.shape.at(-2)!, headDim, base, offset);
    const [cos, sin] = [angles.cos().to(x), angles.sin().to(x)]; // (T, D/2)
    const [a, b] = (interleaved ? x.unflatten(-1, [headDim / 2, 2]).unbind(-1) : x.chunk(2, -1)) as [
      Tensor,
      Tensor,
    ];
    const rotated = [a.mul(cos).sub(b.mul(sin)), a.mul(sin).add(b.mul(cos))];
    return interleaved ? stack(rotated, -1).flatten(-2) : cat(rotated, -1);
  }

  protected override describe(): string {
    const { headDim, base, interleaved } = this;
    return show({ headDim, base, ...(interleaved && { interleaved }) });
  }
}

import * as F from '../../functional.js';
import { Generator, randn, type Tensor, tensor } from '../../index.js';
import { numbersOf } from '../kit/index.js';
import type { Problem } from './minimize.js';

/** A problem with two weights: its cost can be drawn as a landscape. */
export interface Landscape extends Problem {
  /** @shape (2) */
  readonly weights: Tensor;
  /** The cost of all examples at any weights. */
  readonly surface: (w1: number, w2: number) => number;
  /** The lowest possible cost. */
  readonly least: number;
}

export interface RavineOptions {
  readonly seed: number;
  /** The initial weights. */
  readonly start: readonly [w1: number, w2: number];
  /** Number of examples (default 100). */
  readonly n?: number;
  /** How much wider the second input is spread than the first (default 10). */
  readonly stretch?: number;
}

/**
 * A linear neuron for t = 2x₁ + ½x₂ + noise, whose second input is spread more widely than the first:
 * the cost rises stretch² as steeply with w₂ as with w₁, a ravine along w₁. (With inputs of the same
 * spread it would be a round bowl: notes 2.10.)
 *
 * @source notes 2.8
 */
export async function ravine({ seed, start, n = 100, stretch = 10 }: RavineOptions): Promise<Landscape> {
  const generator = new Generator(seed);
  const x = randn([n, 2], { generator }).mul(tensor([1, stretch]));
  const t = x.matmul(tensor([2, 0.5])).add(randn([n], { generator }));
  const weights = tensor([...start], { requiresGrad: true });

  // mean (w₁x₁ + w₂x₂ − t)² = a w₁² + 2b w₁w₂ + c w₂² − 2d w₁ − 2e w₂ + f, lowest where its derivatives are 0.
  const mean = (u: Tensor, v: Tensor): Tensor => u.mul(v).mean();
  const [x1, x2] = [x.select(1, 0), x.select(1, 1)];
  const products = [mean(x1, x1), mean(x1, x2), mean(x2, x2), mean(x1, t), mean(x2, t), mean(t, t)];
  const [a, b, c, d, e, f] = (await numbersOf(products)) as [number, number, number, number, number, number];
  const surface = (w1: number, w2: number): number =>
    a * w1 * w1 + 2 * b * w1 * w2 + c * w2 * w2 - 2 * d * w1 - 2 * e * w2 + f;
  const determinant = a * c - b * b;
  return {
    parameters: [weights],
    n,
    cost: (rows) =>
      rows
        ? F.mseLoss(x.indexSelect(0, rows).matmul(weights), t.indexSelect(0, rows))
        : F.mseLoss(x.matmul(weights), t),
    weights,
    surface,
    least: surface((c * d - b * e) / determinant, (a * e - b * d) / determinant),
  };
}

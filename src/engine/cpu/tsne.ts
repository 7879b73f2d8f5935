import type { TsneEngine } from '../tsne.js';
import { type CpuContext, pointer } from './context.js';

/** The kernels of kernels/tsne.h; pointers are numbers, 0 where an operand is absent. */
export interface TsneAbi {
  tsne_probabilities(distances: number, p: number, rows: number, k: number, perplexity: number): void;
  tsne_gradient(
    dims: number,
    n: number,
    y: number,
    order: number,
    starts: number,
    columns: number,
    weights: number,
    angle: number,
    exaggeration: number,
    gradient: number,
    divergence: number,
  ): void;
  tsne_step(
    size: number,
    y: number,
    gradient: number,
    velocity: number,
    gains: number,
    momentum: number,
    learningRate: number,
  ): void;
}

export const tsneKernels = (cpu: CpuContext<TsneAbi>): TsneEngine => ({
  tsneProbabilities: (p, squaredDistances, perplexity) =>
    cpu.abi.tsne_probabilities(pointer(squaredDistances), pointer(p), p.shape[0]!, p.shape[1]!, perplexity),

  tsneGradient: (gradient, y, order, { rowStarts, columns, values }, { angle, exaggeration, divergence }) =>
    cpu.abi.tsne_gradient(
      y.shape[1]!,
      y.shape[0]!,
      pointer(y),
      pointer(order),
      pointer(rowStarts),
      pointer(columns),
      pointer(values),
      angle,
      exaggeration,
      pointer(gradient),
      divergence ? pointer(divergence) : 0,
    ),

  tsneStep: (y, gradient, velocity, gains, { momentum, learningRate }) =>
    cpu.abi.tsne_step(
      y.count,
      pointer(y),
      pointer(gradient),
      pointer(velocity),
      pointer(gains),
      momentum,
      learningRate,
    ),
});

import { ArgumentError } from '../../core/errors.js';
import { defineOptions } from '../../core/options.js';
import { perAxis, type Size } from '../../core/sizes.js';
import * as F from '../../functional.js';
import { ShapeError, type Tensor, tensor } from '../../index.js';
import { checkPositive, checkRange, oneOrTwo, pair, type Range } from './checks.js';
import type { Draws } from './draws.js';
import { inFloats, onBatch } from './images.js';
import { type ImageSize, Transform } from './transform.js';

/** Along x and y, in pixels. */
type Along = readonly [x: number, y: number];

/** A bell curve at `size` pixels that sums to 1. */
function bell(size: number, sigma: number): number[] {
  const weights = Array.from({ length: size }, (_, i) =>
    Math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** A kernel's sides as [x, y]. @throws ArgumentError unless they are odd */
function kernelSides(operation: string, kernelSize: Size): Along {
  const [x, y] = perAxis(operation, 'kernelSize', kernelSize, 2, 1);
  if (x! % 2 === 0 || y! % 2 === 0)
    throw new ArgumentError(operation, `kernelSize must be odd, got [${x}, ${y}]`);
  return [x!, y!];
}

/** Blurs floats (N, C, H, W) along x, then along y, by a kernel for each image or one for all. */
export function blurEach(
  operation: string,
  images: Tensor,
  [kx, ky]: Along,
  sigmas: readonly Along[],
): Tensor {
  const [n, c, h, w] = images.shape as [number, number, number, number];
  const [px, py] = [(kx - 1) / 2, (ky - 1) / 2];
  if (px >= w || py >= h)
    throw new ShapeError(
      operation,
      `a kernel of [${kx}, ${ky}] pixels reaches beyond the image's mirrored border`,
      [{ name: 'images', axes: '(N, C, H, W)', shape: images.shape }],
    );
  // Every channel of every image becomes a channel of one, each with its own kernel.
  const kernels = (size: number, along: (sigma: Along) => number): Tensor =>
    tensor(
      sigmas.flatMap((sigma) => bell(size, along(sigma))),
      { dtype: images.dtype },
    )
      .reshape([sigmas.length, 1, size])
      .expand([n, c, size])
      .reshape([n * c, 1, size]);
  const padded = F.pad(images, [px, px, py, py], { mode: 'reflect' });
  const one = padded.reshape([1, n * c, h + ky - 1, w + kx - 1]);
  const groups = n * c;
  const wide = F.conv2d(one, kernels(kx, ([x]) => x).unsqueeze(2), null, { groups });
  const both = F.conv2d(wide, kernels(ky, ([, y]) => y).unsqueeze(3), null, { groups });
  return both.reshape([n, c, h, w]);
}

export interface GaussianBlurOptions {
  /** Width of the bell curve in pixels, or [x, y] (default 0.15·kernelSize + 0.35). */
  readonly sigma?: number | Along;
}

const blurOptions = defineOptions({ sigma: oneOrTwo(undefined) });

/**
 * Blurs images with a Gaussian kernel; they're mirrored beyond their border.
 *
 * @param kernelSize odd, one number or [x, y]
 * @throws ArgumentError; ShapeError for a kernel that reaches beyond the mirrored border
 */
export function gaussianBlur(images: Tensor, kernelSize: Size, options?: GaussianBlurOptions): Tensor {
  const { sigma } = blurOptions('gaussianBlur', options);
  const sides = kernelSides('gaussianBlur', kernelSize);
  const [x, y] = sigma === undefined ? sides.map((side) => 0.15 * side + 0.35) : pair(sigma);
  checkPositive('gaussianBlur', 'sigma', x!, y!);
  return onBatch('gaussianBlur', images, (batch) =>
    inFloats(batch, (floats) => blurEach('gaussianBlur', floats, sides, [[x!, y!]])),
  );
}

/**
 * Blurs images with a Gaussian kernel of random width.
 *
 * @param kernelSize odd, one number or [x, y]
 * @param sigma pixels, a number or [from, to] (default [0.1, 2])
 * @throws ArgumentError; ShapeError for a kernel that reaches beyond the mirrored border
 */
export class GaussianBlur extends Transform<number> {
  readonly kernelSize: Along;
  readonly sigma: Range;

  constructor(kernelSize: Size, options?: { readonly sigma?: number | Range }) {
    super();
    const name = new.target.name;
    const { sigma = [0.1, 2] } = blurOptions(name, options);
    this.kernelSize = kernelSides(name, kernelSize);
    this.sigma = pair(sigma);
    checkPositive(name, 'sigma', ...this.sigma);
    checkRange(name, 'sigma', this.sigma);
  }

  override draw(_: ImageSize, draws: Draws): number {
    return draws.uniform(...this.sigma);
  }

  override apply(images: Tensor, sigmas: readonly number[]): Tensor {
    return inFloats(images, (x) => blurEach('GaussianBlur', x, this.kernelSize, sigmas.map(pair)));
  }

  protected override describe(): string {
    return `kernelSize=[${this.kernelSize.join(', ')}], sigma=[${this.sigma.join(', ')}]`;
  }
}

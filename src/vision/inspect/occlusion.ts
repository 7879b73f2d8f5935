import { ArgumentError } from '../../core/errors.js';
import { defineOptions, number, whole } from '../../core/options.js';
import { cat, noGrad, type Tensor, tensor, tidy, zeros } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { requireModule } from '../../nn/module/argument.js';
import { checkTensors } from '../../tensor/argument.js';
import { inspectImages } from './images.js';
import { scoresOf, type TargetOptions, targetSpec, targetsOf } from './target.js';

export interface OcclusionOptions extends TargetOptions {
  /** Side of the square that covers a part of the image, in pixels (default: one sixth of the image's shorter side). */
  readonly window?: number | undefined;
  /** Pixels from one position of the square to the next (default: half its side). */
  readonly stride?: number | undefined;
  /** What the square is filled with (default 0). */
  readonly value?: number | undefined;
  /** Covered images that the model sees at once (default 32). */
  readonly batchSize?: number | undefined;
}

const occlusionOptions = defineOptions({
  ...targetSpec,
  window: whole(undefined, { least: 1 }),
  stride: whole(undefined, { least: 1 }),
  value: number(0),
  batchSize: whole(32, { least: 1 }),
});

/** Where a square begins along an axis: every `stride` pixels, and at the end. */
function placesAlong(length: number, window: number, stride: number): number[] {
  const places: number[] = [];
  for (let at = 0; at < length - window; at += stride) places.push(at);
  return [...places, length - window];
}

/** Squares that together cover the whole image, one per row: 1 where it's covered. @shape (P, H, W) */
function squares(height: number, width: number, window: number, stride: number): Float32Array[] {
  return placesAlong(height, window, stride).flatMap((top) =>
    placesAlong(width, window, stride).map((left) => {
      const cover = new Float32Array(height * width);
      for (let row = top; row < top + window; row++)
        cover.fill(1, row * width + left, row * width + left + window);
      return cover;
    }),
  );
}

/** Arrays, one after another. */
function rows(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.length * arrays[0]!.length);
  arrays.forEach((array, i) => {
    all.set(array, i * array.length);
  });
  return all;
}

/**
 * Occlusion: how much the score of a class falls when a square covers a part of the image. A pixel gets the mean over
 * the squares that cover it; if it's negative, covering the pixel makes the class more likely.
 *
 * It needs no gradients, and runs the model once for each position of the square. The model runs in evaluation mode
 * and isn't changed.
 *
 * @shape x (N, C, H, W) → (N, H, W), or (C, H, W) → (H, W)
 * @throws ShapeError, DTypeError, IndexError as for `saliency`
 * @throws ArgumentError for a square that's empty or larger than the image, a stride that leaves gaps, or an empty
 *   batch
 * @source notes 3.8; Zeiler and Fergus 2013, arXiv:1311.2901
 * @example
 * const lenet = new vision.LeNet5();
 * vision.occlusion(lenet, rand([1, 32, 32]), { window: 8 }).shape; // [32, 32]
 */
export function occlusion(model: nn.Layer, x: Tensor, options?: OcclusionOptions): Tensor {
  checkTensors('occlusion', { x });
  requireModule('occlusion', 'model', model);
  const read = occlusionOptions('occlusion', options);
  const { value, batchSize, target } = read;
  return inspectImages('occlusion', model, x, (images) =>
    noGrad(() => {
      const [n, , height, width] = images.shape as [number, number, number, number];
      const side = Math.min(height, width);
      const { window = Math.max(1, Math.round(side / 6)) } = read;
      const { stride = Math.max(1, Math.floor(window / 2)) } = read;
      const atMost = (name: string, size: number, most: number, what: string): void => {
        if (size > most)
          throw new ArgumentError('occlusion', `${name} must be at most ${most}, ${what}, got ${size}`);
      };
      atMost('window', window, side, "the image's shorter side");
      atMost('stride', stride, window, 'the window');
      const logits = model.forward(images);
      const targets = targetsOf('occlusion', logits, { target });
      const scores = scoresOf(logits, targets); // (N)
      const covers = squares(height, width, window, stride);

      /** The score's fall at each pixel, summed over the squares that cover it. */
      const fallsOf = (i: number): Tensor => {
        let falls = zeros([1, height * width], { dtype: images.dtype });
        for (let first = 0; first < covers.length; first += batchSize)
          falls = tidy(() => {
            const some = covers.slice(first, first + batchSize);
            const cover = tensor(rows(some), [some.length, height * width]).to(images.dtype); // (P, H·W)
            const mask = cover.reshape([some.length, 1, height, width]);
            const covered = images.narrow(0, i, 1).mul(mask.neg().add(1)).add(mask.mul(value));
            const left = scoresOf(model.forward(covered), targets.narrow(0, i, 1).expand([some.length, 1]));
            const fall = scores.narrow(0, i, 1).sub(left); // (P)
            return falls.add(fall.unsqueeze(0).matmul(cover));
          });
        return falls;
      };
      const counts = new Float32Array(height * width);
      for (const cover of covers) for (let i = 0; i < cover.length; i++) counts[i]! += cover[i]!;
      return cat(Array.from({ length: n }, (_, i) => fallsOf(i)))
        .div(tensor(counts, [1, height * width]).to(images.dtype))
        .reshape([n, height, width]); // (N, H·W) → (N, H, W)
    }),
  );
}

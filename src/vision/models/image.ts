import { ShapeError } from '../../core/errors.js';
import type { Tensor } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';

/**
 * Checks that x is a batch of images that a network can take.
 *
 * @param least the smallest height and width
 * @throws ShapeError saying what the network takes
 */
export function checkImages(network: string, x: Tensor, channels: number, least: number): void {
  checkTensors(network, { x });
  const [, C, H, W] = x.shape;
  if (x.ndim === 4 && C === channels && H! >= least && W! >= least) return;
  const takes = `takes images (N, ${channels}, H, W) of at least ${least} × ${least}`;
  const hint =
    x.ndim === 3
      ? 'for a single image, use x.unsqueeze(0)'
      : x.ndim === 4 && C !== channels && W === channels
        ? `the last axis is ${channels}; for NHWC images, use x.permute([0, 3, 1, 2])`
        : x.ndim === 4 && C === channels
          ? 'resize the images, or use a network for small ones'
          : undefined;
  throw new ShapeError(network, takes, [{ name: 'x', shape: x.shape }], hint);
}

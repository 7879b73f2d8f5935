import { isFloat } from '../../core/dtype.js';
import { DTypeError, ShapeError } from '../../core/errors.js';
import type { Tensor } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { checkTensors } from '../../tensor/argument.js';
import { inspecting } from './inspecting.js';

/** @throws ShapeError, DTypeError unless x is an image (C, H, W), or a batch (N, C, H, W), of floating values */
function checkImages(operation: string, x: Tensor): void {
  checkTensors(operation, { x });
  if ((x.ndim !== 3 && x.ndim !== 4) || x.count === 0)
    throw new ShapeError(
      operation,
      'needs an image (C, H, W) or a batch (N, C, H, W), as the model takes them',
      [{ name: 'x', shape: x.shape }],
      x.ndim === 2 ? 'for a gray image, use x.unsqueeze(0)' : undefined,
    );
  if (!isFloat(x.dtype))
    throw new DTypeError(
      operation,
      `takes what the model does, in float32 or float64; x is ${x.dtype}\n  hint: x.to('float32').div(255)`,
    );
}

/**
 * Inspects a model with a batch of images, without changing it; for a single image, the result of its batch of one.
 *
 * @throws ShapeError, DTypeError for input that isn't images
 */
export function inspectImages(
  operation: string,
  model: nn.Module,
  x: Tensor,
  work: (images: Tensor) => Tensor,
): Tensor {
  checkImages(operation, x);
  return inspecting(model, () => {
    const images = x.detach();
    return x.ndim === 4 ? work(images) : work(images.unsqueeze(0)).squeeze(0);
  });
}

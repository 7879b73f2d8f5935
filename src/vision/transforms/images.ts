import { requireNumbers } from '../../core/arguments.js';
import { DTypeError, ShapeError, type Tensor, tensor, tidy, where } from '../../index.js';
import { checkTensors } from '../../tensor/argument.js';

/** Checks images before they're transformed. */
function checkImages(operation: string, images: Tensor): void {
  checkTensors(operation, { images });
  const axes = images.ndim === 3 ? '(C, H, W)' : '(N, C, H, W)';
  if (images.ndim !== 3 && images.ndim !== 4)
    throw new ShapeError(
      operation,
      'needs an image (C, H, W) or a batch of them (N, C, H, W)',
      [{ name: 'images', shape: images.shape, note: `${images.ndim} axes` }],
      'for a gray image (H, W), use x.unsqueeze(0)',
    );
  if (images.shape.includes(0))
    throw new ShapeError(operation, "there's nothing to transform", [
      { name: 'images', axes, shape: images.shape },
    ]);
  if (!['uint8', 'float32', 'float64'].includes(images.dtype))
    throw new DTypeError(
      operation,
      `images must be uint8 from 0 to 255 or floats from 0 to 1, got ${images.dtype}`,
    );
}

/**
 * Gives `transform` a batch (N, C, H, W), even for a single image (C, H, W). Intermediate memory is freed at once, so
 * that the next step finds it warm, unless gradients need it.
 */
export function onBatch(
  operation: string,
  images: Tensor,
  transform: (batch: Tensor) => Tensor,
  forGradients?: boolean,
): Tensor {
  checkImages(operation, images);
  const work = (): Tensor =>
    images.ndim === 4 ? transform(images) : transform(images.unsqueeze(0)).squeeze(0);
  return (forGradients ?? images.requiresGrad) ? work() : tidy(work);
}

/** Computes in floats; bytes are rounded to whole numbers afterward. */
export const inFloats = (images: Tensor, transform: (floats: Tensor) => Tensor): Tensor =>
  images.dtype === 'uint8' ? transform(images.to('float32')).round().to('uint8') : transform(images);

/** @throws ShapeError unless images (N, C, H, W) are gray or RGB */
export function checkColors(operation: string, images: Tensor): void {
  const channels = images.shape[1]!;
  if (channels !== 1 && channels !== 3)
    throw new ShapeError(
      operation,
      'needs gray or RGB images, with 1 or 3 channels',
      [{ name: 'images', axes: '(N, C, H, W)', shape: images.shape, note: `C = ${channels}` }],
      'for (H, W, C) images, use x.permute([2, 0, 1]); for RGBA images, drop the last channel with x.narrow(0, 0, 3)',
    );
}

/** One number for all images, or one for each. */
export type PerImage = number | readonly number[];

/** The number for each of the images of a batch. @throws ShapeError for another number of them */
export function perImage(
  operation: string,
  name: string,
  values: PerImage,
  images: Tensor,
): readonly number[] {
  const count = images.shape[0]!;
  if (typeof values === 'number') return new Array<number>(count).fill(values);
  requireNumbers(operation, name, values);
  if (values.length !== count)
    throw new ShapeError(operation, `${name} has ${values.length} numbers for ${count} images`, [
      { name: 'images', axes: '(N, C, H, W)', shape: images.shape },
    ]);
  return values;
}

/** Numbers (N, 1, 1, 1) that go with images (N, C, H, W). */
export const column = (values: readonly number[], images: Tensor): Tensor =>
  tensor(values, { dtype: images.dtype }).reshape([values.length, 1, 1, 1]);

/** For each image, the one of `yes` if its flag is set, otherwise the one of `no`. */
export function choose(flags: readonly boolean[], yes: () => Tensor, no: Tensor): Tensor {
  if (!flags.includes(true)) return no;
  if (!flags.includes(false)) return yes();
  return where(tensor(flags, { dtype: 'bool' }).reshape([flags.length, 1, 1, 1]), yes(), no);
}

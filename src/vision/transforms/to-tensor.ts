import type { Tensor } from '../../index.js';
import { onBatch } from './images.js';
import { FixedTransform } from './transform.js';

/** Bytes from 0 to 255 as float32 from 0 to 1; floats don't change. */
export const toTensor = (images: Tensor): Tensor =>
  onBatch('toTensor', images, (x) => (x.dtype === 'uint8' ? x.to('float32').div(255) : x));

/**
 * Bytes from 0 to 255 become float32 from 0 to 1; floats don't change.
 *
 * @shape (C, H, W) or (N, C, H, W), and the same afterward
 * @differs takes tensors, where channels already come first; torchvision takes arrays (H, W, C)
 */
export class ToTensor extends FixedTransform {
  override apply(images: Tensor): Tensor {
    return toTensor(images);
  }

  protected override describe(): string {
    return '';
  }
}

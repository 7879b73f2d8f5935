import type { Tensor } from '../index.js';
import { Figure } from './figure.js';

export interface ImageGridOptions {
  readonly title: string;
  /** A line under each image. */
  readonly labels?: readonly (string | number)[] | undefined;
  /** Images in a row (default: by their number). */
  readonly columns?: number | undefined;
}

/**
 * Images side by side.
 *
 * @shape images (N, C, H, W), C 1 or 3
 */
export async function imageGrid(_images: Tensor, { title }: ImageGridOptions): Promise<Figure> {
  return new Figure(title, { title, data: { values: [] }, mark: 'image' }, () => title);
}

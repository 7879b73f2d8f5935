import { defineOptions, flag, type Resolved } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import { fromMiddle, inverseMatrix, type MoveOptions, moveSpec } from './affine.js';
import { type Range, symmetric } from './checks.js';
import type { Draws } from './draws.js';
import { onBatch } from './images.js';
import { type AffineMatrix, affineGrids, sample } from './sampling.js';
import { type ImageSize, Transform } from './transform.js';

export interface RotateOptions extends MoveOptions {
  /** Whether the image grows until the whole rotated image fits; only around its center (default false). */
  readonly expand?: boolean;
}

const rotateSpec = { ...moveSpec, expand: flag(false) };
const rotateOptions = defineOptions(rotateSpec);

/** Degrees counterclockwise, as an inverse motion. */
const rotationMatrix = (angle: number, center: readonly [number, number] = [0, 0]): AffineMatrix =>
  inverseMatrix({ angle: -angle, translate: [0, 0], scale: 1, shear: [0, 0] }, center);

/** Whole pixels in float32, ignoring rounding errors of up to 1e-4. */
const settle = (x: number): number =>
  Math.fround(Math.trunc(Math.fround(Math.fround(x) / Math.fround(1e-4))) * Math.fround(1e-4));

/** How large an image must be to contain a moved one. */
function expandedSize(matrix: AffineMatrix, height: number, width: number): readonly [number, number] {
  const [w, h] = [width / 2, height / 2];
  const along = ([a, b, c]: readonly number[], half: number): number => {
    const reach = Math.abs(a! * w) + Math.abs(b! * h);
    return Math.ceil(settle(c! + reach + half)) - Math.floor(settle(c! - reach + half));
  };
  return [along(matrix.slice(3), h), along(matrix.slice(0, 3), w)];
}

function rotateEach(
  operation: string,
  images: Tensor,
  angles: readonly number[],
  { interpolation, fill, center, expand }: Resolved<typeof rotateSpec>,
): Tensor {
  const matrices = angles.map((angle) => rotationMatrix(angle, fromMiddle(images, center)));
  const [height, width] = images.shape.slice(2) as [number, number];
  const size = expand ? expandedSize(matrices[0]!, height, width) : ([height, width] as const);
  return sample(operation, images, affineGrids(images, matrices, ...size), interpolation, fill);
}

/**
 * Rotates images counterclockwise, in degrees.
 *
 * @throws ArgumentError, ShapeError
 * @differs `fill` is 0 unless given; torchvision's function then has none, which is `fill: null` here
 */
export function rotate(images: Tensor, angle: number, options?: RotateOptions): Tensor {
  const read = rotateOptions('rotate', options);
  return onBatch('rotate', images, (x) =>
    rotateEach('rotate', x, new Array<number>(x.shape[0]!).fill(angle), read),
  );
}

/**
 * Rotates images by a random angle.
 *
 * @param degrees counterclockwise; a number d means [−d, d]
 * @throws ArgumentError; ShapeError for a batch whose images `expand` makes of different sizes
 */
export class RandomRotation extends Transform<number> {
  readonly degrees: Range;
  readonly options: Resolved<typeof rotateSpec>;

  constructor(degrees: number | Range, options?: RotateOptions) {
    super();
    this.options = rotateOptions(new.target.name, options);
    this.degrees = symmetric(new.target.name, 'degrees', degrees);
  }

  override draw(_: ImageSize, draws: Draws): number {
    return draws.uniform(...this.degrees);
  }

  override sizeAfter(size: ImageSize, angle: number): ImageSize {
    if (!this.options.expand) return size;
    const { center } = this.options;
    const matrix = rotationMatrix(
      angle,
      center ? [center[0] - size.width / 2, center[1] - size.height / 2] : [0, 0],
    );
    const [height, width] = expandedSize(matrix, size.height, size.width);
    return { ...size, height, width };
  }

  override apply(images: Tensor, angles: readonly number[]): Tensor {
    return rotateEach('RandomRotation', images, angles, this.options);
  }

  protected override describe(): string {
    const { interpolation, expand } = this.options;
    return `degrees=[${this.degrees.join(', ')}], interpolation=${interpolation}, expand=${expand}`;
  }
}

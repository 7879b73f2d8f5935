import { ArgumentError } from '../../core/errors.js';
import { defineOptions, instance, nullable, number, type Resolved } from '../../core/options.js';
import type { Tensor } from '../../index.js';
import { checkPositive, checkRange, type Range, rangeOption, roundHalfEven, symmetric } from './checks.js';
import type { Draws } from './draws.js';
import { onBatch } from './images.js';
import { type Interpolation, interpolationOption } from './resize.js';
import { type AffineMatrix, affineGrids, type Fill, fillOption, sample } from './sampling.js';
import { type ImageSize, Transform } from './transform.js';

/** A point of an image, in pixels from its upper left corner. */
export type Point = readonly [x: number, y: number];

export interface MoveOptions {
  /** Default `nearest`. */
  readonly interpolation?: Interpolation;
  /** What's outside the moved image (default 0; null: 0 with a hard border). */
  readonly fill?: Fill | null;
  /** What stays in place (default: the image's center). */
  readonly center?: Point;
}

/** A rotation, a shift, a scale, and a shear. */
export interface Motion {
  /** Degrees clockwise. */
  readonly angle: number;
  /** Pixels to the right and down. */
  readonly translate: Point;
  readonly scale: number;
  /** Degrees along x and y. */
  readonly shear: Point;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The inverse of a motion around a point, which is given relative to the image's center. */
export function inverseMatrix({ angle, translate, scale, shear }: Motion, [cx, cy]: Point): AffineMatrix {
  const [rotation, sx, sy] = [radians(angle), radians(shear[0]), radians(shear[1])];
  // The motion's matrix is R(rotation)·Shear(sx, sy)·scale; these are the first two without the scale.
  const a = Math.cos(rotation - sy) / Math.cos(sy);
  const b = -a * Math.tan(sx) - Math.sin(rotation);
  const c = Math.sin(rotation - sy) / Math.cos(sy);
  const d = -c * Math.tan(sx) + Math.cos(rotation);
  const [ia, ib, ic, id] = [d / scale, -b / scale, -c / scale, a / scale];
  const [x, y] = [-cx - translate[0], -cy - translate[1]];
  return [ia, ib, ia * x + ib * y + cx, ic, id, ic * x + id * y + cy];
}

/** A point relative to the center, which is also the default. */
export const fromMiddle = (images: Tensor, center: Point | undefined): Point =>
  center ? [center[0] - images.shape[3]! / 2, center[1] - images.shape[2]! / 2] : [0, 0];

/** The options of `MoveOptions`. */
export const moveSpec = {
  interpolation: interpolationOption('nearest'),
  fill: nullable(fillOption, 0),
  center: rangeOption(undefined),
};
const moveOptions = defineOptions(moveSpec);

const motionOptions = defineOptions({
  angle: number(0),
  translate: rangeOption([0, 0]),
  scale: number(1, { above: 0 }),
  shear: rangeOption([0, 0]),
});

function moveEach(
  operation: string,
  images: Tensor,
  motions: readonly Motion[],
  { interpolation, fill, center }: Resolved<typeof moveSpec>,
): Tensor {
  const middle = fromMiddle(images, center);
  const matrices = motions.map((motion) => inverseMatrix(motion, middle));
  const grids = affineGrids(images, matrices, images.shape[2]!, images.shape[3]!);
  return sample(operation, images, grids, interpolation, fill);
}

/**
 * Rotates, shifts, scales, and shears images.
 *
 * @param motion parts that are left out do nothing
 * @throws ArgumentError, ShapeError
 * @differs `fill` is 0 unless given; torchvision's function then has none, which is `fill: null` here
 */
export function affine(images: Tensor, motion: Partial<Motion>, options?: MoveOptions): Tensor {
  const own = motionOptions('affine', motion);
  const move = moveOptions('affine', options);
  return onBatch('affine', images, (x) => moveEach('affine', x, new Array(x.shape[0]!).fill(own), move));
}

export interface RandomAffineOptions extends MoveOptions {
  /** The largest shift to either side, as shares of width and height (default none). */
  readonly translate?: Point;
  /** Default none. */
  readonly scale?: Range;
  /** Degrees along x, one number or [from, to], or along x and y, [from, to, from, to] (default none). */
  readonly shear?: number | Range | readonly [number, number, number, number];
}

const isShear = (value: unknown): value is NonNullable<RandomAffineOptions['shear']> =>
  Number.isFinite(value) ||
  (Array.isArray(value) && [2, 4].includes(value.length) && value.every(Number.isFinite));
const shearOption = instance('a number, or two or four', isShear);

const randomAffineOptions = defineOptions({
  ...moveSpec,
  translate: rangeOption(undefined),
  scale: rangeOption(undefined),
  shear: shearOption,
});

/**
 * Rotates, shifts, scales, and shears images at random, keeping their center (or `center`) inside.
 *
 * @param degrees a number d means [−d, d]
 * @throws ArgumentError
 * @example
 * const distort = new vision.transforms.RandomAffine(10, { translate: [0.1, 0.1], scale: [0.9, 1.1] });
 * distort.forward(rand([4, 1, 28, 28])).shape; // [4, 1, 28, 28]
 */
export class RandomAffine extends Transform<Motion> {
  readonly degrees: Range;
  readonly translate: Point | null;
  readonly scale: Range | null;
  readonly shear: { readonly x: Range; readonly y: Range | null } | null;
  readonly move: Resolved<typeof moveSpec>;

  constructor(degrees: number | Range, options?: RandomAffineOptions) {
    super();
    const name = new.target.name;
    const { translate = null, scale = null, shear, ...move } = randomAffineOptions(name, options);
    this.degrees = symmetric(name, 'degrees', degrees);
    if (translate?.some((share) => !(share >= 0 && share <= 1)))
      throw new ArgumentError(name, `translate must be in [0, 1], got [${translate.join(', ')}]`);
    if (scale) {
      checkPositive(name, 'scale', ...scale);
      checkRange(name, 'scale', scale);
    }
    this.translate = translate;
    this.scale = scale;
    this.shear = shearRanges(shear);
    this.move = move;
  }

  override draw({ height, width }: ImageSize, draws: Draws): Motion {
    const angle = draws.uniform(...this.degrees);
    const shift = (most: number): number => roundHalfEven(draws.uniform(-most, most));
    const translate: Point = this.translate
      ? [shift(this.translate[0] * width), shift(this.translate[1] * height)]
      : [0, 0];
    const scale = this.scale ? draws.uniform(...this.scale) : 1;
    const shear: Point = [
      this.shear ? draws.uniform(...this.shear.x) : 0,
      this.shear?.y ? draws.uniform(...this.shear.y) : 0,
    ];
    return { angle, translate, scale, shear };
  }

  override apply(images: Tensor, motions: readonly Motion[]): Tensor {
    return moveEach('RandomAffine', images, motions, this.move);
  }

  protected override describe(): string {
    const show = (name: string, values: readonly number[] | null | undefined): string =>
      values ? `, ${name}=[${values.join(', ')}]` : '';
    const shear = this.shear && [...this.shear.x, ...(this.shear.y ?? [])];
    return `degrees=[${this.degrees.join(', ')}]${show('translate', this.translate)}${show('scale', this.scale)}${show('shear', shear)}, interpolation=${this.move.interpolation}`;
  }
}

function shearRanges(shear: RandomAffineOptions['shear']): RandomAffine['shear'] {
  if (shear === undefined) return null;
  if (typeof shear === 'number' || shear.length === 2)
    return { x: symmetric('RandomAffine', 'shear', shear), y: null };
  const [x, y]: readonly Range[] = [
    [shear[0], shear[1]],
    [shear[2], shear[3]],
  ];
  checkRange('RandomAffine', 'shear', x!);
  checkRange('RandomAffine', 'shear', y!);
  return { x: x!, y: y! };
}

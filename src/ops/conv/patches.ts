import { defineFused } from '../../autograd/fused.js';
import { describe } from '../../core/describe.js';
import { isFloat } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { exact } from '../../core/exact.js';
import { defineOptions, size } from '../../core/options.js';
import type { Shape } from '../../core/shape.js';
import { perAxis, type Size } from '../../core/sizes.js';
import type { Engine } from '../../engine/engine.js';
import type { Pair, PatchGeometry } from '../../engine/resample.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { int32Tensor } from '../../tensor/list.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { zerosOf } from '../axes.js';
import { pad } from '../shape/pad.js';

interface PatchAttrs {
  readonly geometry: PatchGeometry;
  readonly imageShape: Shape;
  readonly columnShape: Shape;
}

type PatchOp = (inputs: [Tensor], attrs: PatchAttrs) => Tensor;

/** The patches' positions on an axis of the padded image: for each kernel element, one per patch. */
function placesOf({ kernel, patches, stride, dilation }: PatchGeometry, axis: 0 | 1, engine: Engine): Tensor {
  const places = Array.from({ length: kernel[axis] }, (_, k) =>
    Array.from({ length: patches[axis] }, (_, p) => k * dilation[axis] + p * stride[axis]),
  );
  return int32Tensor(places.flat(), engine);
}

const unfoldOp: PatchOp = defineFused<'resample', [Tensor], PatchAttrs>({
  name: 'unfold',
  family: 'resample',
  composition([x], { geometry, columnShape }) {
    const { kernel, patches, padding } = geometry;
    const [n, c] = x.shape as [number, number];
    return pad(x, [padding[1], padding[1], padding[0], padding[0]])
      .indexSelect(2, placesOf(geometry, 0, x.engine))
      .indexSelect(3, placesOf(geometry, 1, x.engine)) // (N, C, kH·pH, kW·pW)
      .reshape([n, c, kernel[0], patches[0], kernel[1], patches[1]])
      .permute([0, 1, 2, 4, 3, 5])
      .reshape(columnShape);
  },
  forward(kernels, _, [x], { geometry, columnShape }) {
    const y = empty(columnShape, x.dtype, x.engine);
    kernels.unfold(y, dense(x), geometry);
    return y;
  },
  gradient: ({ attrs }, g) => [foldOp([g], attrs)],
});

const foldOp: PatchOp = defineFused<'resample', [Tensor], PatchAttrs>({
  name: 'fold',
  family: 'resample',
  composition([columns], { geometry, imageShape }) {
    const { image, kernel, patches, padding } = geometry;
    const [n, c] = imageShape as [number, number];
    const [height, width] = [image[0] + 2 * padding[0], image[1] + 2 * padding[1]];
    const elements = columns
      .reshape([n, c, kernel[0], kernel[1], patches[0], patches[1]])
      .permute([0, 1, 2, 4, 3, 5])
      .reshape([n, c, kernel[0] * patches[0], kernel[1] * patches[1]]);
    const rows = zerosOf([n, c, height, elements.shape[3]!], columns);
    const padded = zerosOf([n, c, height, width], columns);
    return padded
      .indexAdd(
        3,
        placesOf(geometry, 1, columns.engine),
        rows.indexAdd(2, placesOf(geometry, 0, columns.engine), elements),
      )
      .narrow(2, padding[0], image[0])
      .narrow(3, padding[1], image[1]);
  },
  forward(kernels, _, [columns], { geometry, imageShape }) {
    const image = empty(imageShape, columns.dtype, columns.engine);
    kernels.fold(image, dense(columns), geometry);
    return image;
  },
  gradient: ({ attrs }, g) => [unfoldOp([g], attrs)],
});

export interface PatchOptions {
  /** Steps between patches (default 1). */
  readonly stride?: Size;
  /** Zeros added on each side (default 0). */
  readonly padding?: Size;
  /** Distance between neighbors in a patch (default 1). */
  readonly dilation?: Size;
}

const readPatches = defineOptions({ dilation: size(1, 1), padding: size(0, 0), stride: size(1, 1) });

function patchGeometry(
  operation: string,
  image: Shape,
  kernelSize: Size,
  options: PatchOptions | undefined,
): PatchGeometry {
  const { stride, padding, dilation } = readPatches(operation, options);
  const pair = (name: string, size: Size, least: number): Pair =>
    perAxis(operation, name, size, 2, least) as unknown as Pair;
  const kernel = pair('kernelSize', kernelSize, 1);
  const sizes = {
    stride: pair('stride', stride, 1),
    padding: pair('padding', padding, 0),
    dilation: pair('dilation', dilation, 1),
  };
  const count = (i: 0 | 1): number => {
    const room = image[i]! + 2 * sizes.padding[i] - sizes.dilation[i] * (kernel[i] - 1) - 1;
    return Math.floor(room / sizes.stride[i]) + 1;
  };
  const patches: Pair = [count(0), count(1)];
  if (patches[0] < 1 || patches[1] < 1)
    throw new ShapeError(operation, 'the patches are larger than the padded image', [
      { name: 'image', axes: '(H, W)', shape: image },
      { name: 'kernel', axes: '(kH, kW)', shape: kernel },
    ]);
  return { image: [image[0]!, image[1]!], patches, kernel, ...sizes };
}

/**
 * The patches of images, each as a column: what a convolution multiplies its kernels by.
 *
 * @shape x (N, C, H, W) or (C, H, W) → (N, C·kH·kW, L), where L is the number of patches
 * @throws ShapeError if no patch fits
 */
export function unfold(x: Tensor, kernelSize: Size, options?: PatchOptions): Tensor {
  checkTensors('unfold', { x });
  if (x.ndim !== 3 && x.ndim !== 4)
    throw new ShapeError('unfold', 'x needs 4 axes, or 3 without a batch', [
      { name: 'x', axes: '(N, C, H, W)', shape: x.shape },
    ]);
  if (x.ndim === 3) return unfold(x.unsqueeze(0), kernelSize, options).squeeze(0);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const geometry = patchGeometry('unfold', [h, w], kernelSize, options);
  const rows = c * geometry.kernel[0] * geometry.kernel[1];
  return unfoldOp([x], {
    geometry,
    imageShape: x.shape,
    columnShape: [n, rows, geometry.patches[0] * geometry.patches[1]],
  });
}

/**
 * Assembles images from patches; where these overlap, they're added.
 *
 * @param outputSize the images' height and width
 * @shape x (N, C·kH·kW, L) or (C·kH·kW, L) → (N, C, H, W)
 * @throws ShapeError if the columns aren't patches of such images
 */
export function fold(x: Tensor, outputSize: Size, kernelSize: Size, options?: PatchOptions): Tensor {
  checkTensors('fold', { x });
  if (x.ndim !== 2 && x.ndim !== 3)
    throw new ShapeError('fold', 'x needs 3 axes, or 2 without a batch', [
      { name: 'x', axes: '(N, C·kH·kW, L)', shape: x.shape },
    ]);
  if (!isFloat(x.dtype)) throw new DTypeError('fold', `needs float32 or float64, x is ${x.dtype}`);
  if (x.ndim === 2) return fold(x.unsqueeze(0), outputSize, kernelSize, options).squeeze(0);
  const [n, rows, columns] = x.shape as [number, number, number];
  const image = perAxis('fold', 'outputSize', outputSize, 2, 1);
  const geometry = patchGeometry('fold', image, kernelSize, options);
  const inPatch = geometry.kernel[0] * geometry.kernel[1];
  const count = geometry.patches[0] * geometry.patches[1];
  if (rows % inPatch !== 0 || columns !== count)
    throw new ShapeError('fold', "the columns aren't patches of such an image", [
      {
        name: 'x',
        axes: '(N, C·kH·kW, L)',
        shape: x.shape,
        note: `expects a multiple of ${inPatch}, and ${count} patches`,
      },
    ]);
  return foldOp([x], { geometry, imageShape: [n, rows / inPatch, ...image], columnShape: x.shape });
}

const lastAxes = (x: Tensor): { lead: Shape; c: number; h: number; w: number } => ({
  lead: x.shape.slice(0, -3),
  c: x.shape.at(-3)!,
  h: x.shape.at(-2)!,
  w: x.shape.at(-1)!,
});

function checkShuffle(operation: string, x: Tensor, factor: number, divides: () => boolean): void {
  if (!Number.isInteger(factor) || factor < 1)
    throw new ArgumentError(
      operation,
      `the factor must be a whole number, 1 or more, got ${describe(factor)}`,
    );
  if (x.ndim < 3 || !divides())
    throw new ShapeError(operation, "x isn't divisible by the factor", [
      { name: 'x', axes: '(…, C, H, W)', shape: x.shape, note: `factor ${factor}` },
    ]);
}

/**
 * Turns channels into pixels: each r² channels become one with r times the height and width.
 *
 * @shape x (…, C·r², H, W) → (…, C, H·r, W·r)
 * @source Shi et al. 2016, arXiv:1609.05158
 */
export const pixelShuffle = exact('pixelShuffle(x, factor)', (x: Tensor, factor: number): Tensor => {
  checkTensors('pixelShuffle', { x });
  checkShuffle('pixelShuffle', x, factor, () => x.shape.at(-3)! % factor ** 2 === 0);
  const { lead, c, h, w } = lastAxes(x);
  const r = factor;
  const n = lead.length;
  return x
    .reshape([...lead, c / r ** 2, r, r, h, w])
    .permute([...lead.map((_, i) => i), n, n + 3, n + 1, n + 4, n + 2]) // (…, C, H, r, W, r)
    .reshape([...lead, c / r ** 2, h * r, w * r]);
});

/** Undoes `pixelShuffle`. @shape x (…, C, H·r, W·r) → (…, C·r², H, W) */
export const pixelUnshuffle = exact('pixelUnshuffle(x, factor)', (x: Tensor, factor: number): Tensor => {
  checkTensors('pixelUnshuffle', { x });
  const divides = () => x.shape.at(-1)! % factor === 0 && x.shape.at(-2)! % factor === 0;
  checkShuffle('pixelUnshuffle', x, factor, divides);
  const { lead, c, h, w } = lastAxes(x);
  const r = factor;
  const n = lead.length;
  return x
    .reshape([...lead, c, h / r, r, w / r, r])
    .permute([...lead.map((_, i) => i), n, n + 2, n + 4, n + 1, n + 3]) // (…, C, r, r, H, W)
    .reshape([...lead, c * r ** 2, h / r, w / r]);
});

/**
 * Interleaves the channels of `groups` groups.
 *
 * @shape x (N, C, …), where C is a multiple of groups
 * @source Zhang et al. 2017, arXiv:1707.01083
 */
export const channelShuffle = exact('channelShuffle(x, groups)', (x: Tensor, groups: number): Tensor => {
  checkTensors('channelShuffle', { x });
  const [n, c, ...rest] = x.shape;
  if (c === undefined || !Number.isInteger(groups) || groups < 1 || c % groups !== 0)
    throw new ShapeError('channelShuffle', `the channels can't be split into ${describe(groups)} groups`, [
      { name: 'x', axes: '(N, C, …)', shape: x.shape },
    ]);
  return x
    .reshape([n!, groups, c / groups, ...rest])
    .transpose(1, 2) // (N, C / groups, groups, …)
    .reshape(x.shape);
});

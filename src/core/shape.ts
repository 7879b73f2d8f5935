import { describe, isPlainObject, slip } from './describe.js';
import { ArgumentError, formatShape, IndexError, ShapeError } from './errors.js';

export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i]!;
  return n;
}

/** The most elements that a tensor can have: kernels count them in 32 bits. */
export const mostElements = 2 ** 31 - 1;

/** As `sizeOf`, for a new tensor: NaN unless all lengths are whole numbers from 0, and the elements not too many. */
export function newSize(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) {
    const length = shape[i]!;
    if ((length | 0) !== length || length < 0) return Number.NaN;
    n *= length;
  }
  return n <= mostElements ? n : Number.NaN;
}

/** Why a shape for which `newSize` is NaN can't have a tensor. */
export function shapeProblem(shape: Shape): string {
  const wrong = shape.find((n) => !Number.isInteger(n) || n < 0);
  const count = sizeOf(shape);
  if (wrong === undefined && count > mostElements)
    return `${formatShape(shape)} has ${count} elements, but at most ${mostElements} fit in one tensor`;
  const rule =
    wrong === undefined
      ? `lengths are ${mostElements} at most`
      : `lengths are whole numbers from 0, not ${wrong}`;
  return `there's no tensor ${formatShape(shape)}: ${rule}`;
}

/** Strides, in elements, of a row-major tensor without gaps. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= Math.max(shape[i]!, 1);
  }
  return strides;
}

/** Whether strides walk the elements in order without gaps; axes of length 1 don't matter. */
export function isContiguous(shape: Shape, strides: Shape): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const n = shape[i]!;
    if (n === 0) return true;
    if (n !== 1) {
      if (strides[i] !== step) return false;
      step *= n;
    }
  }
  return true;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const hint = (axis: unknown): string =>
  isPlainObject(axis) ? '\n  hint: the options come after the axis' : slip(axis);

/** An axis counted from the front; negative axes count from the end. */
export function normalizeAxis(operation: string, axis: number, rank: number): number {
  const limit = Math.max(rank, 1);
  if (typeof axis !== 'number')
    throw new ArgumentError(operation, `an axis must be a whole number, got ${describe(axis)}${hint(axis)}`);
  if (!Number.isInteger(axis) || axis < -limit || axis >= limit)
    throw new IndexError(
      operation,
      `axis ${axis} is out of range for a tensor of ${rank} axes (${-limit} to ${limit - 1})`,
    );
  return axis < 0 ? axis + limit : axis;
}

/** The shape that operands broadcast to: axes aligned from the end, lengths equal or 1. */
export function broadcastShapes(operation: string, ...shapes: Shape[]): Shape {
  const [first, second] = shapes;
  if (shapes.length === 2 && sameShape(first!, second!)) return first!;
  const rank = Math.max(...shapes.map((s) => s.length));
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i;
      const n = shape[i]!;
      if (n === 1 || out[at] === n) continue;
      if (out[at] !== 1)
        throw new ShapeError(
          operation,
          `shapes don't broadcast: axis ${at - rank} is ${out[at]} and ${n}`,
          shapes.map((s, k) => ({ name: String.fromCharCode(97 + k), shape: s })),
          'lengths must be equal or 1, counted from the last axis',
        );
      out[at] = n;
    }
  }
  return out;
}

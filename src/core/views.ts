import { requireList } from './arguments.js';
import { describe, plural, slip } from './describe.js';
import { ArgumentError, IndexError, ShapeError } from './errors.js';
import { contiguousStrides, type Shape, sizeOf } from './shape.js';

/** `list` with `items` in place of the one at `axis`. */
export const replaceAxis = <T>(list: readonly T[], axis: number, ...items: T[]): T[] =>
  list.toSpliced(axis, 1, ...items);

/** A position counted from the front; negative ones count from the end. */
export function normalizeIndex(operation: string, index: number, axis: number, length: number): number {
  if (typeof index !== 'number')
    throw new ArgumentError(
      operation,
      `an index must be a whole number, got ${describe(index)}${slip(index)}`,
    );
  if (!Number.isInteger(index) || index < -length || index >= length)
    throw new IndexError(operation, `index ${index} is out of range for axis ${axis} of length ${length}`);
  return index < 0 ? index + length : index;
}

/** The range that `start`, `end` and `step` select of an axis, cut off at its ends as in Python; null leaves an end open. */
export function resolveRange(
  operation: string,
  length: number,
  start: number | null,
  end: number | null,
  step: number,
): { first: number; count: number } {
  if (!Number.isInteger(step) || step < 1)
    throw new ArgumentError(
      operation,
      `the step of a range must be a positive integer, got ${describe(step)}\n  hint: flip() turns an axis round`,
    );
  for (const [name, value] of [
    ['start', start],
    ['end', end],
  ] as const)
    if (value !== null && !Number.isInteger(value) && value !== Infinity && value !== -Infinity)
      throw new ArgumentError(
        operation,
        `the ${name} of a range must be an integer or null, got ${describe(value)}${slip(value)}`,
      );
  const clip = (i: number): number => Math.trunc(Math.min(Math.max(i < 0 ? i + length : i, 0), length));
  const first = clip(start ?? 0) | 0; // `| 0`: V8 keeps shapes of small integers apart from others
  return { first, count: Math.max(0, Math.ceil((clip(end ?? length) - first) / step)) | 0 };
}

/** A shape in which one −1 stands for whatever makes it hold `size` elements. */
export function resolveShape(operation: string, wanted: Shape, from: Shape): Shape {
  requireList(operation, 'the shape', wanted);
  const size = sizeOf(from);
  const open = wanted.indexOf(-1);
  const fail = (problem: string): never => {
    throw new ShapeError(operation, problem, [
      { name: 'x', shape: from, note: plural(size, 'element') },
      { name: 'wanted', shape: wanted },
    ]);
  };
  if (wanted.some((n, i) => !Number.isInteger(n) || n < -1 || (n === -1 && i !== open)))
    fail('lengths must be integers ≥ 0, one of them may be −1');
  if (open < 0) return sizeOf(wanted) === size ? wanted : fail(`${size} elements don't fit`);
  const rest = wanted.reduce((n, length, i) => (i === open ? n : n * length), 1);
  if (rest === 0) return fail('−1 beside a length of 0 could be anything');
  return Number.isInteger(size / rest)
    ? replaceAxis(wanted, open, size / rest)
    : fail(`${size} elements can't be divided by ${rest}`);
}

/** The strides with which `to` walks the memory of a tensor in the same order, or null if there are none. */
export function reshapedStrides(shape: Shape, strides: Shape, to: Shape): number[] | null {
  if (sizeOf(to) === 0) return contiguousStrides(to);
  const out = new Array<number>(to.length).fill(1);
  // From the end: a run of axes that lie evenly in memory is cut anew into axes of `to`.
  let axis = to.length - 1;
  let run = 1;
  let inner = strides.at(-1) ?? 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    run *= shape[i]!;
    if (i > 0 && (shape[i - 1] === 1 || strides[i - 1] === run * inner)) continue;
    let cut = 1;
    while (axis >= 0 && (cut < run || to[axis] === 1)) {
      out[axis] = cut * inner;
      cut *= to[axis]!;
      axis--;
    }
    if (cut !== run) return null;
    run = 1;
    if (i > 0) inner = strides[i - 1]!;
  }
  return out;
}

/** The shape that `shape` is expanded to: lengths of 1 grow, −1 keeps a length, new axes come first. */
export function resolveExpansion(operation: string, shape: Shape, wanted: Shape): Shape {
  requireList(operation, 'the shape', wanted);
  const added = wanted.length - shape.length;
  const fail = (problem: string): never => {
    throw new ShapeError(
      operation,
      problem,
      [
        { name: 'x', shape },
        { name: 'wanted', shape: wanted },
      ],
      'only axes of length 1 grow, counted from the last axis; repeat() copies',
    );
  };
  if (added < 0) return fail(`${shape.length} axes don't fit in ${wanted.length}`);
  return wanted.map((n, i) => {
    if (i < added) return Number.isInteger(n) && n >= 0 ? n : fail(`the new axis ${i} needs a length`);
    const old = shape[i - added]!;
    if (n === -1 || n === old) return old;
    if (old !== 1 || !Number.isInteger(n) || n < 0)
      return fail(`axis ${i} can't grow from ${old} to ${describe(n)}`);
    return n;
  });
}

import type { Shape } from './shape.js';

/** Elements of a memory, walked with strides. */
export interface Walk {
  readonly shape: Shape;
  readonly strides: Shape;
  /** The first element. */
  readonly offset: number;
  /** Elements in all. */
  readonly count: number;
}

/** The axes along which a walk moves, as [length, stride], the smallest stride first. */
const moving = ({ shape, strides }: Walk): (readonly [number, number])[] =>
  shape
    .map((length, axis) => [length, strides[axis]!] as const)
    .filter(([length]) => length > 1)
    .sort(([, a], [, b]) => a - b);

/** The element behind the last one that a walk touches. */
const end = (walk: Walk): number =>
  moving(walk).reduce((at, [length, stride]) => at + (length - 1) * stride, walk.offset) + 1;

/** Calls `visit` with every element that a walk touches, relative to `from`, until it returns true; tells whether it did. */
function some(walk: Walk, from: number, visit: (element: number) => boolean): boolean {
  const axes = moving(walk);
  const go = (depth: number, at: number): boolean => {
    if (depth < 0) return visit(at);
    const [length, stride] = axes[depth]!;
    for (let i = 0; i < length; i++) if (go(depth - 1, at + i * stride)) return true;
    return false;
  };
  return go(axes.length - 1, walk.offset - from);
}

/** Whether a walk touches some element more than once, as one of `expand` or of windows does. */
export function repeatsElements(walk: Walk): boolean {
  if (walk.count < 2) return false;
  let reach = 0;
  let nested = true;
  for (const [length, stride] of moving(walk)) {
    if (stride === 0) return true;
    if (stride <= reach) nested = false;
    reach += (length - 1) * stride;
  }
  if (nested) return false;
  if (walk.count > reach + 1) return true;
  const seen = new Uint8Array(reach + 1);
  return some(walk, walk.offset, (element) => {
    if (seen[element] === 1) return true;
    seen[element] = 1;
    return false;
  });
}

/** Whether two walks of one memory touch the same elements: not at all, one by one in the same order, or otherwise. */
export function overlap(a: Walk, b: Walk): 'none' | 'same' | 'partial' {
  if (a.count === 0 || b.count === 0) return 'none';
  const begin = Math.max(a.offset, b.offset);
  const length = Math.min(end(a), end(b)) - begin;
  if (length <= 0) return 'none';
  if (
    a.offset === b.offset &&
    a.shape.length === b.shape.length &&
    a.shape.every((n, axis) => n === b.shape[axis] && (n === 1 || a.strides[axis] === b.strides[axis]))
  )
    return 'same';
  const touched = new Uint8Array(length);
  some(a, begin, (element) => {
    if (element >= 0 && element < length) touched[element] = 1;
    return false;
  });
  return some(b, begin, (element) => touched[element] === 1) ? 'partial' : 'none';
}

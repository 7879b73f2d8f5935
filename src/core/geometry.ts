import type { Shape } from './shape.js';
import { replaceAxis } from './views.js';

/** Where a view lies in the memory of a tensor: its own strides, and its first element's distance from the tensor's. */
export interface Window {
  readonly shape: Shape;
  readonly strides: Shape;
  readonly offset: number;
}

/** One way to show part of a tensor, or to show it otherwise. */
type Step =
  | { readonly kind: 'select'; readonly axis: number; readonly index: number }
  | {
      readonly kind: 'range';
      readonly axis: number;
      readonly first: number;
      readonly count: number;
      readonly step: number;
    }
  | { readonly kind: 'newAxis'; readonly axis: number }
  | { readonly kind: 'diagonal'; readonly shift: number; readonly axis1: number; readonly axis2: number }
  | { readonly kind: 'sliding'; readonly axis: number; readonly size: number; readonly step: number }
  | { readonly kind: 'permute'; readonly order: readonly number[] };

/** A window for any strides that the tensor may have: steps, each in what the one before shows. Plain data. */
export type Geometry = readonly Step[];

/** One position of an axis, which disappears. */
export const selectGeometry = (axis: number, index: number): Geometry => [{ kind: 'select', axis, index }];

/** `count` positions of an axis from `first`, `step` apart. */
export const rangeGeometry = (axis: number, first: number, count: number, step: number): Geometry => [
  { kind: 'range', axis, first, count, step },
];

/** A new axis of length 1. */
export const newAxisGeometry = (axis: number): Geometry => [{ kind: 'newAxis', axis }];

/** A diagonal of two axes, as a new last axis. */
export const diagonalGeometry = (shift: number, axis1: number, axis2: number): Geometry => [
  { kind: 'diagonal', shift, axis1, axis2 },
];

/** Sliding windows along an axis: it becomes their number, a new last axis their elements. */
export const slidingGeometry = (axis: number, size: number, step: number): Geometry => [
  { kind: 'sliding', axis, size, step },
];

/** All of it, with the axes in another order. */
export const permuteGeometry = (order: readonly number[]): Geometry => [{ kind: 'permute', order }];

type Of<K extends Step['kind']> = Extract<Step, { kind: K }>;

function diagonalIn({ shift, axis1, axis2 }: Of<'diagonal'>, shape: Shape, strides: Shape): Window {
  const rest = (list: Shape): number[] => list.filter((_, i) => i !== axis1 && i !== axis2);
  const rows = shape[axis1]! + Math.min(shift, 0);
  const columns = shape[axis2]! - Math.max(shift, 0);
  const count = Math.max(0, Math.min(rows, columns));
  return {
    shape: [...rest(shape), count],
    strides: [...rest(strides), strides[axis1]! + strides[axis2]!],
    offset: count === 0 ? 0 : shift >= 0 ? shift * strides[axis2]! : -shift * strides[axis1]!,
  };
}

function slidingIn({ axis, size, step }: Of<'sliding'>, shape: Shape, strides: Shape): Window {
  const count = Math.floor((shape[axis]! - size) / step) + 1;
  return {
    shape: [...replaceAxis(shape, axis, count), size],
    strides: [...replaceAxis(strides, axis, (count > 1 ? step : 1) * strides[axis]!), strides[axis]!],
    offset: 0,
  };
}

function rangeIn({ axis, first, count, step }: Of<'range'>, shape: Shape, strides: Shape): Window {
  return {
    shape: replaceAxis(shape, axis, count),
    strides: replaceAxis(strides, axis, (count > 1 ? step : 1) * strides[axis]!),
    offset: count === 0 ? 0 : first * strides[axis]!,
  };
}

function stepIn(step: Step, shape: Shape, strides: Shape): Window {
  switch (step.kind) {
    case 'select':
      return {
        shape: shape.toSpliced(step.axis, 1),
        strides: strides.toSpliced(step.axis, 1),
        offset: step.index * strides[step.axis]!,
      };
    case 'range':
      return rangeIn(step, shape, strides);
    case 'newAxis':
      return {
        shape: shape.toSpliced(step.axis, 0, 1),
        strides: strides.toSpliced(step.axis, 0, 0),
        offset: 0,
      };
    case 'diagonal':
      return diagonalIn(step, shape, strides);
    case 'sliding':
      return slidingIn(step, shape, strides);
    case 'permute':
      return {
        shape: step.order.map((axis) => shape[axis]!),
        strides: step.order.map((axis) => strides[axis]!),
        offset: 0,
      };
  }
}

/** What a geometry shows of a tensor of that shape and those strides. */
export function windowOf(geometry: Geometry, shape: Shape, strides: Shape): Window {
  if (geometry.length === 1) return stepIn(geometry[0]!, shape, strides);
  let window: Window = { shape, strides, offset: 0 };
  for (const step of geometry) {
    const inner = stepIn(step, window.shape, window.strides);
    window = { shape: inner.shape, strides: inner.strides, offset: window.offset + inner.offset };
  }
  return window;
}

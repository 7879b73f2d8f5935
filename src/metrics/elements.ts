import type { Shape } from '../core/shape.js';
import type { Tensor } from '../tensor/tensor.js';

/** A tensor's numbers in row-major order. */
export type Values = ArrayLike<number>;

/** A tensor whose elements were read. */
export interface Elements {
  readonly shape: Shape;
  readonly values: Values;
}

/** Tensors whose elements were read, under their names. */
export type Read<T extends Readonly<Record<string, Tensor | undefined>>> = {
  readonly [Name in keyof T]: T[Name] extends Tensor ? Elements : Elements | undefined;
};

/** The position of the first value for which `isWrong` holds, or -1. */
export function findValue(values: Values, isWrong: (value: number) => boolean): number {
  for (let i = 0; i < values.length; i++) if (isWrong(values[i]!)) return i;
  return -1;
}

/** `labels[2, 1]`: the element at a position in row-major order. */
export function element(name: string, position: number, shape: Shape): string {
  const place: number[] = [];
  let rest = position;
  for (const n of shape.toReversed()) {
    place.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  return place.length === 0 ? name : `${name}[${place.join(', ')}]`;
}

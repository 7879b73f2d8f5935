/** a · b over `length` elements, starting at an offset in each. */
export function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[aAt + i]! * b[bAt + i]!;
  return sum;
}

/** y += factor · x */
export function addScaled(
  y: Float64Array,
  yAt: number,
  factor: number,
  x: Float64Array,
  xAt: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) y[yAt + i]! += factor * x[xAt + i]!;
}

/** Scales x to length 1. */
export function normalize(x: Float64Array): void {
  let scale = 0;
  for (const value of x) scale = Math.max(scale, Math.abs(value));
  for (let i = 0; i < x.length; i++) x[i]! /= scale;
  const length = Math.sqrt(dot(x, 0, x, 0, x.length));
  for (let i = 0; i < x.length; i++) x[i]! /= length;
}

import { addScaled, dot } from './vectors.js';

/** A symmetric tridiagonal matrix: `beside[i]` couples i and i + 1; the last is 0. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

/**
 * The reflection I − v·vᵀ that maps x to a multiple of the first axis. Overwrites x with v and returns that multiple.
 */
function reflect(x: Float64Array): number {
  let scale = 0;
  for (const value of x) scale = Math.max(scale, Math.abs(value));
  if (scale === 0) return 0;
  let squares = 0;
  for (const value of x) squares += (value / scale) ** 2;
  const length = Math.sqrt(squares) * scale;
  const image = x[0]! > 0 ? -length : length;
  x[0]! -= image;
  // |v|² is then 2: half of |x − image·e|² is length · |x₀ − image|.
  const norm = Math.sqrt(length) * Math.sqrt(Math.abs(x[0]!));
  for (let i = 0; i < x.length; i++) x[i]! /= norm;
  return image;
}

/** w = A·v for the lower triangle of A from row and column `from` on. */
function timesSymmetric(a: Float64Array, n: number, from: number, v: Float64Array, w: Float64Array): void {
  w.fill(0);
  for (let i = 0; i < v.length; i++) {
    const row = (from + i) * n + from;
    const own = v[i]!;
    let sum = a[row + i]! * own;
    for (let j = 0; j < i; j++) {
      const value = a[row + j]!;
      sum += value * v[j]!;
      w[j]! += value * own;
    }
    w[i]! += sum;
  }
}

/**
 * Reduces the lower triangle of A to tridiagonal form by reflections. Returns it and the reflection vectors; the one
 * of step k covers the axes from k + 1 on.
 *
 * @source Householder 1958, doi:10.1145/320941.320947
 */
export function tridiagonalize(
  a: Float64Array,
  n: number,
): { form: Tridiagonal; reflections: Float64Array[] } {
  const form = { diagonal: new Float64Array(n), beside: new Float64Array(n) };
  const reflections: Float64Array[] = [];
  for (let k = 0; k < n; k++) {
    form.diagonal[k] = a[k * n + k]!;
    const from = k + 1;
    const v = Float64Array.from({ length: n - from }, (_, i) => a[(from + i) * n + k]!);
    if (v.length <= 1) {
      if (v.length === 1) form.beside[k] = v[0]!;
      continue;
    }
    form.beside[k] = reflect(v);
    reflections.push(v);
    // A ← (I − vvᵀ)·A·(I − vvᵀ) = A − v·wᵀ − w·vᵀ with w = A·v − v·(vᵀ·A·v)/2
    const w = new Float64Array(v.length);
    timesSymmetric(a, n, from, v, w);
    addScaled(w, 0, -dot(v, 0, w, 0, v.length) / 2, v, 0, v.length);
    for (let i = 0; i < v.length; i++) {
      const row = (from + i) * n + from;
      const [ownV, ownW] = [v[i]!, w[i]!];
      for (let j = 0; j <= i; j++) a[row + j]! -= ownV * w[j]! + ownW * v[j]!;
    }
  }
  return { form, reflections };
}

/** Turns eigenvectors of the tridiagonal form into those of the original matrix. */
export function reflectBack(vectors: Float64Array, n: number, reflections: readonly Float64Array[]): void {
  for (let row = 0; row < vectors.length; row += n)
    for (let k = reflections.length - 1; k >= 0; k--) {
      const v = reflections[k]!;
      const at = row + n - v.length;
      addScaled(vectors, at, -dot(vectors, at, v, 0, v.length), v, 0, v.length);
    }
}

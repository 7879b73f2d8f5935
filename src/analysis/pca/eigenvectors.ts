import type { Tridiagonal } from './tridiagonal.js';
import { addScaled, dot, normalize } from './vectors.js';

/**
 * Solves (T − value)·x = b, overwriting b, by elimination with row exchanges. A vanishing pivot is replaced by
 * `tiny`; x then points along the eigenvector, as desired.
 */
function solveShifted({ diagonal, beside }: Tridiagonal, value: number, tiny: number, b: Float64Array): void {
  const n = diagonal.length;
  const pivots = new Float64Array(n);
  // The entries one and two columns right of the pivot.
  const next = new Float64Array(n);
  const second = new Float64Array(n);
  let pivot = diagonal[0]! - value;
  let right = n > 1 ? beside[0]! : 0;
  for (let i = 0; i < n - 1; i++) {
    const below = beside[i]!;
    const corner = diagonal[i + 1]! - value;
    const after = i + 2 < n ? beside[i + 1]! : 0;
    if (Math.abs(pivot) >= Math.abs(below)) {
      if (Math.abs(pivot) < tiny) pivot = tiny;
      const factor = below / pivot;
      pivots[i] = pivot;
      next[i] = right;
      b[i + 1]! -= factor * b[i]!;
      pivot = corner - factor * right;
      right = after;
    } else {
      const factor = pivot / below;
      pivots[i] = below;
      next[i] = corner;
      second[i] = after;
      const own = b[i]!;
      b[i] = b[i + 1]!;
      b[i + 1] = own - factor * b[i]!;
      pivot = right - factor * corner;
      right = -factor * after;
    }
  }
  pivots[n - 1] = Math.abs(pivot) < tiny ? tiny : pivot;
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    if (i + 1 < n) sum -= next[i]! * b[i + 1]!;
    if (i + 2 < n) sum -= second[i]! * b[i + 2]!;
    b[i] = sum / pivots[i]!;
  }
}

/** Makes x orthogonal to the first `count` rows of `vectors` and scales it to length 1. */
function orthonormalize(x: Float64Array, vectors: Float64Array, count: number): void {
  const n = x.length;
  for (let row = 0; row < count * n; row += n) addScaled(x, 0, -dot(vectors, row, x, 0, n), vectors, row, n);
  normalize(x);
}

/**
 * Eigenvectors of a tridiagonal matrix by inverse iteration. Each is made orthogonal to those before it, so equal
 * eigenvalues get different eigenvectors.
 */
export function eigenvectorsOf(form: Tridiagonal, values: Float64Array): Float64Array {
  const n = form.diagonal.length;
  const size = form.diagonal.reduce(
    (most, value, i) => Math.max(most, Math.abs(value), Math.abs(form.beside[i]!)),
    0,
  );
  const tiny = Math.max(size * Number.EPSILON, Number.MIN_VALUE * 2 ** 52);
  const vectors = new Float64Array(values.length * n);
  let seed = 1;
  for (const [k, value] of values.entries()) {
    const x = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      x[i] = seed / 2 ** 31 - 1;
    }
    // Each round reduces the other eigenvectors' components to 10⁻¹⁶ over the distance between the eigenvalues.
    for (let round = 0; round < 2; round++) {
      solveShifted(form, value, tiny, x);
      normalize(x);
      orthonormalize(x, vectors, k);
    }
    // Once more, to remove the rounding error.
    orthonormalize(x, vectors, k);
  }
  return vectors;
}

/** Eigenvalues of a symmetric matrix, the greatest first, and beside each its eigenvector of length 1. */
export interface Eigen {
  readonly values: Float64Array;
  /** (n, n), a vector a row. */
  readonly vectors: Float64Array;
}

/** A symmetric tridiagonal matrix: `beside[i]` couples i and i + 1; the last is 0. */
interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[aAt + i]! * b[bAt + i]!;
  return sum;
}

/** y += factor · x */
function addScaled(
  y: Float64Array,
  yAt: number,
  factor: number,
  x: Float64Array,
  xAt: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) y[yAt + i]! += factor * x[xAt + i]!;
}

/**
 * The reflection I − v·vᵀ that maps x to a multiple of the first axis: v takes the place of x; returns that
 * multiple.
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
 * Brings the lower triangle of A to tridiagonal form by reflections; returns it and the vectors of the
 * reflections, that of step k for the axes from k + 1 on.
 *
 * @source Householder 1958, doi:10.1145/320941.320947
 */
function tridiagonalize(a: Float64Array, n: number): { form: Tridiagonal; reflections: Float64Array[] } {
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
      addScaled(a, row, -v[i]!, w, 0, i + 1);
      addScaled(a, row, -w[i]!, v, 0, i + 1);
    }
  }
  return { form, reflections };
}

/** The product of the reflections, transposed: (n, n), a column of it a row. */
function product(reflections: readonly Float64Array[], n: number): Float64Array {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  for (let k = reflections.length - 1; k >= 0; k--) {
    const v = reflections[k]!;
    const from = n - v.length;
    for (let i = from; i < n; i++) {
      const at = i * n + from;
      addScaled(rows, at, -dot(rows, at, v, 0, v.length), v, 0, v.length);
    }
  }
  return rows;
}

/** Turns rows i and i + 1 of a matrix in their plane. */
function turn(rows: Float64Array, n: number, i: number, cosine: number, sine: number): void {
  const at = i * n;
  const next = at + n;
  for (let k = 0; k < n; k++) {
    const upper = rows[at + k]!;
    const lower = rows[next + k]!;
    rows[next + k] = sine * upper + cosine * lower;
    rows[at + k] = cosine * upper - sine * lower;
  }
}

/** The first place from `from` on at which a tridiagonal matrix falls apart. */
function splitAfter({ diagonal, beside }: Tridiagonal, from: number): number {
  let at = from;
  while (at < diagonal.length - 1) {
    const around = Math.abs(diagonal[at]!) + Math.abs(diagonal[at + 1]!);
    if (Math.abs(beside[at]!) <= Number.EPSILON * around) break;
    at++;
  }
  return at;
}

/**
 * One implicit QL step on the block from `first` to `last`, shifted by the eigenvalue of its first corner;
 * `rows` takes part in the turns.
 */
function qlStep({ diagonal, beside }: Tridiagonal, first: number, last: number, rows: Float64Array): void {
  const n = diagonal.length;
  const slope = (diagonal[first + 1]! - diagonal[first]!) / (2 * beside[first]!);
  const root = Math.hypot(slope, 1);
  let bulge = diagonal[last]! - diagonal[first]! + beside[first]! / (slope + (slope < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let carried = 0;
  for (let i = last - 1; i >= first; i--) {
    const above = sine * beside[i]!;
    const kept = cosine * beside[i]!;
    const length = Math.hypot(above, bulge);
    beside[i + 1] = length;
    if (length === 0) {
      // The block has fallen apart within.
      diagonal[i + 1]! -= carried;
      beside[last] = 0;
      return;
    }
    sine = above / length;
    cosine = bulge / length;
    const corner = diagonal[i + 1]! - carried;
    const change = (diagonal[i]! - corner) * sine + 2 * cosine * kept;
    carried = sine * change;
    diagonal[i + 1] = corner + carried;
    bulge = cosine * change - kept;
    turn(rows, n, i, cosine, sine);
  }
  diagonal[first]! -= carried;
  beside[first] = bulge;
  beside[last] = 0;
}

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix, by reflections to tridiagonal form and
 * implicit QL steps. Errors are of the order of 10⁻¹⁶ times the greatest eigenvalue.
 *
 * @param matrix (n, n); only its lower triangle is read, and it is overwritten
 * @source Golub and Van Loan, Matrix Computations, chapter 8
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const { form, reflections } = tridiagonalize(matrix, n);
  const rows = product(reflections, n);
  for (let first = 0; first < n; first++)
    for (let last = splitAfter(form, first); last > first; last = splitAfter(form, first))
      qlStep(form, first, last, rows);

  const order = Array.from(form.diagonal.keys()).sort((a, b) => form.diagonal[b]! - form.diagonal[a]!);
  const vectors = new Float64Array(n * n);
  for (const [to, from] of order.entries()) vectors.set(rows.subarray(from * n, (from + 1) * n), to * n);
  return { values: Float64Array.from(order, (i) => form.diagonal[i]!), vectors };
}

import type { Tridiagonal } from './tridiagonal.js';

/** The first index from `from` on at which a tridiagonal matrix splits into blocks. */
function splitAfter({ diagonal, beside }: Tridiagonal, from: number): number {
  let at = from;
  while (at < diagonal.length - 1) {
    const around = Math.abs(diagonal[at]!) + Math.abs(diagonal[at + 1]!);
    if (Math.abs(beside[at]!) <= Number.EPSILON * around) break;
    at++;
  }
  return at;
}

/** One implicit QL step on the block from `first` to `last`, shifted by an eigenvalue of its upper-left corner. */
function qlStep({ diagonal, beside }: Tridiagonal, first: number, last: number): void {
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
      // The block has split internally.
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
  }
  diagonal[first]! -= carried;
  beside[first] = bulge;
  beside[last] = 0;
}

/** All eigenvalues, largest first. */
export function eigenvaluesOf({ diagonal, beside }: Tridiagonal): Float64Array {
  const form = { diagonal: diagonal.slice(), beside: beside.slice() };
  for (let first = 0; first < diagonal.length; first++)
    for (let last = splitAfter(form, first); last > first; last = splitAfter(form, first))
      qlStep(form, first, last);
  return form.diagonal.sort().reverse();
}

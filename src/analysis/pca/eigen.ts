import { eigenvaluesOf } from './eigenvalues.js';
import { eigenvectorsOf } from './eigenvectors.js';
import { reflectBack, tridiagonalize } from './tridiagonal.js';

/** The largest eigenvalues of a symmetric matrix in descending order, with their eigenvectors. */
export interface Eigen {
  readonly values: Float64Array;
  /** (k, n): orthonormal, one vector per row. */
  readonly vectors: Float64Array;
}

/**
 * The k largest eigenvalues of a symmetric matrix and orthonormal eigenvectors, using reflections to tridiagonal
 * form, implicit QL steps for the eigenvalues, and inverse iteration for the vectors. Errors are on the order of
 * 10⁻¹⁶ times the largest eigenvalue.
 *
 * @param matrix (n, n); only its lower triangle is read, and it is overwritten
 * @source Golub and Van Loan, Matrix Computations, chapter 8
 */
export function symmetricEigen(matrix: Float64Array, n: number, k: number): Eigen {
  const { form, reflections } = tridiagonalize(matrix, n);
  const values = eigenvaluesOf(form).slice(0, k);
  const vectors = eigenvectorsOf(form, values);
  reflectBack(vectors, n, reflections);
  return { values, vectors };
}

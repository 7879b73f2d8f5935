import { noGrad } from '../../autograd/mode.js';
import { describe } from '../../core/describe.js';
import { normals } from '../../core/draws.js';
import { isFloat, type TypedArray } from '../../core/dtype.js';
import { ArgumentError, DTypeError, ShapeError } from '../../core/errors.js';
import { defineOptions, generatorOption, number } from '../../core/options.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import { tensor } from '../../ops/creation/creation.js';
import { permutationNow } from '../../ops/random/at-once.js';
import type { RandomOptions } from '../../ops/random/draw.js';
import { checkTensors } from '../../tensor/argument.js';
import { empty, type Tensor } from '../../tensor/tensor.js';

/**
 * Makes the columns of a row-major rows × columns matrix orthonormal, keeping their orientation: the Q of a QR
 * decomposition whose R has a positive diagonal (Gram–Schmidt, done twice).
 */
function orthonormalize(a: Float64Array, rows: number, columns: number): void {
  const dot = (i: number, j: number): number => {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += a[r * columns + i]! * a[r * columns + j]!;
    return sum;
  };
  for (let j = 0; j < columns; j++) {
    for (let pass = 0; pass < 2; pass++)
      for (let i = 0; i < j; i++) {
        const share = dot(i, j);
        for (let r = 0; r < rows; r++) a[r * columns + j]! -= share * a[r * columns + i]!;
      }
    const length = Math.sqrt(dot(j, j));
    for (let r = 0; r < rows; r++) a[r * columns + j]! /= length;
  }
}

function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  const t = new Float64Array(a.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) t[c * rows + r] = a[r * columns + c]!;
  return t;
}

/** @throws DTypeError unless the tensor is floating-point-point, the only kind that can be drawn */
function requireFloats(operation: string, x: Tensor): void {
  checkTensors(operation, { x });
  if (!isFloat(x.dtype)) throw new DTypeError(operation, `needs a floating-point tensor, got ${x.dtype}`);
}

/** Numbers from N(0, std²) for a tensor's elements, drawn as its engine draws them. */
function drawn(x: Tensor, std: number, generator: Generator): TypedArray {
  if (!x.engine.synchronous) {
    const options = { mean: 0, std, oneByOne: false };
    return Float64Array.from(normals(x.count, x.dtype, options, generator));
  }
  const numbers = empty(x.shape, x.dtype, x.engine);
  x.engine.randomNormal(numbers, 0, std, false, generator);
  return numbers.dataSync();
}

const orthogonalOptions = defineOptions({ gain: number(1), generator: generatorOption });

/**
 * Fills with an orthogonal matrix drawn uniformly: its rows are orthonormal, or its columns if there are fewer of
 * them. Axes after the first count as one.
 *
 * @param options.gain factor (default 1)
 * @throws ShapeError for fewer than two axes, DTypeError unless the tensor is floating-point
 * @source Saxe, McClelland and Ganguli 2014, arXiv:1312.6120
 */
export function orthogonal_<T extends Tensor>(x: T, options?: { gain?: number } & RandomOptions): T {
  requireFloats('orthogonal_', x);
  const { gain, generator = defaultGenerator } = orthogonalOptions('orthogonal_', options);
  if (x.ndim < 2)
    throw new ShapeError('orthogonal_', 'needs at least two axes', [{ name: 'x', shape: x.shape }]);
  if (x.count === 0) return x;
  const rows = x.shape[0]!;
  const columns = x.count / rows;
  let matrix = Float64Array.from(drawn(x, 1, generator));
  if (rows < columns) matrix = transposed(matrix, rows, columns) as Float64Array<ArrayBuffer>;
  orthonormalize(matrix, Math.max(rows, columns), Math.min(rows, columns));
  if (rows < columns) matrix = transposed(matrix, columns, rows) as Float64Array<ArrayBuffer>;
  noGrad(() =>
    x.copy_(
      tensor(
        matrix.map((v) => v * gain),
        x.shape,
        { dtype: x.dtype },
      ),
    ),
  );
  return x;
}

const sparseOptions = defineOptions({ std: number(0.01, { least: 0 }), generator: generatorOption });

/**
 * Fills a matrix from N(0, std²), then zeroes a fraction `sparsity` of each column.
 *
 * @param options.std default 0.01
 * @source Martens 2010
 */
export function sparse_<T extends Tensor>(
  x: T,
  sparsity: number,
  options?: { std?: number } & RandomOptions,
): T {
  requireFloats('sparse_', x);
  const { std, generator = defaultGenerator } = sparseOptions('sparse_', options);
  if (x.ndim !== 2) throw new ShapeError('sparse_', 'needs a matrix', [{ name: 'x', shape: x.shape }]);
  if (!(sparsity >= 0 && sparsity <= 1))
    throw new ArgumentError('sparse_', `sparsity must be a fraction from 0 to 1, got ${describe(sparsity)}`);
  const [rows, columns] = x.shape as [number, number];
  const zeros = Math.ceil(sparsity * rows);
  const elements = drawn(x, std, generator);
  for (let c = 0; c < columns; c++) {
    const order = permutationNow(rows, generator);
    for (let i = 0; i < zeros; i++) elements[order[i]! * columns + c] = 0;
  }
  noGrad(() => x.copy_(tensor(elements, x.shape, { dtype: x.dtype })));
  return x;
}

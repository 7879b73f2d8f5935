import { describe } from '../../core/describe.js';
import { ArgumentError, EngineError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, whole } from '../../core/options.js';
import { mostElements } from '../../core/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { tensor } from './creation.js';

export interface TriangleIndicesOptions {
  /** The diagonal where the triangle ends: 0 is the main one, positive is above it (default 0). */
  readonly offset?: number;
}

const readTriangleIndices = defineOptions({ offset: whole(0) });

function checkLength(operation: string, name: string, length: number): void {
  if (Number.isSafeInteger(length) && length >= 0) return;
  throw new ArgumentError(operation, `${name} must be a whole number of at least 0, got ${describe(length)}`);
}

/** @throws EngineError if the system has no memory for them */
function newIndices(operation: string, count: number): Int32Array<ArrayBuffer> {
  try {
    return new Int32Array(2 * count);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new EngineError(operation, `no memory for the ${8 * count} bytes of ${count} rows and columns`);
  }
}

/** In the lower triangle, each row starts at column 0; in the upper, each ends at the last column. */
function indices(
  operation: string,
  rows: number,
  columns: number,
  options: TriangleIndicesOptions | undefined,
  upper: boolean,
): Tensor {
  const { offset } = readTriangleIndices(operation, options);
  checkLength(operation, 'rows', rows);
  checkLength(operation, 'columns', columns);
  // Each row between these has at least one.
  const from = upper ? 0 : Math.max(-offset, 0);
  const to = columns === 0 ? 0 : upper ? Math.min(columns - offset, rows) : rows;
  const tooMany = () =>
    new ArgumentError(operation, `${rows} × ${columns} has more indices than a tensor can hold`);
  if (2 * (to - from) > mostElements) throw tooMany();
  let count = 0;
  for (let row = from; row < to; row++) {
    count += upper ? columns - Math.max(row + offset, 0) : Math.min(row + offset + 1, columns);
    if (2 * count > mostElements) throw tooMany();
  }
  const list = newIndices(operation, count);
  for (let row = from, at = 0; row < to; row++) {
    const end = upper ? columns : Math.min(row + offset + 1, columns);
    const begin = at;
    for (let column = upper ? Math.max(row + offset, 0) : 0; column < end; column++)
      list[count + at++] = column;
    list.fill(row, begin, at);
  }
  return tensor(list, [2, count]);
}

/** The rows and columns of a matrix's lower triangle, row by row. @shape → (2, n), int32 */
export const trilIndices = named(
  'trilIndices',
  (rows: number, columns: number, options?: TriangleIndicesOptions): Tensor =>
    indices('trilIndices', rows, columns, options, false),
);

/** The rows and columns of a matrix's upper triangle, row by row. @shape → (2, n), int32 */
export const triuIndices = named(
  'triuIndices',
  (rows: number, columns: number, options?: TriangleIndicesOptions): Tensor =>
    indices('triuIndices', rows, columns, options, true),
);

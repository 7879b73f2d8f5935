import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, whole } from '../core/options.js';
import { mostElements } from '../core/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { tensor } from './creation.js';

export interface TriangleIndicesOptions {
  /** The diagonal where the triangle ends: 0 the main one, above it positive (default 0). */
  readonly offset?: number;
}

const readTriangleIndices = defineOptions({ offset: whole(0) });

function checkLength(operation: string, name: string, length: number): void {
  if (Number.isSafeInteger(length) && length >= 0) return;
  throw new ArgumentError(operation, `${name} must be a whole number of at least 0, got ${describe(length)}`);
}

function indices(
  operation: string,
  rows: number,
  columns: number,
  options: TriangleIndicesOptions | undefined,
  /** The first row that has any, and the one behind the last, without regard to the matrix. */
  rowRange: (offset: number) => [number, number],
  /** The first column of a row, and the one behind its last. */
  range: (diagonal: number) => [number, number],
): Tensor {
  const { offset } = readTriangleIndices(operation, options);
  checkLength(operation, 'rows', rows);
  checkLength(operation, 'columns', columns);
  const clip = (column: number): number => Math.min(Math.max(column, 0), columns);
  const ranges = (row: number): [number, number] => {
    const [first, end] = range(row + offset);
    return [clip(first), clip(end)];
  };
  const [from, to] = rowRange(offset);
  const firstRow = Math.max(from, 0);
  const endRow = columns === 0 ? 0 : Math.min(to, rows);
  const tooMany = () =>
    new ArgumentError(operation, `${rows} × ${columns} has more indices than a tensor can hold`);
  // Each of these rows has one at least.
  if (2 * (endRow - firstRow) > mostElements) throw tooMany();
  let count = 0;
  for (let row = firstRow; row < endRow; row++) {
    const [first, end] = ranges(row);
    count += end - first;
    if (2 * count > mostElements) throw tooMany();
  }
  const list = new Int32Array(2 * count);
  let at = 0;
  for (let row = firstRow; row < endRow; row++) {
    const [first, end] = ranges(row);
    for (let column = first; column < end; column++, at++) {
      list[at] = row;
      list[count + at] = column;
    }
  }
  return tensor(list, [2, count]);
}

/** Rows and columns of the lower triangle of a matrix, row by row. @shape → (2, n), int32 */
export const trilIndices = (rows: number, columns: number, options?: TriangleIndicesOptions): Tensor =>
  indices(
    'trilIndices',
    rows,
    columns,
    options,
    (offset) => [-offset, Number.POSITIVE_INFINITY],
    (diagonal) => [0, diagonal + 1],
  );

/** Rows and columns of the upper triangle of a matrix, row by row. @shape → (2, n), int32 */
export const triuIndices = (rows: number, columns: number, options?: TriangleIndicesOptions): Tensor =>
  indices(
    'triuIndices',
    rows,
    columns,
    options,
    (offset) => [0, columns - offset],
    (diagonal) => [diagonal, Number.POSITIVE_INFINITY],
  );

import { requireList } from '../core/arguments.js';
import { plural } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';

/** @throws ArgumentError if there's nothing to draw */
export function requireSome(operation: string, what: string, length: number): void {
  if (length === 0) throw new ArgumentError(operation, `there are no ${what} to draw`);
}

/** @throws ArgumentError unless all lists are as long as the first */
export function requireSameLength(
  operation: string,
  lists: Readonly<Record<string, ArrayLike<unknown> | undefined>>,
): void {
  const [[first, { length } = { length: 0 }] = ['', undefined], ...others] = Object.entries(lists);
  for (const [name, list] of others)
    if (list !== undefined && list.length !== length)
      throw new ArgumentError(
        operation,
        `${name} has ${plural(list.length, 'value')}, ${first} has ${length}`,
      );
}

/** @throws ArgumentError unless all rows are as long as the first */
export function requireMatrix(operation: string, matrix: readonly (readonly unknown[])[]): void {
  requireList(operation, 'matrix', matrix);
  for (const [i, row] of matrix.entries()) requireList(operation, `matrix[${i}]`, row);
  requireSome(operation, 'values', matrix.length && matrix[0]!.length);
  const width = matrix[0]!.length;
  const odd = matrix.findIndex((row) => row.length !== width);
  if (odd >= 0)
    throw new ArgumentError(
      operation,
      `row ${odd} has ${plural(matrix[odd]!.length, 'value')}, row 0 has ${width}`,
    );
}

/** Whether a value fits on an axis. */
export const isDrawable = (value: number, log = false): boolean =>
  Number.isFinite(value) && (!log || value > 0);

/** One coordinate of all points. */
interface Coordinate {
  readonly values: ArrayLike<number>;
  readonly log?: boolean | undefined;
}

/** Says how many points don't fit on the axes, and why; nothing if all do. */
export function leftOut(...coordinates: readonly Coordinate[]): string | undefined {
  const total = coordinates[0]!.values.length;
  let notFinite = 0;
  let notPositive = 0;
  for (let i = 0; i < total; i++) {
    if (!coordinates.every(({ values }) => isDrawable(values[i]!))) notFinite++;
    else if (!coordinates.every(({ values, log }) => isDrawable(values[i]!, log))) notPositive++;
  }
  if (notFinite + notPositive === 0) return undefined;
  const reasons = [
    ...(notFinite > 0 ? ['not finite'] : []),
    ...(notPositive > 0 ? ['not above 0 on a log axis'] : []),
  ];
  return `${notFinite + notPositive} of ${plural(total, 'point')} left out: ${reasons.join(', or ')}`;
}

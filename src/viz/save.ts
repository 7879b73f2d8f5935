import { requireText } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { requireFiles } from '../host/require.js';
import type { Figure } from './figure.js';
import { drawPng } from './png.js';
import type { Spec } from './spec.js';
import { svgOf } from './svg.js';

/**
 * Writes a figure, or the Vega-Lite specification of one, as SVG or PNG, by the path's extension, completely or not at all.
 *
 * @throws ArgumentError for another extension
 * @throws FileError if the file can't be written
 * @throws MissingPackageError for PNG if the optional package `@resvg/resvg-wasm` isn't installed
 * @example
 * const figure = viz.lineChart([{ name: 'loss', x: [1, 2, 3], y: [0.9, 0.4, 0.3] }], { title: 'Loss' });
 * await viz.saveFigure(figure, 'loss.svg');
 * await viz.saveFigure(figure, 'loss.png');
 */
export async function saveFigure(figure: Figure | Spec, path: string): Promise<void> {
  const files = requireFiles('saveFigure', 'use figure.toSvg()');
  requireText('saveFigure', 'path', path);
  const ending = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase();
  if (ending === '.svg') files.write(path, await svgOf('saveFigure', figure));
  else if (ending === '.png') files.write(path, await drawPng('saveFigure', figure));
  else throw new ArgumentError('saveFigure', `${path}: a figure must be .svg or .png`);
}

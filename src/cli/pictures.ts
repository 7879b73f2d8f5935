import { MissingPackageError } from '../core/errors.js';
import { warnOnce } from '../core/warn.js';
import { type Figure, type Spec, saveFigure } from '../viz/index.js';

/**
 * Writes a picture as SVG and PNG; without the package that draws PNG, only SVG, with a warning.
 *
 * @param path without the extension
 * @returns the files
 */
export async function savePicture(figure: Figure | Spec, path: string): Promise<readonly string[]> {
  const [svg, png] = [`${path}.svg`, `${path}.png`];
  await saveFigure(figure, svg);
  try {
    await saveFigure(figure, png);
  } catch (error) {
    if (!(error instanceof MissingPackageError)) throw error;
    warnOnce(error.operation, error.detail);
    return [svg];
  }
  return [svg, png];
}

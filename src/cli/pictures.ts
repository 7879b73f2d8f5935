import { join } from 'node:path';
import { MissingPackageError } from '../core/errors.js';
import { warnOnce } from '../core/warn.js';
import { dataLine, type Experiment, type Picture, type Recipe, type RecipeResult } from '../recipes/index.js';
import type { RunFolder } from '../train/index.js';
import { confusionMatrix, type Figure, learningCurves, saveFigure, type TextOptions } from '../viz/index.js';

/** What the pictures of a run have in common: the recipe's title, and of what data they are. */
export const titlesOf = ({ title }: Recipe, { data }: Experiment) => ({
  title,
  subtitle: data === undefined ? undefined : dataLine(data),
});

type Titles = ReturnType<typeof titlesOf>;

/** The curves of a run; nothing for a study, whose pictures are its own. */
function curvesPicture(folder: RunFolder, titles: Titles): Figure | undefined {
  const lines = folder.metrics();
  return lines.some(({ epoch }) => typeof epoch === 'number') ? learningCurves(lines, titles) : undefined;
}

/** The confusion matrix of a classifier. */
export const confusionPicture = (titles: Titles, result: RecipeResult | undefined): Figure | undefined =>
  result?.confusion &&
  confusionMatrix(result.confusion.matrix, { ...titles, classes: result.confusion.classes });

/** How pictures are shown as text here. */
export const terminal = (): TextOptions => ({
  columns: process.stdout.columns,
  color: process.stdout.isTTY,
});

/**
 * Writes a picture as SVG and PNG; without the package that draws PNG, a warning says so and SVG is all.
 *
 * @param path without the ending
 * @returns the files
 */
export async function savePicture(figure: Figure, path: string): Promise<readonly string[]> {
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

/** Writes the pictures of a run into its folder; returns their names. */
export async function savePictures(
  folder: RunFolder,
  titles: Titles,
  result: RecipeResult | undefined,
  more: readonly Picture[],
): Promise<readonly string[]> {
  const own = { curves: curvesPicture(folder, titles), confusion: confusionPicture(titles, result) };
  const pictures = [
    ...Object.entries(own).flatMap(([name, figure]) => (figure ? [{ name, figure }] : [])),
    ...more,
  ];
  for (const { name, figure } of pictures) await savePicture(figure, join(folder.path, name));
  return pictures.map(({ name }) => name);
}

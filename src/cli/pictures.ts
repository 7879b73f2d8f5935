import { join } from 'node:path';
import type { Picture, Recipe, RecipeResult } from '../recipes/index.js';
import type { RunFolder } from '../train/index.js';
import { confusionMatrix, type Figure, learningCurves, saveFigure, type TextOptions } from '../viz/index.js';

/** The curves of a run; nothing for a study, whose pictures are its own. */
function curvesPicture(folder: RunFolder, { title }: Recipe): Figure | undefined {
  const lines = folder.metrics();
  return lines.some(({ epoch }) => typeof epoch === 'number') ? learningCurves(lines, { title }) : undefined;
}

/** The confusion matrix of a classifier. */
export const confusionPicture = ({ title }: Recipe, result: RecipeResult | undefined): Figure | undefined =>
  result?.confusion && confusionMatrix(result.confusion.matrix, { title, classes: result.confusion.classes });

/** How pictures are shown as text here. */
export const terminal = (): TextOptions => ({
  columns: process.stdout.columns,
  color: process.stdout.isTTY,
});

/** Writes the pictures of a run into its folder, each as SVG and PNG; returns their names. */
export async function savePictures(
  folder: RunFolder,
  recipe: Recipe,
  result: RecipeResult | undefined,
  more: readonly Picture[],
): Promise<readonly string[]> {
  const own = { curves: curvesPicture(folder, recipe), confusion: confusionPicture(recipe, result) };
  const pictures = [
    ...Object.entries(own).flatMap(([name, figure]) => (figure ? [{ name, figure }] : [])),
    ...more,
  ];
  for (const { name, figure } of pictures)
    for (const kind of ['svg', 'png']) await saveFigure(figure, join(folder.path, `${name}.${kind}`));
  return pictures.map(({ name }) => name);
}

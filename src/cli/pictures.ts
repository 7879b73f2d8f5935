import { join } from 'node:path';
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

/** Writes the pictures of a run into its folder, each as SVG and PNG; returns their names. */
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
  for (const { name, figure } of pictures)
    for (const kind of ['svg', 'png']) await saveFigure(figure, join(folder.path, `${name}.${kind}`));
  return pictures.map(({ name }) => name);
}

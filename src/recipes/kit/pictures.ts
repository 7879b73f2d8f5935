import {
  confusionMatrix,
  type EpochMetrics,
  type Figure,
  learningCurves,
  type MetricsLine,
} from '../../viz/index.js';
import type { RecipeResult } from './events.js';
import { dataLine, type Experiment, type Picture, type Recipe } from './recipe.js';

/** What the pictures of a run have in common: the recipe's title and the data. */
export const titlesOf = ({ title }: Recipe, { data }: Experiment) => ({
  title,
  subtitle: data === undefined ? undefined : dataLine(data),
});

type Titles = ReturnType<typeof titlesOf>;

/** What the epochs of a run measured: `metrics` events, or the lines of `metrics.jsonl`. */
export type History = readonly (EpochMetrics | MetricsLine)[];

/** The curves of a training; nothing for a study, which has other pictures. */
const curvesPicture = (history: History, titles: Titles): Figure | undefined =>
  history.some(({ epoch }) => typeof epoch === 'number') ? learningCurves(history, titles) : undefined;

/** The confusion matrix of a classifier. */
export const confusionPicture = (titles: Titles, result: RecipeResult | undefined): Figure | undefined =>
  result?.confusion &&
  confusionMatrix(result.confusion.matrix, { ...titles, classes: result.confusion.classes });

/**
 * All pictures of a run.
 *
 * @param history what its epochs measured
 * @param result undefined if the test data stay untouched: then there are only the curves
 */
export async function picturesOf(
  recipe: Recipe,
  experiment: Experiment,
  history: History,
  result: RecipeResult | undefined,
): Promise<readonly Picture[]> {
  const titles = titlesOf(recipe, experiment);
  const usual = { curves: curvesPicture(history, titles), confusion: confusionPicture(titles, result) };
  return [
    ...Object.entries(usual).flatMap(([name, figure]) => (figure ? [{ name, figure }] : [])),
    ...(result ? ((await experiment.pictures?.()) ?? []) : []),
  ];
}

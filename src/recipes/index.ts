/**
 * Entry `myelin/recipes`: the networks of the course, ready to run, in Node, in a browser, in a worker.
 *
 * `recipes` lists them with their options; `run` trains one and reports what happens as events.
 */
export { chapters, recipeNamed, recipes } from './all.js';
export {
  type Confusion,
  eventLine,
  type FigureEvent,
  type MetricsEvent,
  type OnEvent,
  type PartEvent,
  type PartPlace,
  type ProgressEvent,
  type RecipeEvent,
  type RecipeResult,
  type ResultEvent,
  type TextEvent,
} from './kit/events.js';
export type {
  ChoiceSpec,
  IntegerSpec,
  NumberSpec,
  OptionSpec,
  OptionSpecs,
  TextSpec,
} from './kit/options.js';
export type { Experiment, ImageNetwork, Picture, Recipe, RecipeContext, TextNetwork } from './kit/recipe.js';
export { type Report, reportLines, type Table } from './kit/report.js';
export { type GivenOptions, type PrepareOptions, prepare, type RunOptions, run } from './kit/run.js';

/**
 * What recipes are made of. Six things make one:
 *
 * 1. `defineRecipe`: its name, its section of the course, what it shows, and how it is prepared;
 * 2. options: what can be chosen, with defaults (`epochs(10)`, or a specification);
 * 3. events: `await context.emit(text('data', '200 points'))` tells what it uses;
 * 4. `study`, which runs parts and compares them, or `training`, which is one training of a Trainer;
 * 5. a result: one line, its numbers, and a report of lines and tables;
 * 6. pictures: figures of `myelin/viz` by name.
 */
export { plural } from '../../core/describe.js';
export { percent } from '../../core/percent.js';
export { type Confusion, type RecipeResult, text } from './events.js';
export {
  batchSize,
  type ChoiceSpec,
  epochs,
  type IntegerSpec,
  lr,
  moreEpochs,
  type NumberSpec,
  type OptionSpecs,
  type OptionValues,
  onOff,
  validation,
} from './options.js';
export { allFinite, type EpochMeans, trainPart } from './part-training.js';
export { listOf, listsOf, numberOf, numbersOf, type PlanePoints, planeOf, Recording } from './read.js';
export {
  dataLine,
  defineRecipe,
  type Experiment,
  type Picture,
  type Recipe,
  type RecipeContext,
} from './recipe.js';
export { borneOut, lossText, table } from './report.js';
export { type ScheduleName, type SgdParams, schedule, scheduledSgd } from './schedules.js';
export { type Part, type PartProgress, type PartResult, study } from './study.js';
export { training } from './training.js';

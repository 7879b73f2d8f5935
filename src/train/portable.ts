// The train room as far as it runs in a browser too.
export {
  halvingRounds,
  type SearchOptions,
  type SearchResult,
  search,
  type Trial,
  type TrialRecord,
  type TrialStore,
} from './search/search.js';
export {
  choice,
  type Dimension,
  integer,
  logUniform,
  type Parameters,
  type ParameterValue,
  type Space,
  uniform,
  when,
} from './search/space.js';
export type { State } from './state.js';
export {
  type Batches,
  type EpochReport,
  type FitOptions,
  type OptimizerLike,
  type Progress,
  type SchedulerLike,
  type StepResult,
  Trainer,
  type TrainerCallback,
  type TrainerOptions,
} from './trainer.js';

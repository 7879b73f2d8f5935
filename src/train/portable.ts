// The train room as far as it runs in a browser too.

export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export type { GradientOptions, OptimizerLike } from './gradient-step.js';
export type { Monitor } from './monitor.js';
export type { OneOrNamed, Stateful } from './named.js';
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
export { Trainer } from './trainer.js';
export type {
  Batches,
  EpochReport,
  FitOptions,
  MetricLike,
  Minimize,
  Outcome,
  Progress,
  Scalars,
  SchedulerLike,
  Step,
  StepResult,
  TrainerCallback,
  TrainerOptions,
  Training,
  Update,
} from './trainer-options.js';

export { SummaryWriter, type SummaryWriterOptions } from '../io/tensorboard/summary-writer.js';
export { BEST, hasCheckpoint, LAST, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export type { GradientOptions, OptimizerLike } from './gradient-step.js';
export type { MetricsRecord } from './metrics-file.js';
export type { Monitor } from './monitor.js';
export type { OneOrNamed, Stateful } from './named.js';
export { progressBar } from './progress-bar.js';
export { RunFolder } from './run-folder.js';
export { type RecordOptions, recordRun } from './run-recorder.js';
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
export { TrialFile } from './search/trial-file.js';
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

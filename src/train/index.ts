export { hasCheckpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export { type MetricsRecord, RunFolder } from './run-folder.js';
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

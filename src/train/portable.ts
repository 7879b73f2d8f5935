// The train room as far as it runs in a browser too.
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

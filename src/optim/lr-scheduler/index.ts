export { ChainedScheduler, SequentialLR } from './combined.js';
export {
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  type CosineOptions,
  type WarmRestartsOptions,
} from './cosine.js';
export { CyclicLR, type CyclicLROptions } from './cyclic.js';
export { LambdaLR, type LrLambda, MultiplicativeLR } from './lambda.js';
export {
  ConstantLR,
  type ConstantLROptions,
  LinearLR,
  type LinearLROptions,
  PolynomialLR,
  type PolynomialLROptions,
} from './linear.js';
export { type LastEpoch, LRScheduler } from './lr-scheduler.js';
export { OneCycleLR, type OneCycleLROptions } from './one-cycle.js';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './plateau.js';
export type { Schedulable, SchedulableGroup, Scheduler } from './schedule.js';
export type { SavedValue, SchedulerState } from './state.js';
export { ExponentialLR, type GammaOptions, MultiStepLR, StepLR } from './step.js';

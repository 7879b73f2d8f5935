export { SummaryWriter, type SummaryWriterOptions } from '../io/tensorboard/summary-writer.js';
export { BEST, hasCheckpoint, LAST, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export type { MetricsRecord } from './metrics-file.js';
export * from './portable.js';
export { progressBar } from './progress-bar.js';
export { RunFolder } from './run-folder.js';
export { type RecordOptions, recordRun } from './run-recorder.js';
export { TrialFile } from './search/trial-file.js';

export { hasCheckpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export * from './portable.js';
export { type MetricsRecord, RunFolder } from './run-folder.js';
export { TrialFile } from './search/trial-file.js';

export { cacheFolder, type FindOptions, findFiles, type RemoteDataset, type RemoteFile } from './cache.js';
export { CsvError, type CsvFormat } from './csv/format.js';
export {
  CsvDataset,
  type CsvDatasetOptions,
  type CsvOptions,
  type CsvRow,
  readCsv,
  streamCsv,
} from './csv/read.js';
export { readIdx, readIdxBytes } from './idx-file.js';
export { loadMnist, mnistFiles, readLabeledImages } from './mnist.js';
export * from './portable.js';
export { serveDataset } from './workers/serve.js';
export { WorkerDataset, type WorkerDatasetOptions } from './workers/worker-dataset.js';

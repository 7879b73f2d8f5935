export type { ByAxisOptions } from './by-axis.js';
export { type Collated, defaultCollate } from './collate.js';
export type { Cell, ColumnSpec, ColumnType, ColumnValues } from './csv/columns.js';
export { CsvError, type CsvFormat } from './csv/format.js';
export {
  CsvDataset,
  type CsvDatasetOptions,
  type CsvOptions,
  type CsvRow,
  parseCsv,
  readCsv,
  streamCsv,
} from './csv/read.js';
export { Table } from './csv/table.js';
export { ChainDataset, ConcatDataset, Dataset, IterableDataset, Subset, TensorDataset } from './dataset.js';
export { DistributedSampler, type DistributedSamplerOptions } from './distributed-sampler.js';
export { type DrawnDigitsOptions, drawnDigits } from './drawn/drawn-digits.js';
export { integerEncode, type Label, LabelEncoder, OneHotEncoder, oneHotEncode } from './encoding.js';
export { cacheFolder, type DataFile, findFiles, lookFor } from './find.js';
export { type IdxArray, type IdxData, parseIdx } from './idx.js';
export { readIdx, readIdxBytes } from './idx-file.js';
export { type DigitImages, type LabeledImages, readLabeledImages } from './images/labeled-images.js';
export { loadMnist, mnistFiles } from './images/mnist.js';
export { DataLoader, type DataLoaderOptions } from './loader.js';
export { type BlobsOptions, blobs } from './made/blobs.js';
export type { MadeOptions, MadeSet } from './made/draw.js';
export { type ImbalancedOptions, imbalanced } from './made/imbalanced.js';
export { type MadeCurve, type NoisyPolynomialOptions, noisyPolynomial } from './made/noisy-polynomial.js';
export { type SpiralsOptions, spirals } from './made/spirals.js';
export { type TwoMoonsOptions, twoMoons } from './made/two-moons.js';
export { type XorOptions, xor } from './made/xor.js';
export { MinMaxScaler, type MinMaxScalerOptions, type MinMaxScalerState } from './min-max-scaler.js';
export type { FindOptions, Missing, RemoteDataset, RemoteFile, Search } from './remote.js';
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type WeightedRandomSamplerOptions,
} from './samplers.js';
export type { RandomOptions } from './shuffle.js';
export {
  randomSplit,
  type SplitOptions,
  TrainValidationTest,
  type TrainValidationTestOptions,
  trainValidationTest,
} from './split.js';
export { Standardizer, type StandardizerState } from './standardizer.js';
export { serveDataset } from './workers/serve.js';
export { WorkerDataset, type WorkerDatasetOptions } from './workers/worker-dataset.js';

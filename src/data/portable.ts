// The data room as far as it runs in a browser too.
export { type Collated, defaultCollate } from './collate.js';
export { ConcatDataset, Dataset, IterableDataset, Subset, TensorDataset } from './dataset.js';
export { type DrawnDigitsOptions, drawnDigits } from './drawn-digits.js';
export { type IdxArray, type IdxData, parseIdx } from './idx.js';
export type { DigitImages, LabeledImages } from './images.js';
export { DataLoader, type DataLoaderOptions } from './loader.js';
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
export { randomSplit } from './split.js';

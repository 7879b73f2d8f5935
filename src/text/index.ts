/** Entry `myelin/text`: from text to numbers and back. */
export { type Padded, type PaddedBatch, type PadOptions, padBatch, padCollate } from './batches.js';
export { BpttBatches, type BpttOptions, encodeTokens } from './bptt.js';
export { BucketBatchSampler, type BucketBatchSamplerOptions } from './bucket-sampler.js';
export { ngrams, skipGrams } from './ngrams.js';
export {
  type ConlluEmptyNode,
  type ConlluMultiword,
  type ConlluSentence,
  type ConlluWord,
  parseFeatures,
  readConllu,
} from './reading/conllu.js';
export { readLines } from './reading/lines.js';
export { readParallel } from './reading/parallel.js';
export { type ReadOptions, TextFileError, type TextSource } from './reading/source.js';
export { readTokens, type TokenOptions } from './reading/tokens.js';
export {
  type BuildVocabOptions,
  buildVocab,
  countTokens,
  type TokenLists,
  Vocab,
  type VocabOptions,
} from './vocab.js';

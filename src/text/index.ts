/** Entry `myelin/text`: from text to numbers and back. */
export { type Padded, type PaddedBatch, type PadOptions, padBatch, padCollate } from './batches.js';
export { type Bleu, type BleuOptions, corpusBleu, sentenceBleu } from './bleu/bleu.js';
export type { BleuTokenizer } from './bleu/tokenize.js';
export { BpttBatches, type BpttOptions, encodeTokens } from './bptt.js';
export { BucketBatchSampler, type BucketBatchSamplerOptions } from './bucket-sampler.js';
export { Corpus } from './datasets/corpus.js';
export { Items } from './datasets/items.js';
export { LabeledTexts } from './datasets/labeled-texts.js';
export { Multi30k, type Multi30kLanguage, type Multi30kOptions } from './datasets/multi30k.js';
export { Names } from './datasets/names.js';
export { RtPolarity } from './datasets/rt-polarity.js';
export { Sentiment140, type Sentiment140Options } from './datasets/sentiment140.js';
export { SST2, type SST2Options } from './datasets/sst2.js';
export { TinyShakespeare } from './datasets/tiny-shakespeare.js';
export { UDEnglishEWT, type UDEnglishEWTOptions } from './datasets/ud-english-ewt.js';
export { WarAndPeace } from './datasets/war-and-peace.js';
export { WikiText2, type WikiText2Options, type WikiText2Split } from './datasets/wikitext2.js';
export { type Generated, generate, generateAll } from './decoding/generate.js';
export type { FilterOptions, GenerateAllOptions, GenerateOptions } from './decoding/options.js';
export { type TokenProbabilitiesOptions, tokenProbabilities } from './decoding/probabilities.js';
export { type StepModel, type StepResult, selectRows } from './decoding/step-model.js';
export { type MadeStoryOptions, madeStory, madeTaggedSentences, type TaggedWords } from './made/grammar.js';
export { madeNames } from './made/names.js';
export { madeTranslations, type ReversalOptions, reversals, writtenDates } from './made/pairs.js';
export type { MadeTextOptions } from './made/picker.js';
export { madeReviews } from './made/reviews.js';
export { ConcatClassifier, type ConcatClassifierOptions } from './models/concat-classifier.js';
export { LanguageModel, type LanguageModelOptions, type LstmState } from './models/language-model.js';
export { RecurrentClassifier, type RecurrentClassifierOptions } from './models/recurrent-classifier.js';
export { type ForcingOptions, Seq2Seq, type Seq2SeqOptions, type Seq2SeqState } from './models/seq2seq.js';
export { SumClassifier, type SumClassifierOptions } from './models/sum-classifier.js';
export { type Spelling, Tagger, type TaggerOptions } from './models/tagger.js';
export type { TextClassifier, TextOptions } from './models/text-classifier.js';
export { TextCnn, type TextCnnOptions } from './models/text-cnn.js';
export { TextGenerator, type TextGeneratorOptions } from './models/text-generator.js';
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
export { ByteLevelBPE } from './tokenizers/bpe/byte-level-bpe.js';
export { loadGpt2 } from './tokenizers/bpe/gpt2.js';
export type { TrainByteLevelBPEOptions } from './tokenizers/bpe/learn-bytes.js';
export type { TokenRanks } from './tokenizers/bpe/ranks.js';
export { Encoding, type Offset } from './tokenizers/encoding.js';
export { loadTokenizer, parseTokenizer, saveTokenizer } from './tokenizers/file/load.js';
export { type DecodeOptions, type EncodeOptions, Tokenizer } from './tokenizers/tokenizer.js';
export type {
  SpecialTokenOptions,
  Texts,
  TokenizerProgress,
  TrainTokenizerOptions,
} from './tokenizers/training.js';
export { type TrainUnigramOptions, Unigram, type UnigramNormalizer } from './tokenizers/unigram/unigram.js';
export { type TrainWordPieceOptions, WordPiece } from './tokenizers/wordpiece/word-piece.js';
export { CharTokenizer, type CharUnit, type TrainCharOptions } from './tokenizers/words/char-tokenizer.js';
export type { TrainLookupOptions } from './tokenizers/words/lookup-tokenizer.js';
export type { WordSplit } from './tokenizers/words/split-words.js';
export { type TrainWordOptions, WordTokenizer } from './tokenizers/words/word-tokenizer.js';
export { WordCorpus, type WordCorpusOptions } from './vectors/corpus.js';
export {
  type AnalogyAccuracyOptions,
  type AnalogyScore,
  analogyAccuracy,
  biasProbe,
  type SimilarityOptions,
  similarityScore,
  type WordLean,
} from './vectors/evaluate.js';
export { GloVe, type GloVeOptions, type GloVeProgress, type TrainGloVeOptions } from './vectors/glove.js';
export type { LoadVectorsOptions } from './vectors/read-vectors.js';
export type { RowsForOptions } from './vectors/rows-for.js';
export { type WordMap, type WordMapOptions, wordMap } from './vectors/word-map.js';
export { type AnalogyQuestion, readAnalogies, readWordPairs, type WordPair } from './vectors/word-tests.js';
export {
  type AnalogyOptions,
  type Nearby,
  type NearestOptions,
  WordVectors,
} from './vectors/word-vectors.js';
export {
  type TrainWordsOptions,
  Word2Vec,
  type Word2VecOptions,
  type WordProgress,
} from './vectors/word2vec.js';
export type { SaveVectorsOptions } from './vectors/write-vectors.js';
export {
  type BuildVocabOptions,
  buildVocab,
  countTokens,
  type TokenLists,
  Vocab,
  type VocabOptions,
} from './vocab.js';

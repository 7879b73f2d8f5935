/** What recipes for text share: data sets, and what replaces them if they aren't found. */
export {
  type EncodedSet,
  EncodedTexts,
  encode,
  encodeSet,
  measureTexts,
  PAD,
  type TextBatch,
  textBatches,
  textNetwork,
  textStep,
} from './classify.js';
export { frozen, vectors, wordEmbedding } from './embedding.js';
export { foldsOf } from './parts.js';
export {
  type CorpusName,
  corpus,
  type LabeledTextsName,
  labeledTexts,
  loadCorpus,
  loadLabeledTexts,
  loadTagged,
  loadTranslations,
  type TaggedSentence,
  type TextSet,
} from './sets.js';
export { wordsOf } from './words.js';

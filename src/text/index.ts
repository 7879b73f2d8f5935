/** Entry `myelin/text`: from text to numbers and back. */
export { ngrams, skipGrams } from './ngrams.js';

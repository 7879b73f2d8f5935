import {
  ByteLevelBPE,
  CharTokenizer,
  type Tokenizer,
  Unigram,
  WordPiece,
  WordTokenizer,
} from '../../../src/text/index.js';

export const corpus = [
  'The lower the newer, the newest and the widest; the slowest!',
  "It's the lowest: they'll say \"größer\" in 1999 or 2001, don't they?",
  'naïve café 漢字 Ж fi 2 __proto__ constructor the newer wider slower',
];
const special = { specialTokens: ['<pad>'], startTokens: ['<s>'], endTokens: ['</s>'] };
/** A tokenizer of each kind. */
export const trained: readonly (readonly [name: string, tokenizer: Tokenizer])[] = [
  ['ByteLevelBPE', await ByteLevelBPE.train(corpus, { vocabSize: 320, ...special })],
  ['ByteLevelBPE with a prefix', await ByteLevelBPE.train(corpus, { vocabSize: 300, addPrefixSpace: true })],
  ['WordPiece', await WordPiece.train(corpus, { vocabSize: 140, ...special })],
  ['WordPiece, cased', await WordPiece.train(corpus, { vocabSize: 140, lowercase: false })],
  ['Unigram', await Unigram.train(corpus, { vocabSize: 120, ...special })],
  ['Unigram as it is', await Unigram.train(corpus, { vocabSize: 120, normalizer: 'none' })],
  ['WordTokenizer', await WordTokenizer.train(corpus, special)],
  [
    'WordTokenizer of white space',
    await WordTokenizer.train(corpus, { split: 'whitespace', lowercase: true }),
  ],
  ['CharTokenizer', await CharTokenizer.train(corpus, special)],
];

/** A file with a few tokens, and what is put in place of its parts. */
export const fileOf = (model: object, rest: object = {}): string =>
  JSON.stringify({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    decoder: null,
    post_processor: null,
    ...rest,
    model,
  });

import type { Tokenizer } from '../tokenizer.js';
import type { Vocabulary } from '../vocabulary.js';

/** Tokens and their numbers as an object where `__proto__` is a name like any other. */
export const vocabOf = (vocabulary: Vocabulary): object => Object.fromEntries(vocabulary.entries());

/** How start and end tokens are put around a text. */
function template({ startTokens, endTokens, specialTokens }: Tokenizer): object | null {
  if (startTokens.length === 0 && endTokens.length === 0) return null;
  const around = (sequence: string): object[] => [
    ...startTokens.map((id) => ({ SpecialToken: { id, type_id: 0 } })),
    { Sequence: { id: sequence, type_id: 0 } },
    ...endTokens.map((id) => ({ SpecialToken: { id, type_id: 0 } })),
  ];
  const used = [...new Set([...startTokens, ...endTokens])];
  return {
    type: 'TemplateProcessing',
    single: around('A'),
    pair: [...around('A'), ...around('B')],
    special_tokens: Object.fromEntries(
      used.map((token) => [token, { id: token, ids: [specialTokens.get(token)!], tokens: [token] }]),
    ),
  };
}

/** What differs between tokenizers in their files. */
interface FileParts {
  readonly normalizer?: object | null;
  readonly pre_tokenizer: object | null;
  readonly decoder: object | null;
  readonly model: object;
}

/** The content of a `tokenizer.json`. */
export const tokenizerFile = (
  tokenizer: Tokenizer,
  { normalizer = null, pre_tokenizer, decoder, model }: FileParts,
): object => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: Array.from(tokenizer.specialTokens, ([content, id]) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer,
  pre_tokenizer,
  post_processor: template(tokenizer),
  decoder,
  model,
});

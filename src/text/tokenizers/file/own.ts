import { ByteLevelBPE } from '../bpe/byte-level-bpe.js';
import { fromChars, toChars } from '../bpe/bytes.js';
import type { Tokenizer, TokenizerParts } from '../tokenizer.js';
import { spaceMark, Unigram } from '../unigram/unigram.js';
import { Vocabulary } from '../vocabulary.js';
import { continuing } from '../wordpiece/continuing.js';
import { WordPiece } from '../wordpiece/word-piece.js';
import type { BertNormalizer } from '../words/bert-normalizer.js';
import { CharTokenizer, type CharUnit, charPatterns } from '../words/char-tokenizer.js';
import type { WordSplit } from '../words/split-words.js';
import { WordTokenizer } from '../words/word-tokenizer.js';
import type { FileNode } from './node.js';
import type { AddedToken, FileModel } from './read-model.js';

type Frame = Pick<TokenizerParts, 'startTokens' | 'endTokens'>;

const typeOf = (node: FileNode | undefined): string | undefined => node?.get('type')?.text();

/** The tokens that a post-processor puts around a single text; null if it does something else. */
function frameOf(post: FileNode | undefined): Frame | null {
  const type = typeOf(post);
  if (post === undefined || type === 'ByteLevel') return { startTokens: [], endTokens: [] };
  if (type === 'BertProcessing' || type === 'RobertaProcessing') {
    const [start, end] = ['cls', 'sep'].map((key) => post.need(key).items()[0]?.text());
    return start === undefined || end === undefined ? null : { startTokens: [start], endTokens: [end] };
  }
  if (type !== 'TemplateProcessing') return null;
  const parts = post
    .need('single')
    .items()
    .map((item) => item.get('SpecialToken')?.need('id').text());
  const place = parts.indexOf(undefined);
  if (place < 0 || parts.lastIndexOf(undefined) !== place) return null;
  return { startTokens: parts.slice(0, place) as string[], endTokens: parts.slice(place + 1) as string[] };
}

const nothing: BertNormalizer = {
  cleanText: false,
  splitChinese: false,
  stripAccents: false,
  lowercase: false,
};

function bertNormalizerOf(node: FileNode | undefined): BertNormalizer | null {
  if (node === undefined) return nothing;
  if (typeOf(node) !== 'BertNormalizer') return null;
  const lowercase = node.flag('lowercase', true);
  return {
    cleanText: node.flag('clean_text', true),
    splitChinese: node.flag('handle_chinese_chars', true),
    stripAccents: node.flag('strip_accents', lowercase),
    lowercase,
  };
}

const splits: Readonly<Record<string, WordSplit>> = {
  BertPreTokenizer: 'punctuation',
  WhitespaceSplit: 'whitespace',
};

const empty = (node: FileNode | undefined): boolean => node === undefined || node.text() === '';

/** What a file has besides its model. */
interface Around {
  readonly operation: string;
  readonly parts: TokenizerParts;
  readonly normalizer: FileNode | undefined;
  readonly split: FileNode | undefined;
  readonly decoder: FileNode | undefined;
}

function byteLevel(
  { node, merges, tokens }: FileModel,
  { operation, parts, ...file }: Around,
): Tokenizer | null {
  const { normalizer, split, decoder } = file;
  const isPlain =
    normalizer === undefined &&
    typeOf(split) === 'ByteLevel' &&
    split!.flag('use_regex', true) &&
    typeOf(decoder) === 'ByteLevel' &&
    empty(node.get('continuing_subword_prefix')) &&
    empty(node.get('end_of_word_suffix')) &&
    !node.flag('byte_fallback', false) &&
    !node.flag('ignore_merges', false) &&
    (node.get('dropout')?.number() ?? 0) === 0;
  const hasBytes = Array.from({ length: 256 }, (_, byte) => toChars(Uint8Array.of(byte))).every((char) =>
    tokens.has(char),
  );
  const ofBytes = [...tokens.keys()].every(
    (token) => parts.specialTokens.has(token) || fromChars(token) !== null,
  );
  if (!isPlain || !hasBytes || !ofBytes) return null;
  const addPrefixSpace = split!.flag('add_prefix_space', true);
  return new ByteLevelBPE(operation, { ...parts, merges, addPrefixSpace });
}

function wordPiece(
  { node, unknownToken }: FileModel,
  { operation, parts, ...file }: Around,
): Tokenizer | null {
  const normalizer = bertNormalizerOf(file.normalizer);
  const isPlain =
    normalizer !== null &&
    typeOf(file.split) === 'BertPreTokenizer' &&
    typeOf(file.decoder) === 'WordPiece' &&
    (file.decoder!.get('prefix')?.text() ?? continuing) === continuing &&
    file.decoder!.flag('cleanup', true) &&
    (node.get('continuing_subword_prefix')?.text() ?? continuing) === continuing;
  if (!isPlain || unknownToken === undefined) return null;
  const longestWord = node.get('max_input_chars_per_word')?.number() ?? 100;
  return new WordPiece(operation, { ...parts, normalizer, unknownToken, longestWord });
}

function wordLevel(model: FileModel, { operation, parts, ...file }: Around): Tokenizer | null {
  const unknownToken = model.unknownToken ?? null;
  const type = typeOf(file.split);
  if (type === 'Split' && file.normalizer === undefined && typeOf(file.decoder) === 'Fuse') {
    const pattern = file.split!.need('pattern').get('Regex')?.text();
    const unit = (Object.keys(charPatterns) as CharUnit[]).find((name) => charPatterns[name] === pattern);
    return unit === undefined ? null : new CharTokenizer(operation, { ...parts, unknownToken, unit });
  }
  const normalizer = bertNormalizerOf(file.normalizer);
  if (normalizer === null || type === undefined || !Object.hasOwn(splits, type) || file.decoder !== undefined)
    return null;
  return new WordTokenizer(operation, { ...parts, unknownToken, normalizer, split: splits[type]! });
}

const isMetaspace = (node: FileNode | undefined): boolean =>
  typeOf(node) === 'Metaspace' &&
  (node!.get('replacement')?.text() ?? spaceMark) === spaceMark &&
  (node!.get('prepend_scheme')?.text() ?? 'always') === 'always' &&
  node!.flag('add_prefix_space', true) &&
  node!.flag('split', true);

function unigram(
  { node, unknownToken, scores }: FileModel,
  { operation, parts, normalizer, ...file }: Around,
): Tokenizer | null {
  const isPlain =
    (normalizer === undefined || typeOf(normalizer) === 'NFKC') &&
    isMetaspace(file.split) &&
    isMetaspace(file.decoder) &&
    !node.flag('byte_fallback', false);
  if (!isPlain || unknownToken === undefined) return null;
  const all = new Float64Array(parts.vocabulary.size);
  all.set(scores);
  return new Unigram(operation, {
    ...parts,
    normalizer: normalizer === undefined ? 'none' : 'nfkc',
    unknownToken,
    scores: all,
  });
}

const makers = { BPE: byteLevel, WordPiece: wordPiece, WordLevel: wordLevel, Unigram: unigram };

/** The tokenizer of a file if it's one of the kinds that are trained here, otherwise null. */
export function ownTokenizer(
  operation: string,
  root: FileNode,
  model: FileModel,
  added: readonly AddedToken[],
): Tokenizer | null {
  const specialTokens = new Map(added.map(({ content, id }) => [content, id]));
  const frame = frameOf(root.get('post_processor'));
  if (frame === null || added.some(({ special, plain }) => !special || !plain)) return null;
  if ([...frame.startTokens, ...frame.endTokens].some((token) => !specialTokens.has(token))) return null;
  return makers[model.kind](model, {
    operation,
    parts: { ...frame, specialTokens, vocabulary: new Vocabulary([...model.tokens, ...specialTokens]) },
    normalizer: root.get('normalizer'),
    split: root.get('pre_tokenizer'),
    decoder: root.get('decoder'),
  });
}

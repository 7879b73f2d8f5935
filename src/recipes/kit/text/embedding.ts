import { plural } from '../../../core/describe.js';
import { ArgumentError } from '../../../core/errors.js';
import * as nn from '../../../nn/index.js';
import { type Vocab, WordVectors } from '../../../text/index.js';
import { text } from '../events.js';
import { type ChoiceSpec, onOff, type TextSpec } from '../options.js';
import type { RecipeContext } from '../recipe.js';
import { PAD } from './classify.js';

/** Word vectors to start from. */
export const vectors: TextSpec = {
  kind: 'text',
  default: '',
  value: 'file',
  help: 'word vectors to start from, as GloVe or word2vec publish them',
  absent: 'none',
};

/** Whether they stay unchanged. */
export const frozen: ChoiceSpec<'on' | 'off'> = onOff('off', 'keep the word vectors of the file unchanged');

interface Settings {
  readonly vectors: string;
  readonly frozen: 'on' | 'off';
  /** Numbers in a vector, if there's no file. */
  readonly dim: number;
  /** Random vectors are uniform from −range to range; normal, with deviation 1, if 0 (default 0). */
  readonly range?: number;
}

/**
 * A table of word vectors: those of a file, or random ones that are learned.
 *
 * @throws ArgumentError if random ones are to stay unchanged, or the file has none of the words
 */
export async function wordEmbedding(
  vocab: Vocab,
  { options: { vectors: path, frozen, dim, range = 0 }, emit }: RecipeContext<Settings>,
): Promise<nn.Embedding> {
  const operation = 'wordEmbedding';
  if (path === '') {
    if (frozen === 'on')
      throw new ArgumentError(operation, '--frozen on keeps the vectors of a file; name it with --vectors');
    const embedding = new nn.Embedding(vocab.length, dim, { paddingIdx: PAD });
    if (range > 0) nn.init.uniform_(embedding.weight, -range, range);
    return embedding;
  }
  const known = await WordVectors.load(path);
  const { rows, missing } = await known.rowsFor(vocab, { lowercase: true });
  if (missing.length === vocab.length)
    throw new ArgumentError(operation, `${path} has none of the texts' ${plural(vocab.length, 'word')}`);
  await emit(
    text(
      'vectors',
      `${path}: ${vocab.length - missing.length} of ${vocab.length} words, ${known.dim} numbers each`,
    ),
  );
  return nn.Embedding.fromPretrained(rows, { freeze: frozen === 'on', paddingIdx: PAD });
}

import { DataLoader } from '../../data/index.js';
import { type Tensor, tensor } from '../../index.js';
import { BucketBatchSampler, buildVocab, Items, padBatch, type Spelling, Vocab } from '../../text/index.js';
import { PAD, type TaggedSentence } from '../kit/text/index.js';

/** A tag that no word has: padding. */
export const NO_TAG = -1;

/** The words, characters, and tags of some sentences, as numbers. */
export interface TagVocabs {
  readonly words: Vocab;
  readonly characters: Vocab;
  readonly tags: Vocab;
}

export async function tagVocabs(sentences: readonly TaggedSentence[]): Promise<TagVocabs> {
  const specials = ['<pad>', '<unk>'];
  return {
    words: await buildVocab(
      sentences.map(({ words }) => words.map((word) => word.toLowerCase())),
      { minFreq: 2, specials },
    ),
    characters: await buildVocab(
      sentences.map(({ words }) => words.flatMap((word) => [...word])),
      { minFreq: 2, specials },
    ),
    tags: new Vocab([...new Set(sentences.flatMap(({ tags }) => tags))].sort()),
  };
}

/** Sentences as a tagger reads them. @shape ids (N, L), tags (N, L) with −1 for padding */
export interface TaggedBatch {
  readonly ids: Tensor;
  readonly lengths: readonly number[];
  readonly tags: Tensor;
  readonly spelling: Spelling;
}

/** One batch. Words that occur more than once in it are spelled once. */
export function taggedBatch(sentences: readonly TaggedSentence[], vocabs: TagVocabs): TaggedBatch {
  const { ids, lengths } = padBatch(
    sentences.map(({ words }) => vocabs.words.lookupIndices(words.map((word) => word.toLowerCase()))),
    { padValue: PAD },
  );
  const rows = new Map<string, number>();
  const places = sentences.map(({ words }) =>
    words.map((word) => {
      const row = rows.get(word) ?? rows.size;
      rows.set(word, row);
      return row;
    }),
  );
  const spelled = padBatch(
    [...rows.keys()].map((word) => vocabs.characters.lookupIndices([...word])),
    { padValue: PAD },
  );
  return {
    ids,
    lengths,
    tags: padBatch(
      sentences.map(({ tags }) => tags.map((tag) => vocabs.tags.stoi.get(tag) ?? NO_TAG)),
      { padValue: NO_TAG },
    ).ids,
    spelling: { characters: spelled.ids, lengths: spelled.lengths, words: padBatch(places).ids },
  };
}

export const taggedBatches = (
  sentences: readonly TaggedSentence[],
  vocabs: TagVocabs,
  batchSize: number,
  shuffle: boolean,
): DataLoader<TaggedSentence, TaggedBatch> =>
  new DataLoader(new Items(sentences), {
    batchSampler: new BucketBatchSampler(
      sentences.map(({ words }) => words.length),
      { batchSize, shuffle },
    ),
    collate: (some) => taggedBatch(some, vocabs),
  });

/** Numbers of the classes of a list of names. */
export const numbered = (names: readonly string[]): Tensor => {
  const classes = [...new Set(names)].sort();
  return tensor(
    names.map((name) => classes.indexOf(name)),
    { dtype: 'int32' },
  );
};

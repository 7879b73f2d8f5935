import type { FindOptions, Search } from '../../../data/index.js';
import { foundOr } from '../../../data/remote.js';
import {
  type LabeledTexts,
  Multi30k,
  type Multi30kLanguage,
  madeNames,
  madeReviews,
  madeStory,
  madeTaggedSentences,
  madeTranslations,
  Names,
  RtPolarity,
  Sentiment140,
  SST2,
  type TaggedWords,
  TinyShakespeare,
  UDEnglishEWT,
  WarAndPeace,
  WikiText2,
} from '../../../text/index.js';
import { text } from '../events.js';
import type { ChoiceSpec } from '../options.js';
import type { RecipeContext } from '../recipe.js';
import { shuffledParts } from './parts.js';

/** A data set in parts, and whether Myelin made it. */
export interface TextSet<T> {
  /** Human-readable name: `SST-2`. */
  readonly title: string;
  readonly train: T;
  /** What to choose between models by. */
  readonly validation: T;
  readonly test: T;
  /** Whether the files weren't found, and this replaces them. */
  readonly isMade: boolean;
}

/** The parts of a set. */
type Parts<T> = Omit<TextSet<T>, 'title' | 'isMade'>;

/** Where a set comes from, and what replaces it if it isn't found. */
interface Source<T> {
  readonly title: string;
  find(options: FindOptions): Promise<Search<Parts<T>>>;
  readonly made: { readonly title: string; make(): Parts<T> };
  /** How much a part holds: `67,349 sentences`. */
  size(part: T): string;
}

const counted = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}`;

/**
 * A data set if it's found, otherwise one that Myelin makes; says which. If you name a folder, the data set must be
 * in it.
 */
async function load<T>(
  { title, find, made, size }: Source<T>,
  { options: { data }, emit }: RecipeContext<unknown>,
): Promise<TextSet<T>> {
  const describe = (name: string, { train, validation, test }: Parts<T>): string =>
    `${name}: ${size(train)} to train on, ${size(validation)} to validate, ${size(test)} to test on`;
  const search = await find({ data, onDownload: (url: string) => void emit(text('download', url)) });
  if (search.missing !== null && data === undefined) {
    const parts = made.make();
    const advice = `${title} wasn't found (name its folder with --data DIR or MYELIN_DATA)`;
    await emit(text('data', `${describe(made.title, parts)}; ${advice}`));
    return { title: made.title, ...parts, isMade: true };
  }
  const parts = foundOr(title, search);
  await emit(text('data', describe(title, parts)));
  return { title, ...parts, isMade: false };
}

/** The results of several searches, if all found something. */
async function allFound<T>(...searches: Promise<Search<T>>[]): Promise<Search<T[]>> {
  const parts: T[] = [];
  for (const search of await Promise.all(searches)) {
    if (search.missing !== null) return search;
    parts.push(search.found);
  }
  return { found: parts, missing: null };
}

/** What was found, changed. */
const mapped = <T, R>(search: Search<T>, change: (found: T) => R): Search<R> =>
  search.missing !== null ? search : { found: change(search.found), missing: null };

const partsOf = ([train, validation, test]: readonly LabeledTexts[]): Parts<LabeledTexts> => ({
  train: train!,
  validation: validation!,
  test: test!,
});

const madeTexts = (make: (options: { n: number; seed: number }) => LabeledTexts) => () =>
  partsOf([make({ n: 4000, seed: 0 }), make({ n: 500, seed: 1 }), make({ n: 500, seed: 2 })]);

const reviews = { title: 'film reviews that Myelin makes', make: madeTexts(madeReviews) };

const labeled = {
  'sst-2': {
    title: 'SST-2',
    // GLUE's test labels are secret: its dev sentences are for testing, and one in twenty phrases for validation.
    find: async (options) => {
      const search = await allFound(
        SST2.find({ ...options, split: 'train' }),
        SST2.find({ ...options, split: 'dev' }),
      );
      return mapped(search, ([train, dev]) => partsOf([...shuffledParts(train!, [0.95, 0.05]), dev!]));
    },
    made: reviews,
  },
  'rt-polarity': {
    title: 'rt-polarity',
    find: async (options) =>
      mapped(await RtPolarity.find(options), (all) => partsOf(shuffledParts(all, [0.8, 0.1, 0.1]))),
    made: reviews,
  },
  sentiment140: {
    title: 'Sentiment140',
    find: async (options) => {
      const search = await allFound(
        Sentiment140.find({ ...options, train: true }),
        Sentiment140.find({ ...options, train: false }),
      );
      return mapped(search, ([train, test]) => partsOf([...shuffledParts(train!, [0.95, 0.05]), test!]));
    },
    made: reviews,
  },
  names: {
    title: 'Names',
    find: async (options) =>
      mapped(await Names.find(options), (all) => partsOf(shuffledParts(all, [0.8, 0.1, 0.1]))),
    made: { title: 'names that Myelin invents', make: madeTexts(madeNames) },
  },
} satisfies Record<string, Omit<Source<LabeledTexts>, 'size'>>;

export type LabeledTextsName = keyof typeof labeled;

/** Which data set of labeled texts to use: one of all, unless some are named. */
export const labeledTexts = <N extends LabeledTextsName = LabeledTextsName>(
  value: N,
  choices: readonly N[] = Object.keys(labeled) as N[],
): ChoiceSpec<N> => ({ kind: 'choice', default: value, choices, help: 'texts to learn' });

/** Texts with classes. Sets without parts are shuffled with a fixed seed and split 80 : 10 : 10. */
export const loadLabeledTexts = (
  name: LabeledTextsName,
  context: RecipeContext<unknown>,
): Promise<TextSet<LabeledTexts>> =>
  load(
    { ...labeled[name], size: ({ length }) => counted(length, name === 'names' ? 'names' : 'texts') },
    context,
  );

/** A sentence whose words have their part of speech; `genre` says what it's from, if that's known. */
export interface TaggedSentence extends TaggedWords {
  readonly genre?: string;
}

/** `# sent_id = weblog-juancole.com_20051114-0001` → `weblog` */
const genreOf = (comments: readonly string[]): { readonly genre?: string } => {
  const genre = comments
    .map((line) => /^sent_id = ([a-z]+)-/.exec(line)?.[1])
    .find((name) => name !== undefined);
  return genre === undefined ? {} : { genre };
};

const taggedPart = async (
  split: 'train' | 'dev' | 'test',
  options: FindOptions,
): Promise<Search<TaggedSentence[]>> =>
  mapped(await UDEnglishEWT.find({ ...options, split }), ({ items }) =>
    items.map(({ words, comments }) => ({
      ...genreOf(comments),
      words: words.map(({ form }) => form),
      tags: words.map(({ upos }) => upos ?? 'X'),
    })),
  );

/** Sentences with the universal part of speech of each word. */
export const loadTagged = (context: RecipeContext<unknown>): Promise<TextSet<readonly TaggedSentence[]>> =>
  load<readonly TaggedSentence[]>(
    {
      title: 'UD English EWT',
      find: async (options) => {
        const parts = (['train', 'dev', 'test'] as const).map((split) => taggedPart(split, options));
        return mapped(await allFound(...parts), ([train, validation, test]) => ({
          train: train!,
          validation: validation!,
          test: test!,
        }));
      },
      made: {
        title: 'sentences of a grammar that Myelin makes',
        make: () => ({
          train: madeTaggedSentences({ n: 2000, seed: 0 }),
          validation: madeTaggedSentences({ n: 200, seed: 1 }),
          test: madeTaggedSentences({ n: 200, seed: 2 }),
        }),
      },
      size: ({ length }) => counted(length, 'sentences'),
    },
    context,
  );

type Pairs = readonly (readonly [source: string, target: string])[];

/** Sentences and their translations, from German to English unless other languages are named. */
export const loadTranslations = (
  context: RecipeContext<unknown>,
  languages: readonly [Multi30kLanguage, Multi30kLanguage] = ['de', 'en'],
): Promise<TextSet<Pairs>> =>
  load<Pairs>(
    {
      title: 'Multi30k',
      find: async (options) => {
        const parts = (['train', 'valid', 'test'] as const).map((split) =>
          Multi30k.find({ ...options, split, languages }),
        );
        return mapped(await allFound(...parts), ([train, validation, test]) => ({
          train: train!.items,
          validation: validation!.items,
          test: test!.items,
        }));
      },
      made: {
        title: 'German and English sentences that Myelin makes',
        make: () => ({
          train: madeTranslations({ n: 4000, seed: 0 }),
          validation: madeTranslations({ n: 200, seed: 1 }),
          test: madeTranslations({ n: 200, seed: 2 }),
        }),
      },
      size: ({ length }) => counted(length, 'pairs'),
    },
    context,
  );

/** The first 90 %, the next 5 %, and the rest of a text. */
function consecutive(whole: string): Parts<string> {
  const [a, b] = [0.9, 0.95].map((share) => Math.floor(share * whole.length)) as [number, number];
  return { train: whole.slice(0, a), validation: whole.slice(a, b), test: whole.slice(b) };
}

const madeCorpus = {
  title: 'a text of a grammar that Myelin makes',
  make: () => consecutive(madeStory({ n: 8000 })),
};

const warAndPeace = async (options: FindOptions): Promise<Search<string>> =>
  mapped(await WarAndPeace.find(options), (corpus) => corpus.text);

const corpora = {
  tinyshakespeare: {
    title: 'tinyshakespeare',
    find: async (options) =>
      mapped(await TinyShakespeare.find(options), (corpus) => consecutive(corpus.text)),
    made: madeCorpus,
  },
  'war-and-peace': {
    title: 'War and Peace',
    find: async (options) => mapped(await warAndPeace(options), consecutive),
    made: madeCorpus,
  },
  'wikitext-2': {
    title: 'WikiText-2',
    find: findWikiText,
    made: madeCorpus,
  },
  'war-and-peace+wikitext-2': {
    title: 'War and Peace and WikiText-2',
    find: async (options) => {
      const novel = await warAndPeace(options);
      if (novel.missing !== null) return novel;
      return mapped(await findWikiText(options), (parts) => ({
        ...parts,
        train: `${novel.found}\n\n${parts.train}`,
      }));
    },
    made: madeCorpus,
  },
} satisfies Record<string, Omit<Source<string>, 'size'>>;

/** Without the training part, the validation part is split: 90 % to train on, the rest to validate. */
async function findWikiText(options: FindOptions): Promise<Search<Parts<string>>> {
  const there = await WikiText2.splits({ data: options.data });
  const part = (split: 'train' | 'valid' | 'test') => WikiText2.find({ ...options, split });
  if (there.includes('train') || !(there.includes('valid') && there.includes('test')))
    return mapped(
      await allFound(part('train'), part('valid'), part('test')),
      ([train, validation, test]) => ({
        train: train!.text,
        validation: validation!.text,
        test: test!.text,
      }),
    );
  return mapped(await allFound(part('valid'), part('test')), ([valid, test]) => {
    const all = valid!.text;
    const cut = all.lastIndexOf('\n', Math.floor(0.9 * all.length)) + 1;
    return { train: all.slice(0, cut), validation: all.slice(cut), test: test!.text };
  });
}

export type CorpusName = keyof typeof corpora;

/** Which text to use: one of all, unless some are named. */
export const corpus = <N extends CorpusName = CorpusName>(
  value: N,
  choices: readonly N[] = Object.keys(corpora) as N[],
): ChoiceSpec<N> => ({ kind: 'choice', default: value, choices, help: 'text to learn' });

/** One long text, in consecutive parts: 90 % to train on, 5 % to validate, 5 % to test, unless it's published in parts. */
export const loadCorpus = (name: CorpusName, context: RecipeContext<unknown>): Promise<TextSet<string>> =>
  load({ ...corpora[name], size: ({ length }) => counted(length, 'characters') }, context);

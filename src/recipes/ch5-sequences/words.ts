import { ArgumentError } from '../../core/errors.js';
import {
  type AnalogyQuestion,
  analogyAccuracy,
  GloVe,
  readAnalogies,
  readWordPairs,
  similarityScore,
  Word2Vec,
  WordCorpus,
  type WordMap,
  type WordPair,
  type WordVectors,
  wordMap,
} from '../../text/index.js';
import { panels, scatter } from '../../viz/index.js';
import {
  borneOut,
  dataLine,
  defineRecipe,
  type PartProgress,
  type PartResult,
  percent,
  study,
  table,
  text,
} from '../kit/index.js';
import { corpus, loadCorpus, wordsOf } from '../kit/text/index.js';

/** Neighbors that are shown for each word. */
const NEIGHBORS = 4;
/** Words that count as frequent. */
const FREQUENT = 2000;
/** Words in the picture, and the neighbors of each. */
const [DRAWN, AROUND] = [5, 8];

/** A word and those nearest to it. A type, because an interface wouldn't be a `State`. */
type Neighborhood = { readonly word: string; readonly count: number; readonly nearest: readonly string[] };

interface Result extends PartResult {
  readonly frequent: readonly Neighborhood[];
  readonly rare: readonly Neighborhood[];
  readonly picture: WordMap;
}

/** A way to make word vectors of a text. */
type Way = (corpus: WordCorpus, progress: PartProgress) => Promise<WordVectors>;

/** Sentences of a text, as lists of words. */
const sentencesOf = (whole: string): string[][] =>
  whole
    .split(/[.!?]+\s|\n\s*\n/)
    .map((sentence) => wordsOf(sentence).filter((word) => /\p{L}/u.test(word)))
    .filter((words) => words.length > 1);

/** The ways by the names that `--models` takes, with those that are shown. */
const titles = { 'skip-gram': 'skip-gram', cbow: 'CBOW', glove: 'GloVe' } as const;

type ModelName = keyof typeof titles;

/** @throws ArgumentError unless it's a list of models */
function modelsOf(list: string): ModelName[] {
  const names = list.split(',');
  if (!names.every((name): name is ModelName => Object.hasOwn(titles, name)))
    throw new ArgumentError(
      'words',
      `--models takes ${Object.keys(titles).join(', ')}, or some of them separated by commas, not ${list}`,
    );
  return [...new Set(names)];
}

export const words = defineRecipe({
  name: 'words',
  section: '5.2',
  title: 'Word vectors: skip-gram, CBOW, and GloVe on the same text',
  about:
    'A word is known by the company it keeps. Skip-gram predicts the words around a word from its vector; ' +
    'CBOW predicts a word from the mean of those around it; and GloVe predicts how often two words meet in ' +
    'the whole text. All three learn from the same text here, and are asked for the nearest neighbors of ' +
    'frequent and rare words. The course notes say that CBOW trains faster, and that skip-gram makes more of ' +
    'rare words. GloVe uses counts of the whole text, not only windows. --pairs FILE takes pairs of words ' +
    'that people have scored, such as WordSim-353, and tells how well each model ranks them (Spearman), ' +
    'separately for frequent and rare words; --questions FILE takes analogies, such as Google’s, and counts ' +
    'the right answers. The texts are small: vectors of a few hundred thousand words know their book, not the ' +
    'world. `myelin words FILE` trains on your own text and answers questions.',
  dataset: 'War and Peace',
  options: {
    corpus: corpus('war-and-peace'),
    pairs: {
      kind: 'text',
      default: '',
      value: 'file',
      help: 'scored pairs of words, such as WordSim-353',
      absent: 'none',
    },
    questions: {
      kind: 'text',
      default: '',
      value: 'file',
      help: 'analogy questions, such as Google’s questions-words.txt',
      absent: 'none',
    },
    models: {
      kind: 'text',
      default: Object.keys(titles).join(),
      value: 'list',
      help: 'what to train, separated by commas',
      absent: 'none',
    },
    dim: { kind: 'integer', default: 100, min: 2, max: 4096, help: 'numbers in a vector' },
    window: { kind: 'integer', default: 5, min: 1, max: 100, help: 'words before and after that count' },
    epochs: {
      kind: 'integer',
      default: 10,
      min: 1,
      max: 10_000,
      help: 'times through the text; five times as many for GloVe',
    },
    minCount: { kind: 'integer', default: 5, min: 1, max: 1_000_000, help: 'how often a word must occur' },
  },

  async prepare(context) {
    const {
      corpus: name,
      pairs: path,
      questions: asked,
      dim,
      window,
      epochs,
      minCount,
      seed,
    } = context.options;
    const models = modelsOf(context.options.models);
    const set = await loadCorpus(name, context);
    // Nothing is tested on text, so all of it is for training.
    const whole = set.train + set.validation + set.test;
    const learned = await WordCorpus.from(sentencesOf(whole), { minCount });
    const { vocab, counts } = learned;
    await context.emit(
      text(
        'words',
        `${learned.length.toLocaleString('en')}, ${vocab.length.toLocaleString('en')} of them different`,
      ),
    );
    const pairs = path === '' ? null : await readWordPairs(path);
    const questions: readonly AnalogyQuestion[] | null = asked === '' ? null : await readAnalogies(asked);
    /** Where frequent words end: those before it make half of the text. */
    const half = middle(counts);
    const shown = (from: number, to: number, n: number): string[] =>
      Array.from(
        { length: Math.min(n, to - from) },
        (_, i) => vocab.itos[from + Math.floor(((i + 0.5) * (to - from)) / n)]!,
      );
    const frequent = shown(Math.min(half, vocab.length - 1), Math.min(vocab.length, half + 100), DRAWN);
    const rare = shown(Math.floor(0.8 * vocab.length), vocab.length, DRAWN);

    const common = { dim, window, seed };
    const word2vec =
      (model: 'skip-gram' | 'cbow'): Way =>
      async (own, progress) => {
        const trained = new Word2Vec(own, { ...common, epochs, model });
        await trained.train({ onProgress: ({ share }) => progress(share) });
        return trained.vectors;
      };
    const ways: Readonly<Record<ModelName, Way>> = {
      'skip-gram': word2vec('skip-gram'),
      cbow: word2vec('cbow'),
      glove: async (own, progress) => {
        const model = await GloVe.from(own, { ...common, epochs: 5 * epochs, xMax: 10 });
        await model.train({ onProgress: ({ share }) => progress(share) });
        return model.vectors;
      },
    };

    const around = (vectors: WordVectors, list: readonly string[]): Promise<Neighborhood[]> =>
      Promise.all(
        list.map(async (word) => ({
          word,
          count: counts[vocab.stoi.get(word)!]!,
          nearest: (await vectors.nearest(word, { count: NEIGHBORS })).map((found) => found.word),
        })),
      );

    async function run(way: Way, progress: PartProgress): Promise<Result> {
      const start = performance.now();
      const vectors = await way(learned, progress);
      const seconds = (performance.now() - start) / 1000;
      const score = async (some: readonly WordPair[]): Promise<number> =>
        some.length < 3 ? 0 : (await similarityScore(vectors, some)).correlation;
      const isFrequent = ({ words: both }: WordPair): boolean =>
        both.every((word) => (vocab.stoi.get(word.toLowerCase()) ?? vocab.length) < FREQUENT);
      return {
        numbers: {
          seconds,
          ...(pairs && {
            similarity: await score(pairs),
            frequent: await score(pairs.filter(isFrequent)),
            rare: await score(pairs.filter((pair) => !isFrequent(pair))),
          }),
          // The share of none is NaN.
          ...(questions && { analogies: (await analogyAccuracy(vectors, questions)).total.accuracy || 0 }),
        },
        frequent: await around(vectors, frequent),
        rare: await around(vectors, rare),
        picture: await wordMap(vectors, frequent, { neighbors: AROUND }),
      };
    }
    const names = models.map((model) => titles[model]);

    return study<Result>(context, {
      parts: models.map((model) => ({
        name: titles[model],
        run: (progress) => run(ways[model], progress),
      })),

      conclude(results) {
        const seconds = results.map(({ numbers }) => numbers.seconds!);
        const secondsOf = (way: (typeof names)[number]) => seconds[names.indexOf(way)];
        const isCompared = names.includes('skip-gram') && names.includes('CBOW');
        const neighbors = (of: 'frequent' | 'rare') =>
          table(
            ['word', 'times', ...names],
            results[0]![of].map(({ word, count }, i) => [
              word,
              count.toLocaleString('en'),
              ...results.map((result) => result[of][i]!.nearest.join(', ')),
            ]),
            { left: 5 },
          );
        return {
          numbers: {
            words: learned.length,
            vocabulary: vocab.length,
            ...Object.fromEntries(
              results.flatMap(({ numbers }, i) =>
                Object.entries(numbers).map(([key, value]) => [`${key} ${names[i]}`, value]),
              ),
            ),
          },
          line: `${learned.length.toLocaleString('en')} words: ${names
            .map((way, i) => `${way} ${seconds[i]!.toFixed(1)} s`)
            .join(', ')}`,
          report: [
            'Nearest neighbors of frequent words:',
            neighbors('frequent'),
            'Nearest neighbors of rare words:',
            neighbors('rare'),
            ...(pairs
              ? [
                  'How well cosines rank the pairs (Spearman): all, both words among the 2,000 most frequent, others:',
                  table(
                    ['', 'all', 'frequent', 'others'],
                    results.map(({ numbers }, i) => [
                      names[i]!,
                      ...['similarity', 'frequent', 'rare'].map((key) => numbers[key]!.toFixed(3)),
                    ]),
                  ),
                ]
              : []),
            ...(questions
              ? [
                  'Analogies answered right:',
                  table(
                    ['', 'right'],
                    results.map(({ numbers }, i) => [names[i]!, percent(numbers.analogies!)]),
                  ),
                ]
              : []),
            ...(isCompared
              ? borneOut(
                  secondsOf('CBOW')! < secondsOf('skip-gram')!,
                  'CBOW is faster than skip-gram: one prediction per word, not one per neighbor.',
                )
              : []),
          ],
        };
      },

      pictures: (results) => [
        {
          name: 'neighborhoods',
          figure: panels(
            results.map(({ picture }, i) =>
              scatter({ ...picture }, { title: names[i]!, width: 300, height: 300 }),
            ),
            {
              title: 'Words and their nearest neighbors, in the plane of their two principal components',
              subtitle: dataLine(set.title),
              columns: 3,
            },
          ),
        },
      ],
    });
  },
});

/** The number of words that make half of the text. */
function middle(counts: Int32Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [seen, at] = [0, 0];
  while (at < counts.length && seen < total / 2) seen += counts[at++]!;
  return at;
}

// Chapter 5: text and sequences.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  Multi30k,
  RtPolarity,
  SST2,
  TinyShakespeare,
  UDEnglishEWT,
  WarAndPeace,
  WikiText2,
} from '../dist/text/index.js';

const percent = (share, digits = 2) => `${(100 * share).toFixed(digits)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Files that a recipe takes by their path: the names that each may have, in the data's folder or `embeddings` in it. */
const files = {
  glove: ['glove.6B.100d.txt', 'glove.6B.100d.txt.gz', 'glove.6B.100d.first20000.txt.gz'],
  wordsim: ['EN-WS-353-ALL.txt'],
  questions: ['questions-words.txt', 'questions-words.txt.gz'],
};

/** Where a file is, if it's anywhere. @param {string | undefined} data the folder that was named */
const findFile = (name, data = process.env.MYELIN_DATA) =>
  ['', 'embeddings']
    .flatMap((folder) => files[name].map((file) => join(data || '.', folder, file)))
    .find((path) => existsSync(path));

/** Its path, or its name if it's missing, which `--list` may show. */
const pathOf = (name, data) => findFile(name, data) ?? files[name][0];

const needFile =
  (name) =>
  async ({ data }) => {
    if (findFile(name, data) === undefined)
      throw new Error(
        `${files[name].join(' or ')} wasn't found; put it into ${data ?? 'a folder'}${data ? '' : ' and name that with --data DIR or MYELIN_DATA'}`,
      );
  };

const splits =
  (dataset, ...names) =>
  (find) =>
    Promise.all(names.map((split) => dataset.load({ ...find, split })));

/** @type {import('./main.mjs').Figure} */
const cnn = {
  name: 'cnn',
  title: 'CNN with random vectors, rt-polarity, 10 folds',
  source: 'Kim 2014: 76.1 %',
  reach: '>= 76 %',
  needs: ['rt-polarity'],
  options: { epochs: 25, folds: 10 },
  runs: ({ epochs, folds }) => [
    {
      name: 'train',
      recipe: 'sentiment',
      options: {
        ...{ dataset: 'rt-polarity', model: 'cnn', folds, epochs, patience: 10, 'min-count': 1 },
        ...{ 'batch-size': 50, dim: 300, range: 0.25, dropout: 0.5 },
        ...{ optimizer: 'adadelta', lr: 1, 'max-norm': 3, seed: 0 },
      },
    },
  ],
  measure: ({ train: { accuracy, deviation } }) => ({
    measured: `${percent(accuracy)}, standard deviation of the folds ${percent(deviation)}`,
    reached: accuracy >= 0.76,
  }),
};

/** @type {import('./main.mjs').Figure} */
const sentiment = {
  name: 'sentiment',
  title: 'LSTM, SST-2 dev, trained on phrases',
  source: '-',
  reach: '>= 80 %, with GloVe 100d >= 82 %',
  needs: ['SST-2', 'GloVe'],
  options: {},
  runs: (_options, data) => [
    {
      name: 'random',
      recipe: 'sentiment',
      options: { dataset: 'sst-2', model: 'lstm', epochs: 4, seed: 1 },
    },
    {
      name: 'glove',
      recipe: 'sentiment',
      options: { dataset: 'sst-2', model: 'bilstm', vectors: pathOf('glove', data), epochs: 3, seed: 0 },
    },
  ],
  measure: ({ random, glove }) => ({
    measured: `${percent(random.accuracy)}, with GloVe ${percent(glove.accuracy)}`,
    reached: random.accuracy >= 0.8 && glove.accuracy >= 0.82,
  }),
};

/** @type {import('./main.mjs').Figure} */
const tagger = {
  name: 'tagger',
  title: 'Part of speech, UD English EWT',
  source: '-',
  reach: '>= 94 %',
  needs: ['UD English EWT', 'GloVe'],
  options: { epochs: 12 },
  runs: ({ epochs }, data) => [
    {
      name: 'train',
      recipe: 'tagger',
      options: { vectors: pathOf('glove', data), hidden: 256, epochs, seed: 1 },
    },
  ],
  measure: ({ train: { accuracy } }) => ({ measured: percent(accuracy), reached: accuracy >= 0.94 }),
};

/** @type {import('./main.mjs').Figure} */
const characters = {
  name: 'characters',
  title: 'Character LSTM, tinyshakespeare, validation',
  source: 'karpathy/char-rnn',
  reach: '<= 1.50 nats, budget stated',
  needs: ['tinyshakespeare'],
  options: { epochs: 5 },
  runs: ({ epochs }) => [
    {
      name: 'train',
      recipe: 'language-model',
      options: {
        ...{ corpus: 'tinyshakespeare', tokens: 'characters', layers: 2, hidden: 256, dropout: 0.1 },
        ...{ length: 64, 'batch-size': 32, lr: 0.003, epochs, seed: 1 },
      },
    },
  ],
  measure({ train: { 'validation loss': loss, parameters, training } }) {
    const budget = `${parameters.toLocaleString('en')} parameters, ${training.epochs} epochs, ${Math.round(training.seconds)} s`;
    return { measured: `${loss.toFixed(3)} nats: ${budget}`, reached: loss <= 1.5 };
  },
};

/** @type {import('./main.mjs').Figure} */
const word2vec = {
  name: 'word2vec',
  title: 'word2vec, War and Peace and WikiText-2: WordSim-353 and analogies',
  source: 'gensim, the same texts and settings',
  reach: 'means within the spread of gensim over its seeds',
  needs: ['War and Peace', 'WikiText-2', 'WordSim-353', 'questions-words'],
  options: { epochs: 10, seeds: 5 },
  runs: ({ epochs, seeds }, data) =>
    Array.from({ length: seeds }, (_, seed) => {
      const options = {
        ...{ corpus: 'war-and-peace+wikitext-2', models: 'skip-gram,cbow', dim: 100, window: 5 },
        ...{ 'min-count': 5, pairs: pathOf('wordsim', data), questions: pathOf('questions', data) },
        ...{ epochs, seed },
      };
      return [
        { name: `myelin-${seed}`, recipe: 'words', options },
        { name: `gensim-${seed}`, python: 'word2vec_gensim.py', options },
      ];
    }).flat(),
  measure(results) {
    const keys = ['skip-gram', 'CBOW'].flatMap((model) => [`similarity ${model}`, `analogies ${model}`]);
    const rows = keys.map((key) => {
      const of = (side) =>
        Object.entries(results).flatMap(([name, numbers]) => (name.startsWith(side) ? [numbers[key]] : []));
      const [ours, theirs] = [mean(of('myelin')), of('gensim')];
      return { key, ours, least: Math.min(...theirs), most: Math.max(...theirs) };
    });
    return {
      measured: rows
        .map(
          ({ key, ours, least, most }) =>
            `${key} ${ours.toFixed(3)} (gensim ${least.toFixed(3)} to ${most.toFixed(3)})`,
        )
        .join(', '),
      reached: rows.every(({ ours, least, most }) => ours >= least && ours <= most),
    };
  },
};

/** @type {import('./main.mjs').Figure} */
const translation = {
  name: 'translation',
  title: 'Multi30k German to English, attention, 5 beams, test 2016',
  source: '-',
  reach: '>= 32 BLEU',
  needs: ['Multi30k'],
  options: { epochs: 12 },
  runs: ({ epochs }) => [
    {
      name: 'train',
      recipe: 'seq2seq',
      options: {
        ...{ task: 'translation', attention: 'on', 'vocab-size': 3000, hidden: 512, dim: 256, tied: 'on' },
        ...{ dropout: 0.4, smoothing: 0.1, beams: 5, epochs, seed: 1 },
      },
    },
  ],
  measure: ({ train: { bleu } }) => ({ measured: `${bleu.toFixed(2)} BLEU`, reached: bleu >= 32 }),
};

/** @type {import('./main.mjs').Chapter} */
export default {
  title: 'Text and sequences: figures of chapter 5',
  datasets: {
    'rt-polarity': (find) => RtPolarity.load(find),
    'SST-2': splits(SST2, 'train', 'dev'),
    'UD English EWT': splits(UDEnglishEWT, 'train', 'dev', 'test'),
    tinyshakespeare: (find) => TinyShakespeare.load(find),
    'War and Peace': (find) => WarAndPeace.load(find),
    'WikiText-2': splits(WikiText2, 'valid', 'test'),
    Multi30k: splits(Multi30k, 'train', 'valid', 'test'),
    GloVe: needFile('glove'),
    'WordSim-353': needFile('wordsim'),
    'questions-words': needFile('questions'),
  },
  figures: [word2vec, cnn, sentiment, tagger, characters, translation],
};

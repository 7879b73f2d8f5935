import { ArgumentError } from '../../core/errors.js';
import { manualSeed, noGrad, tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import { RecurrentClassifier } from '../../text/index.js';
import { heatmap } from '../../viz/index.js';
import { batchSize, defineRecipe, lr, moreEpochs, percent, table, text, training } from '../kit/index.js';
import {
  encodeSet,
  frozen,
  labeledTexts,
  loadLabeledTexts,
  measureTexts,
  type TextBatch,
  textBatches,
  textNetwork,
  vectors,
  wordEmbedding,
  wordsOf,
} from '../kit/text/index.js';
import { crossValidation } from './sentiment-folds.js';
import {
  buildModel,
  LONGEST,
  longestFor,
  models,
  sayWhatIsCut,
  tokensFor,
  trainerFor,
} from './sentiment-models.js';

/** The course notes' two sentences of the same words. */
const SENTENCES = [
  'The food was adequate, but just not great',
  'The food was not just adequate, but great',
] as const;

export const sentiment = defineRecipe({
  name: 'sentiment',
  section: '5.4',
  title: 'Sentiment of a sentence: a sum of word vectors, a convolution, or a recurrent network',
  about:
    'Is a review friendly? Every word becomes a vector, and a network judges the vectors. --model sum adds ' +
    'them up, so it can’t tell “adequate, but just not great” from “not just adequate, but great”: the same ' +
    'words, the same sum. concat puts them side by side, so the order counts, but every position has its own ' +
    'weights, and their number grows with the longest sentence. cnn slides filters over the words and keeps ' +
    'the best match of each: it finds phrases wherever they are, but nothing longer than a filter. rnn, lstm, ' +
    'gru, and bilstm read word by word and remember; they’re judged after the last real word, not after the ' +
    'padding, which is what the course notes’ `out[:, -1, :]` reads. Words that occur only once in the ' +
    'training texts are skipped (--min-count 1 keeps them). --vectors FILE starts from published word vectors, and --frozen on keeps ' +
    'them unchanged. rt-polarity has no test part: --folds 10 cross-validates. --dataset rt-polarity --model ' +
    'cnn --dim 300 --range 0.25 --batch-size 50 --optimizer adadelta --lr 1 --max-norm 3 --epochs 25 ' +
    '--patience 10 --min-count 1, with --folds 10, trains as Kim (2014) did.',
  dataset: 'SST-2',
  options: {
    model: { kind: 'choice', default: 'lstm', choices: models, help: 'network' },
    dataset: labeledTexts('sst-2', ['sst-2', 'rt-polarity', 'sentiment140']),
    epochs: moreEpochs(3),
    batchSize: batchSize(64),
    optimizer: { kind: 'choice', default: 'adam', choices: ['adam', 'adadelta'], help: 'what trains it' },
    lr: lr(1e-3),
    vectors,
    frozen,
    dim: { kind: 'integer', default: 100, min: 1, max: 4096, help: 'numbers in the vector of a word' },
    range: {
      kind: 'number',
      default: 0,
      min: 0,
      max: 10,
      help: 'random word vectors are uniform from minus this to this; 0: normal with standard deviation 1',
    },
    hidden: { kind: 'integer', default: 128, min: 1, max: 4096, help: 'units of the network' },
    dropout: { kind: 'number', default: 0.5, min: 0, max: 0.95, help: 'share of values to drop in training' },
    maxNorm: {
      kind: 'number',
      default: 0,
      min: 0,
      help: 'largest norm of the weights of a class in the last layer; 0: any',
    },
    patience: {
      kind: 'integer',
      default: 0,
      min: 0,
      help: 'stop after this many epochs without a better validation accuracy; 0: never',
    },
    minCount: {
      kind: 'integer',
      default: 2,
      min: 1,
      max: 1_000_000,
      help: 'how often a word must occur in the training texts',
    },
    folds: {
      kind: 'integer',
      default: 1,
      min: 1,
      max: 100,
      help: 'parts for cross-validation of a set without a test part; 1: a single training',
    },
  },

  async prepare(context) {
    const { options } = context;
    const { model: kind, dataset, epochs, batchSize, hidden, folds } = options;
    if (folds > 1 && dataset !== 'rt-polarity')
      throw new ArgumentError(
        'sentiment',
        `${dataset} has its own test part; --folds ${folds} needs --dataset rt-polarity`,
      );
    const set = await loadLabeledTexts(dataset, context);
    if (kind === 'concat') await sayWhatIsCut(set, context);
    if (folds > 1) return crossValidation(context, set, (vocab) => wordEmbedding(vocab, context));
    const tokensOf = tokensFor(kind);
    const { vocab, classes, train, validation, test } = await encodeSet(set, tokensOf, options.minCount);
    manualSeed(options.seed);
    const embedding = await wordEmbedding(vocab, context);
    const model = buildModel(kind, embedding, classes.length, options);
    const own = model.numParameters() - embedding.weight.count;
    await context.emit(
      text(
        'model',
        `${kind}, ${own.toLocaleString('en')} parameters, and vectors of ${vocab.length.toLocaleString('en')} words`,
      ),
    );

    const texts = textNetwork(model, { vocab, classes }, wordsOf, longestFor(kind));

    return training<TextBatch>(context, {
      trainer: trainerFor(model, options),
      batches: textBatches(train, batchSize, true),
      epochs,
      validation: textBatches(validation, batchSize, false),
      data: set.title,
      texts,

      async evaluate(trainer) {
        const { numbers, confusion } = await measureTexts(trainer, model, test, classes);
        const judged = await Promise.all(SENTENCES.map((sentence) => texts.judge(sentence)));
        return {
          line: `test accuracy: ${percent(numbers.accuracy!, 2)}`,
          numbers,
          confusion,
          report: [
            'Two sentences of the same words:',
            table(
              ['', ...classes],
              SENTENCES.map((sentence, i) => [sentence, ...judged[i]!.probabilities.map((p) => percent(p))]),
            ),
            ...(kind === 'concat'
              ? [
                  'What concatenation costs:',
                  table(
                    ['longest sentence', 'weights of the first layer'],
                    [10, 20, 40, LONGEST].map((n) => [
                      n,
                      (n * embedding.embeddingDim * hidden).toLocaleString('en'),
                    ]),
                    { left: 0 },
                  ),
                ]
              : []),
          ],
        };
      },

      async pictures() {
        if (!(model instanceof RecurrentClassifier) || model.rnn instanceof nn.RNN) return [];
        const words = wordsOf(SENTENCES[0]).filter((word) => vocab.has(word));
        const x = model.embedding.forward(tensor(vocab.lookupIndices(words)).unsqueeze(0));
        const { rnn } = model;
        const [gates] = noGrad(() => rnn.gates(x));
        const shown = Math.min(16, rnn.hiddenSize);
        const gate = rnn instanceof nn.LSTM ? 'f' : 'z';
        const values = (gates as unknown as Record<string, typeof x>)[gate]!.select(0, 0).narrow(1, 0, shown); // (L, 16)
        return [
          {
            name: 'gates',
            figure: heatmap((await values.transpose(0, 1).toArray()) as number[][], {
              title:
                rnn instanceof nn.LSTM
                  ? 'How far the forget gate is open'
                  : 'How far the update gate is open',
              subtitle: `the first ${shown} units, word by word; 1 keeps the memory, 0 drops it`,
              xLabel: 'Word',
              yLabel: 'Unit',
              xNames: words,
            }),
          },
        ];
      },
    });
  },
});

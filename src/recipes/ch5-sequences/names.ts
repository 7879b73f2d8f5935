import { manualSeed } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { RecurrentClassifier } from '../../text/index.js';
import {
  batchSize,
  defineRecipe,
  lr,
  moreEpochs,
  onOff,
  percent,
  table,
  text,
  training,
} from '../kit/index.js';
import {
  encodeSet,
  loadLabeledTexts,
  measureTexts,
  PAD,
  type TextBatch,
  textBatches,
  textNetwork,
  textStep,
} from '../kit/text/index.js';

/** Names to try the trained network on. */
const TRIED = ['Satoshi', 'Jackson', 'Dovesky', 'Rossi', 'Papadopoulos', "O'Brien", 'Schneider', 'Nguyen'];
/** Languages that are shown for each. */
const BEST = 3;

/** A name's letters; ^ and $ mark its beginning and end. */
const lettersOf = (name: string): string[] => ['^', ...name.normalize('NFC'), '$'];

export const familyNames = defineRecipe({
  name: 'names',
  section: '5.5',
  title: 'Names and their languages: one answer for a whole sequence of letters',
  about:
    'Which language does a family name come from? A recurrent network reads the letters one by one, and its ' +
    'state after the last one is classified: a sequence-level prediction. Endings tell a lot (-ov, -ini, ' +
    '-poulos). --bidirectional on reads the letters from the end as well. Nearly half of the names are ' +
    'Russian and many others English, so accuracy is flattering; F1 averaged over the languages shows how the ' +
    'rare ones do. Try --kind rnn and --hidden 16.',
  dataset: 'Names',
  options: {
    kind: {
      kind: 'choice',
      default: 'gru',
      choices: ['rnn', 'lstm', 'gru'] as const,
      help: 'recurrent layer',
    },
    bidirectional: onOff('off', 'read the letters from the end too'),
    hidden: { kind: 'integer', default: 128, min: 1, max: 4096, help: 'units of the layer' },
    epochs: moreEpochs(8),
    batchSize: batchSize(64),
    lr: lr(2e-3),
  },

  async prepare(context) {
    const { kind, bidirectional, hidden, epochs, batchSize, lr, seed } = context.options;
    const set = await loadLabeledTexts('names', context);
    const { vocab, classes, train, validation, test } = await encodeSet(set, lettersOf, 1);
    manualSeed(seed);
    const model = new RecurrentClassifier(
      new nn.Embedding(vocab.length, 32, { paddingIdx: PAD }),
      classes.length,
      {
        kind,
        hiddenSize: hidden,
        bidirectional: bidirectional === 'on',
        dropout: 0.2,
      },
    );
    await context.emit(
      text(
        'model',
        `${kind}, ${model.numParameters().toLocaleString('en')} parameters; ${vocab.length - 2} letters, ${classes.length} languages`,
      ),
    );
    const optimizer = new optim.Adam(model.parameters(), { lr });

    const texts = textNetwork(model, { vocab, classes }, lettersOf);

    /** The likeliest languages of a name, with their probabilities. */
    async function guess(name: string): Promise<(readonly [language: string, probability: number])[]> {
      const { probabilities } = await texts.judge(name);
      return probabilities
        .map((probability, i) => [classes[i]!, probability] as const)
        .sort(([, a], [, b]) => b - a)
        .slice(0, BEST);
    }

    return training<TextBatch>(context, {
      trainer: { model, optimizer, step: textStep(model), clipGradNorm: 5 },
      batches: textBatches(train, batchSize, true),
      epochs,
      validation: textBatches(validation, batchSize, false),
      data: set.title,
      texts,

      async evaluate(trainer) {
        const { numbers, confusion } = await measureTexts(trainer, model, test, classes);
        const guesses = await Promise.all(TRIED.map(guess));
        return {
          line: `test accuracy: ${percent(numbers.accuracy!, 2)}, F1 averaged over the languages: ${numbers.f1!.toFixed(3)}`,
          numbers,
          confusion,
          report: [
            'What it says about other names:',
            table(
              ['name', 'likeliest', '', ''],
              TRIED.map((name, i) => [
                name,
                ...guesses[i]!.map(([language, p]) => `${language} ${percent(p, 0)}`),
              ]),
              { left: 4 },
            ),
          ],
        };
      },
    });
  },
});

import { manualSeed, noGrad, tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import {
  ConcatClassifier,
  RecurrentClassifier,
  SumClassifier,
  type TextClassifier,
  TextCnn,
} from '../../text/index.js';
import { heatmap } from '../../viz/index.js';
import { batchSize, defineRecipe, lr, moreEpochs, percent, table, text, training } from '../kit/index.js';
import {
  encode,
  encodeSet,
  frozen,
  labeledTexts,
  loadLabeledTexts,
  measureTexts,
  type TextBatch,
  textBatches,
  textStep,
  vectors,
  wordEmbedding,
  wordsOf,
} from '../kit/text/index.js';

/** The course notes' two sentences of the same words. */
const SENTENCES = [
  'The food was adequate, but just not great',
  'The food was not just adequate, but great',
] as const;

/** Words that are cut off before vectors are concatenated. */
const LONGEST = 60;

const models = ['sum', 'concat', 'cnn', 'rnn', 'lstm', 'gru', 'bilstm'] as const;

export const sentiment = defineRecipe({
  name: 'sentiment',
  section: '5.4',
  title: 'Sentiment of a sentence: a sum of word vectors, a convolution, or a recurrent network',
  about:
    'Is a review friendly? Every word becomes a vector, and a network judges the vectors. --model sum adds them up, and ' +
    'can’t tell “adequate, but just not great” from “not just adequate, but great”: the same words, the same sum. ' +
    'concat puts them side by side, so the order counts, but every position has weights of its own; their number ' +
    'grows with the longest sentence. cnn slides filters over the words and keeps the best match of each: it finds ' +
    'phrases wherever they are, but nothing longer than a filter. rnn, lstm, gru, and bilstm read word by word and ' +
    'remember; what they say is judged after the last real word, not after the padding, which is what the course ' +
    'notes’ `out[:, -1, :]` reads. Words that occur less than twice in the training texts are skipped. --vectors FILE starts from ' +
    'published word vectors, --frozen on keeps them.',
  dataset: 'SST-2',
  options: {
    model: { kind: 'choice', default: 'lstm', choices: models, help: 'network' },
    dataset: labeledTexts('sst-2', ['sst-2', 'rt-polarity', 'sentiment140']),
    epochs: moreEpochs(3),
    batchSize: batchSize(64),
    lr: lr(1e-3),
    vectors,
    frozen,
    dim: { kind: 'integer', default: 100, min: 1, max: 4096, help: 'numbers in the vector of a word' },
    hidden: { kind: 'integer', default: 128, min: 1, max: 4096, help: 'units of the network' },
    dropout: { kind: 'number', default: 0.5, min: 0, max: 0.95, help: 'share of values to drop in training' },
  },

  async prepare(context) {
    const { model: kind, dataset, epochs, batchSize, lr, hidden, dropout, seed } = context.options;
    const set = await loadLabeledTexts(dataset, context);
    const tokensOf = (sentence: string): string[] =>
      kind === 'concat' ? wordsOf(sentence).slice(0, LONGEST) : wordsOf(sentence);
    const { vocab, classes, train, validation, test } = await encodeSet(set, tokensOf, 2);
    manualSeed(seed);
    const embedding = await wordEmbedding(vocab, context);
    const build = (): TextClassifier => {
      const n = classes.length;
      if (kind === 'sum') return new SumClassifier(embedding, n, { hiddenSize: hidden });
      if (kind === 'concat') return new ConcatClassifier(embedding, n, LONGEST, { hiddenSize: hidden });
      if (kind === 'cnn') return new TextCnn(embedding, n, { dropout });
      const bidirectional = kind === 'bilstm';
      return new RecurrentClassifier(embedding, n, {
        kind: bidirectional ? 'lstm' : kind,
        hiddenSize: hidden,
        bidirectional,
        dropout,
      });
    };
    const model = build();
    const own = model.numParameters() - embedding.weight.count;
    await context.emit(
      text(
        'model',
        `${kind}, ${own.toLocaleString('en')} parameters, and vectors of ${vocab.length.toLocaleString('en')} words`,
      ),
    );
    const optimizer = new optim.Adam(model.parameters(), { lr });

    /** Probability of each class for a sentence. */
    async function judge(sentence: string): Promise<number[]> {
      model.eval();
      const ids = tensor(encode(tokensOf(sentence), vocab)).unsqueeze(0);
      const [probabilities] = (await noGrad(() => model.forward(ids).softmax(1)).toArray()) as number[][];
      return probabilities!;
    }

    return training<TextBatch>(context, {
      trainer: { model, optimizer, step: textStep(model), clipGradNorm: 5 },
      batches: textBatches(train, batchSize, true),
      epochs,
      validation: textBatches(validation, batchSize, false),
      data: set.title,

      async evaluate(trainer) {
        const { numbers, confusion } = await measureTexts(trainer, model, test, classes);
        const judged = await Promise.all(SENTENCES.map(judge));
        return {
          line: `test accuracy: ${percent(numbers.accuracy!, 2)}`,
          numbers,
          confusion,
          report: [
            'Two sentences of the same words:',
            table(
              ['', ...classes],
              SENTENCES.map((sentence, i) => [sentence, ...judged[i]!.map((p) => percent(p))]),
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
        const shown = 16;
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
              xNames: words,
            }),
          },
        ];
      },
    });
  },
});

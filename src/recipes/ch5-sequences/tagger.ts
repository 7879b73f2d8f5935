import * as F from '../../functional.js';
import { manualSeed, noGrad, type Tensor } from '../../index.js';
import { ConfusionMatrix } from '../../metrics/index.js';
import * as optim from '../../optim/index.js';
import { Tagger } from '../../text/index.js';
import { lineChart } from '../../viz/index.js';
import {
  batchSize,
  dataLine,
  defineRecipe,
  lr,
  moreEpochs,
  numbersOf,
  onOff,
  percent,
  table,
  text,
  training,
} from '../kit/index.js';
import { frozen, loadTagged, vectors, wordEmbedding } from '../kit/text/index.js';
import { genresOf, layerStates, probe } from './layer-probe.js';
import { NO_TAG, type TaggedBatch, taggedBatch, taggedBatches, tagVocabs } from './tagged-batches.js';

/** Sentences that the layers are probed with. */
const PROBED = 600;

export const tagger = defineRecipe({
  name: 'tagger',
  section: '5.8',
  title: 'Parts of speech: a deep bidirectional LSTM that labels every word',
  about:
    'A word’s part of speech depends on the words before and after it, so an LSTM reads each sentence in both ' +
    'directions, in several layers, and labels every word: a token-level prediction. Words that it has seen ' +
    'have a vector; the characters, read by a second bidirectional LSTM, say what the others are ' +
    '(--characters off does without). The course notes say that lower layers know syntax and upper ones ' +
    'meaning. Linear probes measure that here: how well does each layer tell the part of speech of a word, ' +
    'and the kind of text that a sentence is from? --vectors FILE starts from published word vectors.',
  dataset: 'UD English EWT',
  options: {
    epochs: moreEpochs(6),
    batchSize: batchSize(32),
    lr: lr(2e-3),
    vectors,
    frozen,
    dim: { kind: 'integer', default: 100, min: 1, max: 4096, help: 'numbers in the vector of a word' },
    hidden: { kind: 'integer', default: 128, min: 1, max: 4096, help: 'units of each direction' },
    layers: { kind: 'integer', default: 2, min: 1, max: 8, help: 'layers of the LSTM' },
    characters: onOff('on', 'read the characters of the words too'),
    dropout: { kind: 'number', default: 0.5, min: 0, max: 0.95, help: 'share of values to drop in training' },
  },

  async prepare(context) {
    const { options } = context;
    const { epochs, batchSize, lr, layers, hidden, dropout } = options;
    const set = await loadTagged(context);
    const vocabs = await tagVocabs(set.train);
    const tags = vocabs.tags.itos;
    manualSeed(options.seed);
    const model = new Tagger(await wordEmbedding(vocabs.words, context), tags.length, {
      hiddenSize: hidden,
      numLayers: layers,
      dropout,
      ...(options.characters === 'on' ? { numCharacters: vocabs.characters.length } : {}),
    });
    await context.emit(
      text(
        'model',
        `${layers} layers, ${model.numParameters().toLocaleString('en')} parameters; ${tags.length} tags`,
      ),
    );
    const train = taggedBatches(set.train, vocabs, batchSize, true);
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs * train.length);

    /** Loss and accuracy over the words of a batch. */
    function measure({ ids, lengths, spelling, tags }: TaggedBatch) {
      const logits = model.forward(ids, lengths, spelling).flatten(0, 1); // (N · L, tags)
      const targets = tags.flatten();
      const right = noGrad(() => logits.argmax(1).eq(targets).to('float32').sum());
      const words = lengths.reduce((sum, length) => sum + length, 0);
      return {
        logits,
        targets,
        words,
        loss: F.crossEntropy(logits, targets, { ignoreIndex: NO_TAG }),
        accuracy: right.div(words),
      };
    }
    const step = (batch: TaggedBatch): { readonly loss: Tensor; readonly accuracy: Tensor } => {
      const { loss, accuracy } = measure(batch);
      return { loss, accuracy };
    };

    interface Probes {
      readonly syntax: readonly number[];
      readonly meaning: readonly number[] | null;
    }

    /** How well each layer tells parts of speech and genres. */
    async function probes(): Promise<Probes> {
      const some = set.test.slice(0, PROBED);
      const { words, sentences, tags: truth } = await layerStates(model, some, vocabs);
      const genres = genresOf(some);
      const syntax: number[] = [];
      const meaning: number[] = [];
      for (const [k, states] of words.entries()) {
        syntax.push(await probe(states, truth.clamp(0), tags.length));
        if (genres) meaning.push(await probe(sentences[k]!, genres.classes, genres.count));
      }
      return { syntax, meaning: genres ? meaning : null };
    }
    let probed: Probes | null = null;
    const layerNames = ['what goes in', ...Array.from({ length: layers }, (_, k) => `layer ${k + 1}`)];

    return training<TaggedBatch>(context, {
      trainer: { model, optimizer, scheduler, step, clipGradNorm: 1 },
      batches: train,
      epochs,
      validation: taggedBatches(set.validation, vocabs, 64, false),
      data: set.title,

      async evaluate() {
        model.eval();
        const confusion = new ConfusionMatrix({ classes: tags.length, ignoreIndex: NO_TAG });
        let [right, words, loss] = [0, 0, 0];
        for await (const batch of taggedBatches(set.test, vocabs, 64, false)) {
          const found = noGrad(() => measure(batch));
          confusion.update(found.logits, found.targets);
          const [accuracy, mean] = await numbersOf([found.accuracy, found.loss]);
          right += accuracy! * found.words;
          loss += mean! * found.words;
          words += found.words;
        }
        const matrix = (await (await confusion.computeAsync()).toArray()) as number[][];
        probed = await probes();
        const sample = set.test[0]!;
        const batch = taggedBatch([sample], vocabs);
        const guesses = await noGrad(() =>
          model.forward(batch.ids, batch.lengths, batch.spelling).argmax(2),
        ).data();
        const { syntax, meaning } = probed;
        return {
          line: `test accuracy: ${percent(right / words, 2)} of ${words.toLocaleString('en')} words`,
          numbers: { accuracy: right / words, loss: loss / words },
          confusion: { matrix, classes: tags },
          report: [
            sample.words.map((word, i) => `${word}/${tags[guesses[i]!]}`).join(' '),
            'What a linear probe reads from each layer:',
            table(
              ['', 'part of speech', ...(meaning ? ['kind of text'] : [])],
              layerNames.map((name, k) => [
                name,
                percent(syntax[k]!),
                ...(meaning ? [percent(meaning[k]!)] : []),
              ]),
            ),
          ],
        };
      },

      async pictures() {
        if (probed === null) return [];
        const { syntax, meaning } = probed;
        const x = layerNames.map((_, k) => k);
        return [
          {
            name: 'layers',
            figure: lineChart(
              [
                { name: 'part of speech', x, y: [...syntax] },
                ...(meaning ? [{ name: 'kind of text', x, y: [...meaning] }] : []),
              ],
              {
                title: 'What each layer knows',
                subtitle: dataLine(set.title),
                xLabel: 'Layer (0: what goes in)',
                yLabel: 'Accuracy of a linear probe',
              },
            ),
          },
        ];
      },
    });
  },
});

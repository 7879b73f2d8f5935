import { describe, plural } from '../../core/describe.js';
import { DataLoader } from '../../data/index.js';
import * as F from '../../functional.js';
import { Generator, manualSeed, noGrad, type Tensor } from '../../index.js';
import * as optim from '../../optim/index.js';
import {
  BucketBatchSampler,
  generateAll,
  Items,
  type PaddedBatch,
  padBatch,
  TextGenerator,
  Vocab,
} from '../../text/index.js';
import { barChart } from '../../viz/index.js';
import {
  batchSize,
  defineRecipe,
  lr,
  moreEpochs,
  type RecipeContext,
  table,
  text,
  training,
} from '../kit/index.js';
import { loadCorpus, loadLabeledTexts, type TextSet } from '../kit/text/index.js';

/** Padding, and the symbols before the first character and after the last. */
const SPECIALS = ['<pad>', '<BOS>', '<EOS>'] as const;
const [PAD, BOS, EOS] = [0, 1, 2];
/** Characters of a text that are learned, and the most that are written. */
const LONGEST = 100;
/** Temperatures of the course notes' figure 5.40. */
const TEMPERATURES = [0.8, 1, 1.5, 2, 5];

const sources = ['sentiment140', 'names', 'tinyshakespeare'] as const;

/** Short texts, without their classes. */
async function loadTexts(
  source: (typeof sources)[number],
  context: RecipeContext<unknown>,
): Promise<Pick<TextSet<readonly string[]>, 'title' | 'train' | 'validation' | 'test'>> {
  if (source !== 'tinyshakespeare') {
    const { title, train, validation, test } = await loadLabeledTexts(source, context);
    return { title, train: train.texts, validation: validation.texts, test: test.texts };
  }
  const set = await loadCorpus('tinyshakespeare', context);
  const lines = (part: string): string[] => part.split('\n').filter((line) => line !== '');
  return {
    title: set.title,
    train: lines(set.train),
    validation: lines(set.validation),
    test: lines(set.test),
  };
}

export const chargen = defineRecipe({
  name: 'chargen',
  section: '5.9',
  title: 'A text generator: a GRU that writes one character after another',
  about:
    'The course notes’ TextGenerator: a GRU reads one-hot characters and scores the next one. It learns from ' +
    'short texts between <BOS> and <EOS>, always seeing the true previous character (teacher forcing), in ' +
    'batches of similar length. Then it writes: greedily, with beams, and by drawing from its probabilities ' +
    'at several temperatures; low ones repeat what’s likely, and high ones dissolve into noise. The mistakes ' +
    'in the notes’ listings are fixed here: the number of layers is used (--layers), padding doesn’t count in ' +
    'the loss, the generator writes with the model it’s given, in evaluation mode and without a graph, and ' +
    'the one-hot vectors live where the model lives. The notes train with batches of one and a rate of 0.01: ' +
    '--batch-size 1 --epochs 1 does the same. An epoch then takes 2.8 times as long as with batches of 32: 19 ' +
    's instead of 7 for 8,000 texts of 75 characters on two cores.',
  dataset: 'Sentiment140',
  options: {
    texts: { kind: 'choice', default: 'sentiment140', choices: sources, help: 'what to learn to write' },
    epochs: moreEpochs(6),
    batchSize: batchSize(32),
    lr: lr(0.01),
    hidden: { kind: 'integer', default: 256, min: 1, max: 4096, help: 'units of each layer' },
    layers: { kind: 'integer', default: 1, min: 1, max: 16, help: 'layers of the GRU' },
  },

  async prepare(context) {
    const { texts: source, epochs, batchSize, lr, hidden, layers, seed } = context.options;
    const set = await loadTexts(source, context);
    const vocab = new Vocab([...SPECIALS, ...new Set([...set.train.join('')].sort())]);
    const batches = (part: readonly string[], shuffle: boolean): DataLoader<number[], PaddedBatch> => {
      const ids = part.map((line) => {
        const known = [...line].filter((character) => vocab.has(character)).slice(0, LONGEST);
        return [BOS, ...vocab.lookupIndices(known), EOS];
      });
      return new DataLoader(new Items(ids), {
        batchSampler: new BucketBatchSampler(
          ids.map(({ length }) => length),
          { batchSize, shuffle },
        ),
        collate: (examples) => padBatch(examples, { padValue: PAD }),
      });
    };
    const long = set.train.filter((line) => [...line].length > LONGEST).length;
    if (long > 0)
      await context.emit(
        text(
          'cut',
          `${long.toLocaleString('en')} of ${set.train.length.toLocaleString('en')} texts have more than ${LONGEST} characters; the rest of those isn't learned`,
        ),
      );
    const unknown = [...[...set.validation, ...set.test].join('')].filter(
      (character) => !vocab.has(character),
    );
    if (unknown.length > 0)
      await context.emit(
        text(
          'unknown',
          `the texts to validate and test on have ${plural(unknown.length, 'character')} that the training texts lack (${describe([...new Set(unknown)])}); they're left out`,
        ),
      );
    manualSeed(seed);
    const model = new TextGenerator(vocab.length, hidden, { numLayers: layers });
    await context.emit(
      text(
        'model',
        `GRU, ${model.numParameters().toLocaleString('en')} parameters; ${vocab.length - 3} characters`,
      ),
    );
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const train = batches(set.train, true);
    const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs * train.length);

    /** Nats per character, without padding. */
    function step({ ids }: PaddedBatch): { readonly loss: Tensor } {
      const length = ids.shape[1]! - 1;
      const [logits] = model.forward(ids.narrow(1, 0, length));
      return {
        loss: F.crossEntropy(logits.flatten(0, 1), ids.narrow(1, 1, length).flatten(), { ignoreIndex: PAD }),
      };
    }

    const written = (tokens: readonly number[]): string =>
      tokens
        .filter((token) => token > EOS)
        .map((token) => vocab.itos[token])
        .join('');
    const write = async (options: object): Promise<string[]> => {
      const prompts = { maxNewTokens: LONGEST, eosTokenId: EOS, generator: new Generator(seed), ...options };
      const [sequences] = await generateAll(model, [[BOS]], prompts);
      return sequences!.map(({ tokens }) => written(tokens));
    };

    return training<PaddedBatch>(context, {
      trainer: { model, optimizer, scheduler, step, clipGradNorm: 1 },
      batches: train,
      epochs,
      validation: batches(set.validation, false),
      data: set.title,

      async evaluate(trainer) {
        const { loss } = await trainer.evaluate(batches(set.test, false), step);
        const drawn = await Promise.all(
          TEMPERATURES.map((temperature) => write({ temperature, numReturnSequences: 2 })),
        );
        return {
          line: `test loss: ${loss!.toFixed(3)} nats per character`,
          numbers: { loss: loss! },
          report: [
            'What it writes:',
            table(
              ['how', 'text'],
              [
                ['greedy', ...(await write({}))],
                ['5 beams', ...(await write({ numBeams: 5 }))],
                ...drawn.flatMap((lines, i) =>
                  lines.map((line, k) => [k === 0 ? `temperature ${TEMPERATURES[i]}` : '', line]),
                ),
              ],
              { left: 2 },
            ),
          ],
        };
      },

      async pictures() {
        model.eval();
        const first = noGrad(() =>
          model
            .step(padBatch([[BOS]]).ids, null)
            .logits.select(1, 0)
            .select(0, 0),
        ); // (V)
        const best = await first.topk(Math.min(12, vocab.length)).indices.data();
        const temperatures = [0.5, 1, 2, 5];
        const bars = await Promise.all(
          temperatures.map(async (temperature) => {
            const probabilities = await first.div(temperature).softmax(0).data();
            return [...best].map((token) => ({
              label: vocab.itos[token]!,
              group: `temperature ${temperature}`,
              value: probabilities[token]!,
            }));
          }),
        );
        return [
          {
            name: 'temperature',
            figure: barChart(bars.flat(), {
              title: 'How a text begins: softmax of the scores divided by the temperature',
              xLabel: 'First character',
              yLabel: 'Probability',
            }),
          },
        ];
      },
    });
  },
});

import * as F from '../../functional.js';
import { Generator, manualSeed, noGrad, type Tensor, zeros } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import {
  BpttBatches,
  type BuildVocabOptions,
  buildVocab,
  generateAll,
  LanguageModel,
  type LstmState,
  type Vocab,
} from '../../text/index.js';
import type { Batches } from '../../train/index.js';
import { batchSize, defineRecipe, lr, moreEpochs, onOff, table, text, training } from '../kit/index.js';
import { corpus, loadCorpus, wordsOf } from '../kit/text/index.js';

/** A window of the text, and whether it's the first one. @shape x, y (N, T), int32: y is each token's successor */
interface Window {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly isFirst: boolean;
}

/** A language model that goes on where the window before ended. Its state is saved with it, so a run can resume. */
class Reader extends nn.Module {
  readonly h: nn.Buffer;
  readonly c: nn.Buffer;

  constructor(
    readonly model: LanguageModel,
    batchSize: number,
  ) {
    super();
    const { numLayers, hiddenSize } = model.rnn;
    this.h = nn.buffer(zeros([numLayers, batchSize, hiddenSize]));
    this.c = nn.buffer(zeros([numLayers, batchSize, hiddenSize]));
  }

  /** Nats per token. */
  override forward({ x, y, isFirst }: Window): Tensor {
    const before: LstmState | null = isFirst ? null : [this.h.clone(), this.c.clone()];
    const [logits, [h, c]] = this.model.forward(x, before);
    noGrad(() => {
      this.h.copy_(h.detach());
      this.c.copy_(c.detach());
    });
    return F.crossEntropy(logits.flatten(0, 1), y.flatten());
  }
}

/** The tokens that make up a text. */
interface Tokens {
  /** @param isSplit whether spaces separate the words already */
  of(whole: string, isSplit: boolean): string[];
  join(tokens: readonly string[]): string;
  /** The token that ends a line: a text begins after it. */
  readonly end: string;
  readonly vocab: BuildVocabOptions;
  /** Tokens of a sample. */
  readonly written: number;
}

const tokenKinds: Readonly<Record<'words' | 'characters', Tokens>> = {
  words: {
    of: (whole, isSplit) =>
      whole
        .split('\n')
        .filter((line) => line.trim() !== '')
        .flatMap((line) => [...(isSplit ? line.trim().split(/\s+/) : wordsOf(line)), '<eos>']),
    join: (tokens) => tokens.join(' '),
    end: '<eos>',
    vocab: { minFreq: 2, specials: ['<unk>', '<eos>'] },
    written: 25,
  },
  characters: {
    of: (whole) => [...whole],
    join: (tokens) => tokens.join('').replaceAll('\n', ' ⏎ '),
    end: '\n',
    vocab: { specials: ['<unk>'] },
    written: 120,
  },
};

/** A text's windows, in order. */
function windowsOf(
  tokens: readonly string[],
  vocab: Vocab,
  batchSize: number,
  bptt: number,
): Batches<Window> {
  const windows = new BpttBatches(vocab.lookupIndices(tokens), { batchSize, bptt });
  return {
    length: windows.length,
    async *[Symbol.asyncIterator]() {
      let isFirst = true;
      for (const [x, y] of windows) {
        yield { x, y, isFirst };
        isFirst = false;
      }
    },
  };
}

export const languageModel = defineRecipe({
  name: 'language-model',
  section: '5.4',
  title: 'A language model: an LSTM that predicts the next word or character',
  about:
    'A language model gives every sequence of words a probability, one word at a time, given the words before ' +
    'it. Here, an LSTM reads a text in windows of --length words and carries its state from each to the next, ' +
    'though gradients stop at the start of the window. Perplexity, e to the power of the loss, says how ' +
    'unsure it is: as unsure as if it had to guess among that many words. The vectors of the words are also ' +
    'the weights that score them (tied weights, Press & Wolf 2017), which saves a third of the parameters or ' +
    'more: compare --tied off. Words that occur only once become <unk>. --tokens characters reads characters ' +
    'instead, as char-rnn does: --corpus tinyshakespeare --tokens characters --hidden 256 --dropout 0.1 ' +
    '--length 64 --batch-size 32 --epochs 5. If only WikiText-2’s validation and test parts are there, nine ' +
    'tenths of the validation part are for training; don’t compare the figures with those of papers then: ' +
    'their training part is ten times as large.',
  dataset: 'WikiText-2',
  options: {
    corpus: corpus('wikitext-2'),
    tokens: {
      kind: 'choice',
      default: 'words',
      choices: ['words', 'characters'],
      help: 'what to predict, one after another',
    },
    epochs: moreEpochs(10),
    batchSize: batchSize(20),
    lr: lr(2e-3),
    length: { kind: 'integer', default: 35, min: 1, max: 10_000, help: 'tokens that gradients flow through' },
    hidden: {
      kind: 'integer',
      default: 200,
      min: 1,
      max: 4096,
      help: 'units of each layer, numbers in each vector',
    },
    layers: { kind: 'integer', default: 2, min: 1, max: 16, help: 'layers of the LSTM' },
    dropout: { kind: 'number', default: 0.5, min: 0, max: 0.95, help: 'share of values to drop in training' },
    tied: onOff('on', 'score tokens with their own vectors'),
  },

  async prepare(context) {
    const {
      corpus: name,
      tokens,
      epochs,
      batchSize,
      lr,
      length,
      hidden,
      layers,
      dropout,
      tied,
      seed,
    } = context.options;
    const set = await loadCorpus(name, context);
    const isSplit = name === 'wikitext-2' && !set.isMade;
    const kind = tokenKinds[tokens];
    const [train, validation, test] = [set.train, set.validation, set.test].map((part) =>
      kind.of(part, isSplit),
    );
    const vocab = await buildVocab([train!], kind.vocab);
    manualSeed(seed);
    const model = new LanguageModel(vocab.length, hidden, {
      numLayers: layers,
      dropout,
      tied: tied === 'on',
    });
    const reader = new Reader(model, batchSize);
    await context.emit(
      text(
        'model',
        `LSTM, ${model.numParameters().toLocaleString('en')} parameters; ${vocab.length.toLocaleString('en')} ${tokens}`,
      ),
    );
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const batches = windowsOf(train!, vocab, batchSize, length);
    const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs * batches.length);
    const step = (window: Window) => ({ loss: reader.forward(window) });
    const validated = windowsOf(validation!, vocab, batchSize, length);

    return training<Window>(context, {
      trainer: { model: reader, optimizer, scheduler, step, clipGradNorm: 0.5 },
      batches,
      epochs,
      validation: validated,
      data: set.title,

      async evaluate(trainer) {
        const { loss: validation } = await trainer.evaluate(validated, step);
        const { loss } = await trainer.evaluate(windowsOf(test!, vocab, batchSize, length), step);
        const perplexity = Math.exp(loss!);
        const end = vocab.lookupIndices([kind.end]);
        const write = async (temperature: number): Promise<string> => {
          const [written] = await generateAll(model, [end], {
            temperature,
            maxNewTokens: kind.written,
            generator: new Generator(seed),
          });
          return kind.join(vocab.lookupTokens(written![0]!.tokens));
        };
        return {
          line: `test perplexity: ${perplexity.toFixed(1)} (${loss!.toFixed(3)} nats, ${validation!.toFixed(3)} in validation)`,
          numbers: {
            loss: loss!,
            perplexity,
            'validation loss': validation!,
            parameters: model.numParameters(),
          },
          report: [
            `Guessing among all ${tokens} would have a perplexity of ${vocab.length.toLocaleString('en')}. What the model writes:`,
            table(
              ['temperature', 'text'],
              [
                [0.7, await write(0.7)],
                [1, await write(1)],
              ].map(([temperature, line]) => [String(temperature), line!]),
              { left: 2 },
            ),
          ],
        };
      },
    });
  },
});

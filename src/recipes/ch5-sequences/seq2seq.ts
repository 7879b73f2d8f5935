import { DataLoader } from '../../data/index.js';
import * as F from '../../functional.js';
import { manualSeed, noGrad, type Tensor } from '../../index.js';
import * as optim from '../../optim/index.js';
import {
  BucketBatchSampler,
  corpusBleu,
  generateAll,
  Items,
  type PaddedBatch,
  padBatch,
  padCollate,
  Seq2Seq,
  type Tokenizer,
} from '../../text/index.js';
import { heatmap } from '../../viz/index.js';
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
import { BOS, EOS, loadTask, PAD, type Pair, tasks } from './seq2seq-tasks.js';

/** A source, and a target between <BOS> and <EOS>. */
type Batch = [source: PaddedBatch, target: PaddedBatch];
type Encoded = [source: Int32Array, target: number[]];

/** Sources that are written at once. */
const WRITTEN = 100;

export const seq2seq = defineRecipe({
  name: 'seq2seq',
  section: '5.9',
  title: 'Sequence to sequence: an encoder reads, a decoder writes, with or without attention',
  about:
    'An LSTM reads the source in both directions; another starts from its last state and writes the target, ' +
    'token by token, until <EOS>. Without attention, all the decoder knows about the source is one vector; ' +
    'with it, each step looks back at the source, and the picture shows where. Tasks: words backward, written ' +
    'dates → 2049-12-31, and misspelled words → correct ones, letter by letter; and German → English image ' +
    'captions (Multi30k) in byte pairs, judged by BLEU. In training, the decoder sees the true token before ' +
    'each step (teacher forcing); with --teacher-forcing 0.5 it has to live with its own guesses half of the ' +
    'time, which makes steps slower, because each waits for the one before. Try --attention off, --task ' +
    'dates, --beams 1, and for translation --task translation --epochs 12 --hidden 512 --dim 256 --dropout ' +
    '0.4 --tied on --smoothing 0.1.',
  dataset: 'Multi30k',
  options: {
    task: { kind: 'choice', default: 'reversal', choices: tasks, help: 'what to learn' },
    attention: onOff('on', 'look back at the source at every step'),
    teacherForcing: {
      ...{ kind: 'number', default: 1, min: 0, max: 1 },
      help: 'how often a step sees the true token before it',
    },
    longest: {
      kind: 'integer',
      default: 80,
      min: 1,
      max: 10_000,
      help: 'most tokens of a source or target',
    },
    vocabSize: {
      ...{ kind: 'integer', default: 3000, min: 300, max: 100_000 },
      help: 'byte pairs of each language that translation knows',
    },
    pairs: { kind: 'integer', default: 10_000, min: 1100, max: 1_000_000, help: 'pairs of a made task' },
    epochs: moreEpochs(6),
    batchSize: batchSize(64),
    lr: lr(2e-3),
    dim: { kind: 'integer', default: 64, min: 1, max: 4096, help: 'numbers in the vector of a token' },
    hidden: {
      kind: 'integer',
      default: 128,
      min: 1,
      max: 4096,
      help: 'units of each direction and of the decoder',
    },
    layers: { kind: 'integer', default: 1, min: 1, max: 8, help: 'layers of both' },
    dropout: { kind: 'number', default: 0.1, min: 0, max: 0.95, help: 'share of values to drop in training' },
    tied: onOff('off', 'score tokens with their own vectors'),
    smoothing: {
      kind: 'number',
      default: 0,
      min: 0,
      max: 0.5,
      help: 'share of each target that goes to all tokens',
    },
    beams: {
      kind: 'integer',
      default: 5,
      min: 1,
      max: 64,
      help: 'sequences to follow at once when writing',
    },
  },

  async prepare(context) {
    const { options } = context;
    const { task: name, epochs, batchSize, lr, beams, teacherForcing, longest } = options;
    const task = await loadTask(name, options, context);
    manualSeed(options.seed);
    const model = new Seq2Seq(task.source.vocabSize, task.target.vocabSize, {
      embeddingDim: options.dim,
      hiddenSize: options.hidden,
      numLayers: options.layers,
      dropout: options.dropout,
      attention: options.attention === 'on',
      tied: options.tied === 'on',
    });
    await context.emit(
      text(
        'model',
        `${options.attention === 'on' ? 'with' : 'without'} attention, ${model.numParameters().toLocaleString('en')} parameters`,
      ),
    );

    const idsOf = (tokenizer: Tokenizer, line: string): Int32Array =>
      tokenizer.encode(line).ids.slice(0, longest);
    const all = [...task.train, ...task.validation, ...task.test];
    const cut = all.filter(
      ([source, target]) =>
        task.source.encode(source).length > longest || task.target.encode(target).length > longest,
    ).length;
    if (cut > 0)
      await context.emit(
        text(
          'cut',
          `${cut.toLocaleString('en')} of ${all.length.toLocaleString('en')} pairs have more than ${longest} tokens on a side; the rest of those isn't read or learned (--longest ${2 * longest} keeps more)`,
        ),
      );
    const batches = (pairs: readonly Pair[], size: number, shuffle: boolean): DataLoader<Encoded, Batch> => {
      const encoded = pairs.map(
        ([source, target]): Encoded => [
          Int32Array.of(...idsOf(task.source, source), EOS),
          [BOS, ...idsOf(task.target, target), EOS],
        ],
      );
      return new DataLoader(new Items(encoded), {
        batchSampler: new BucketBatchSampler(
          encoded.map(([source, target]) => source.length + target.length),
          { batchSize: size, shuffle },
        ),
        collate: padCollate({ padValue: PAD }) as (examples: Encoded[]) => Batch,
      });
    };
    const train = batches(task.train, batchSize, true);
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs * train.length);

    /** Nats per token, without padding. */
    function step([source, target]: Batch): { readonly loss: Tensor } {
      const length = target.ids.shape[1]! - 1;
      const forcing = model.training ? { teacherForcing } : {};
      const logits = model.forward(source.ids, target.ids.narrow(1, 0, length), source.lengths, forcing);
      return {
        loss: F.crossEntropy(logits.flatten(0, 1), target.ids.narrow(1, 1, length).flatten(), {
          ignoreIndex: PAD,
          labelSmoothing: model.training ? options.smoothing : 0,
        }),
      };
    }

    /** What the model writes for each source. */
    async function write(sources: readonly string[], numBeams: number): Promise<string[]> {
      const written: string[] = [];
      for (let at = 0; at < sources.length; at += WRITTEN) {
        const some = sources.slice(at, at + WRITTEN).map((line) => [...idsOf(task.source, line), EOS]);
        const { ids, lengths } = padBatch(some, { padValue: PAD });
        const sequences = await generateAll(model, new Array(some.length).fill([BOS]), {
          state: noGrad(() => model.encode(ids, lengths)),
          maxNewTokens: longest,
          eosTokenId: EOS,
          numBeams,
        });
        for (const [best] of sequences)
          written.push(task.target.decode(best!.tokens.filter((token) => token > EOS)));
      }
      return written;
    }

    const sourcesOf = (pairs: readonly Pair[]): string[] => pairs.map(([source]) => source);
    const targets = task.test.map(([, target]) => target);
    const share = (written: readonly string[]): number =>
      written.filter((line, i) => line === targets[i]).length / targets.length;

    return training<Batch>(context, {
      trainer: { model, optimizer, scheduler, step, clipGradNorm: 1 },
      batches: train,
      epochs,
      validation: batches(task.validation, batchSize, false),
      data: task.title,

      async evaluate(trainer) {
        const { loss } = await trainer.evaluate(batches(task.test, batchSize, false), step);
        const [greedy, best] = [
          await write(sourcesOf(task.test), 1),
          await write(sourcesOf(task.test), beams),
        ];
        const bleu = corpusBleu(best, targets).score;
        const numbers = { loss: loss!, accuracy: share(best), greedy: share(greedy) };
        const right = name === 'translation' ? bleu : numbers.accuracy;
        return {
          line:
            name === 'translation'
              ? `test BLEU: ${right.toFixed(2)} with ${beams} beams, ${corpusBleu(greedy, targets).score.toFixed(2)} greedily`
              : `test accuracy: ${percent(right, 2)} right from the first letter to the last`,
          numbers: name === 'translation' ? { ...numbers, bleu } : numbers,
          report: [
            table(
              ['source', 'written', 'should be'],
              task.test
                .slice(0, 5)
                .map(([source, target], i) => [source, best[i]!, best[i] === target ? '' : target]),
              { left: 3 },
            ),
          ],
        };
      },

      async pictures() {
        if (options.attention === 'off') return [];
        model.eval();
        const [source] = task.test[0]!;
        const [line] = await write([source], 1);
        const [from, to] = [idsOf(task.source, source), idsOf(task.target, line!)];
        const read = [...from, EOS];
        const weights = noGrad(() => {
          const state = model.encode(padBatch([read]).ids, [read.length]);
          return model.decode(padBatch([[BOS, ...to]]).ids, state).weights!.select(0, 0); // (T, S)
        });
        const shown = (tokenizer: Tokenizer, ids: ArrayLike<number>): string[] =>
          Array.from(ids, (id) => tokenizer.decode([id]).trim() || '·');
        return [
          {
            name: 'attention',
            figure: heatmap((await weights.toArray()) as number[][], {
              title: 'Where the decoder looks as it writes',
              subtitle: 'each row is a token it writes, each column one that it read',
              xNames: [...shown(task.source, from), '<EOS>'],
              yNames: [...shown(task.target, to), '<EOS>'],
            }),
          },
        ];
      },
    });
  },
});

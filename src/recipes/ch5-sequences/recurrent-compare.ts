import * as F from '../../functional.js';
import { noGrad, type Tensor, tidy } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { BpttBatches, Vocab } from '../../text/index.js';
import { lineChart } from '../../viz/index.js';
import {
  borneOut,
  dataLine,
  defineRecipe,
  lr,
  numbersOf,
  type PartProgress,
  type PartResult,
  Recording,
  study,
  table,
  text,
} from '../kit/index.js';
import { corpus, loadCorpus } from '../kit/text/index.js';

const kinds = ['rnn', 'lstm', 'gru'] as const;
type Kind = (typeof kinds)[number];

const layers = { rnn: nn.RNN, lstm: nn.LSTM, gru: nn.GRU };
/** Parts of the text that are read side by side. */
const BATCH = 32;
/** Training steps whose losses make one point of a curve. */
const EVERY = 25;
/** Characters to validate on. */
const VALIDATION = 50_000;

interface Result extends PartResult {
  /** Mean training losses of every 25 steps, in nats per character. */
  readonly losses: readonly number[];
}

/** Scores the next character after each. @shape ids (T, N) → (T, N, V) */
class Characters extends nn.Module {
  readonly embedding: nn.Embedding;
  readonly rnn: nn.RNN | nn.LSTM | nn.GRU;
  readonly fc: nn.Linear;

  constructor(kind: Kind, vocabSize: number, hiddenSize: number) {
    super();
    this.embedding = new nn.Embedding(vocabSize, hiddenSize);
    this.rnn = new layers[kind](hiddenSize, hiddenSize);
    this.fc = new nn.Linear(hiddenSize, vocabSize);
  }

  override forward(ids: Tensor): Tensor {
    const x = this.embedding.forward(ids);
    const { rnn } = this;
    const [states] =
      rnn instanceof nn.LSTM ? rnn.forward(x) : rnn instanceof nn.GRU ? rnn.forward(x) : rnn.forward(x);
    return this.fc.forward(states);
  }
}

export const recurrentCompare = defineRecipe({
  name: 'recurrent-compare',
  section: '5.7',
  title: 'RNN, LSTM, and GRU: learning curves on one task',
  about:
    'Three recurrent layers of the same size learn to predict the next character of a text, from the same start and ' +
    'the same batches, so you can compare their learning curves. The course notes say that the gated ones end up ahead, ' +
    'and that longer training shows it more clearly. An LSTM has four times as many weights as ' +
    'an RNN of its size, and a GRU three times as many. Losses are in nats per character. Try --length 10 and --length 200, and ' +
    '--steps 3000.',
  dataset: 'tinyshakespeare',
  options: {
    corpus: corpus('tinyshakespeare'),
    steps: {
      kind: 'integer',
      default: 600,
      min: EVERY,
      max: 1_000_000,
      help: 'training steps of each layer',
    },
    length: {
      kind: 'integer',
      default: 64,
      min: 2,
      max: 10_000,
      help: 'characters that gradients flow through',
    },
    hidden: { kind: 'integer', default: 128, min: 1, max: 4096, help: 'units of each layer' },
    lr: lr(3e-3),
  },

  async prepare(context) {
    const { corpus: name, steps, length, hidden, lr } = context.options;
    const set = await loadCorpus(name, context);
    const vocab = new Vocab([...new Set(set.train + set.validation)].sort());
    const windows = (part: string): BpttBatches =>
      new BpttBatches(vocab.lookupIndices([...part]), {
        batchSize: BATCH,
        bptt: length,
        batchFirst: false,
      });
    const train = windows(set.train);
    const validation = windows(set.validation.slice(0, VALIDATION));
    await context.emit(text('model', `each layer has ${hidden} units and reads ${vocab.length} characters`));

    const lossOf = (model: Characters, [x, y]: [Tensor, Tensor]): Tensor =>
      F.crossEntropy(model.forward(x).flatten(0, 1), y.flatten());

    function* forever(): Generator<[Tensor, Tensor]> {
      for (;;) yield* train;
    }

    async function run(kind: Kind, progress: PartProgress): Promise<Result> {
      const model = new Characters(kind, vocab.length, hidden);
      const optimizer = new optim.Adam(model.parameters(), { lr });
      const batches = forever();
      const losses: number[] = [];
      for (let step = 0; step < steps; step += EVERY) {
        const measured = new Recording();
        const count = Math.min(EVERY, steps - step);
        for (let i = 0; i < count; i++) {
          const batch = batches.next().value!;
          tidy(() => {
            optimizer.zeroGrad();
            const loss = lossOf(model, batch);
            loss.backward();
            nn.utils.clipGradNorm_(model.parameters(), 1);
            optimizer.step();
            measured.add(loss);
          });
        }
        losses.push((await measured.numbers()).reduce((sum, loss) => sum + loss, 0) / count);
        await progress(step / steps);
      }
      const seen = await numbersOf(
        [...validation].map((batch) => noGrad(() => tidy(() => lossOf(model, batch)))),
      );
      return {
        numbers: {
          loss: seen.reduce((total, loss) => total + loss, 0) / seen.length,
          parameters: model.rnn.numParameters(),
        },
        losses,
      };
    }

    return study<Result>(context, {
      parts: kinds.map((kind) => ({ name: kind.toUpperCase(), run: (progress) => run(kind, progress) })),

      conclude(results) {
        const [rnn, lstm, gru] = results.map(({ numbers }) => numbers.loss!);
        return {
          numbers: { rnn: rnn!, lstm: lstm!, gru: gru! },
          line: `validation loss: ${kinds.map((kind, i) => `${kind.toUpperCase()} ${results[i]!.numbers.loss!.toFixed(3)}`).join(', ')}`,
          report: [
            table(
              [
                '',
                'parameters of the layer',
                'training loss',
                'validation loss',
                'characters to choose from',
              ],
              results.map(({ losses, numbers: { loss, parameters } }, i) => [
                kinds[i]!.toUpperCase(),
                parameters!.toLocaleString('en'),
                losses.at(-1)!.toFixed(3),
                loss!.toFixed(3),
                Math.exp(loss!).toFixed(1),
              ]),
            ),
            'The last column is the perplexity: the network is as unsure as if it had to guess among that many characters.',
            ...borneOut(
              lstm! < rnn! && gru! < rnn!,
              'The gated layers are ahead; none of the three has stopped learning yet.',
            ),
          ],
        };
      },

      pictures: (results) => [
        {
          name: 'curves',
          figure: lineChart(
            results.map(({ losses }, i) => ({
              name: kinds[i]!.toUpperCase(),
              x: losses.map((_, at) => (at + 0.5) * EVERY),
              y: [...losses],
            })),
            {
              title: 'RNN, LSTM, and GRU on the same text',
              subtitle: dataLine(set.title),
              xLabel: 'Training step',
              yLabel: 'Loss (nats per character)',
            },
          ),
        },
      ],
    });
  },
});

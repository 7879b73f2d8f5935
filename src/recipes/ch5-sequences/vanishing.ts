import { noGrad, randn, type Tensor } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { lineChart, panels } from '../../viz/index.js';
import {
  borneOut,
  defineRecipe,
  numbersOf,
  type PartProgress,
  type PartResult,
  percent,
  study,
  table,
} from '../kit/index.js';
import {
  gradientNorms,
  HIDDEN,
  type Reader,
  type RecallTraining,
  Recurrent,
  SkipRnn,
  SYMBOLS,
  trainRecall,
} from './recall.js';

/** The factors of the linear case. */
const FACTORS = [0.9, 1, 1.1];
/** The factor of the identity that the exploding network's W_hh starts from. */
const EXPLODING = 1.05;
/** The biases that open a gate: σ(3) = 0.95. */
const OPEN = 3;
/** Steps back that skip connections reach. */
const REACH = 8;
/** The largest norm and the largest element that clipping leaves. */
const [MAX_NORM, MAX_VALUE] = [1, 0.05];

/** A value for each step, by name. A type, because an interface wouldn't be a `State`. */
type Curves = Readonly<Record<string, readonly number[]>>;

interface Result extends PartResult {
  /** Norms over the steps of a sequence, or the accuracy over the steps of a training. */
  readonly curves: Curves;
}

/** Opens the gate that keeps the state: the LSTM's forget gate, the GRU's update gate. Both are the second block. */
function opened<L extends nn.LSTM | nn.GRU>(layer: L): L {
  noGrad(() => layer.biasIhL0!.narrow(0, HIDDEN, HIDDEN).fill_(OPEN));
  return layer;
}

/** Networks whose memory is compared. */
const readers: Readonly<Record<string, () => Reader>> = {
  RNN: () => new Recurrent(new nn.RNN(2 * SYMBOLS, HIDDEN)),
  'RNN, skip connections': () => new SkipRnn(REACH),
  LSTM: () => new Recurrent(new nn.LSTM(2 * SYMBOLS, HIDDEN)),
  'LSTM, forget gate open': () => new Recurrent(opened(new nn.LSTM(2 * SYMBOLS, HIDDEN))),
  GRU: () => new Recurrent(new nn.GRU(2 * SYMBOLS, HIDDEN)),
  'GRU, update gate open': () => new Recurrent(opened(new nn.GRU(2 * SYMBOLS, HIDDEN))),
};

/** An RNN of ReLUs whose W_hh is a multiple of the identity, so whatever it has seen grows with every step. */
function explodingReader(): Reader {
  const layer = new nn.RNN(2 * SYMBOLS, HIDDEN, { nonlinearity: 'relu' });
  noGrad(() => nn.init.eye_(layer.weightHhL0!).mul_(EXPLODING));
  return new Recurrent(layer);
}

const clippings: Readonly<Record<string, ((parameters: readonly Tensor[]) => void) | undefined>> = {
  'no clipping': undefined,
  'clipped by norm': (parameters) => void nn.utils.clipGradNorm_(parameters, MAX_NORM),
  'clipped by value': (parameters) => nn.utils.clipGradValue_(parameters, MAX_VALUE),
};

/** Three digits, with a power of ten if it's far from 1. */
const short = (value: number): string =>
  value >= 0.01 && value < 1000 ? value.toPrecision(3) : value.toExponential(1).replace('e+', 'e');

/** Means of ten stretches of a training. */
const tenths = (values: readonly number[]): number[] =>
  Array.from({ length: 10 }, (_, i) => {
    const part = values.slice((i * values.length) / 10, ((i + 1) * values.length) / 10);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });

const trained = (name: string, { accuracies, norms }: RecallTraining): Result => ({
  numbers: { accuracy: tenths(accuracies).at(-1)!, norm: Math.max(...norms.filter(Number.isFinite)) },
  curves: { [name]: tenths(accuracies) },
});

/** h_t = W h_{t−1} for matrices W that stretch every vector by the same factor. */
async function linearCase(length: number): Promise<Result> {
  const rotation = nn.init.orthogonal_(new nn.Parameter(randn([HIDDEN, HIDDEN]))).detach();
  const curves: Record<string, readonly number[]> = {};
  for (const factor of FACTORS) {
    const w = rotation.mul(factor);
    let h = randn([HIDDEN]);
    h = h.div(h.norm());
    const norms = Array.from({ length }, () => {
      h = w.matmul(h);
      return h.norm();
    });
    curves[`|W| = ${factor}`] = await numbersOf(norms);
  }
  return {
    numbers: Object.fromEntries(FACTORS.map((f) => [`W${f}`, curves[`|W| = ${f}`]!.at(-1)!])),
    curves,
  };
}

/** ‖∂h_T/∂h_0‖ of each network before training. */
async function gradients(length: number, progress: PartProgress): Promise<Result> {
  const curves: Record<string, readonly number[]> = {};
  for (const [name, reader] of Object.entries(readers)) {
    curves[name] = await gradientNorms(reader(), length);
    await progress(Object.keys(curves).length / Object.keys(readers).length);
  }
  return {
    numbers: Object.fromEntries(Object.entries(curves).map(([name, c]) => [name, c.at(-1)!])),
    curves,
  };
}

export const vanishing = defineRecipe({
  name: 'vanishing',
  section: '5.6',
  title: 'Vanishing and exploding gradients over time, and what helps',
  about:
    'Over T steps, a recurrent network multiplies by the same matrix T times. In the linear case h_t = W ' +
    'h_{t−1}, the state fades if W shrinks vectors and blows up if W stretches them, and so do gradients. The ' +
    'task makes it hurt: recall the first symbol of a sequence after many that say nothing. An RNN of ReLUs ' +
    'that starts from 1.05 times the identity explodes: without clipping, one step ruins it. If the gradient ' +
    'is clipped by norm, it learns; clipped by value, it learns too, though the direction of the step ' +
    'changes. Against vanishing gradients, the recipe compares connections to earlier states, LSTM, and GRU. ' +
    'Gates only keep what they let through: with fresh weights, a forget gate is half open, and half of the ' +
    'memory is lost at every step, so opening the gates at the start (a bias of 3) makes the difference. Try ' +
    '--length 10, where even the plain RNN learns, and --length 80.',
  options: {
    length: { kind: 'integer', default: 40, min: 2, max: 1000, help: 'symbols in a sequence' },
    steps: { kind: 'integer', default: 400, min: 20, max: 1_000_000, help: 'training steps of each network' },
  },

  async prepare(context) {
    const { length, steps } = context.options;
    return study<Result>(context, {
      parts: [
        { name: 'linear case', run: () => linearCase(length) },
        { name: 'gradients', run: (progress) => gradients(length, progress) },
        ...Object.entries(clippings).map(([name, clip]) => ({
          name,
          run: async (progress: PartProgress) =>
            trained(
              name,
              await trainRecall(
                explodingReader(),
                (parameters) => new optim.SGD(parameters, { lr: 0.01 }),
                { length, steps, ...(clip ? { clip } : {}) },
                progress,
              ),
            ),
        })),
        ...Object.entries(readers).map(([name, reader]) => ({
          name,
          run: async (progress: PartProgress) =>
            trained(
              name,
              await trainRecall(
                reader(),
                (parameters) => new optim.Adam(parameters, { lr: 0.005 }),
                { length, steps, clip: clippings['clipped by norm']! },
                progress,
              ),
            ),
        })),
      ],

      conclude(results) {
        const [linear, start, ...trainings] = results;
        const names = [...Object.keys(clippings), ...Object.keys(readers)];
        const accuracyOf = (name: string): number => trainings[names.indexOf(name)]!.numbers.accuracy!;
        const rows = (of: readonly string[]) =>
          of.map((name) => {
            const { accuracy, norm } = trainings[names.indexOf(name)]!.numbers;
            return [name, percent(accuracy!), short(norm!)];
          });
        const last = (curves: Curves, name: string): string => short(curves[name]!.at(-1)!);
        return {
          numbers: {
            unclipped: accuracyOf('no clipping'),
            clippedByNorm: accuracyOf('clipped by norm'),
            clippedByValue: accuracyOf('clipped by value'),
            rnn: accuracyOf('RNN'),
            skip: accuracyOf('RNN, skip connections'),
            lstm: accuracyOf('LSTM'),
            openLstm: accuracyOf('LSTM, forget gate open'),
            gru: accuracyOf('GRU'),
            openGru: accuracyOf('GRU, update gate open'),
          },
          line: `recall after ${length} symbols: ${Object.keys(readers)
            .map((name) => `${name} ${percent(accuracyOf(name))}`)
            .join('; ')}`,
          report: [
            `The linear case, after ${length} steps from a vector of length 1:`,
            table(
              ['', 'length of h'],
              Object.keys(linear!.curves).map((name) => [name, last(linear!.curves, name)]),
            ),
            `Before training, ‖∂h_T/∂h_0‖ at T = ${length}:`,
            table(
              ['', 'norm'],
              Object.keys(readers).map((name) => [name, last(start!.curves, name)]),
            ),
            `Exploding: an RNN of ReLUs, W = ${EXPLODING} · I (${percent(1 / SYMBOLS)} is guessing):`,
            table(['', 'accuracy', 'largest gradient'], rows(Object.keys(clippings))),
            'Vanishing: networks with usual weights, the gradient clipped by norm:',
            table(['', 'accuracy', 'largest gradient'], rows(Object.keys(readers))),
            ...borneOut(
              accuracyOf('LSTM, forget gate open') > accuracyOf('LSTM') + 0.3,
              'An LSTM that starts with its forget gate half open loses half of its memory at every step.',
            ),
          ],
        };
      },

      pictures([linear, start, ...trainings]) {
        const lines = (curves: Curves, floor = 0) =>
          Object.entries(curves).map(([name, y]) => ({
            name,
            x: y.map((_, t) => t + 1),
            y: y.map((value) => Math.log10(Math.max(value, floor))),
          }));
        const learned = (some: readonly Result[]) =>
          some.flatMap(({ curves }) =>
            Object.entries(curves).map(([name, y]) => ({
              name,
              x: y.map((_, i) => ((i + 0.5) * steps) / y.length),
              y: [...y],
            })),
          );
        const clipped = Object.keys(clippings).length;
        return [
          {
            name: 'norms',
            figure: panels(
              [
                lineChart(lines(linear!.curves), {
                  title: 'The linear case: ‖h_t‖',
                  xLabel: 'Step t',
                  yLabel: 'log₁₀ of the norm',
                }),
                lineChart(lines(start!.curves, 1e-12), {
                  title: 'Before training: ‖∂h_T/∂h_0‖',
                  xLabel: 'Steps T',
                  yLabel: 'log₁₀ of the norm',
                }),
              ],
              { title: 'What is left of a state after many steps', columns: 2 },
            ),
          },
          {
            name: 'accuracy',
            figure: panels(
              [
                lineChart(learned(trainings.slice(0, clipped)), {
                  title: 'Exploding gradients',
                  xLabel: 'Training step',
                  yLabel: 'Accuracy',
                }),
                lineChart(learned(trainings.slice(clipped)), {
                  title: 'Vanishing gradients',
                  xLabel: 'Training step',
                  yLabel: 'Accuracy',
                }),
              ],
              { title: `Recalling the first of ${length} symbols`, columns: 2 },
            ),
          },
        ];
      },
    });
  },
});

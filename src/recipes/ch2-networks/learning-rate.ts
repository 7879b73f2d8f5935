import { DataLoader, TensorDataset, twoMoons } from '../../data/index.js';
import * as F from '../../functional.js';
import type { Tensor } from '../../index.js';
import { accuracy } from '../../metrics/index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { type Figure, lineChart, panels } from '../../viz/index.js';
import {
  batchSize,
  borneOut,
  defineRecipe,
  epochs,
  lossText,
  lr,
  numberOf,
  type PartResult,
  percent,
  study,
  table,
  text,
  trainPart,
} from '../kit/index.js';

/** The rates to compare, as multiples of the right one. */
const rates = [
  { name: 'too small', factor: 0.02, decays: false },
  { name: 'right', factor: 1, decays: false },
  { name: 'too large', factor: 6, decays: false },
  { name: 'far too large', factor: 20, decays: false },
  { name: 'decaying', factor: 2, decays: true },
] as const;

interface RateResult extends PartResult {
  readonly numbers: {
    /** Over all training points, after the last epoch. */
    readonly loss: number;
    /** On points that it hasn't seen. */
    readonly accuracy: number;
    /** Epochs after which the loss was higher than before. */
    readonly rises: number;
  };
  /** Loss of all points after each epoch. */
  readonly losses: readonly number[];
}

/** w in E = w² after each step of gradient descent from 1: w ← w − η · 2w. */
function descend(lr: number, steps: number): number[] {
  const path = [1];
  while (path.length <= steps) path.push(path.at(-1)! * (1 - 2 * lr));
  return path;
}

/** The size of the step: too small, right, too large, and one that shrinks. */
export const learningRate = defineRecipe({
  name: 'learning-rate',
  section: '2.9',
  title: 'Learning rates: too small, right, too large, and decaying',
  about:
    'The same network on the same two moons, from the same start, with five learning rates. A rate that ' +
    'is too small gets there too late. One that is too large jumps over the minimum, so the loss is ' +
    'noisy; one that is far too large undoes what was learned. The decaying rate starts out larger than ' +
    'the right one and falls to zero along half a cosine wave: large steps at first, small ones at the ' +
    'end. Try --lr 0.05 and --lr 3. Which rate is right depends on the rest: try --batch-size 1 and ' +
    '--batch-size 500.',
  options: {
    lr: { ...lr(0.5), help: 'the right rate; the others are multiples of it' },
    epochs: epochs(30),
    batchSize: batchSize(10),
    points: { kind: 'integer', default: 500, min: 10, max: 100_000, help: 'training points' },
  },

  async prepare(context) {
    const { lr, epochs, batchSize, points, seed } = context.options;
    const noise = 0.25;
    const train = twoMoons({ n: points, noise, seed });
    const test = twoMoons({ n: 2000, noise, seed: seed + 1 });
    const set = new TensorDataset<[x: Tensor, y: Tensor]>(train.x, train.y);
    await context.emit(
      text(
        'data',
        `two moons with noise: ${points.toLocaleString('en')} points to train on, 2,000 to test on`,
      ),
    );
    const rateOf = ({ factor, decays }: (typeof rates)[number]): string =>
      `${Number((lr * factor).toPrecision(3))}${decays ? ' to 0' : ''}`;

    return study<RateResult>(context, {
      parts: rates.map((rate) => ({
        name: `${rate.name}: ${rateOf(rate)}`,
        async run(progress) {
          const model = new nn.Sequential(new nn.Linear(2, 32), new nn.ReLU(), new nn.Linear(32, 2));
          const optimizer = new optim.SGD(model.parameters(), { lr: lr * rate.factor });
          const batches = new DataLoader(set, { batchSize, shuffle: true });
          const { CosineAnnealingLR } = optim.lrScheduler;
          const seen = await trainPart<[x: Tensor, y: Tensor]>(
            {
              model,
              optimizer,
              ...(rate.decays
                ? { scheduler: new CosineAnnealingLR(optimizer, epochs * batches.length) }
                : {}),
              step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
            },
            batches,
            { epochs, validation: new DataLoader(set, { batchSize: points }) },
            progress,
          );
          const losses = seen.map(({ train, validation }) => validation?.loss ?? train.loss!);
          return {
            numbers: {
              loss: losses.at(-1)!,
              accuracy: await numberOf(() => accuracy(model.forward(test.x), test.y)),
              rises: losses.filter((loss, i) => i > 0 && loss > losses[i - 1]!).length,
            },
            losses,
          };
        },
      })),

      conclude(results) {
        const right = results[1]!.numbers;
        const [small, large, farTooLarge, decaying] = [0, 2, 3, 4].map((i) => results[i]!) as [
          RateResult,
          RateResult,
          RateResult,
          RateResult,
        ];
        return {
          line: Number.isFinite(right.loss)
            ? `test accuracy: ${percent(right.accuracy, 2)} with the rate ${lr}`
            : `with the rate ${lr}, the training diverged`,
          numbers: Object.fromEntries(
            results.flatMap(({ numbers }, i) => [
              [`loss, ${rates[i]!.name}`, numbers.loss],
              [`accuracy, ${rates[i]!.name}`, numbers.accuracy],
            ]),
          ),
          report: [
            table(
              [
                '',
                'rate',
                'loss after 1',
                'half',
                'all epochs',
                'epochs that made it worse',
                'test accuracy',
              ],
              results.map(({ numbers, losses }, i) => [
                rates[i]!.name,
                rateOf(rates[i]!),
                ...[0, Math.ceil(epochs / 2) - 1, epochs - 1].map((at) => lossText(losses[at])),
                `${numbers.rises} of ${epochs - 1}`,
                percent(numbers.accuracy),
              ]),
            ),
            'Loss over all training points.',
            ...borneOut(
              10 * small.numbers.rises <= epochs && small.numbers.loss > right.loss,
              'Too small: nearly every epoch improves it, but by too little.',
            ),
            ...borneOut(
              large.numbers.rises > right.rises && !(large.numbers.loss < right.loss),
              'Too large: up and down, because the steps jump over the minimum.',
            ),
            ...borneOut(
              !(farTooLarge.numbers.loss <= Math.min(...farTooLarge.losses.slice(0, -1))),
              'Far too large: the steps undo what was learned.',
            ),
            ...borneOut(
              Number.isFinite(decaying.numbers.loss) && decaying.numbers.loss <= right.loss,
              'The decaying rate starts larger than the right one, which is fast, and ends near zero, which is precise.',
            ),
          ],
        };
      },

      pictures(results) {
        const bowl = Array.from({ length: 51 }, (_, i) => (i - 25) / 20);
        const step = (title: string, rate: number): Figure => {
          const path = descend(rate, 8);
          return lineChart(
            [
              { name: 'E = w²', x: bowl, y: bowl.map((w) => w * w) },
              { name: 'steps', x: path, y: path.map((w) => w * w), points: true },
            ],
            { title: `${title}: ${rate}`, xLabel: 'w', yLabel: 'E' },
          );
        };
        return [
          {
            name: 'loss',
            figure: lineChart(
              results.map(({ losses }, i) => ({
                name: `${rates[i]!.name}: ${rateOf(rates[i]!)}`,
                x: losses.map((_, epoch) => epoch + 1),
                y: losses,
              })),
              { title: 'What the learning rate does', xLabel: 'epoch', yLabel: 'loss', yLog: true },
            ),
          },
          {
            name: 'steps',
            figure: panels([step('too small', 0.03), step('right', 0.3), step('too large', 0.95)], {
              title: 'Eight steps of gradient descent in a bowl',
              columns: 3,
            }),
          },
        ];
      },
    });
  },
});

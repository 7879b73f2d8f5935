import { DataLoader } from '../../data/index.js';
import { cat, grad, randint, type Tensor, tidy } from '../../index.js';
import * as optim from '../../optim/index.js';
import { lineChart, panels, type Series } from '../../viz/index.js';
import {
  borneOut,
  defineRecipe,
  epochs,
  lossText,
  lr,
  numbersOf,
  type PartResult,
  plural,
  study,
  table,
  text,
  trainPart,
} from '../kit/index.js';
import type { Problem } from './minimize.js';
import { digitsProblem, digitsStep, smallDigits, smallNetwork } from './small-digits.js';

/**
 * How far, on average, the gradient of `batch` random examples is from the gradient of all, as a share of its
 * length: √(mean ‖g_B − g‖²) / ‖g‖. It falls with 1/√B.
 */
export async function gradientNoise(
  { parameters, n, cost }: Problem,
  batch: number,
  draws = 50,
): Promise<number> {
  const gradient = (rows?: Tensor): Tensor =>
    cat(grad([cost(rows)], [...parameters]).map((g) => g!.flatten()));
  const measured = tidy(() => {
    const whole = gradient();
    const squares = Array.from({ length: draws }, () =>
      tidy(() =>
        gradient(batch === n ? undefined : randint(0, n, [batch]))
          .sub(whole)
          .square()
          .sum(),
      ),
    );
    return [whole.square().sum(), ...squares];
  });
  const [whole, ...squares] = await numbersOf(measured);
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / draws / whole!);
}

interface BatchResult extends PartResult {
  readonly numbers: {
    /** Of all training images, after the last epoch. */
    readonly loss: number;
    readonly noise: number;
    readonly secondsPerEpoch: number;
  };
  /** Loss of all training images, and seconds of training, after each epoch. */
  readonly losses: readonly number[];
  readonly seconds: readonly number[];
}

/** How many examples a step uses: too few, enough, too many. */
export const batchSize = defineRecipe({
  name: 'batch-size',
  section: '2.8',
  title: 'Batch sizes: too small, right, too large',
  about:
    'The same network on the same drawn digits, in batches of 1 example up to all of them, with the same ' +
    'learning rate. The gradient of a batch is an estimate of the gradient of all examples. Its noise is ' +
    'measured: it falls with the square root of the batch size, so half the noise takes four times the work. ' +
    'Small batches make many steps per epoch, but noisy ones, and each takes nearly as long as a step with a ' +
    'larger batch; large batches make few good steps. Look at the loss over epochs and over seconds. Try --lr ' +
    '0.01 (small batches want small rates) and --lr 0.5 (large batches tolerate large ones).',
  options: {
    epochs: epochs(10),
    lr: lr(0.1),
    images: { kind: 'integer', default: 2048, min: 64, max: 20_000, help: 'images to train on' },
  },

  async prepare(context) {
    const { epochs, lr, images, seed } = context.options;
    const { train } = smallDigits({ train: images, test: 1, seed });
    const sizes = [...new Set([1, 8, 32, 256, images])]
      .filter((size) => size <= images)
      .sort((a, b) => a - b);
    const nameOf = (size: number): string => (size === images ? `all ${size}` : String(size));
    await context.emit(text('data', `${images.toLocaleString('en')} drawn digits`));

    return study<BatchResult>(context, {
      parts: sizes.map((size) => ({
        name: `batches of ${nameOf(size)}`,
        async run(progress) {
          const model = smallNetwork();
          const noise = await gradientNoise(digitsProblem(model, train), size);
          const seconds: number[] = [];
          const seen = await trainPart(
            {
              model,
              optimizer: new optim.SGD(model.parameters(), { lr }),
              step: digitsStep(model),
              callbacks: [
                { onEpochEnd: (report) => void seconds.push((seconds.at(-1) ?? 0) + report.seconds) },
              ],
            },
            new DataLoader(train, { batchSize: size, shuffle: true }),
            { epochs, validation: new DataLoader(train, { batchSize: images }) },
            progress,
          );
          const losses = seen.map(({ train, validation }) => validation?.loss ?? train.loss!);
          return {
            numbers: { loss: losses.at(-1)!, noise, secondsPerEpoch: (seconds.at(-1) ?? 0) / seconds.length },
            losses,
            seconds,
          };
        },
      })),

      conclude(results) {
        const losses = results.map(({ numbers }) => numbers.loss);
        const best = losses.indexOf(Math.min(...losses));
        /** Whether it's between the smallest and the largest, so some are too small and some too large. */
        const isMiddle = best > 0 && best < sizes.length - 1 && Number.isFinite(losses[best]);
        const seconds = (i: number): number => results[i]!.numbers.secondsPerEpoch;
        const rises = ({ losses }: BatchResult): number =>
          losses.filter((loss, i) => i > 0 && loss > losses[i - 1]!).length;
        const goal = 0.1;
        const timeToGoal = ({ losses, seconds }: BatchResult): string => {
          const at = losses.findIndex((loss) => loss <= goal);
          return at < 0 ? 'not reached' : `${seconds[at]!.toFixed(2)} s`;
        };
        return {
          line: `lowest loss after ${plural(epochs, 'epoch')}: ${lossText(losses[best])}, with batches of ${nameOf(sizes[best]!)}`,
          numbers: Object.fromEntries(
            results.flatMap(({ numbers }, i) => [
              [`loss, ${sizes[i]}`, numbers.loss],
              [`noise, ${sizes[i]}`, numbers.noise],
              [`seconds, ${sizes[i]}`, numbers.secondsPerEpoch],
            ]),
          ),
          report: [
            table(
              ['batch', 'steps/epoch', 's/epoch', 'noise', 'noise · √batch', 'loss', `time to ${goal}`],
              results.map((result, i) => {
                const { noise, loss, secondsPerEpoch } = result.numbers;
                return [
                  nameOf(sizes[i]!),
                  Math.ceil(images / sizes[i]!),
                  secondsPerEpoch.toFixed(3),
                  noise.toFixed(3),
                  (noise * Math.sqrt(sizes[i]!)).toFixed(2),
                  lossText(loss),
                  timeToGoal(result),
                ];
              }),
            ),
            'Noise: how far the gradient of a batch is from that of all images, as a share of its length, at the first weights.',
            ...borneOut(
              isMiddle && rises(results[0]!) > rises(results[best]!) && seconds(0) > seconds(best),
              'Too small: an epoch takes a long time, and the loss goes up and down.',
            ),
            ...borneOut(
              isMiddle && losses.at(-1)! > losses[best]!,
              'Too large: few steps, each hardly better than a step with a medium batch, because noise that is already',
              'small matters little.',
            ),
          ],
        };
      },

      pictures(results) {
        const curves = (xs: (result: BatchResult) => readonly number[]): Series[] =>
          results.map((result, i) => ({
            name: nameOf(sizes[i]!),
            x: xs(result),
            y: result.losses,
            points: true,
          }));
        const axes = { yLabel: 'loss of all images', yLog: true };
        const overEpochs = curves(({ losses }) => losses.map((_, epoch) => epoch + 1));
        const overSeconds = curves(({ seconds }) => seconds);
        return [
          {
            name: 'loss',
            figure: panels(
              [
                lineChart(overEpochs, { title: 'over epochs', xLabel: 'epoch', ...axes }),
                lineChart(overSeconds, { title: 'over time', xLabel: 'seconds', xLog: true, ...axes }),
              ],
              { title: 'Batch sizes', shareY: true },
            ),
          },
          {
            name: 'noise',
            figure: lineChart(
              [
                {
                  name: 'measured',
                  x: sizes,
                  y: results.map(({ numbers }) => numbers.noise),
                  points: 'only',
                },
                {
                  name: '1/√batch',
                  x: sizes,
                  y: sizes.map((size) => results[0]!.numbers.noise / Math.sqrt(size)),
                  dashed: true,
                },
              ],
              {
                title: 'Noise of the gradient',
                xLabel: 'examples in a batch',
                yLabel: 'noise',
                xLog: true,
                yLog: true,
              },
            ),
          },
        ];
      },
    });
  },
});

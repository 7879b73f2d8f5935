import { ArgumentError } from '../../index.js';
import { CifarResNet } from '../../vision/index.js';
import { lineChart, panels } from '../../viz/index.js';
import {
  augment,
  colorInput,
  dataset,
  loadImageSet,
  trainClassifier,
  transformed,
  weightDecay,
} from '../kit/images/index.js';
import {
  batchSize,
  dataLine,
  defineRecipe,
  epochs,
  lr,
  type PartProgress,
  type PartResult,
  percent,
  schedule,
  study,
  table,
} from '../kit/index.js';

interface Result extends PartResult {
  readonly numbers: { readonly parameters: number; readonly trainError: number; readonly testError: number };
  readonly curve: readonly Errors[];
}

/** Shares of images that a network gets wrong in an epoch. A type, because an interface wouldn't be a `State`. */
type Errors = { readonly epoch: number; readonly train: number; readonly test: number };

/** Epochs up to which each is marked. */
const FEW = 25;

/** @throws ArgumentError unless they are numbers of layers */
function depthsOf(text: string): readonly number[] {
  const depths = text.split(',').map(Number);
  const wrong = depths.find((depth) => !(Number.isInteger(depth) && depth > 2 && (depth - 2) % 6 === 0));
  if (wrong !== undefined)
    throw new ArgumentError(
      'plain-vs-residual',
      `--depths takes numbers of layers 6n + 2 separated by commas, such as 20,56, not ${text}`,
    );
  return [...new Set(depths)];
}

export const plainVsResidual = defineRecipe({
  name: 'plain-vs-residual',
  section: '3.10',
  title: 'Plain and residual networks: deeper is worse without shortcuts, but not with them',
  about:
    'The experiment of figure 6 of He et al. (2015): networks of 20 and 56 layers, plain and with ' +
    'shortcuts, which have no weights. All are trained alike, by the recipe of section 4.2 of the paper. ' +
    "The deeper plain network has a higher error even on the training images: it doesn't overfit, it " +
    "can't be optimized, although batch normalization keeps its signals and gradients in range. With " +
    'shortcuts, a block has to learn only how its output differs from its input, and depth does no harm. ' +
    'The paper trains for 164 epochs on 45,000 images. Try --depths 20,32 (half the time) and --epochs ' +
    '30.',
  dataset: 'the images',
  options: {
    dataset: dataset('cifar10'),
    depths: {
      kind: 'text',
      default: '20,56',
      value: 'list',
      help: 'numbers of layers, 6n + 2, separated by commas',
      absent: 'none',
    },
    epochs: epochs(5),
    batchSize: batchSize(128),
    lr: lr(0.1),
    schedule: schedule('step'),
    weightDecay: weightDecay(1e-4),
    augment: augment('on'),
  },

  async prepare(context) {
    const { depths: list, data, dataset: name, augment, ...settings } = context.options;
    const depths = depthsOf(list);
    const set = await loadImageSet(name, context);
    const train = augment === 'on' ? await transformed(set.train, set.changes.usual) : set.train;
    const [toInput, numClasses] = [await colorInput(set), set.classes.length];
    const networks = [false, true].flatMap((residual) =>
      depths.map((depth) => ({ residual, depth, name: `${residual ? 'ResNet' : 'plain'}-${depth}` })),
    );

    return study<Result>(context, {
      parts: networks.map(({ residual, depth, name }) => ({
        name,
        async run(progress: PartProgress) {
          const model = new CifarResNet(depth, { numClasses, residual });
          const options = { ...settings, toInput, classes: numClasses, test: set.test };
          const curve = (await trainClassifier(model, train, options, progress)).map(
            ({ epoch, train, validation }) => ({
              epoch,
              // A network that diverged gets nothing right.
              train: 1 - (train.accuracy ?? 0),
              test: 1 - (validation?.accuracy ?? 0),
            }),
          );
          const { train: trainError, test: testError } = curve.at(-1)!;
          return { numbers: { parameters: model.numParameters(), trainError, testError }, curve };
        },
      })),

      conclude(results) {
        const error = (i: number): string => percent(results[i]!.numbers.testError, 2);
        return {
          numbers: Object.fromEntries(
            networks.flatMap(({ name }, i) => {
              const { trainError, testError } = results[i]!.numbers;
              return [
                [`${name} train error`, trainError],
                [`${name} test error`, testError],
              ];
            }),
          ),
          line: `test error: ${networks.map(({ name }, i) => `${name} ${error(i)}`).join(', ')}`,
          report: [
            table(
              ['', 'parameters', 'training error', 'test error'],
              networks.map(({ name }, i) => {
                const { parameters, trainError, testError } = results[i]!.numbers;
                return [name, parameters.toLocaleString('en'), percent(trainError, 2), percent(testError, 2)];
              }),
            ),
          ],
        };
      },

      pictures(results) {
        const panel = (of: 'train' | 'test') =>
          lineChart(
            networks.map(({ name, residual }, i) => {
              const { curve } = results[i]!;
              return {
                name,
                x: curve.map(({ epoch }) => epoch),
                y: curve.map((errors) => 100 * errors[of]),
                dashed: !residual,
                points: curve.length <= FEW,
              };
            }),
            {
              title: of === 'train' ? 'On training images' : 'On test images',
              xLabel: 'Epoch',
              yLabel: 'Error (%)',
            },
          );
        const title = 'Depth with shortcuts, and without (dashed)';
        return [
          {
            name: 'errors',
            figure: panels([panel('train'), panel('test')], {
              title,
              subtitle: dataLine(set.title),
              columns: 2,
              shareY: true,
            }),
          },
        ];
      },
    });
  },
});

import { randomSplit } from '../../data/index.js';
import { cat, Generator } from '../../index.js';
import { CifarResNet, ImageDataset, transforms } from '../../vision/index.js';
import { barChart, imageGrid, lineChart } from '../../viz/index.js';
import {
  accuracyOn,
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
  text,
} from '../kit/index.js';

interface Way {
  readonly name: string;
  readonly transform?: transforms.Transform;
  /** α of mixup. */
  readonly mixup?: number;
}

interface Result extends PartResult {
  readonly numbers: { readonly trainAccuracy: number; readonly testAccuracy: number };
  /** Accuracy on the training images, as they were changed, of each epoch. */
  readonly curve: readonly number[];
}

/** Images to show for each way. */
const SHOWN = 8;
/** The α that mixup is shown with: its shares are near a half, so you see both images. */
const EVEN = 50;

/** The original images, and a row of how each way changes them. */
function examplesPicture(
  { images, labels, classes }: ImageDataset,
  ways: readonly Way[],
  { seed, data }: { readonly seed: number; readonly data: string },
) {
  const original = images.narrow(0, 0, Math.min(SHOWN, images.shape[0]!));
  const count = original.shape[0]!;
  const generator = new Generator(seed);
  const rows = ways.map(({ transform, mixup }) => {
    const changed = transforms.toTensor(transform ? transform.forward(original, { generator }) : original);
    if (mixup === undefined) return changed;
    const mixUp = new transforms.MixUp(classes.length, { alpha: EVEN });
    return mixUp.forward(changed, labels.narrow(0, 0, count), { generator })[0];
  });
  return imageGrid(cat(rows), {
    title: 'What each way does to images',
    subtitle: dataLine(data),
    labels: ways.flatMap(({ name }) => Array.from({ length: count }, (_, i) => (i === 0 ? name : ''))),
    columns: count,
  });
}

export const augmentation = defineRecipe({
  name: 'augmentation',
  section: '3.10',
  title: 'Data augmentation: more from few images',
  about:
    'Few images, and the same small ResNet trained on them in several ways: unchanged, with each kind of ' +
    'change that preserves the class (shifts, flips, colors, erased boxes; digits are rotated and bent ' +
    'instead), with mixup (Zhang et al. 2018), and with everything at once. The network memorizes ' +
    'unchanged images: it gets all training images right and many test images wrong. The pictures show ' +
    'the changed images, training accuracy over the epochs, and test accuracy for each way. Try --images ' +
    '200 and --images 10000 (less to gain), --dataset mnist, and --epochs 100 (everything at once needs ' +
    'time).',
  dataset: 'the images',
  options: {
    dataset: dataset('cifar10'),
    images: { kind: 'integer', default: 1000, min: 10, max: 60_000, help: 'images to train on' },
    depth: { kind: 'integer', default: 8, min: 8, max: 110, help: 'layers of the ResNet, 6n + 2' },
    epochs: epochs(40),
    batchSize: batchSize(50),
    lr: lr(0.1),
    schedule: schedule('one-cycle'),
    weightDecay: weightDecay(5e-4),
    mixup: { kind: 'number', default: 0.2, above: 0, max: 100, help: 'α of mixup, shares from Beta(α, α)' },
  },

  async prepare(context) {
    const { images, depth, data, dataset: name, seed, mixup, ...settings } = context.options;
    const set = await loadImageSet(name, context);
    const { kinds } = set.changes;
    const numClasses = set.classes.length;
    const toInput = await colorInput(set);
    const labels = await set.train.labels.data();
    const count = Math.min(images, set.train.length);
    const [few] = randomSplit(set.train, [count, set.train.length - count], {
      stratifyBy: labels,
      generator: new Generator(seed),
    });
    const [fewImages, fewLabels] = set.train.batch(few!.indices);
    const train = new ImageDataset(fewImages, await fewLabels.data(), { classes: set.classes });
    await context.emit(
      text('few', `${count.toLocaleString('en')} of them to train on, equally many of each class`),
    );
    const ways: readonly Way[] = [
      { name: 'none' },
      ...Object.entries(kinds).map(([name, transform]) => ({ name, transform })),
      { name: 'mixup', mixup },
      { name: 'all', transform: new transforms.Compose(Object.values(kinds)), mixup },
    ];

    return study<Result>(context, {
      parts: ways.map(({ name, transform, mixup = 0 }) => ({
        name,
        async run(progress: PartProgress) {
          const model = new CifarResNet(depth, { numClasses });
          const curve = await trainClassifier(
            model,
            transform ? await transformed(train, transform) : train,
            { ...settings, toInput, classes: numClasses, mixup },
            progress,
          );
          return {
            numbers: {
              trainAccuracy: await accuracyOn(train, model, toInput),
              testAccuracy: await accuracyOn(set.test, model, toInput),
            },
            curve: curve.map(({ train }) => train.accuracy ?? 0),
          };
        },
      })),

      conclude(results) {
        const none = results[0]!.numbers.testAccuracy;
        const best = results.reduce((a, b) => (b.numbers.testAccuracy > a.numbers.testAccuracy ? b : a));
        const name = ways[results.indexOf(best)]!.name;
        return {
          numbers: Object.fromEntries(ways.map(({ name }, i) => [name, results[i]!.numbers.testAccuracy])),
          line: `test accuracy: ${percent(none)} without augmentation, at best ${percent(best.numbers.testAccuracy)}, with ${name}`,
          report: [
            table(
              ['', 'training images', 'test images', 'gain'],
              ways.map(({ name }, i) => {
                const { trainAccuracy, testAccuracy } = results[i]!.numbers;
                const gain = 100 * (testAccuracy - none);
                return [
                  name,
                  percent(trainAccuracy),
                  percent(testAccuracy),
                  i === 0 ? '' : `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(1)}`,
                ];
              }),
            ),
          ],
        };
      },

      async pictures(results) {
        const [plain, ...changed] = results.map(({ curve }) => curve.at(-1)!);
        const subtitle = dataLine(set.title);
        const harder = changed.every((share) => share < plain!);
        return [
          {
            name: 'accuracy',
            figure: barChart(
              ways.map(({ name }, i) => ({ label: name, value: 100 * results[i]!.numbers.testAccuracy })),
              {
                title: `Learned from ${count.toLocaleString('en')} images`,
                subtitle,
                yLabel: 'Test accuracy (%)',
              },
            ),
          },
          {
            name: 'training',
            figure: lineChart(
              ways.map(({ name }, i) => {
                const { curve } = results[i]!;
                return { name, x: curve.map((_, epoch) => epoch + 1), y: curve.map((share) => 100 * share) };
              }),
              {
                title: harder ? "Changed images aren't learned by heart" : 'Learning from changed images',
                subtitle,
                xLabel: 'Epoch',
                yLabel: 'Accuracy on training images, as changed (%)',
              },
            ),
          },
          { name: 'examples', figure: await examplesPicture(train, ways, { seed, data: set.title }) },
        ];
      },
    });
  },
});

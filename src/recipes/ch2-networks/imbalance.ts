import {
  DataLoader,
  type DataLoaderOptions,
  imbalanced,
  randomSplit,
  TensorDataset,
  WeightedRandomSampler,
} from '../../data/index.js';
import * as F from '../../functional.js';
import { ArgumentError, Generator, noGrad, type Tensor, tensor, tidy } from '../../index.js';
import * as metrics from '../../metrics/index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { barChart, confusionMatrix, decisionBoundary, panels, scatter } from '../../viz/index.js';
import {
  allFinite,
  borneOut,
  defineRecipe,
  epochs,
  listOf,
  lr,
  type PartProgress,
  type PartResult,
  percent,
  planeOf,
  study,
  table,
  text,
  trainPart,
} from '../kit/index.js';

/** The rare class is the positive one: the class to find. */
const names = ['common', 'rare'];

interface Way {
  readonly name: string;
  /** Weight of an example of each class in the loss. */
  readonly weight?: Tensor;
  /** How to draw examples. */
  readonly loader: DataLoaderOptions<readonly [Tensor, Tensor]>;
}

interface Result extends PartResult {
  readonly numbers: {
    readonly accuracy: number;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly rocAuc: number;
  };
  /** Rows: true class, columns: predicted class. */
  readonly confusion: readonly (readonly number[])[];
  readonly warning: string | null;
  readonly model: nn.StateDict | null;
}

const network = (): nn.Sequential =>
  new nn.Sequential(new nn.Linear(2, 16), new nn.ReLU(), new nn.Linear(16, 2));

/** A network that diverged gets nothing right. */
const diverged = (model: nn.StateDict | null): Result => ({
  numbers: { accuracy: 0, precision: 0, recall: 0, f1: 0, rocAuc: 0 },
  confusion: [
    [0, 0],
    [0, 0],
  ],
  warning: null,
  model,
});

/** Measures scores (N, 2) on the test set. */
async function measure(scores: Tensor, labels: Tensor, model: nn.StateDict | null): Promise<Result> {
  if (!(await allFinite(scores))) return diverged(model);
  const of = async (metric: metrics.Metric<[Tensor, Tensor], Tensor>, predicted = scores): Promise<number> =>
    (await metric.update(predicted, labels).computeAsync()).item();
  const confusion = await new metrics.ConfusionMatrix({ classes: 2 }).update(scores, labels).computeAsync();
  return {
    numbers: {
      accuracy: await of(new metrics.Accuracy()),
      precision: await of(new metrics.Precision()),
      recall: await of(new metrics.Recall()),
      f1: await of(new metrics.F1()),
      rocAuc: await of(new metrics.RocAuc(), scores.softmax(1).select(1, 1)),
    },
    confusion: (await confusion.toArray()) as number[][],
    warning: (await metrics.imbalanceWarningAsync(confusion, names)) ?? null,
    model,
  };
}

export const imbalance = defineRecipe({
  name: 'imbalance',
  section: '2.12',
  title: 'Imbalanced classes: why accuracy misleads, and what F1, class weights, and sampling do',
  about:
    'Two clouds of points, one of them rare. Always answering with the common class gives a high accuracy ' +
    'and finds nothing: recall and F1 are 0. For comparison, the same small network is trained three ' +
    'times: plainly; with class weights, so an error on a rare example counts more; and with a ' +
    'weighted sampler, which draws rare examples more often. The last two find most rare examples, at the ' +
    'price of false alarms: accuracy falls as recall rises. Which is better depends on what an error ' +
    'costs; F1 weighs precision against recall. Try --fraction 0.01, --fraction 0.5 (all the same), and ' +
    '--separation 4 (clouds that hardly overlap).',
  options: {
    points: {
      kind: 'integer',
      default: 4000,
      min: 40,
      max: 1_000_000,
      help: 'points, half of them for testing',
    },
    fraction: { kind: 'number', default: 0.05, above: 0, max: 0.5, help: 'share of the rare class' },
    separation: { kind: 'number', default: 2.5, min: 0, max: 100, help: 'distance between the two clouds' },
    epochs: epochs(20),
    lr: lr(0.01),
  },

  async prepare(context) {
    const { points, fraction, separation, epochs, lr, seed } = context.options;
    const { x, y } = imbalanced({ n: points, fraction, separation, seed });
    const all = new TensorDataset<[x: Tensor, y: Tensor]>(x, y);
    const [train, test] = randomSplit(all, [0.5, 0.5], {
      stratifyBy: await y.data(),
      generator: new Generator(seed),
    });
    const [, trainY] = all.batch(train!.indices);
    const [testX, testY] = all.batch(test!.indices);
    const labels = await listOf(trainY);
    const counts = [0, 1].map((label) => labels.filter((y) => y === label).length);
    if (counts[1] === 0 || (await testY.sum().item()) === 0)
      throw new ArgumentError(
        'imbalance',
        `${fraction} of ${points} points leaves too few rare ones to train and test on; raise --points or --fraction`,
      );
    // n / (2 nₖ): the classes weigh the same, and all examples together as much as without weights.
    const classWeights = counts.map((count) => labels.length / (2 * count));
    await context.emit(
      text('data', `${labels.length} points to train on: ${counts[0]} common, ${counts[1]} rare`),
    );

    const sampler = new WeightedRandomSampler(
      labels.map((label) => classWeights[label]!),
      labels.length,
    );
    const ways: readonly Way[] = [
      { name: 'plain', loader: { shuffle: true } },
      { name: 'class weights', loader: { shuffle: true }, weight: tensor(classWeights) },
      { name: 'weighted sampler', loader: { sampler } },
    ];

    const titlesOf = (results: readonly Result[]): readonly string[] =>
      ['always common', ...ways.map(({ name }) => name)].map((title, i) =>
        results[i]!.confusion.flat().every((count) => count === 0) ? `${title}: diverged` : title,
      );

    return study<Result>(context, {
      parts: [
        {
          name: 'always common',
          run: async () => measure(tensor([[1, 0]]).expand([testY.shape[0]!, 2]), testY, null),
        },
        ...ways.map(({ name, weight, loader }) => ({
          name,
          async run(progress: PartProgress) {
            const model = network();
            await trainPart<readonly [Tensor, Tensor]>(
              {
                model,
                optimizer: new optim.Adam(model.parameters(), { lr }),
                step: ([x, y]) => ({
                  loss: F.crossEntropy(model.forward(x), y, weight ? { weight } : {}),
                }),
              },
              new DataLoader(train!, { batchSize: 50, ...loader }),
              { epochs },
              progress,
            );
            const scores = noGrad(() => model.forward(testX));
            return measure(scores, testY, model.stateDict());
          },
        })),
      ],

      conclude(results) {
        const [always, plain, weighted, sampled] = results.map(({ numbers }) => numbers);
        const titles = titlesOf(results);
        const areas = results.slice(1).map(({ numbers }) => numbers.rocAuc);
        return {
          numbers: {
            alwaysAccuracy: always!.accuracy,
            alwaysF1: always!.f1,
            plainAccuracy: plain!.accuracy,
            plainF1: plain!.f1,
            plainRecall: plain!.recall,
            weightedRecall: weighted!.recall,
            weightedF1: weighted!.f1,
            sampledRecall: sampled!.recall,
            sampledF1: sampled!.f1,
          },
          line:
            `always common: accuracy ${percent(always!.accuracy)}, F1 ${always!.f1.toFixed(2)}; trained plainly: ` +
            `accuracy ${percent(plain!.accuracy)}, F1 ${plain!.f1.toFixed(2)}`,
          report: [
            'On the test set, with the rare class as the positive one:',
            table(
              ['', 'accuracy', 'precision', 'recall', 'F1', 'ROC AUC', 'TP', 'FN', 'FP', 'TN'],
              results.map(({ numbers: { accuracy, precision, recall, f1, rocAuc }, confusion }, i) => {
                const [[tn, fp], [fn, tp]] = confusion as [[number, number], [number, number]];
                const shares = [precision, recall, f1, rocAuc].map((share) => share.toFixed(2));
                return [titles[i]!, percent(accuracy), ...shares, tp, fn, fp, tn];
              }),
            ),
            'Precision is TP/(TP + FP), recall TP/(TP + FN), F1 their harmonic mean. ROC AUC depends only on the order of the scores.',
            ...borneOut(
              Math.max(...areas) - Math.min(...areas) <= 0.05 && weighted!.recall > plain!.recall,
              'Weights and sampling hardly change that order; they move the border between the classes.',
            ),
            ...(results[0]!.warning === null
              ? []
              : [`What imbalanceWarning says about '${titles[0]}': ${results[0]!.warning}.`]),
          ],
        };
      },

      async pictures(results) {
        const titles = titlesOf(results);
        const points = await planeOf(testX, testY);
        const plane = { ...points, classes: points.classes.map((label) => names[label]!) };
        const regions = results.slice(1).map(async ({ model: weights }, i) => {
          const model = network();
          model.loadStateDict(weights!);
          const title = titles[i + 1]!;
          if (!(await allFinite(model.forward(testX))))
            return scatter(plane, { title, width: 260, height: 260 });
          const rare = (grid: Tensor): Tensor =>
            noGrad(() => tidy(() => model.forward(grid).softmax(1).select(1, 1)));
          return decisionBoundary(plane, rare, { title, width: 260, height: 260 });
        });
        /** Whether the network that finds nothing is right nearly as often as the one that finds the most. */
        const [always, ...trained] = results.map(({ numbers }) => numbers);
        const hides = trained.some(({ accuracy, f1 }) => accuracy <= always!.accuracy && f1 > always!.f1);
        return [
          {
            name: 'confusion',
            figure: panels(
              results.map(({ confusion }, i) =>
                confusionMatrix(confusion, { title: titles[i]!, classes: names }),
              ),
              { title: 'Which class was taken for which', columns: 2 },
            ),
          },
          {
            name: 'metrics',
            figure: barChart(
              results.flatMap(({ numbers: { accuracy, precision, recall, f1 } }, i) =>
                Object.entries({ accuracy, precision, recall, F1: f1 }).map(([group, value]) => ({
                  label: titles[i]!,
                  group,
                  value,
                })),
              ),
              {
                title: hides ? 'Accuracy hides what F1 shows' : 'Accuracy and F1',
                yLabel: 'On the test set',
              },
            ),
          },
          {
            name: 'regions',
            figure: panels(await Promise.all(regions), {
              title: 'Where the network answers: rare',
              columns: 3,
            }),
          },
        ];
      },
    });
  },
});

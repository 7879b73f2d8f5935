import { DataLoader, Standardizer, TensorDataset, twoMoons } from '../../data/index.js';
import * as F from '../../functional.js';
import { cat, manualSeed, noGrad, ShapeError, stack, type Tensor } from '../../index.js';
import { accuracy } from '../../metrics/index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { lineChart } from '../../viz/index.js';
import {
  batchSize,
  defineRecipe,
  epochs,
  listsOf,
  lr,
  numberOf,
  numbersOf,
  type PartProgress,
  type PartResult,
  percent,
  plural,
  Recording,
  study,
  table,
  text,
  trainPart,
} from '../kit/index.js';

type Norm = 'none' | 'batch' | 'layer';
type Examples = TensorDataset<[x: Tensor, y: Tensor]>;

const WIDTH = 32;

/** Hidden layers, each Linear → norm → ReLU. */
function network(depth: number, norm: Norm): nn.Sequential {
  const layers: nn.Layer[] = [];
  for (let i = 0; i < depth; i++) {
    layers.push(new nn.Linear(i === 0 ? 2 : WIDTH, WIDTH));
    if (norm === 'batch') layers.push(new nn.BatchNorm1d(WIDTH));
    if (norm === 'layer') layers.push(new nn.LayerNorm(WIDTH));
    layers.push(new nn.ReLU());
  }
  return new nn.Sequential(...layers, new nn.Linear(WIDTH, 2));
}

/** Two moons with coordinates in different units: one from −1 to 2, the other a hundred times that, far from 0. */
function unequalMoons(seed: number): { x: Tensor; y: Tensor } {
  const { x, y } = twoMoons({ n: 400, noise: 0.1, seed });
  return { x: stack([x.select(1, 0), x.select(1, 1).mul(100).add(300)], 1), y };
}

interface Setting {
  readonly norm: Norm;
  readonly depth: number;
  readonly seed: number;
  readonly lr: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly train: Examples;
}

interface Trained {
  readonly model: nn.Sequential;
  /** Training loss of each epoch; ∞ if it diverged. */
  readonly losses: readonly number[];
}

async function train(setting: Setting, progress: PartProgress): Promise<Trained> {
  const { norm, depth, seed, lr, batchSize, epochs, train } = setting;
  manualSeed(seed); // the same weights and batches no matter what was trained before
  const model = network(depth, norm);
  const means = await trainPart<[Tensor, Tensor]>(
    {
      model,
      optimizer: new optim.SGD(model.parameters(), { lr }),
      step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
    },
    new DataLoader(train, { batchSize, shuffle: true }),
    { epochs },
    progress,
  );
  return { model, losses: means.map(({ train }) => train.loss!) };
}

/** Share of the examples that a model in evaluation mode gets right. */
function accuracyOf(model: nn.Layer, { tensors: [x, y] }: Examples): Promise<number> {
  model.eval();
  return numberOf(() => accuracy(model.forward(x), y));
}

/** The progress of one of several trainings in a part. */
const within =
  (progress: PartProgress, i: number, n: number): PartProgress =>
  (share) =>
    progress((i + share) / n);

/** Learning rates to try for every way: three per power of ten. */
export const rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** A straight line gets 87 % right. */
const TRAINED = 0.95;
/** Accuracy of a network that diverged. */
const CHANCE = 0.5;

/** Result of one way over all learning rates. A type, because an interface wouldn't be a `State`. */
type Sweep = {
  readonly rates: readonly number[];
  readonly accuracies: readonly number[];
  /** Whether the loss was no longer a number. */
  readonly diverged: readonly boolean[];
  /** Training loss of each epoch at the usual rate. */
  readonly losses: readonly number[];
};

interface NormResult extends PartResult {
  readonly sweep?: Sweep;
  readonly byBatchSize?: readonly { readonly size: number; readonly batch: number; readonly layer: number }[];
  /** What batch norm says about a batch of one. */
  readonly message?: string;
  /** Mean of one unit over each batch, and the running mean after it. */
  readonly unit?: { readonly batch: readonly number[]; readonly running: readonly number[] };
}

const ways: readonly { readonly name: string; readonly standardized: boolean; readonly norm: Norm }[] = [
  { name: 'raw inputs', standardized: false, norm: 'none' },
  { name: 'standardized', standardized: true, norm: 'none' },
  { name: 'batch norm', standardized: true, norm: 'batch' },
  { name: 'layer norm', standardized: true, norm: 'layer' },
];

/** What batch norm says about a batch of one example. */
function batchOfOne(x: Tensor): string {
  try {
    network(1, 'batch')
      .train()
      .forward(x.narrow(0, 0, 1));
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
  return '';
}

/** The batch norm of the first hidden layer. */
const firstNorm = (model: nn.Sequential): nn.BatchNorm1d => model.at(1) as nn.BatchNorm1d;

export const normalization = defineRecipe({
  name: 'normalization',
  section: '2.10',
  title: 'Normalization: inputs, batch norm, layer norm, and the learning rates that train',
  about:
    'Two moons whose second coordinate is a hundred times as large as the first, and a network of several ' +
    'layers. With raw inputs, no learning rate trains it well. Standardized inputs (mean 0, standard ' +
    'deviation 1, measured on the training set) fix that for the first layer. Batch norm and layer norm do ' +
    'the same inside the network, which then learns at far lower learning rates; batch norm tolerates higher ' +
    "ones, too, but layer norm doesn't. The recipe also shows how batch norm depends on the batch size (small " +
    'batches make it noisy, and a single example is an error) and why it keeps running statistics for ' +
    'inference. Try --depth 2 (less to fix), --depth 12, --epochs 30, and --lr 0.01.',
  options: {
    depth: { kind: 'integer', default: 6, min: 1, max: 50, help: 'hidden layers' },
    epochs: epochs(10),
    batchSize: { ...batchSize(20), min: 2, max: 400 },
    lr: { ...lr(0.1), help: 'learning rate for the loss curves and the comparisons after them' },
  },

  async prepare(context) {
    const { depth, epochs, batchSize, lr, seed } = context.options;
    const [training, testing] = [unequalMoons(2 * seed), unequalMoons(2 * seed + 1)];
    const scaler = Standardizer.fit(training.x);
    const dataset = ({ x, y }: { x: Tensor; y: Tensor }, standardized: boolean): Examples =>
      new TensorDataset<[Tensor, Tensor]>(standardized ? scaler.transform(x) : x, y);
    const [trainSet, test] = [dataset(training, true), dataset(testing, true)];
    const usual = { depth, seed, lr, batchSize, epochs, train: trainSet };
    const [means, stds] = await listsOf([scaler.mean, scaler.std]);
    const ranges = means!.map((mean, i) => `${mean.toFixed(1)} ± ${stds![i]!.toFixed(1)}`);
    await context.emit(
      text('data', `two moons, ${trainSet.length} points; the coordinates are ${ranges.join(' and ')}`),
    );

    async function sweep(way: (typeof ways)[number], progress: PartProgress): Promise<NormResult> {
      const own = dataset(training, way.standardized);
      const ownTest = dataset(testing, way.standardized);
      const all = [...new Set([...rates, lr])].sort((a, b) => a - b);
      let curve: readonly number[] = [];
      const accuracies: number[] = [];
      const diverged: boolean[] = [];
      for (const [i, rate] of all.entries()) {
        const { model, losses } = await train(
          { ...usual, norm: way.norm, train: own, lr: rate },
          within(progress, i, all.length),
        );
        if (rate === lr) curve = losses;
        diverged.push(losses.at(-1) === Number.POSITIVE_INFINITY);
        accuracies.push(diverged.at(-1) ? CHANCE : await accuracyOf(model, ownTest));
      }
      const trains = all.filter((_, i) => accuracies[i]! >= TRAINED);
      return {
        numbers: { highestRate: trains.at(-1) ?? 0, bestAccuracy: Math.max(...accuracies) },
        sweep: { losses: curve, accuracies, diverged, rates: all },
      };
    }

    /** The same examples in batches of several sizes, with learning rates in proportion. */
    async function batchSizes(progress: PartProgress): Promise<NormResult> {
      const sizes = [1, 2, 4, 16];
      const byBatchSize: { size: number; batch: number; layer: number }[] = [];
      for (const [i, size] of sizes.entries()) {
        const right = async (norm: Norm): Promise<number> => {
          const rate = (lr * size) / batchSize;
          const setting = { ...usual, norm, batchSize: size, lr: rate, epochs: Math.min(epochs, 4) };
          const { model } = await train(setting, within(progress, i, sizes.length));
          return accuracyOf(model, test);
        };
        byBatchSize.push({
          size,
          batch: size === 1 ? Number.NaN : await right('batch'),
          layer: await right('layer'),
        });
      }
      return {
        numbers: { accuracy: byBatchSize[1]?.batch ?? 0 },
        byBatchSize,
        message: batchOfOne(trainSet.tensors[0]),
      };
    }

    /** A test example alone, among others, and with the training statistics. */
    async function inference(progress: PartProgress): Promise<NormResult> {
      const [batch, running] = [new Recording(), new Recording()];
      manualSeed(seed);
      const model = network(depth, 'batch');
      const optimizer = new optim.SGD(model.parameters(), { lr });
      await trainPart<[Tensor, Tensor]>(
        {
          model,
          optimizer,
          step: ([x, y]) => {
            noGrad(() => batch.add(model.at(0).forward(x).mean(0).select(0, 0)));
            return { loss: F.crossEntropy(model.forward(x), y) };
          },
          callbacks: [
            {
              onStep() {
                running.add(firstNorm(model).runningMean!.select(0, 0));
              },
            },
          ],
        },
        new DataLoader(trainSet, { batchSize, shuffle: true }),
        { epochs },
        progress,
      );
      const [x, y] = test.tensors;
      const example = x.narrow(0, 0, 1);
      const sure = (batch: Tensor): Tensor => model.forward(batch).softmax(1).at(0, 1);
      const withOthers = (from: number): Tensor => sure(cat([example, x.narrow(0, from, 3)]));
      const share = ([x, y]: readonly [Tensor, Tensor]): Tensor => accuracy(model.forward(x), y);
      const companies = [1, 50, 100, 150, 200, 250, 300, 350];
      const labels = y.split(4);
      const measured = noGrad(() => {
        model.eval();
        const right = share([x, y]);
        const kept = [sure(example), ...companies.map(withOthers)];
        // Statistics of the current batch, as in training; the running ones change but aren't used.
        model.train();
        const swayed = companies.map(withOthers);
        const batches = x.split(4).map((part, i) => share([part, labels[i]!]));
        return [[right], kept, swayed, batches];
      });
      const [right, kept, swayed, batches] = await Promise.all(measured.map(numbersOf));
      const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
      const numbers = {
        runningAccuracy: right![0]!,
        batchAccuracy: batches!.reduce((a, b) => a + b, 0) / batches!.length,
        runningSpread: spread(kept!),
        batchSpread: spread(swayed!),
      };
      return { numbers, unit: { batch: await batch.numbers(), running: await running.numbers() } };
    }

    return study<NormResult>(context, {
      parts: [
        ...ways.map((way) => ({ name: way.name, run: (progress: PartProgress) => sweep(way, progress) })),
        { name: 'batch sizes', run: batchSizes },
        { name: 'inference', run: inference },
      ],

      conclude(results) {
        const [raw, standardized, batch, layer] = results;
        const { byBatchSize, message } = results[4]!;
        const inference = results[5]!.numbers;
        const tried = raw!.sweep!.rates;
        const rate = (result: NormResult): string =>
          result.numbers.highestRate === 0 ? 'none' : String(result.numbers.highestRate);
        return {
          numbers: {
            raw: raw!.numbers.highestRate!,
            standardized: standardized!.numbers.highestRate!,
            batchNorm: batch!.numbers.highestRate!,
            layerNorm: layer!.numbers.highestRate!,
            ...inference,
          },
          line:
            `highest learning rate that trains: raw ${rate(raw!)}, standardized ${rate(standardized!)}, ` +
            `batch norm ${rate(batch!)}, layer norm ${rate(layer!)}`,
          report: [
            `Test accuracy after ${plural(epochs, 'epoch')} by learning rate:`,
            table(
              ['', ...tried.map(String), 'highest that trains'],
              ways.map(({ name }, i) => [
                name,
                ...results[i]!.sweep!.accuracies.map((share, r) =>
                  results[i]!.sweep!.diverged[r] ? 'diverges' : percent(share, 0),
                ),
                rate(results[i]!),
              ]),
            ),
            `(trains: ${percent(TRAINED, 0)} or more; a straight line reaches about 87 %)`,
            '',
            `Test accuracy by batch size after ${plural(Math.min(epochs, 4), 'epoch')}, with a learning rate in proportion to it:`,
            table(
              ['', ...byBatchSize!.map(({ size }) => String(size))],
              [
                [
                  'batch norm',
                  ...byBatchSize!.map(({ batch }) => (Number.isNaN(batch) ? 'error' : percent(batch))),
                ],
                ['layer norm', ...byBatchSize!.map(({ layer }) => percent(layer))],
              ],
            ),
            'Batch norm and a batch of one:',
            ...message!.split('\n').map((line) => `  ${line}`),
            '',
            'Batch norm at inference: one test example in eight batches with three others each. How much its',
            'probability of class 1 varies with the rest of the batch:',
            table(
              ['', 'varies by', 'test accuracy'],
              [
                [
                  'statistics of the batch (train mode)',
                  inference.batchSpread!.toFixed(3),
                  percent(inference.batchAccuracy!),
                ],
                [
                  'running statistics (eval mode)',
                  inference.runningSpread!.toFixed(3),
                  percent(inference.runningAccuracy!),
                ],
              ],
            ),
          ],
        };
      },

      pictures(results) {
        const { batch, running } = results[5]!.unit!;
        const steps = batch.map((_, step) => step + 1);
        return [
          {
            name: 'losses',
            figure: lineChart(
              ways.map(({ name }, i) => {
                const y = results[i]!.sweep!.losses;
                return { name, x: y.map((_, epoch) => epoch + 1), y };
              }),
              {
                title: `Training loss with learning rate ${lr}`,
                xLabel: 'Epoch',
                yLabel: 'Cross entropy',
                yLog: true,
              },
            ),
          },
          {
            name: 'learning-rates',
            figure: lineChart(
              ways.map(({ name }, i) => ({
                name,
                x: results[i]!.sweep!.rates,
                y: results[i]!.sweep!.accuracies,
                points: true,
              })),
              {
                title: 'Which learning rates train',
                xLabel: 'Learning rate',
                yLabel: `Test accuracy after ${plural(epochs, 'epoch')}`,
                xLog: true,
              },
            ),
          },
          {
            name: 'running-mean',
            figure: lineChart(
              [
                { name: 'mean over the batch', x: steps, y: batch, points: 'only' },
                { name: 'running mean', x: steps, y: running },
              ],
              {
                title: 'Batch norm remembers: 0.9 of what it knew, 0.1 of the batch',
                subtitle: 'One unit before the first batch norm',
                xLabel: 'Step',
                yLabel: 'Mean',
              },
            ),
          },
        ];
      },
    });
  },
});

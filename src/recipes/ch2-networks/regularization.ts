import { DataLoader, type MadeSet, TensorDataset, twoMoons } from '../../data/index.js';
import * as F from '../../functional.js';
import { noGrad, type Tensor, tidy } from '../../index.js';
import { accuracy } from '../../metrics/index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { EarlyStopping } from '../../train/index.js';
import { decisionBoundary, learningCurves, panels, scatter } from '../../viz/index.js';
import {
  allFinite,
  borneOut,
  defineRecipe,
  type EpochMeans,
  epochs,
  lossText,
  lr,
  numbersOf,
  type PartProgress,
  type PartResult,
  percent,
  planeOf,
  study,
  table,
  text,
  trainPart,
} from '../kit/index.js';

/** Accuracy of a network that diverged: no better than guessing. */
const GUESSING = 0.5;

/** A measure against overfitting. */
interface Measures {
  readonly name: string;
  /** Probability that dropout sets an activation to 0. */
  readonly dropout?: number;
  /** α of the penalty α/2 · ‖W‖². */
  readonly weightDecay?: number;
  /** The training ends after this many epochs without a lower validation loss. */
  readonly patience?: number;
}

interface Result extends PartResult {
  readonly numbers: {
    readonly trainLoss: number;
    readonly validationLoss: number;
    readonly testLoss: number;
    readonly trainAccuracy: number;
    readonly testAccuracy: number;
    /** ‖W‖ over all weights, without the biases. */
    readonly weightNorm: number;
  };
  /** The epoch whose weights the model has. */
  readonly epoch: number;
  readonly curves: readonly Curve[];
  readonly model: nn.StateDict;
}

/** An epoch in the form that `learningCurves` takes. A type, because an interface wouldn't be a `State`. */
type Curve = {
  readonly epoch: number;
  readonly train: Readonly<Record<string, number>>;
  readonly validation: Readonly<Record<string, number>>;
};

/** Far more units than so few points need: enough to memorize them. */
const network = (dropout: number): nn.Sequential =>
  new nn.Sequential(
    new nn.Linear(2, 128),
    new nn.ReLU(),
    new nn.Dropout(dropout),
    new nn.Linear(128, 128),
    new nn.ReLU(),
    new nn.Dropout(dropout),
    new nn.Linear(128, 2),
  );

/** ‖W‖ = √Σ w², over the weight matrices. */
const weightNorm = async (model: nn.Module): Promise<number> => {
  const weights = [...model.namedParameters()].filter(([name]) => name.endsWith('weight'));
  return Math.hypot(...(await numbersOf(noGrad(() => weights.map(([, weight]) => weight.norm())))));
};

/** Loss and accuracy of a model in evaluation: without dropout. One that diverged has the loss ∞, and guesses. */
async function measure(
  model: nn.Sequential,
  { x, y }: MadeSet,
): Promise<{ readonly loss: number; readonly accuracy: number }> {
  model.eval();
  const logits = noGrad(() => tidy(() => model.forward(x)));
  if (!(await allFinite(logits))) return { loss: Number.POSITIVE_INFINITY, accuracy: GUESSING };
  const [loss, right] = await numbersOf([F.crossEntropy(logits, y), accuracy(logits, y)]);
  return { loss: loss!, accuracy: right! };
}

/** How much higher the loss is on validation points; nothing if the network diverged. */
function gapText({ trainLoss, validationLoss }: Result['numbers']): string {
  const gap = validationLoss - trainLoss;
  return Number.isFinite(gap) ? gap.toFixed(3) : '–';
}

/** Explains measures that lowered the test loss but not the test accuracy, which might puzzle readers. */
function lostAccuracy([none, ...measures]: readonly (Result['numbers'] & {
  readonly name: string;
})[]): string[] {
  return measures
    .filter(({ testAccuracy }) => testAccuracy < none!.testAccuracy)
    .map(
      ({ name, testAccuracy, testLoss }) =>
        `With ${name}, fewer test points are right (${percent(testAccuracy)}, and ${percent(none!.testAccuracy)} without it)` +
        (testLoss < none!.testLoss
          ? ', though the loss is lower: the network is less sure when it’s wrong.'
          : '.'),
    );
}

export const regularization = defineRecipe({
  name: 'regularization',
  section: '2.11',
  title: 'Regularization: dropout, weight decay, and early stopping against overfitting',
  about:
    'A few noisy points of two moons, and a network with far more weights than points. Left alone, it ' +
    'memorizes the points: the training loss goes to 0, the validation loss rises, the border winds ' +
    'around single points, and the weights grow. Dropout sets activations to 0 at random during training, ' +
    'weight decay adds α/2 · ‖W‖² to the loss, and early stopping ends the training once the validation ' +
    "loss hasn't fallen for a while (patience) and goes back to the best epoch. Look at the gap between " +
    'training and validation loss. Try --points 1000 (more data regularize best of all), --noise 0 ' +
    '(nothing to overfit), --dropout 0.9, --weight-decay 1 (so much that it underfits), and --patience 1 ' +
    '(gives up too soon).',
  options: {
    points: { kind: 'integer', default: 60, min: 10, max: 100_000, help: 'points to train on' },
    noise: { kind: 'number', default: 0.35, min: 0, max: 2, help: 'standard deviation of the noise' },
    epochs: epochs(200),
    lr: lr(0.005),
    dropout: {
      kind: 'number',
      default: 0.5,
      min: 0,
      max: 0.99,
      help: 'probability of dropping an activation',
    },
    weightDecay: { kind: 'number', default: 0.01, min: 0, max: 100, help: 'factor α of the penalty' },
    patience: { kind: 'integer', default: 15, min: 1, help: 'epochs to wait for a lower validation loss' },
  },

  async prepare(context) {
    const { points, noise, epochs, lr, dropout, weightDecay, patience, seed } = context.options;
    const made = (n: number, which: number): MadeSet => twoMoons({ n, noise, seed: 3 * seed + which });
    const [train, validation, test] = [made(points, 0), made(500, 1), made(2000, 2)];
    const set = new TensorDataset<[x: Tensor, y: Tensor]>(train.x, train.y);
    const heldBack = new TensorDataset<[x: Tensor, y: Tensor]>(validation.x, validation.y);
    const parameters = network(0).numParameters();
    await context.emit(text('data', `${points} points to train on, 500 to validate on, 2,000 to test on`));
    await context.emit(text('model', `${parameters.toLocaleString('en')} parameters`));

    const ways: readonly Measures[] = [
      { name: 'none' },
      { name: 'dropout', dropout },
      { name: 'weight decay', weightDecay },
      { name: 'early stopping', patience },
      { name: 'all three', dropout, weightDecay, patience },
    ];

    async function run(way: Measures, progress: PartProgress): Promise<Result> {
      const model = network(way.dropout ?? 0);
      const earlyStopping =
        way.patience === undefined ? undefined : new EarlyStopping({ patience: way.patience });
      const seen: EpochMeans[] = await trainPart<[Tensor, Tensor]>(
        {
          model,
          optimizer: new optim.Adam(model.parameters(), { lr, weightDecay: way.weightDecay ?? 0 }),
          step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
          ...(earlyStopping ? { earlyStopping } : {}),
        },
        new DataLoader(set, { batchSize: 20, shuffle: true }),
        { epochs, validation: new DataLoader(heldBack, { batchSize: 500 }) },
        progress,
      );
      const [onTrain, onValidation, onTest] = await Promise.all(
        [train, validation, test].map((set) => measure(model, set)),
      );
      return {
        numbers: {
          trainLoss: onTrain!.loss,
          validationLoss: onValidation!.loss,
          testLoss: onTest!.loss,
          trainAccuracy: onTrain!.accuracy,
          testAccuracy: onTest!.accuracy,
          weightNorm: await weightNorm(model),
        },
        epoch: earlyStopping?.bestEpoch ?? seen.length,
        curves: seen.map(({ epoch, train, validation }) => ({ epoch, train, validation: validation! })),
        model: model.stateDict(),
      };
    }

    return study<Result>(context, {
      parts: ways.map((way) => ({ name: way.name, run: (progress) => run(way, progress) })),

      conclude: (results) => ({
        numbers: Object.fromEntries(
          results.flatMap(({ numbers, epoch }, i) => [
            ...Object.entries(numbers).map(([name, value]) => [`${ways[i]!.name} ${name}`, value] as const),
            [`${ways[i]!.name} epoch`, epoch],
          ]),
        ),
        line: `test loss: ${results
          .map(({ numbers }, i) => `${ways[i]!.name} ${lossText(numbers.testLoss, 3)}`)
          .join(', ')}`,
        report: [
          table(
            ['', 'epoch', 'train loss', 'validation loss', 'gap', 'train acc.', 'test acc.', '‖W‖'],
            results.map(({ numbers, epoch }, i) => [
              ways[i]!.name,
              epoch,
              lossText(numbers.trainLoss, 3),
              lossText(numbers.validationLoss, 3),
              gapText(numbers),
              percent(numbers.trainAccuracy),
              percent(numbers.testAccuracy),
              lossText(numbers.weightNorm, 1),
            ]),
          ),
          ...borneOut(
            results[0]!.numbers.validationLoss > results[0]!.numbers.trainLoss,
            'The gap between the losses is what the network memorized.',
          ),
          ...borneOut(
            dropout > 0,
            'The losses are measured in evaluation, where dropout drops nothing. During training it does, so its',
            'training curve is higher than the table says.',
          ),
          ...lostAccuracy(results.map(({ numbers }, i) => ({ name: ways[i]!.name, ...numbers }))),
        ],
      }),

      async pictures(results) {
        const plane = await planeOf(train.x, train.y);
        const regions = results.map(async ({ model: weights }, i) => {
          const model = network(0);
          model.loadStateDict(weights);
          if (!(await allFinite(model.forward(train.x))))
            return scatter(plane, { title: `${ways[i]!.name}: diverged`, width: 240, height: 200 });
          const second = (grid: Tensor): Tensor =>
            noGrad(() => tidy(() => model.forward(grid).softmax(1).select(1, 1)));
          return decisionBoundary(plane, second, { title: ways[i]!.name, width: 240, height: 200 });
        });
        return [
          {
            name: 'curves',
            figure: panels(
              results.map(({ curves }, i) => learningCurves(curves, { title: ways[i]!.name })),
              { title: 'Training and validation', columns: 3, shareY: true },
            ),
          },
          {
            name: 'regions',
            figure: panels(await Promise.all(regions), {
              title: `What each network learned from ${points} points`,
              columns: 3,
            }),
          },
        ];
      },
    });
  },
});

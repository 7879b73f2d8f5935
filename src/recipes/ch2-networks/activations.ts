import { DataLoader, Standardizer, TensorDataset, twoMoons } from '../../data/index.js';
import * as F from '../../functional.js';
import { grad, linspace, noGrad, stack, type Tensor, tidy, zeros } from '../../index.js';
import { accuracy } from '../../metrics/index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { type Figure, lineChart, panels, type Series } from '../../viz/index.js';
import {
  defineRecipe,
  type EpochMeans,
  epochs,
  listsOf,
  lr,
  numberOf,
  type PartResult,
  percent,
  study,
  table,
  text,
  trainPart,
} from '../kit/index.js';

interface Activation {
  readonly name: string;
  readonly formula: string;
  readonly derivative: string;
  readonly range: string;
  /** Makes a new layer each time, because PReLU has a parameter. */
  readonly layer: () => nn.Layer;
  /** Factor for the weights that keeps a layer from shrinking or amplifying its input. */
  readonly gain: number;
}

const gain = nn.init.calculateGain;

/** The activation functions of notes 2.2, in its order. */
export const functions: readonly Activation[] = [
  {
    name: 'linear',
    formula: 'x',
    derivative: '1',
    range: '(−∞, ∞)',
    layer: () => new nn.Identity(),
    gain: gain('linear'),
  },
  {
    name: 'sign',
    formula: '−1, 0 or 1',
    derivative: '0',
    range: '{−1, 0, 1}',
    layer: () => new nn.Sign(),
    gain: gain('linear'),
  },
  {
    name: 'step',
    formula: '1 where x ≥ 0, else 0',
    derivative: '0',
    range: '{0, 1}',
    layer: () => new nn.Heaviside(),
    gain: gain('linear'),
  },
  {
    name: 'sigmoid',
    formula: '1/(1 + e^−x)',
    derivative: 'y (1 − y) ≤ ¼',
    range: '(0, 1)',
    layer: () => new nn.Sigmoid(),
    gain: gain('sigmoid'),
  },
  {
    name: 'tanh',
    formula: 'tanh x',
    derivative: '1 − y² ≤ 1',
    range: '(−1, 1)',
    layer: () => new nn.Tanh(),
    gain: gain('tanh'),
  },
  {
    name: 'ReLU',
    formula: 'max(0, x)',
    derivative: '0 or 1',
    range: '[0, ∞)',
    layer: () => new nn.ReLU(),
    gain: gain('relu'),
  },
  {
    name: 'Leaky ReLU',
    formula: 'x, or 0.01 x below 0',
    derivative: '0.01 or 1',
    range: '(−∞, ∞)',
    layer: () => new nn.LeakyReLU(0.01),
    gain: gain('leaky_relu', 0.01),
  },
  {
    name: 'PReLU',
    formula: 'x, or a·x below 0 (a is learned)',
    derivative: 'a or 1',
    range: '(−∞, ∞)',
    layer: () => new nn.PReLU(),
    gain: gain('leaky_relu', 0.25),
  },
  {
    name: 'SiLU',
    formula: 'x σ(x)',
    derivative: 'σ(x) (1 + x (1 − σ(x)))',
    range: '[−0.28, ∞)',
    layer: () => new nn.SiLU(),
    gain: gain('relu'),
  },
  {
    name: 'Softplus',
    formula: 'log(1 + e^x)',
    derivative: 'σ(x)',
    range: '(0, ∞)',
    layer: () => new nn.Softplus(),
    gain: gain('relu'),
  },
];

/** f′ at each place, by autograd. */
export const derivativeAt = (f: nn.Layer, x: Tensor): Tensor => {
  const at = x.detach().requiresGrad_();
  const y = f.forward(at);
  return y.requiresGrad ? grad(y.sum(), [at])[0]! : x.mul(0);
};

/** Two inputs, `depth` hidden layers of equal width, two classes. */
class DeepNet extends nn.Module {
  readonly linears: nn.ModuleList<nn.Linear>;
  readonly activations: nn.ModuleList<nn.Layer>;

  constructor({ layer, gain }: Activation, depth: number, width: number, scale: number) {
    super();
    const sizes = [2, ...new Array<number>(depth).fill(width), 2];
    this.linears = new nn.ModuleList(sizes.slice(1).map((out, i) => new nn.Linear(sizes[i]!, out)));
    this.activations = new nn.ModuleList(Array.from({ length: depth }, layer));
    for (const { weight, bias } of this.linears) {
      nn.init.normal_(weight, 0, (scale * gain) / Math.sqrt(weight.shape[1]!));
      nn.init.zeros_(bias!);
    }
  }

  /** @param see receives the input of each activation */
  override forward(x: Tensor, see?: (preActivation: Tensor, layer: nn.Layer) => void): Tensor {
    const linears = [...this.linears];
    let h = x;
    for (const [i, activation] of [...this.activations].entries()) {
      const z = linears[i]!.forward(h);
      see?.(z, activation);
      h = activation.forward(z);
    }
    return linears.at(-1)!.forward(h);
  }
}

/** What a network looks like at one moment. A type, because an interface wouldn't be a `State`. */
type Look = {
  /** ‖∂loss/∂W‖ of each layer, from the first to the last. */
  readonly gradients: readonly number[];
  /** Mean of |f′| over units and examples: how much it shrinks what flows back. */
  readonly slope: number;
  /** Share of unit and example pairs with |f′| < 0.01: next to nothing is learned there. */
  readonly flat: number;
  /** Share of units for which that holds on every example. */
  readonly dead: number;
};

const NEARLY_FLAT = 0.01;

async function look(model: DeepNet, x: Tensor, y: Tensor): Promise<Look> {
  const [shares, norms] = tidy(() => {
    const slopes: Tensor[] = [];
    const logits = model.forward(x, (z, layer) => slopes.push(derivativeAt(layer, z).abs()));
    const slope = stack(slopes); // (layers, examples, units)
    const flat = slope.lt(NEARLY_FLAT).to('float32');
    const weights = [...model.linears].map(({ weight }) => weight);
    const gradients = grad(F.crossEntropy(logits, y), weights, { allowUnused: true });
    return [
      stack([slope.mean(), flat.mean(), flat.amin(1).mean()]),
      stack(gradients.map((gradient) => gradient?.norm() ?? zeros([]))),
    ] as const;
  });
  const [measured, gradients] = await listsOf([shares, norms]);
  const [slope, flat, dead] = measured as [number, number, number];
  return { gradients: gradients!, slope, flat, dead };
}

interface NetResult extends PartResult {
  readonly before: Look;
  readonly after: Look;
  readonly losses: readonly number[];
}

const diverged = (losses: readonly number[]): boolean => losses.at(-1) === Number.POSITIVE_INFINITY;
/** Share of the test set that it gets right, unless the network diverged. */
const rightText = ({ losses, numbers }: Pick<NetResult, 'losses' | 'numbers'>): string =>
  diverged(losses) ? 'diverges' : percent(numbers.accuracy!);

/** Accuracy of a network that diverged: no better than guessing. */
const GUESSING = 0.5;

const firstOverLast = ({ gradients }: Look): number => gradients[0]! / gradients.at(-1)!;
const small = (value: number): string =>
  value === 0
    ? '0'
    : value >= 0.01 && value < 1000
      ? value.toFixed(value < 0.1 ? 3 : 2)
      : value.toExponential(0);

/** f and f′ over x. */
async function shape({ name, formula, layer }: Activation): Promise<Figure> {
  const f = layer();
  const x = linspace(-4, 4, 160); // misses 0, where some have a kink
  const values = noGrad(() => f.forward(x));
  const [at, y, slope] = await listsOf([x, values, derivativeAt(f, x)]);
  return lineChart(
    [
      { name: 'f', x: at!, y: y! },
      { name: 'f′', x: at!, y: slope!, dashed: true },
    ],
    { title: `${name}: ${formula}`, width: 200, height: 150 },
  );
}

export const activations = defineRecipe({
  name: 'activations',
  section: '2.2',
  title: 'Activation functions: their shapes, saturation, and gradients that vanish with depth',
  about:
    'The activation functions of the course notes, each in a network of many layers that tells two moons ' +
    'apart. The gradient of every layer is measured before and after training: where a function is flat, ' +
    'little of the gradient comes through, and it shrinks from layer to layer on its way back to the ' +
    'first (vanishing gradients). Sigmoid, whose slope is at most a quarter, learns nothing at this ' +
    'depth; sign and step have no slope; a linear network learns, but only a straight line; ReLU and its ' +
    'kin learn. Try --depth 1 (sigmoid works), --depth 30, --scale 5 (saturation: tanh and sigmoid turn ' +
    'flat nearly everywhere), --scale 0.5 (even ReLU starves), and --width 8.',
  options: {
    depth: { kind: 'integer', default: 10, min: 1, max: 100, help: 'hidden layers' },
    width: { kind: 'integer', default: 32, min: 1, max: 1024, help: 'units in a hidden layer' },
    scale: {
      kind: 'number',
      default: 1,
      above: 0,
      max: 100,
      help: 'factor for the initial weights; 1 suits each function',
    },
    epochs: epochs(30),
    lr: { ...lr(0.01), help: 'learning rate of SGD with momentum 0.9' },
  },

  async prepare(context) {
    const { depth, width, scale, epochs, lr, seed } = context.options;
    const made = (seed: number) => twoMoons({ n: 400, noise: 0.15, seed });
    const [train, test] = [made(2 * seed), made(2 * seed + 1)];
    const scaler = Standardizer.fit(train.x);
    const [x, testX] = [scaler.transform(train.x), scaler.transform(test.x)];
    const set = new TensorDataset<[x: Tensor, y: Tensor]>(x, train.y);
    await context.emit(
      text('model', `2 inputs, ${depth} hidden layers of ${width}, 2 classes, with each function`),
    );

    return study<NetResult>(context, {
      parts: functions.map((activation) => ({
        name: activation.name,
        async run(progress) {
          const model = new DeepNet(activation, depth, width, scale);
          const before = await look(model, x, train.y);
          const epochsSeen: EpochMeans[] = await trainPart(
            {
              model,
              optimizer: new optim.SGD(model.parameters(), { lr, momentum: 0.9 }),
              step: ([x, y]) => ({ loss: F.crossEntropy(model.forward(x), y) }),
            },
            new DataLoader(set, { batchSize: 20, shuffle: true }),
            { epochs },
            progress,
          );
          const losses = epochsSeen.map(({ train }) => train.loss!);
          const right = diverged(losses)
            ? GUESSING
            : await numberOf(() => accuracy(model.forward(testX), test.y));
          return {
            numbers: { gradientRatio: firstOverLast(before), accuracy: right },
            before,
            after: await look(model, x, train.y),
            losses,
          };
        },
      })),

      conclude(results) {
        const of = (name: string): NetResult => results[functions.findIndex((f) => f.name === name)]!;
        const [sigmoid, relu] = [of('sigmoid'), of('ReLU')];
        return {
          numbers: Object.fromEntries(
            results.flatMap(({ numbers }, i) => [
              [`${functions[i]!.name} accuracy`, numbers.accuracy!],
              [`${functions[i]!.name} firstOverLast`, numbers.gradientRatio!],
            ]),
          ),
          line: `test accuracy at depth ${depth}: sigmoid ${rightText(sigmoid)}, ReLU ${rightText(relu)}`,
          report: [
            table(
              ['', 'f(x)', 'f′(x)', 'range'],
              functions.map(({ name, formula, derivative, range }) => [name, formula, derivative, range]),
              { left: 4 },
            ),
            '',
            "Before training: the size of the weights' gradient in the first and the last layer, the mean slope, the share",
            'of places where a function is flat (slope below 0.01), and of units that are flat for every example (dead).',
            table(
              [
                '',
                'first',
                'last',
                'first/last',
                'mean slope',
                'flat',
                'dead',
                'dead after',
                'test accuracy',
              ],
              results.map(({ before, after, losses, numbers }, i) => [
                functions[i]!.name,
                small(before.gradients[0]!),
                small(before.gradients.at(-1)!),
                small(firstOverLast(before)),
                before.slope.toFixed(2),
                percent(before.flat),
                percent(before.dead),
                diverged(losses) ? '–' : percent(after.dead),
                rightText({ losses, numbers }),
              ]),
            ),
            `A gradient passes ${depth} ${depth === 1 ? 'slope' : 'slopes'} on its way to the first layer. With sign and step only the last layer learns, from`,
            'the random features before it; the linear network draws one straight line, no matter how many layers it has.',
          ],
        };
      },

      async pictures(results) {
        const byLayer = (which: 'before' | 'after'): Series[] =>
          results.map((result, i) => ({
            name: functions[i]!.name,
            x: result[which].gradients.map((_, layer) => layer + 1),
            y: result[which].gradients,
            points: true,
          }));
        const gradients = { xLabel: 'Layer', yLabel: '‖∂loss/∂W‖', yLog: true };
        return [
          {
            name: 'functions',
            figure: panels(await Promise.all(functions.map(shape)), {
              title: 'Activation functions and their slopes',
              columns: 5,
            }),
          },
          {
            name: 'gradients',
            figure: panels(
              [
                lineChart(byLayer('before'), { title: 'Before training', ...gradients }),
                lineChart(byLayer('after'), { title: 'After training', ...gradients }),
              ],
              { title: `The gradient that reaches each of ${depth + 1} layers`, columns: 2, shareY: true },
            ),
          },
          {
            name: 'losses',
            figure: lineChart(
              results.map(({ losses }, i) => ({
                name: functions[i]!.name,
                x: losses.map((_, epoch) => epoch + 1),
                y: losses,
              })),
              {
                title: `Training loss with ${depth} hidden layers`,
                xLabel: 'Epoch',
                yLabel: 'Cross entropy',
              },
            ),
          },
        ];
      },
    });
  },
});

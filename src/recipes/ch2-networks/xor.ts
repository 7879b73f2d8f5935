import { xor as xorPoints } from '../../data/index.js';
import * as F from '../../functional.js';
import { type Tensor, tensor, tidy } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import { decisionBoundary, type Figure, lineChart, panels } from '../../viz/index.js';
import {
  defineRecipe,
  listOf,
  listsOf,
  lossText,
  lr,
  numberOf,
  type PartProgress,
  type PartResult,
  percent,
  planeOf,
  plural,
  Recording,
  study,
  table,
  text,
} from '../kit/index.js';
import { boxAround, type Line, lineIn, marks } from './plane.js';

const activations = { tanh: F.tanh, sigmoid: F.sigmoid, relu: F.relu } as const;
type Activation = keyof typeof activations;

/** One hidden layer: the score of class 1 is v · f(Wx + b) + c. Without hidden units it is v · x + c. */
export class Network extends nn.Module {
  readonly hidden: nn.Linear | nn.Identity;
  readonly output: nn.Linear;
  private readonly activation: (x: Tensor) => Tensor;

  constructor(
    readonly units: number,
    activation: Activation,
  ) {
    super();
    this.hidden = units > 0 ? new nn.Linear(2, units) : new nn.Identity();
    this.output = new nn.Linear(units > 0 ? units : 2, 1);
    this.activation = units > 0 ? activations[activation] : (x) => x;
  }

  /** What the output neuron sees. @shape (N, 2) → (N, units) */
  features(x: Tensor): Tensor {
    return this.activation(this.hidden.forward(x));
  }

  /** Score of class 1, positive if it is likelier. @shape (N, 2) → (N) */
  override forward(x: Tensor): Tensor {
    return this.output.forward(this.features(x)).squeeze(1);
  }

  /** The line of each hidden unit, where it computes 0 before the activation. */
  async lines(): Promise<Line[]> {
    return this.hidden instanceof nn.Linear ? linesOf(this.hidden) : [];
  }
}

/** The lines of a layer with two inputs. */
async function linesOf({ weight, bias }: nn.Linear): Promise<Line[]> {
  const [w, b] = await listsOf([weight, bias!]);
  return b!.map((bk, k): Line => [w![2 * k]!, w![2 * k + 1]!, bk]);
}

const nameOf = (units: number): string => (units === 0 ? 'no hidden layer' : plural(units, 'hidden unit'));

const shareRight = (network: Network, x: Tensor, y: Tensor): Promise<number> =>
  numberOf(() => network.forward(x).gt(0).eq(y).to('float32').mean());

interface UnitsResult extends PartResult {
  readonly numbers: {
    /** Share of the starts that got all points but 1 % right. */
    readonly solved: number;
    /** From the start that ended with the lowest loss. */
    readonly loss: number;
    readonly accuracy: number;
  };
  /** Weights of that start. */
  readonly weights: nn.StateDict;
  /** Its loss at each step. */
  readonly losses: readonly number[];
}

/** One line isn't enough for XOR; two, put together by a hidden layer, are. */
export const xor = defineRecipe({
  name: 'xor',
  section: '2.6',
  title: 'A hidden layer solves XOR',
  about:
    'Points around the corners of a square, labeled by XOR. Without a hidden layer, the network draws one ' +
    'line and fails. Each hidden unit draws another line and turns it into a new coordinate; in these ' +
    'coordinates, one line is enough. Two units can do it, but they get stuck from some starts; more ' +
    'units succeed from more of the starts. Try --hidden 8, --activation relu (two units die easily), ' +
    '--activation sigmoid (slower: raise --steps), and --noise 0.3.',
  options: {
    hidden: {
      kind: 'integer',
      default: 2,
      min: 1,
      max: 256,
      help: 'hidden units of the network to show',
    },
    activation: {
      kind: 'choice',
      default: 'tanh',
      choices: ['tanh', 'sigmoid', 'relu'],
      help: 'activation of the hidden units',
    },
    points: { kind: 'integer', default: 200, min: 4, max: 10_000, help: 'points to train on' },
    noise: { kind: 'number', default: 0.1, min: 0, max: 10, help: 'spread of the points around the corners' },
    starts: { kind: 'integer', default: 10, min: 1, max: 1000, help: 'random starts for each network' },
    steps: { kind: 'integer', default: 200, min: 1, max: 100_000, help: 'steps from each start' },
    lr: { ...lr(0.05), help: 'learning rate of Adam' },
  },

  async prepare(context) {
    const { hidden, activation, points, noise, starts, steps, lr, seed } = context.options;
    const { x, y } = xorPoints({ n: points, noise, seed });
    const fresh = xorPoints({ n: 1000, noise, seed: seed + 1 });
    const sizes = [...new Set([0, 1, 2, 3, 4, 8, hidden])].sort((a, b) => a - b);
    await context.emit(text('data', `XOR: ${points} points to train on, 1,000 to test on`));
    await context.emit(
      text('networks', `${sizes.join(', ')} hidden units with ${activation}, ${starts} starts each`),
    );

    const trained = (network: Network): Promise<number[]> => {
      const optimizer = new optim.Adam(network.parameters(), { lr });
      const targets = y.to('float32');
      const losses = new Recording();
      for (let step = 0; step < steps; step++)
        tidy(() => {
          const loss = F.binaryCrossEntropyWithLogits(network.forward(x), targets);
          optimizer.zeroGrad();
          loss.backward();
          optimizer.step();
          losses.add(loss);
        });
      return losses.numbers();
    };
    const measure = async (units: number, progress: PartProgress): Promise<UnitsResult> => {
      let solved = 0;
      let best: { network: Network; losses: number[] } | undefined;
      for (let start = 0; start < starts; start++) {
        const network = new Network(units, activation);
        const losses = await trained(network);
        if ((await shareRight(network, x, y)) >= 0.99) solved += 1;
        if (!best || !(losses.at(-1)! >= best.losses.at(-1)!)) best = { network, losses };
        await progress((start + 1) / starts);
      }
      const { network, losses } = best!;
      return {
        numbers: {
          solved: solved / starts,
          loss: losses.at(-1)!,
          accuracy: await shareRight(network, fresh.x, fresh.y),
        },
        weights: network.stateDict(),
        losses,
      };
    };
    const rebuilt = (results: readonly UnitsResult[], units: number): Network => {
      const network = new Network(units, activation);
      network.loadStateDict(results[sizes.indexOf(units)]!.weights);
      return network;
    };

    return study(context, {
      parts: sizes.map((units) => ({
        name: nameOf(units),
        run: (progress) => measure(units, progress),
      })),

      async conclude(results) {
        const without = results[0]!.numbers;
        const shown = results[sizes.indexOf(hidden)]!.numbers;
        const network = rebuilt(results, hidden);
        const corners = tensor([
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ]);
        const features = (await network.features(corners).toArray()) as number[][];
        const scores = await listOf(network.forward(corners).sigmoid());
        const shownUnits = Math.min(hidden, 4);
        return {
          line: `test accuracy: ${percent(shown.accuracy, 2)} with ${nameOf(hidden)}, ${percent(without.accuracy, 2)} with ${nameOf(0)}`,
          numbers: {
            accuracy: shown.accuracy,
            solved: shown.solved,
            accuracyWithout: without.accuracy,
          },
          report: [
            table(
              ['hidden units', 'weights', 'starts that solve it', 'least loss', 'its test accuracy'],
              results.map(({ numbers }, i) => [
                sizes[i]!,
                new Network(sizes[i]!, activation).numParameters(),
                `${Math.round(numbers.solved * starts)} of ${starts}`,
                lossText(numbers.loss),
                percent(numbers.accuracy),
              ]),
            ),
            '',
            `How the network with ${hidden} sees the corners${shownUnits < hidden ? ` (its first ${shownUnits} units)` : ''}:`,
            table(
              ['x₀ x₁', ...Array.from({ length: shownUnits }, (_, k) => `unit ${k + 1}`), 'p(1)', 'XOR'],
              scores.map((p, i) => [
                `${i >> 1}  ${i & 1}`,
                ...Array.from({ length: shownUnits }, (_, k) => features[i]![k]!.toFixed(2)),
                p.toFixed(3),
                (i >> 1) ^ (i & 1),
              ]),
            ),
          ],
        };
      },

      async pictures(results) {
        const network = rebuilt(results, hidden);
        const plane = await planeOf(x, y);
        const axes = { xLabel: 'x₀', yLabel: 'x₁' };
        const regions = (units: number): Promise<Figure> =>
          decisionBoundary(plane, (grid) => rebuilt(results, units).forward(grid).sigmoid(), {
            title: nameOf(units),
            ...axes,
          });
        const lines = lineChart(
          [
            ...marks(plane),
            ...(await network.lines()).flatMap((line, k) => lineIn(boxAround(plane), line, `unit ${k + 1}`)),
          ],
          { title: 'Each hidden unit draws a line', ...axes },
        );
        const seen = async (): Promise<Figure> => {
          const features = await planeOf(network.features(x).detach(), y);
          const border = (await linesOf(network.output)).flatMap((line) =>
            lineIn(boxAround(features), line, 'output'),
          );
          return lineChart([...marks(features), ...border], {
            title: 'What the output neuron sees',
            xLabel: 'unit 1',
            yLabel: 'unit 2',
          });
        };
        return [
          {
            name: 'boundary',
            figure: panels([await regions(0), await regions(hidden)], { title: 'One line, and several' }),
          },
          {
            name: 'hidden-units',
            figure:
              hidden === 2
                ? panels([lines, await seen()], { title: 'Two units make one line enough' })
                : lines,
          },
          {
            name: 'loss',
            figure: lineChart(
              results.map(({ losses }, i) => ({
                name: nameOf(sizes[i]!),
                x: losses.map((_, step) => step),
                y: losses,
              })),
              { title: 'The best start of each network', xLabel: 'step', yLabel: 'loss' },
            ),
          },
        ];
      },
    });
  },
});

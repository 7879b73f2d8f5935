import { blobs, type MadeSet } from '../../data/index.js';
import { heaviside, ones, randperm, type Tensor, tensor, tidy, zeros } from '../../index.js';
import { type Figure, lineChart, panels, type Series } from '../../viz/index.js';
import {
  borneOut,
  defineRecipe,
  epochs,
  listOf,
  listsOf,
  numberOf,
  type PartProgress,
  type PartResult,
  percent,
  planeOf,
  plural,
  study,
  table,
  text,
} from '../kit/index.js';
import { type Box, boxAround, type Line, lineIn, marks } from './plane.js';

/** A neuron that fires or doesn't: y = f(w · x + b), f(a) = 1 if a ≥ 0, else 0. */
export class Perceptron {
  /** Zeros: then the learning rate only scales the weights, and 1 is as good as any. */
  readonly weight = zeros([2]);
  readonly bias = zeros([1]);

  /** @shape x (N, 2) → (N) */
  forward(x: Tensor): Tensor {
    return heaviside(x.matmul(this.weight).add(this.bias), ones([]));
  }

  /**
   * The perceptron learning rule: w ← w + (t − y) x, b ← b + (t − y). Nothing changes if y is right.
   *
   * @shape x (1, 2), t (1)
   * @returns whether y was wrong
   * @source Rosenblatt 1958, doi:10.1037/h0042519
   */
  async learn(x: Tensor, t: Tensor): Promise<boolean> {
    const error = tidy(() => {
      const error = t.sub(this.forward(x));
      this.weight.add_(x.squeeze(0).mul(error));
      this.bias.add_(error);
      return error;
    });
    return (await error.item()) !== 0;
  }

  async line(): Promise<Line> {
    const [[w0, w1], [b]] = (await listsOf([this.weight, this.bias])) as [[number, number], [number]];
    return [w0, w1, b];
  }
}

interface PerceptronResult extends PartResult {
  readonly numbers: {
    /** Times it went through the points. */
    readonly epochs: number;
    /** Points it got wrong, and learned from. */
    readonly mistakes: number;
    readonly accuracy: number;
    /** Highest accuracy it had at any time. */
    readonly bestAccuracy: number;
  };
  /** Mistakes in each epoch. */
  readonly mistakes: readonly number[];
  /** The decision line after each epoch. */
  readonly lines: readonly Line[];
  /** The line with the highest accuracy. */
  readonly best: Line;
}

/** Goes through the points in random order until an epoch has no mistake, or for `epochs` epochs. */
async function learn({ x, y }: MadeSet, epochs: number, progress: PartProgress): Promise<PerceptronResult> {
  const perceptron = new Perceptron();
  const targets = y.to('float32');
  const accuracy = (): Promise<number> =>
    numberOf(() => perceptron.forward(x).eq(targets).mean({ dtype: 'float32' }));
  const mistakes: number[] = [];
  const lines: Line[] = [];
  let bestAccuracy = 0;
  let best = await perceptron.line();
  while (lines.length < epochs && mistakes.at(-1) !== 0) {
    let wrong = 0;
    for (const i of await listOf(randperm(y.shape[0]!))) {
      if (!(await perceptron.learn(x.narrow(0, i, 1), targets.narrow(0, i, 1)))) continue;
      wrong += 1;
      const reached = await accuracy();
      if (reached > bestAccuracy) [bestAccuracy, best] = [reached, await perceptron.line()];
    }
    mistakes.push(wrong);
    lines.push(await perceptron.line());
    await progress(lines.length / epochs);
  }
  return {
    numbers: {
      epochs: lines.length,
      mistakes: mistakes.reduce((a, b) => a + b, 0),
      accuracy: await accuracy(),
      bestAccuracy,
    },
    mistakes,
    lines,
    best,
  };
}

/** Four points, and the values of a function of two bits at them. */
const bits = (outputs: readonly number[]): MadeSet => ({
  x: tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]),
  y: tensor([...outputs], { dtype: 'int32' }),
});

/** The best line and some of those before it, each once; and what to say about the omitted ones. */
function lines(
  { lines, best, numbers }: PerceptronResult,
  box: Box,
  some = 4,
): { series: Series[]; note: string | undefined } {
  const shown = lineIn(box, best, `best: ${percent(numbers.bestAccuracy, 0)}`);
  const all = [...shown, ...lines.flatMap((line, i) => lineIn(box, line, `after epoch ${i + 1}`, true))];
  const places = all.map(({ x, y }) => `${x} ${y}`);
  const others = all.filter((_, i) => places.indexOf(places[i]!) === i).slice(shown.length);
  const every = Math.max(1, others.length / some);
  const drawn = Array.from(
    { length: Math.min(some, others.length) },
    (_, k) => others[Math.floor(k * every)]!,
  );
  return {
    series: [...drawn, ...shown],
    note:
      others.length > some
        ? `${some} of ${others.length} lines on its way, and the best; ${others.length - some} are left out`
        : undefined,
  };
}

/** The first artificial neuron, on problems that one line solves and on one that it doesn't. */
export const perceptron = defineRecipe({
  name: 'perceptron',
  section: '2.2',
  title: 'A perceptron learns what one line can separate, and fails at XOR',
  about:
    'A neuron with the step function learns by the perceptron rule: when it is wrong, its weights move ' +
    'toward or away from the input. If a line separates the classes, the neuron finds one after finitely ' +
    'many mistakes, as for AND, OR, and the two clouds of points. No line separates XOR: the weights go ' +
    'in circles, and three of four points are the best it can do. (myelin train xor solves it with a ' +
    'hidden layer.) Try --spread 1, which makes the clouds overlap, so the weights never settle, and ' +
    'other seeds.',
  options: {
    points: { kind: 'integer', default: 100, min: 2, max: 10_000, help: 'points in the two clouds' },
    spread: { kind: 'number', default: 0.4, min: 0, max: 10, help: 'standard deviation of each cloud' },
    epochs: { ...epochs(100), max: 10_000, help: 'maximum times to go through the points' },
  },

  async prepare(context) {
    const { points, spread, epochs, seed } = context.options;
    const problems: Readonly<Record<string, MadeSet>> = {
      AND: bits([0, 0, 0, 1]),
      OR: bits([0, 1, 1, 1]),
      clouds: blobs({
        n: points,
        centers: [
          [1, 1],
          [3, 2],
        ],
        std: spread,
        seed,
      }),
      XOR: bits([0, 1, 1, 0]),
    };
    const names = Object.keys(problems);
    await context.emit(
      text('data', `AND, OR, and XOR of two bits; two clouds of ${points} points, spread ${spread}`),
    );

    return study(context, {
      parts: names.map((name) => ({
        name,
        run: (progress) => learn(problems[name]!, epochs, progress),
      })),

      conclude(results) {
        const [clouds, xor] = [results[2]!, results[3]!];
        const kinds = new Set(xor.lines.map((line) => line.join())).size;
        return {
          line: `accuracy: ${percent(clouds.numbers.accuracy, 2)} on the clouds, at most ${percent(xor.numbers.bestAccuracy, 2)} on XOR`,
          numbers: { accuracy: clouds.numbers.accuracy, xorAccuracy: xor.numbers.bestAccuracy },
          report: [
            table(
              ['', 'epochs', 'mistakes', 'accuracy', 'at best', 'w₀', 'w₁', 'b', ''],
              results.map((result, i) => [
                names[i]!,
                result.numbers.epochs,
                result.numbers.mistakes,
                percent(result.numbers.accuracy),
                percent(result.numbers.bestAccuracy),
                ...result.lines.at(-1)!.map((value) => value.toFixed(2)),
                result.mistakes.at(-1) === 0 ? 'at rest' : 'not at rest',
              ]),
            ),
            ...borneOut(
              2 * kinds <= xor.lines.length,
              `XOR: after ${plural(xor.lines.length, 'epoch')} the weights have taken ${kinds} different values and keep coming back to them.`,
            ),
            'The neuron fires if w₀x₀ + w₁x₁ + b ≥ 0. No weights solve XOR: the neuron must be silent at (0,0) and',
            '(1,1), so b < 0 and w₀ + w₁ + b < 0; and fire at (1,0) and (0,1), so w₀ + b ≥ 0 and w₁ + b ≥ 0. The last',
            "two add up to w₀ + w₁ + b ≥ −b, which is > 0: a contradiction. One line isn't enough.",
          ],
        };
      },

      async pictures(results) {
        const plane = async (i: number): Promise<Figure> => {
          const { x, y } = problems[names[i]!]!;
          const points = await planeOf(x, y);
          const { series, note } = lines(results[i]!, boxAround(points));
          return lineChart([...marks(points), ...series], {
            title: names[i]!,
            subtitle: note,
            xLabel: 'x₀',
            yLabel: 'x₁',
          });
        };
        return [
          {
            name: 'lines',
            figure: panels([await plane(2), await plane(3)], { title: 'The decision line as it learns' }),
          },
          {
            name: 'mistakes',
            figure: lineChart(
              results.map(({ mistakes }, i) => ({
                name: names[i]!,
                x: mistakes.map((_, epoch) => epoch + 1),
                y: mistakes,
                points: true,
              })),
              { title: 'Mistakes in each epoch', xLabel: 'epoch', yLabel: 'mistakes' },
            ),
          },
        ];
      },
    });
  },
});

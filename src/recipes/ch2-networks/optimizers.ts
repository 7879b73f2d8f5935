import { manualSeed, noGrad, type Tensor, tidy } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import type { OptimizerLike } from '../../train/index.js';
import { contour, type Figure, lineChart, panels } from '../../viz/index.js';
import {
  batchSize,
  borneOut,
  defineRecipe,
  type PartProgress,
  type PartResult,
  Recording,
  study,
  table,
  text,
} from '../kit/index.js';
import { minimize } from './minimize.js';
import { type Landscape, ravine } from './ravine.js';
import { digitsProblem, smallDigits } from './small-digits.js';

interface Method {
  readonly name: string;
  /** Examples for one step. */
  readonly batch: 'all' | 'one' | 'some';
  /** The best of a search over rates 1, 2, 3, 5, … of the digits' cost after 300 steps. */
  readonly lr: number;
  readonly optimizer: (parameters: readonly Tensor[], lr: number) => OptimizerLike;
}

const sgd: Method['optimizer'] = (parameters, lr) => new optim.SGD(parameters, { lr });

/** The optimizers of notes 2.8. */
const methods = (momentum: number): readonly Method[] => [
  { name: 'gradient descent', batch: 'all', lr: 3, optimizer: sgd },
  { name: 'SGD', batch: 'one', lr: 0.03, optimizer: sgd },
  { name: 'mini-batch', batch: 'some', lr: 3, optimizer: sgd },
  {
    // v ← μv + ∇J, θ ← θ − αv: at a constant rate the steps of the notes' v ← μv − α∇J, θ ← θ + v.
    name: 'momentum',
    batch: 'some',
    lr: 0.5,
    optimizer: (parameters, lr) => new optim.SGD(parameters, { lr, momentum }),
  },
  {
    name: 'Adam',
    batch: 'some',
    lr: 0.02,
    optimizer: (parameters, lr) => new optim.Adam(parameters, { lr }),
  },
];

const RAVINE_STEPS = 60;
const RAVINE_START = [-3, 1.6] as const;
/** The part of the plane that the picture of the ravine shows. */
const RAVINE_VIEW = { x: [-4, 5], y: [-1, 2] } as const;
/** Rates to try in the ravine: five per power of ten. */
const RAVINE_RATES = Array.from({ length: 21 }, (_, i) => 10 ** (i / 5 - 4));

/** Two hidden layers of sigmoids, which start on a plateau. @shape (N, 784) → (N, 10) */
const network = (): nn.Sequential =>
  new nn.Sequential(
    new nn.Linear(784, 32),
    new nn.Sigmoid(),
    new nn.Linear(32, 32),
    new nn.Sigmoid(),
    new nn.Linear(32, 10),
  );

const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;

/** A path up to the first step that leaves the picture, as a diverging path does. */
function visible(w1: readonly number[], w2: readonly number[]): { x: number[]; y: number[]; left: boolean } {
  const inside = (value: number, [from, to]: readonly [number, number]): boolean =>
    value >= from && value <= to;
  const out = w1.findIndex((x, i) => !inside(x, RAVINE_VIEW.x) || !inside(w2[i]!, RAVINE_VIEW.y));
  const end = out < 0 ? w1.length : out + 1;
  return { x: w1.slice(0, end), y: w2.slice(0, end), left: out >= 0 };
}

/** A mini-batch counts as nearly as good from this share of the gain with all images. */
const NEARLY = 0.9;

/** A rate in two digits. */
const rateText = (rate: number): string => String(Number(rate.toPrecision(2)));

/** A cost in a table; one that grew without bound says so. */
const shown = (cost: number, start: number): string =>
  Number.isFinite(cost) && cost <= 10 * start ? cost.toFixed(3) : 'diverged';

interface MethodResult extends PartResult {
  readonly numbers: {
    /** Cost of all images at the end. */
    readonly cost: number;
    /** Cost in the ravine above the lowest possible, averaged over the last ten steps. */
    readonly ravine: number;
  };
  /** The learning rate in the ravine. */
  readonly rate: number;
  /** Steps after which the cost of all images was measured, and what it was. */
  readonly steps: readonly number[];
  readonly costs: readonly number[];
  /** w₁ and w₂ in the ravine, before each step and after the last. */
  readonly w1: readonly number[];
  readonly w2: readonly number[];
}

/** How the optimizers of notes 2.8 descend: on images, where it matters, and in a ravine, where you can see it. */
export const optimizers = defineRecipe({
  name: 'optimizers',
  section: '2.8',
  title: 'Gradient descent, SGD, mini-batches, momentum, and Adam on one problem',
  about:
    'The same network on the same drawn digits, from the same start, trained by five optimizers: the cost ' +
    'of all images over the steps (as in figure 2.28), and over the examples used for those steps. Then ' +
    'the path of each through a ravine (figures 2.26 and 2.27): gradient descent swings from side to ' +
    'side, single examples make the path erratic, and momentum and Adam go along the ravine. Each ' +
    'optimizer has the learning rate that a search found best for it. Try --lr-factor 3 and --lr-factor ' +
    '0.1 (which of them suffers?), --momentum 0, and --momentum 0.99.',
  options: {
    steps: { kind: 'integer', default: 300, min: 1, max: 100_000, help: 'steps of each optimizer' },
    batchSize: { ...batchSize(32), min: 2, max: 10_000, help: 'examples in a mini-batch' },
    images: { kind: 'integer', default: 2000, min: 10, max: 20_000, help: 'images to train on' },
    momentum: {
      kind: 'number',
      default: 0.9,
      min: 0,
      max: 0.999,
      help: 'share of the velocity to keep',
    },
    lrFactor: { kind: 'number', default: 1, above: 0, help: 'factor for all learning rates' },
  },

  async prepare(context) {
    const { steps, batchSize, images, momentum, lrFactor, seed } = context.options;
    const { train } = smallDigits({ train: images, test: 1, seed });
    const landscape = (): Promise<Landscape> => ravine({ seed, start: RAVINE_START });
    const all = methods(momentum);
    const batchOf = ({ batch }: Method, n: number): number =>
      Math.min(n, { all: n, one: 1, some: batchSize }[batch]);
    /** Often enough for a smooth curve. */
    const every = Math.max(1, Math.floor(steps / 60));
    await context.emit(
      text('data', `${images.toLocaleString('en')} drawn digits; a ravine over two weights`),
    );

    const onDigits = async (
      method: Method,
      progress: PartProgress,
    ): Promise<Pick<MethodResult, 'steps' | 'costs'>> => {
      const problem = digitsProblem(network(), train);
      const seen: number[] = [];
      const costs = new Recording();
      await minimize(
        problem,
        (parameters) => method.optimizer(parameters, lrFactor * method.lr),
        {
          steps,
          batch: batchOf(method, images),
          watch(step) {
            if (step % every !== 0 && step !== steps) return;
            seen.push(step);
            noGrad(() => tidy(() => costs.add(problem.cost())));
          },
        },
        progress,
      );
      return { steps: seen, costs: await costs.numbers() };
    };
    const descend = async (
      method: Method,
      lr: number,
      progress: PartProgress,
    ): Promise<Pick<MethodResult, 'w1' | 'w2'> & { readonly above: number }> => {
      manualSeed(seed);
      const problem = await landscape();
      const path = new Recording();
      await minimize(
        problem,
        (parameters) => method.optimizer(parameters, lr),
        {
          steps: RAVINE_STEPS,
          batch: batchOf(method, problem.n),
          watch: () => path.add(problem.weights),
        },
        progress,
      );
      const places = await path.numbers();
      const [w1, w2] = [0, 1].map((k) => places.filter((_, i) => i % 2 === k)) as [number[], number[]];
      const heights = w1.map((w1, i) => problem.surface(w1, w2[i]!) - problem.least);
      return { w1, w2, above: mean(heights.slice(-10)) };
    };
    /** The rate that makes a method end lowest. */
    const searchRavine = async (method: Method, progress: PartProgress): Promise<number> => {
      let best = { rate: RAVINE_RATES[0]!, above: Number.POSITIVE_INFINITY };
      for (const rate of RAVINE_RATES) {
        const { above } = await descend(method, rate, progress);
        if (above < best.above) best = { rate, above };
      }
      return best.rate;
    };

    return study<MethodResult>(context, {
      parts: all.map((method) => ({
        name: method.name,
        async run(progress) {
          const { steps, costs } = await onDigits(method, progress);
          const rate = lrFactor * (await searchRavine(method, progress));
          const { w1, w2, above } = await descend(method, rate, progress);
          return { numbers: { cost: costs.at(-1)!, ravine: above }, rate, steps, costs, w1, w2 };
        },
      })),

      async conclude(results) {
        const finite = (cost: number): number => (Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost);
        // Those that see equally many examples per step.
        const peers = results.filter((_, i) => all[i]!.batch === 'some');
        const best = peers.reduce((a, b) => (finite(b.numbers.cost) < finite(a.numbers.cost) ? b : a));
        /** How much gradient descent and mini-batches lowered the cost. */
        const [whole, , mini] = results.map(({ costs }) => costs[0]! - costs.at(-1)!) as [
          number,
          number,
          number,
        ];
        const { surface, least } = await landscape();
        const ravineStart = surface(...RAVINE_START) - least;
        const winner = all[results.indexOf(best)]!.name;
        const costAt = ({ steps: at, costs }: MethodResult, share: number): string =>
          shown(costs[at.findIndex((step) => step >= share * steps)]!, costs[0]!);
        return {
          line: `lowest cost after ${steps} steps of ${batchSize} examples: ${shown(best.numbers.cost, best.costs[0]!)}, by ${winner}`,
          numbers: Object.fromEntries(
            results.flatMap(({ numbers }, i) => [
              [all[i]!.name, numbers.cost],
              [`${all[i]!.name}, ravine`, numbers.ravine],
            ]),
          ),
          report: [
            table(
              ['', 'rate', 'batch', 'examples', 'cost after ¼', 'half', 'all steps', 'ravine: rate', 'cost'],
              results.map((result, i) => {
                const method = all[i]!;
                const batch = batchOf(method, images);
                return [
                  method.name,
                  rateText(lrFactor * method.lr),
                  batch,
                  (batch * steps).toLocaleString('en'),
                  ...[0.25, 0.5, 1].map((share) => costAt(result, share)),
                  rateText(result.rate),
                  shown(result.numbers.ravine, ravineStart),
                ];
              }),
            ),
            'Cost: of all images, after a quarter, half, and all of the steps. Gradient descent looks at all of them for',
            'every step, and SGD at one, so its steps are cheap and erratic.',
            ...borneOut(
              batchSize < images && whole > 0 && mini >= NEARLY * whole,
              'A mini-batch points nearly the same way as all images, at a fraction of the cost.',
            ),
            `Ravine: how far above the lowest cost each is after ${RAVINE_STEPS} steps (at first ${ravineStart.toFixed(0)}), at the best of ${RAVINE_RATES.length} rates${lrFactor === 1 ? '' : `, times ${lrFactor}`}.`,
          ],
        };
      },

      async pictures(results) {
        const { surface } = await landscape();
        const overSteps = results.map(({ steps, costs }, i) => ({ name: all[i]!.name, x: steps, y: costs }));
        const overExamples = results.map(({ steps, costs }, i) => ({
          name: all[i]!.name,
          // Without the start, where no example was seen: a logarithmic axis has no 0.
          x: steps.slice(1).map((step) => step * batchOf(all[i]!, images)),
          y: costs.slice(1),
        }));
        const yLabel = 'cost of all images';
        const paths = (names: readonly string[], title: string): Figure =>
          contour(
            { f: surface, ...RAVINE_VIEW },
            results.flatMap(({ w1, w2 }, i) => {
              if (!names.includes(all[i]!.name)) return [];
              const { x, y, left } = visible(w1, w2);
              return [
                { name: left ? `${all[i]!.name} (leaves)` : all[i]!.name, x, y, points: true, color: i },
              ];
            }),
            // The picture keeps the plane's proportions, so the ravine looks as steep as it is.
            { title, xLabel: 'w₁', yLabel: 'w₂', width: 720, height: 240 },
          );
        return [
          {
            name: 'cost',
            figure: panels(
              [
                lineChart(overSteps, { title: 'over steps', xLabel: 'steps', yLabel }),
                lineChart(overExamples, {
                  title: 'over examples',
                  xLabel: 'examples seen',
                  xLog: true,
                  yLabel,
                }),
              ],
              { title: 'Five optimizers on drawn digits', shareY: true },
            ),
          },
          {
            name: 'ravine',
            figure: panels(
              [
                paths(['gradient descent', 'SGD', 'mini-batch'], 'using all examples, one, and some'),
                paths(['mini-batch', 'momentum', 'Adam'], 'with momentum, and a rate for each weight'),
              ],
              { title: 'Paths through a ravine', columns: 1 },
            ),
          },
        ];
      },
    });
  },
});

import { noGrad, type Tensor, tidy } from '../index.js';
import * as optim from '../optim/index.js';
import type { OptimizerLike } from '../train/index.js';
import { contour, type Figure, lineChart, panels } from '../viz/index.js';
import { minimise } from './minimise.js';
import { type Landscape, ravine } from './ravine.js';
import { defineRecipe } from './recipe.js';
import { digitsProblem, smallDigits, smallNetwork } from './small-digits.js';
import { type PartControl, type PartResult, study } from './study.js';
import { table } from './table.js';

interface Method {
  readonly name: string;
  /** Examples for one step. */
  readonly batch: 'all' | 'one' | 'some';
  readonly lr: { readonly digits: number; readonly ravine: number };
  readonly optimizer: (parameters: readonly Tensor[], lr: number) => OptimizerLike;
}

const sgd: Method['optimizer'] = (parameters, lr) => new optim.SGD(parameters, { lr });

/** The optimizers of notes 2.8, each with learning rates that suit it. */
const methods = (momentum: number): readonly Method[] => [
  { name: 'gradient descent', batch: 'all', lr: { digits: 0.2, ravine: 0.035 }, optimizer: sgd },
  { name: 'SGD', batch: 'one', lr: { digits: 0.02, ravine: 0.005 }, optimizer: sgd },
  { name: 'mini-batch', batch: 'some', lr: { digits: 0.2, ravine: 0.02 }, optimizer: sgd },
  {
    // v ← μv + ∇J, θ ← θ − αv: at a constant rate the steps of the notes' v ← μv − α∇J, θ ← θ + v.
    name: 'momentum',
    batch: 'some',
    lr: { digits: 0.05, ravine: 0.006 },
    optimizer: (parameters, lr) => new optim.SGD(parameters, { lr, momentum }),
  },
  {
    name: 'Adam',
    batch: 'some',
    lr: { digits: 0.003, ravine: 0.3 },
    optimizer: (parameters, lr) => new optim.Adam(parameters, { lr }),
  },
];

const RAVINE_STEPS = 60;
const RAVINE_START = [-3, 1.6] as const;

interface MethodResult extends PartResult {
  readonly numbers: {
    /** Cost of all images at the end. */
    readonly cost: number;
    /** Cost in the ravine at the end, above the least there is. */
    readonly ravine: number;
  };
  /** Steps after which the cost of all images was measured, and what it was. */
  readonly steps: readonly number[];
  readonly costs: readonly number[];
  /** w₁ and w₂ in the ravine, before each step and after the last. */
  readonly w1: readonly number[];
  readonly w2: readonly number[];
}

/** How the optimizers of notes 2.8 go down: on images, where it matters, and in a ravine, where one sees it. */
export const optimizers = defineRecipe({
  name: 'optimizers',
  section: '2.8',
  title: 'Gradient descent, SGD, mini-batches, momentum and Adam on one problem',
  about:
    'The same network on the same drawn digits, from the same start, by five optimizers: the cost of all ' +
    'images over the steps (as in figure 2.28), and over the examples that were looked at for them. Then the ' +
    'path of each through a ravine (figures 2.26 and 2.27): gradient descent swings from side to side, ' +
    'single examples make the path erratic, momentum and Adam go along the ravine. Each optimizer has a ' +
    'learning rate that suits it; try --lr-factor 3 and --lr-factor 0.1 (which of them minds?), ' +
    '--momentum 0 and --momentum 0.99.',
  options: {
    steps: { kind: 'integer', default: 300, min: 1, max: 100_000, help: 'steps of each optimizer' },
    batchSize: { kind: 'integer', default: 32, min: 2, max: 10_000, help: 'examples in a mini-batch' },
    images: { kind: 'integer', default: 2000, min: 10, max: 20_000, help: 'images to train on' },
    momentum: {
      kind: 'number',
      default: 0.9,
      min: 0,
      max: 0.999,
      help: 'share of the velocity that is kept',
    },
    lrFactor: { kind: 'number', default: 1, above: 0, help: 'what all learning rates are multiplied by' },
  },

  async prepare(context) {
    const { steps, batchSize, images, momentum, lrFactor, seed } = context.options;
    const { train } = smallDigits({ train: images, test: 1, seed });
    const landscape = (): Landscape => ravine({ seed, start: RAVINE_START });
    const all = methods(momentum);
    const batchOf = ({ batch }: Method, n: number): number =>
      Math.min(n, { all: n, one: 1, some: batchSize }[batch]);
    /** Often enough for a smooth curve. */
    const every = Math.max(1, Math.floor(steps / 60));
    context.say('data', `${images.toLocaleString('en')} drawn digits; a ravine over two weights`);

    const onDigits = async (
      method: Method,
      control: PartControl,
    ): Promise<Pick<MethodResult, 'steps' | 'costs'>> => {
      const problem = digitsProblem(smallNetwork(), train);
      const seen: { steps: number[]; costs: number[] } = { steps: [], costs: [] };
      await minimise(
        problem,
        (parameters) => method.optimizer(parameters, lrFactor * method.lr.digits),
        {
          steps,
          batch: batchOf(method, images),
          watch(step) {
            if (step % every !== 0 && step !== steps) return;
            seen.steps.push(step);
            seen.costs.push(noGrad(() => tidy(() => problem.cost().itemSync())));
          },
        },
        control,
      );
      return seen;
    };
    const inRavine = async (
      method: Method,
      control: PartControl,
    ): Promise<Pick<MethodResult, 'w1' | 'w2'> & { readonly above: number }> => {
      const problem = landscape();
      const path: { w1: number[]; w2: number[] } = { w1: [], w2: [] };
      await minimise(
        problem,
        (parameters) => method.optimizer(parameters, lrFactor * method.lr.ravine),
        {
          steps: RAVINE_STEPS,
          batch: batchOf(method, problem.n),
          watch() {
            const [w1, w2] = problem.weights.dataSync();
            path.w1.push(w1!);
            path.w2.push(w2!);
          },
        },
        control,
      );
      return { ...path, above: problem.surface(path.w1.at(-1)!, path.w2.at(-1)!) - problem.least };
    };

    return study<MethodResult>(context, {
      parts: all.map((method) => ({
        name: method.name,
        async run(control) {
          const { steps, costs } = await onDigits(method, control);
          const { w1, w2, above } = await inRavine(method, control);
          return { numbers: { cost: costs.at(-1)!, ravine: above }, steps, costs, w1, w2 };
        },
      })),

      conclude(results) {
        const best = results.reduce((a, b) => (b.numbers.cost < a.numbers.cost ? b : a));
        const { surface, least } = landscape();
        const winner = all[results.indexOf(best)]!.name;
        const costAt = ({ steps: at, costs }: MethodResult, share: number): string =>
          costs[at.findIndex((step) => step >= share * steps)]!.toFixed(3);
        return {
          line: `least cost after ${steps} steps: ${best.numbers.cost.toFixed(4)}, by ${winner}`,
          numbers: Object.fromEntries(
            results.flatMap(({ numbers }, i) => [
              [all[i]!.name, numbers.cost],
              [`${all[i]!.name}, ravine`, numbers.ravine],
            ]),
          ),
          report: [
            ...table(
              ['', 'rate', 'batch', 'examples', 'cost after ¼', 'half', 'all steps', 'ravine'],
              results.map((result, i) => {
                const method = all[i]!;
                const batch = batchOf(method, images);
                return [
                  method.name,
                  lrFactor * method.lr.digits,
                  batch,
                  (batch * steps).toLocaleString('en'),
                  ...[0.25, 0.5, 1].map((share) => costAt(result, share)),
                  result.numbers.ravine.toFixed(3),
                ];
              }),
            ),
            'Cost: of all images, by the steps taken. Gradient descent looks at all of them for every step, SGD at one:',
            'steps are cheap and crooked. A mini-batch points nearly the same way as all images, at a fraction of the price.',
            `Ravine: how far above the least cost each is after ${RAVINE_STEPS} steps (at first ${(surface(...RAVINE_START) - least).toFixed(0)}).`,
          ],
        };
      },

      pictures(results) {
        const { surface } = landscape();
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
            { f: surface, x: [-4, 5], y: [-1, 2] },
            results.flatMap(({ w1, w2 }, i) =>
              names.includes(all[i]!.name) ? [{ name: all[i]!.name, x: w1, y: w2, points: true }] : [],
            ),
            // As long as it is wide in the picture: then the ravine looks as steep as it is.
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
              { title: 'Five optimizers on drawn digits' },
            ),
          },
          {
            name: 'ravine',
            figure: panels(
              [
                paths(['gradient descent', 'SGD', 'mini-batch'], 'by all examples, one, and some'),
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

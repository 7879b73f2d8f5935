import { noisyPolynomial, type Subset, TensorDataset, trainValidationTest } from '../../data/index.js';
import {
  ArgumentError,
  Generator,
  linspace,
  ones,
  onesLike,
  stack,
  type Tensor,
  tidy,
  zerosLike,
} from '../../index.js';
import { lineChart, panels, type Series } from '../../viz/index.js';
import {
  borneOut,
  defineRecipe,
  type IntegerSpec,
  listOf,
  listsOf,
  numbersOf,
  type PartResult,
  study,
  table,
  text,
} from '../kit/index.js';

/** The curve behind the data: 4x³ − 3x, between −1 and 1. */
const coefficients = [0, -3, 0, 4];

interface Points {
  /** @shape (n), float64 */
  readonly x: Tensor;
  /** @shape (n), float64 */
  readonly y: Tensor;
}

/** Values of a fitted polynomial at any points (n). */
export type Curve = (at: Tensor) => Tensor;

/** Σ a b c … */
const sumOfProducts = (...factors: readonly Tensor[]): Tensor =>
  factors.reduce((product, factor) => product.mul(factor)).sum();

/**
 * The polynomial of a degree with the least mean squared error on the points: the one that gradient descent
 * would end with, found directly. It's a sum Σ cₖ pₖ of polynomials that are orthogonal on the points,
 * p₀ = 1, pₖ₊₁ = (x − αₖ) pₖ − βₖ pₖ₋₁, so each cₖ = Σ y pₖ / Σ pₖ² can be found separately.
 *
 * @source Forsythe 1957, doi:10.1137/0105007
 */
export function fitPolynomial({ x, y }: Points, degree: number): Curve {
  const terms: { readonly alpha: Tensor; readonly beta: Tensor; readonly c: Tensor }[] = [];
  const next = (at: Tensor, p: Tensor, before: Tensor, k: number): Tensor =>
    at.sub(terms[k]!.alpha).mul(p).sub(before.mul(terms[k]!.beta));
  tidy(() => {
    let [before, p, sizeBefore] = [zerosLike(x), onesLike(x), ones([], { dtype: 'float64' })];
    for (let k = 0; k <= degree; k++) {
      const size = sumOfProducts(p, p);
      terms.push({
        alpha: sumOfProducts(x, p, p).div(size),
        beta: size.div(sizeBefore),
        c: sumOfProducts(y, p).div(size),
      });
      [before, p, sizeBefore] = [p, next(x, p, before, k), size];
    }
    return terms;
  });
  return (at) =>
    tidy(() => {
      let [before, p, sum] = [zerosLike(at), onesLike(at), zerosLike(at)];
      terms.forEach(({ c }, k) => {
        sum = sum.add(p.mul(c));
        [before, p] = [p, next(at, p, before, k)];
      });
      return sum;
    });
}

const squaredErrors = (curve: Curve, { x, y }: Points): Tensor => curve(x).sub(y).square();

/** The results of one degree. */
interface DegreeResult extends PartResult {
  readonly numbers: {
    readonly train: number;
    readonly validation: number;
    readonly bias2: number;
    readonly variance: number;
  };
  /** How much the validation error would differ with other validation points. */
  readonly standardError: number;
}

/**
 * The lowest degree whose validation error is within one standard error of the least one: between
 * models that validation can't tell apart, the simplest.
 *
 * @source Breiman et al. 1984, Classification and Regression Trees, 3.4.3
 */
function chooseDegree(results: readonly DegreeResult[]): number {
  const best = results.reduce((a, b) => (b.numbers.validation < a.numbers.validation ? b : a));
  const limit = best.numbers.validation + best.standardError;
  return results.findIndex(({ numbers }) => numbers.validation <= limit);
}

const count = (value: number, min: number, help: string): IntegerSpec => ({
  kind: 'integer',
  default: value,
  min,
  max: 10_000,
  help,
});

/** Fits polynomials of every degree to noisy points of one. */
export const polynomial = defineRecipe({
  name: 'polynomial',
  section: '1.3',
  title: 'Which polynomial made these points? Under- and overfitting, bias and variance',
  about:
    'Fits polynomials of degree 0, 1, 2, … to noisy points of a cubic curve. The training error falls with ' +
    "every degree, while the error on validation points falls and then rises again: a degree that's too low " +
    "underfits, and one that's too high overfits. Each degree is also fitted to many other training sets of " +
    'the same kind, which splits its error into bias (how far the mean of the fits is from the truth), ' +
    'variance (how far the fits are from their mean), and noise, which no model can predict. Validation ' +
    'chooses the degree, and only that degree is measured on test points. Try --points 300 (more data tame ' +
    'the high degrees), --points 15, --noise 0.05, and other seeds.',
  options: {
    points: count(40, 2, 'points in each of the training, validation, and test sets'),
    noise: { kind: 'number', default: 0.3, min: 0, max: 10, help: 'standard deviation of the noise' },
    maxDegree: { ...count(10, 1, 'highest degree'), max: 20 },
    sets: count(200, 2, 'training sets for measuring bias and variance'),
  },

  async prepare(context) {
    const { points, noise, maxDegree, sets, seed } = context.options;
    if (maxDegree >= points)
      throw new ArgumentError(
        'polynomial',
        `degree ${maxDegree} has ${maxDegree + 1} coefficients; ${points} points don't determine them`,
      );
    const sample = (n: number, seed: number): Points => {
      const { x, y } = noisyPolynomial({ n, noise, coefficients, seed });
      return { x: x.flatten().to('float64'), y: y.to('float64') };
    };
    const all = sample(3 * points, seed);
    const set = new TensorDataset<[x: Tensor, y: Tensor]>(all.x, all.y);
    const split = trainValidationTest(set, {
      validation: points,
      test: points,
      generator: new Generator(seed),
    });
    const pointsOf = ({ indices }: Subset<unknown>): Points => {
      const [x, y] = set.batch(indices);
      return { x, y };
    };
    const [training, validation] = [pointsOf(split.train), pointsOf(split.validation)];
    await context.emit(
      text(
        'data',
        `4x³ − 3x + noise: ${points} points to train on, ${points} to validate, ${points} to test`,
      ),
    );

    const grid = linspace(-1, 1, 201, { dtype: 'float64' });
    const truth = grid.pow(3).mul(4).sub(grid.mul(3));
    /** Values on the grid of the fits to all other training sets. @shape (sets, grid) */
    const manyFits = (degree: number): Tensor =>
      stack(
        Array.from({ length: sets }, (_, k) =>
          fitPolynomial(sample(points, seed * sets + k + 1), degree)(grid),
        ),
      );
    const measure = async (degree: number): Promise<DegreeResult> => {
      const curve = fitPolynomial(training, degree);
      const errors = squaredErrors(curve, validation);
      const fits = manyFits(degree);
      const [onTraining, onValidation, std, bias, variance] = (await numbersOf([
        squaredErrors(curve, training).mean(),
        errors.mean(),
        errors.std(),
        fits.mean(0).sub(truth).square().mean(),
        fits.var(0).mean(),
      ])) as [number, number, number, number, number];
      return {
        // The mean over a few sets is itself off by their variance: that part isn't bias.
        numbers: {
          train: onTraining,
          validation: onValidation,
          bias2: Math.max(0, bias - variance / sets),
          variance,
        },
        standardError: std / Math.sqrt(points),
      };
    };

    return study(context, {
      parts: Array.from({ length: maxDegree + 1 }, (_, degree) => ({
        name: `degree ${degree}`,
        run: () => measure(degree),
      })),

      async conclude(results) {
        const chosen = chooseDegree(results);
        const [first, last] = [results[0]!.numbers, results.at(-1)!.numbers];
        const testing = pointsOf(split.unsealTest());
        const test = await squaredErrors(fitPolynomial(training, chosen), testing).mean().item();
        return {
          line: `test error of degree ${chosen}: ${test.toFixed(4)}`,
          numbers: { degree: chosen, test },
          report: [
            table(
              ['degree', 'train', 'validation', 'bias²', 'variance', 'bias² + variance + noise²', ''],
              results.map(({ numbers: { train, validation, bias2, variance } }, degree) => [
                degree,
                ...[train, validation, bias2, variance, bias2 + variance + noise ** 2].map((value) =>
                  value.toFixed(4),
                ),
                degree === chosen ? 'chosen' : '',
              ]),
            ),
            'Mean squared errors.',
            ...borneOut(
              results.every(({ numbers }, d) => d === 0 || numbers.train <= results[d - 1]!.numbers.train),
              "The training error can't show that a degree is too high: it only falls.",
            ),
            ...borneOut(
              first.bias2 > first.variance && last.variance > last.bias2,
              'Low degrees have bias: they err the same way for every training set. High degrees have variance: they err differently for each.',
            ),
            `Chosen: degree ${chosen}, the lowest that validation can't tell from the best (within one standard error).`,
            `Noise alone is ${(noise ** 2).toFixed(4)}: the error of the best possible model, give or take the luck of the points.`,
          ],
        };
      },

      async pictures(results) {
        const chosen = chooseDegree(results);
        const shown = [...new Set([Math.min(1, chosen), chosen, maxDegree])];
        const [x, trainX, trainY] = (await listsOf([grid, training.x, training.y])) as [
          number[],
          number[],
          number[],
        ];
        /** How far from 0 curves are drawn: fits of high degree go far astray at the ends. */
        const reach = Math.max(2.5, ...trainY.map(Math.abs));
        let isCut = false;
        /** The part of a curve that is near the data. */
        const line = async (name: string, values: Tensor, dashed = false): Promise<Series> => {
          const y = await listOf(values);
          const near = (_: number, i: number): boolean => Math.abs(y[i]!) <= reach;
          isCut ||= !y.every((_, i) => near(0, i));
          return { name, x: x.filter(near), y: y.filter(near), dashed };
        };
        const origin = await line('where points come from', truth, true);
        const marks: Series = {
          name: 'training points',
          x: trainX,
          y: trainY,
          points: 'only',
        };
        const size = { xLabel: 'x', yLabel: 'y', width: 280, height: 220 };
        const fits = shown.map(async (degree) =>
          lineChart([origin, marks, await line('fit', fitPolynomial(training, degree)(grid))], {
            title: `degree ${degree}${degree === chosen ? ', chosen' : ''}`,
            ...size,
          }),
        );
        const spread = shown.map(async (degree) => {
          const many = manyFits(degree);
          const [mean, std] = [many.mean(0), many.std(0)];
          return lineChart(
            [
              origin,
              await line('mean of all fits', mean),
              await line('one std above', mean.add(std), true),
              await line('one std below', mean.sub(std), true),
            ],
            { title: `degree ${degree}, ${sets} training sets`, ...size },
          );
        });
        const errorOf = ({ numbers }: DegreeResult): number => numbers.bias2 + numbers.variance + noise ** 2;
        /** Degrees that overfit badly would hide all others. */
        const moderate = results.filter((result) => errorOf(result) <= 1.5 * errorOf(results[0]!));
        const omitted = results.flatMap((result, degree) => (moderate.includes(result) ? [] : [degree]));
        const curve = (
          name: string,
          of: (result: DegreeResult) => number,
          which: readonly DegreeResult[] = results,
        ): Series => ({
          name,
          x: which.map((result) => results.indexOf(result)),
          y: which.map(of),
          points: true,
        });
        const axes = { xLabel: 'degree', yLabel: 'mean squared error' };
        return [
          {
            name: 'fits',
            figure: panels(await Promise.all([...fits, ...spread]), {
              title: shown.length === 3 ? 'Too simple, right, too complex' : 'Polynomials of several degrees',
              subtitle: isCut ? `curves are left out beyond ±${Number(reach.toPrecision(2))}` : undefined,
              columns: shown.length,
              shareY: true,
            }),
          },
          {
            name: 'errors',
            figure: lineChart(
              [
                curve('train', ({ numbers }) => numbers.train),
                curve('validation', ({ numbers }) => numbers.validation),
              ],
              {
                title: 'Errors on training and validation points',
                subtitle: `chosen by validation: degree ${chosen}`,
                ...axes,
                yLog: true,
              },
            ),
          },
          {
            name: 'bias-variance',
            figure: lineChart(
              [
                curve('bias²', ({ numbers }) => numbers.bias2, moderate),
                curve('variance', ({ numbers }) => numbers.variance, moderate),
                curve('bias² + variance + noise²', errorOf, moderate),
              ],
              {
                title: `Bias and variance over ${sets} training sets`,
                subtitle:
                  omitted.length > 0 ? `far higher, left out: degree ${omitted.join(', ')}` : undefined,
                ...axes,
              },
            ),
          },
        ];
      },
    });
  },
});

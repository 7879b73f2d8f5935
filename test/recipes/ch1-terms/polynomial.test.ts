import { expect, test } from 'vitest';
import { manualSeed, rand, tensor } from '../../../src/index.js';
import { fitPolynomial, polynomial } from '../../../src/recipes/ch1-terms/polynomial.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { trainedInTwoGoes } from '../stopped.js';

test('a polynomial is found again from points of it, by any degree that is high enough', async () => {
  manualSeed(0);
  const x = rand([12], { dtype: 'float64' }).mul(2).sub(1);
  const cubic = (at: typeof x): typeof x => at.pow(3).mul(2).sub(at).add(0.5);
  const at = tensor([-0.9, 0.25, 1], { dtype: 'float64' });
  for (const degree of [3, 4, 7, 11])
    expect(await fitPolynomial({ x, y: cubic(x) }, degree)(at).allclose(cubic(at))).toBe(true);
});

test('the fit has the least squared error', () => {
  // Worked by hand: the line through (0, 0), (1, 2), (2, 2) is y = 1/3 + x.
  const line = fitPolynomial(
    { x: tensor([0, 1, 2], { dtype: 'float64' }), y: tensor([0, 2, 2], { dtype: 'float64' }) },
    1,
  );
  const [at0, at1] = line(tensor([0, 1], { dtype: 'float64' })).dataSync();
  expect(at0).toBeCloseTo(1 / 3, 12);
  expect(at1).toBeCloseTo(4 / 3, 12);
});

test('validation chooses the degree of the curve; bias falls and variance rises with the degree', async () => {
  const {
    experiment,
    result: { numbers },
  } = await trainedInTwoGoes(polynomial, { sets: 50, maxDegree: 8 });
  expect(numbers.degree).toBe(3);
  expect(numbers.test).toBeLessThan(0.12); // the noise alone is 0.09
  const { results } = experiment.state() as unknown as {
    results: { numbers: { train: number; validation: number; bias2: number; variance: number } }[];
  };
  const [line, cubic, high] = [results[1]!.numbers, results[3]!.numbers, results[8]!.numbers];
  expect(line.bias2).toBeGreaterThan(100 * cubic.bias2);
  expect(high.variance).toBeGreaterThan(5 * cubic.variance);
  expect(high.train).toBeLessThan(cubic.train);
  expect(high.validation).toBeGreaterThan(cubic.validation);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['fits', 'errors', 'bias-variance']);
});

test('more coefficients than points are an error', async () => {
  await expect(prepare(polynomial, { points: 8, maxDegree: 8 })).rejects.toThrow(
    "polynomial: degree 8 has 9 coefficients; 8 points don't determine them",
  );
});

test('pictures say which degrees and parts of curves are left out, and call none right without need', async () => {
  const drawn = async (options: Parameters<typeof prepare>[1]): Promise<string[]> => {
    const experiment = await prepare(polynomial, { sets: 10, ...options });
    await experiment.train();
    return (await experiment.pictures!()).map(({ figure }) => JSON.stringify(figure.spec.title));
  };
  const [fits, errors, bias] = await drawn({ points: 16, maxDegree: 12 });
  expect(fits).toContain('curves are left out beyond ±2.5');
  expect(errors).toMatch(/chosen by validation: degree \d/);
  expect(bias).toMatch(/far higher, left out: degree .*12/);
  expect((await drawn({ maxDegree: 1 }))[0]).toContain('Polynomials of several degrees');
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { clusters, elbow } from '../../../src/recipes/ch1-terms/clusters.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { listener } from '../said.js';
import { trainedInTwoGoes } from '../stopped.js';
import { withoutData } from '../without-data.js';

const uci = [
  ...(process.env.MYELIN_DATA ? [join(process.env.MYELIN_DATA, 'uci')] : []),
  fileURLToPath(new URL('../../../../shared/data/uci', import.meta.url)),
].find((folder) => existsSync(join(folder, 'iris.data')));
if (uci === undefined)
  console.log("Iris wasn't found (MYELIN_DATA, ../shared/data/uci): its test is skipped");

beforeAll(() => {
  withoutData();
});

test('k-means finds the clouds, and the elbow their number', async () => {
  const { experiment, result } = await trainedInTwoGoes(clusters, {
    points: 200,
    centers: 4,
    std: 0.5,
    maxK: 6,
  });
  const { numbers, report } = result;
  expect(numbers).toMatchObject({ cloudsElbow: 4, cloudsPurity: 1 });
  expect(numbers.flowersElbow).toBe(3);
  expect(numbers.flowersPurity).toBeGreaterThan(0.95);
  expect(reportLines(report!).join('\n')).toMatch(/^4 +\d+\.\d {2,}100\.0 % +← elbow/m);
  const pictures = await experiment.pictures!();
  expect(pictures.map(({ name }) => name)).toEqual(['elbow', 'clusters', 'species']);
  expect(JSON.stringify(pictures[2]!.figure.spec.title)).toContain('counts of examples');
});

test('without Iris, which is said, the flowers are made; a folder that is named must have it', async () => {
  const { said, onEvent } = listener();
  await prepare(clusters, {}, { onEvent });
  expect(said[1]).toMatch(/^data: 150 points of 3 clouds in 4 dimensions; Iris wasn't found/);
  await expect(prepare(clusters, { data: '/nonexistent' })).rejects.toThrow(/no such folder; put iris\.data/);
});

test.skipIf(uci === undefined)('three clusters of Iris are 89.3 % pure, as in scikit-learn', async () => {
  const experiment = await prepare(clusters, { points: 40, centers: 2, maxK: 3, data: uci! });
  await experiment.train();
  const { numbers, report } = await experiment.evaluate();
  expect(numbers.flowersPurity).toBeCloseTo(134 / 150, 9);
  expect(reportLines(report!).join('\n')).toContain('78.9'); // the inertia
});

test('the elbow is where the fall slows down most', () => {
  expect(elbow([100, 50, 10, 9, 8])).toBe(3);
  expect(elbow([100, 20, 15, 11])).toBe(2);
});

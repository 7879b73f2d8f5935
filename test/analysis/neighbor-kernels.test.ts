import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  composedNearest,
  composedRanks,
  nearest,
  neighborRanks,
} from '../../src/analysis/neighbor-kernels.js';
import type { DType } from '../../src/core/dtype.js';
import {
  engineInfo,
  Generator,
  randint,
  randn,
  setEngine,
  setThreads,
  type Tensor,
} from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

const { threads } = engineInfo();
afterAll(() => setEngine('native'));

/** All points from the nearest on, as [squared distance, number]; of equal distances the lower number first. */
function byDistance(query: number[], points: number[][], without: number): [number, number][] {
  return points
    .map((point, i): [number, number] => [point.reduce((sum, v, c) => sum + (v - query[c]!) ** 2, 0), i])
    .filter(([, i]) => i !== without)
    .sort(([a, i], [b, j]) => a - b || i - j);
}

/** The kernels, and the compositions that other engines have in their place. */
const ways = [
  ['kernel', nearest, neighborRanks],
  ['composition', composedNearest, composedRanks],
] as const;

describe.each(testEngines.flatMap((engine) => ways.map((way) => [engine, ...way] as const)))(
  'on %s by %s',
  (engine, _, nearest, neighborRanks) => {
    beforeEach(() => setEngine(engine));

    // Whole coordinates: many distances are equal, and all of them exact.
    const whole = (n: number, width: number, dtype: DType): Tensor =>
      randint(-3, 4, [n, width], { generator: new Generator(n + width) }).to(dtype);

    describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
      test.each([
        [1, 1, 3, 1],
        [5, 7, 2, 7],
        [40, 33, 4, 9],
        [70, 130, 9, 3],
        [33, 64, 1, 64],
      ])('the nearest to %i queries among %i points of %i coordinates, %i of them', (n, count, width, k) => {
        const [queries, points] = [whole(n, width, dtype), whole(count, width, dtype)];
        const found = nearest(queries, points, k, false);
        const rows = points.toArraySync() as number[][];
        const wanted = (queries.toArraySync() as number[][]).map((q) => byDistance(q, rows, -1).slice(0, k));
        expect(found.indices.toArraySync()).toEqual(wanted.map((row) => row.map(([, i]) => i)));
        expect(found.squaredDistances.toArraySync()).toEqual(wanted.map((row) => row.map(([d]) => d)));
      });

      test("a row isn't its own neighbor, and ranks count the nearer rows", () => {
        const x = whole(90, 3, dtype);
        const rows = x.toArraySync() as number[][];
        const wanted = rows.map((row, i) => byDistance(row, rows, i));
        const k = 89;
        const { indices } = nearest(x, x, k, true);
        expect(indices.toArraySync()).toEqual(wanted.map((row) => row.map(([, i]) => i)));
        // In another order than that of their ranks.
        const shuffled = indices.flip([1]).clone();
        const ranks = neighborRanks(x, shuffled);
        expect(ranks.toArraySync()).toEqual(rows.map(() => Array.from({ length: k }, (_, j) => k - 1 - j)));
      });
    });

    test('the number of threads changes nothing', () => {
      const x = randn([300, 21], { generator: new Generator(1) });
      const results = [1, 3].map((count) => {
        setThreads(count);
        const { indices, squaredDistances } = nearest(x, x, 20, true);
        return [indices.toArraySync(), squaredDistances.toArraySync()];
      });
      expect(results[0]).toEqual(results[1]);
      setThreads(threads);
    });
  },
);

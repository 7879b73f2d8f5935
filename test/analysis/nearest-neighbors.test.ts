import { expect, test } from 'vitest';
import { ShapeError } from '../../src/core/errors.js';
import { cdist, manualSeed, ones, randn, tensor } from '../../src/index.js';
import { nearestNeighbors } from '../../src/metrics/index.js';

test('indices and distances are those of all distances, sorted', async () => {
  manualSeed(0);
  const [points, queries] = [randn([200, 5]), randn([33, 5])];
  const { indices, distances } = await nearestNeighbors(points, queries, 7);
  const sorted = cdist(queries, points).sort(1);
  expect(indices.toArraySync()).toEqual(sorted.indices.narrow(1, 0, 7).toArraySync());
  const expected = sorted.values.narrow(1, 0, 7).clone().dataSync();
  distances.dataSync().forEach((distance, i) => {
    expect(distance).toBeCloseTo(expected[i]!, 5);
  });
});

test('without queries, each point has the others for neighbors', async () => {
  const points = tensor([[0], [1], [1], [5]]);
  const { indices, distances } = await nearestNeighbors(points, null, 2);
  expect(indices.toArraySync()).toEqual([
    [1, 2],
    [2, 0],
    [1, 0],
    [1, 2],
  ]);
  expect(distances.toArraySync()).toEqual([
    [1, 1],
    [0, 1],
    [0, 1],
    [4, 4],
  ]);
});

test('queries of another dtype, and a view', async () => {
  const points = tensor([
    [0, 3],
    [0, 1],
  ]).t(); // (2, 2): [0, 0], [3, 1]
  const { indices } = await nearestNeighbors(points, tensor([[2, 2]], { dtype: 'int32' }), 1);
  expect(indices.toArraySync()).toEqual([[1]]);
});

test('mistakes are named', async () => {
  const points = ones([4, 2]);
  await expect(nearestNeighbors(points, null, 4)).rejects.toThrow(
    'nearestNeighbors: k must be a whole number from 1 to 3, the number of other points, got 4',
  );
  await expect(nearestNeighbors(points, points, 0)).rejects.toThrow(
    'nearestNeighbors: k must be a whole number from 1 to 4, the number of points, got 0',
  );
  await expect(nearestNeighbors(points, ones([1, 3]), 1)).rejects.toThrow(ShapeError);
  await expect(nearestNeighbors(tensor([[Number.NaN]]), null, 1)).rejects.toThrow(
    'nearestNeighbors: points contains NaN or infinity in 1 of 1 rows, first in row 0',
  );
});

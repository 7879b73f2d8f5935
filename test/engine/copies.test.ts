import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/core/dtype.js';
import { setEngine } from '../../src/engine/registry.js';
import { arange, type Tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

/** A view of a tensor, and the number of the element that stands at each of its places. */
type Case = readonly [string, readonly number[], (x: Tensor) => Tensor, (...at: number[]) => number];

// Longer than a tile along both axes, and no multiple of one.
const [rows, columns] = [70, 133];

const cases: readonly Case[] = [
  ['transposed', [rows, columns], (x) => x.t().clone(), (i, j) => j * columns + i],
  ['a range of columns', [rows, columns], (x) => x.narrow(1, 3, 97).clone(), (i, j) => i * columns + j + 3],
  [
    'every third column',
    [rows, columns],
    (x) => x.slice(1, 1, null, 3).clone(),
    (i, j) => i * columns + 3 * j + 1,
  ],
  ['columns reversed', [rows, columns], (x) => x.flip(1), (i, j) => i * columns + columns - 1 - j],
  ['rows reversed', [rows, columns], (x) => x.flip(0), (i, j) => (rows - 1 - i) * columns + j],
  [
    'both reversed',
    [rows, columns],
    (x) => x.flip([0, 1]),
    (i, j) => (rows - 1 - i) * columns + columns - 1 - j,
  ],
  [
    'transposed, rows reversed',
    [rows, columns],
    (x) => x.t().flip(0),
    (i, j) => j * columns + columns - 1 - i,
  ],
  [
    'transposed, columns reversed',
    [rows, columns],
    (x) => x.t().flip(1),
    (i, j) => (rows - 1 - j) * columns + i,
  ],
  ['a column repeated', [rows, 1], (x) => x.expand([rows, columns]).clone(), (i) => i],
  ['a row repeated', [1, columns], (x) => x.expand([rows, columns]).clone(), (_, j) => j],
  ['each element twice', [9000], (x) => x.repeatInterleave(2), (i) => i >> 1],
  ['each element three times', [9000], (x) => x.repeatInterleave(3), (i) => Math.floor(i / 3)],
  [
    'rolled',
    [rows, columns],
    (x) => x.roll([5, -7], [0, 1]),
    (i, j) => ((i + rows - 5) % rows) * columns + ((j + 7) % columns),
  ],
  [
    'first axis last',
    [20, 30, 40],
    (x) => x.permute([1, 2, 0]).clone(),
    (i, j, k) => k! * 1200 + i * 40 + j!,
  ],
];

function places(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (list, n) => list.flatMap((at) => Array.from({ length: n }, (_, i) => [...at, i])),
    [[]],
  );
}

describe.each(testEngines)('copies into another order, on %s', (engine) => {
  describe.each(['float64', 'int32', 'uint8'] satisfies DType[])('%s', (dtype) => {
    test.each(cases)('%s', (_, shape, view, source) => {
      setEngine(engine);
      const count = shape.reduce((a, b) => a * b, 1);
      const y = view(arange(count).remainder(251).to(dtype).reshape(shape));
      expect([...y.dataSync()]).toEqual(places(y.shape).map((at) => source(...at) % 251));
    });
  });
});

import { expect, test } from 'vitest';
import { ones, tensor } from '../../../src/index.js';

const int = (list: number[]) => tensor(list, { dtype: 'int32' });

test('a list among the indices holds whole numbers, or is a mask', () => {
  expect(tensor([1, 2, 3]).at([true, false, true]).toArraySync()).toEqual([1, 3]);
  const wanted = 'at: a position in a list must be a whole number from -2147483648 to 2147483647, got';
  for (const [list, shown] of [
    [[2 ** 32], '4294967296'],
    [[Number.NaN], 'NaN'],
    [[0.5], '0.5'],
    [['1'], "'1'"],
  ] as const)
    expect(() => ones([3]).at(list as never)).toThrow(`${wanted} ${shown}`);
});

test('indexFill takes a tensor without axes, and nothing but numbers', () => {
  expect(
    ones([3])
      .indexFill(0, int([0]), tensor(3))
      .toArraySync(),
  ).toEqual([3, 1, 1]);
  expect(() => ones([3]).indexFill(0, int([0]), ones([2]))).toThrow(
    "indexFill: the value has 1 axes, but can't have any",
  );
  expect(() => ones([3]).indexFill_(0, int([0]), 'a' as never)).toThrow(
    "indexFill_: value must be a number, got 'a'",
  );
});

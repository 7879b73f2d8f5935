import { expect, test } from 'vitest';
import { ones, zeros } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';

const long = zeros([1e9, 0]);
const repeated = ones([1]).expand([1e9]);
const tooMany = (operation: string): RegExp =>
  new RegExp(`^${operation}: would make 1000000000 tensors, at most 1048576 are made at once$`);

test('a list of more tensors than memory could hold is refused, though they hold no bytes', () => {
  for (const x of [long, repeated]) {
    expect(() => x.split(1)).toThrow(tooMany('split'));
    expect(() => x.chunk(1e9)).toThrow(tooMany('chunk'));
    expect(() => x.unbind()).toThrow(tooMany('unbind'));
    expect(() => [...x]).toThrow(tooMany('iterator'));
  }
  expect(() => zeros([0]).chunk(1e9)).toThrow(tooMany('chunk'));
  expect(zeros([3, 0]).unbind().length).toBe(3);
  expect([...zeros([3, 0])].length).toBe(3);
  expect(long.chunk(2).map((x) => x.shape)).toEqual([
    [5e8, 0],
    [5e8, 0],
  ]);
});

test('nested arrays are refused by their number', async () => {
  const message =
    /^toArraySync: nested arrays of \[1000000000, 0\] would be 1000000000 arrays and elements, but at most 33554432 are made\n {2}hint: data\(\) gives/;
  expect(() => long.toArraySync()).toThrow(message);
  expect(() => repeated.toArraySync()).toThrow(/^toArraySync: nested arrays of \[1000000000\]/);
  await expect(zeros([3, 1e9, 0]).toArray()).rejects.toThrow(/^toArray: nested arrays of/);
  expect(zeros([0, 1e9]).toArraySync()).toEqual([]);
  expect(zeros([2, 0]).toArraySync()).toEqual([[], []]);
});

test('the steps of a power iteration are bounded', () => {
  expect(() => nn.utils.spectralNorm(new nn.Linear(2, 2), { nPowerIterations: 1e9 })).toThrow(
    /^spectralNorm: nPowerIterations must be a whole number from 1 to 10000, got 1000000000$/,
  );
});

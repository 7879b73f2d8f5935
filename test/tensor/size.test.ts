import { expect, test } from 'vitest';
import { IndexError, ones } from '../../src/index.js';

test('size() is the shape, size(dim) the length of an axis', () => {
  const x = ones([2, 3, 4]);
  expect(x.size()).toEqual([2, 3, 4]);
  expect([x.size(0), x.size(-1)]).toEqual([2, 4]);
  expect(x.numel()).toBe(24);
  expect(() => x.size(3)).toThrow(IndexError);
  expect(() => x.size(3)).toThrow(/^size: axis 3 is out of range/);
  expect(() => ones([]).size(0)).toThrow(/^size: a tensor without axes has no lengths$/);
});

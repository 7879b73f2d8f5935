import { expect, test } from 'vitest';

test('examples/xor.ts learns exclusive or', async () => {
  const { answers } = await import('../../examples/xor.js');
  expect((answers as number[][]).map(([p]) => Math.round(p!))).toEqual([0, 1, 1, 0]);
});

test('examples/second-derivative.ts finds the minimum', async () => {
  const { minimum } = await import('../../examples/second-derivative.js');
  expect(4 * minimum ** 3 - 6 * minimum + 1).toBeCloseTo(0, 4);
});

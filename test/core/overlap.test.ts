import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlap, repeatsElements, type Walk } from '../../src/core/overlap.js';

const walks = fc
  .record({
    axes: fc.array(fc.tuple(fc.nat(4), fc.nat(6)), { maxLength: 3 }),
    offset: fc.nat(12),
  })
  .map(
    ({ axes, offset }): Walk => ({
      shape: axes.map(([length]) => length),
      strides: axes.map(([, stride]) => stride),
      offset,
      count: axes.reduce((size, [length]) => size * length, 1),
    }),
  );

/** The elements that a walk touches, in row-major order. */
function elements({ shape, strides, offset }: Walk): number[] {
  return shape.reduce<number[]>(
    (list, length, axis) => list.flatMap((at) => Array.from({ length }, (_, i) => at + i * strides[axis]!)),
    [offset],
  );
}

test('repeatsElements is true just where an element comes twice', () => {
  fc.assert(
    fc.property(walks, (walk) => {
      const list = elements(walk);
      expect(repeatsElements(walk)).toBe(new Set(list).size < list.length);
    }),
    { numRuns: 2000 },
  );
});

test('overlap is exact for walks of any strides', () => {
  fc.assert(
    fc.property(walks, walks, (a, b) => {
      const [inA, inB] = [elements(a), elements(b)];
      const shared = inA.some((element) => inB.includes(element));
      const found = overlap(a, b);
      expect(found !== 'none').toBe(shared);
      if (found === 'same') expect(inA).toEqual(inB);
      expect(overlap(a, a)).toBe(inA.length === 0 ? 'none' : 'same');
    }),
    { numRuns: 2000 },
  );
});

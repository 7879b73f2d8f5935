import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesPerElement, type DType, typedArray } from '../../src/core/dtype.js';
import { broadcastShapes } from '../../src/core/shape.js';
import { engineNamed } from '../../src/engine/registry.js';
import { empty, type Tensor, view } from '../../src/tensor/tensor.js';
import { testEngines } from '../helpers/engines.js';
import { expectSameMemory } from './twins.js';

// Shapes, strides and broadcasts of every kind, against the reference engine.

/** An operand: its axes in memory order, gaps between them, and which of the result's axes it repeats. */
interface Recipe {
  readonly order: readonly number[];
  readonly gaps: readonly number[];
  readonly repeated: readonly boolean[];
  readonly missing: number;
  readonly offset: number;
}

const rankLimit = 4;
/** Shapes of a few thousand elements at most; long axes reach the loops that run row by row. */
const shapes = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(1, 16, 67, 130)), { maxLength: rankLimit })
  .map((lengths) => {
    let size = 1;
    return lengths.map((n) => {
      if (size * n > 3000) return 1;
      size *= Math.max(n, 1);
      return n;
    });
  });
const recipe = fc.record({
  order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: rankLimit }),
  gaps: fc.array(fc.constantFrom(1, 1, 1, 2, 3), { minLength: rankLimit, maxLength: rankLimit }),
  repeated: fc.array(fc.boolean(), { minLength: rankLimit, maxLength: rankLimit }),
  missing: fc.integer({ min: 0, max: rankLimit }),
  offset: fc.integer({ min: 0, max: 3 }),
});

const elements = (size: number): number[] => Array.from({ length: size }, (_, i) => ((i * 7 + 3) % 23) - 9);

for (const name of testEngines) {
  const engine = engineNamed(name);

  /** A view of fresh memory, laid out as the recipe says; `whole` keeps every axis of the shape. */
  const make = (shape: readonly number[], how: Recipe, dtype: DType, whole: boolean): Tensor => {
    const kept = whole ? shape : shape.slice(Math.min(how.missing, shape.length));
    const own = kept.map((n, axis) => (!whole && how.repeated[axis] && n > 1 ? 1 : n));
    const strides = new Array<number>(own.length).fill(0);
    let step = 1;
    for (const axis of how.order) {
      if (axis >= own.length) continue;
      step *= how.gaps[axis]!;
      strides[axis] = step;
      step *= Math.max(own[axis]!, 1);
    }
    const memory = typedArray(
      dtype,
      new ArrayBuffer((step + how.offset) * bytesPerElement[dtype]),
      0,
      step + how.offset,
    );
    memory.set(
      dtype === 'bool' ? elements(memory.length).map((v) => Number(v > 0)) : elements(memory.length),
    );
    const block = empty([memory.length], dtype, engine);
    engine.write(block.storage, 0, new Uint8Array(memory.buffer));
    return view(block, own, strides, how.offset);
  };

  describe(`element-wise kernels on ${name}`, () => {
    const settings = { numRuns: 150 };
    const dtypes = fc.constantFrom<DType>('float32', 'float64', 'int32', 'uint8');

    test('two operands', async () => {
      await fc.assert(
        fc.asyncProperty(
          shapes,
          recipe,
          recipe,
          recipe,
          fc.constantFrom<DType>('float32', 'float64'),
          async (shape, o, p, q, dtype) => {
            const out = make(shape, o, dtype, true);
            const a = make(shape, p, dtype, false);
            const b = make(shape, q, dtype, false);
            await expectSameMemory([out, a, b], (on, to, a, b) => on.binary('sub', to, a, b));
          },
        ),
        settings,
      );
    });

    test('one operand, and a number', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, recipe, recipe, async (shape, o, p) => {
          const out = make(shape, o, 'float32', true);
          const a = make(shape, p, 'float32', false);
          await expectSameMemory([out, a], (on, to, a) => on.unary('square', to, a));
          await expectSameMemory([out, a], (on, to, a) => on.binaryNumber('sub', to, a, 3));
          await expectSameMemory([out, a], (on, to, a) => on.numberBinary('sub', to, 3, a));
        }),
        settings,
      );
    });

    test('comparisons and choices', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, recipe, recipe, recipe, recipe, dtypes, async (shape, o, c, p, q, dtype) => {
          const a = make(shape, p, dtype, false);
          const b = make(shape, q, dtype, false);
          const truth = make(shape, o, 'bool', true);
          await expectSameMemory([truth, a, b], (on, to, a, b) => on.compare('lt', to, a, b));
          await expectSameMemory([truth, a], (on, to, a) => on.test('logicalNot', to, a));
          const out = make(shape, o, dtype, true);
          const condition = make(shape, c, 'bool', false);
          await expectSameMemory([out, condition, a, b], (on, to, condition, a, b) =>
            on.where(to, condition, a, b),
          );
        }),
        settings,
      );
    });

    test('copies and conversions', async () => {
      const all = fc.constantFrom<DType>('float32', 'float64', 'int32', 'uint8', 'bool');
      await fc.assert(
        fc.asyncProperty(shapes, recipe, recipe, all, all, async (shape, o, p, from, to) => {
          const out = make(shape, o, to, true);
          const a = make(shape, p, from, false);
          await expectSameMemory([out, a], (on, to, a) => on.copy(to, a));
          await expectSameMemory([out], (on, to) => on.fill(to, 1));
        }),
        { numRuns: 300 },
      );
    });

    test('in place', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, recipe, recipe, async (shape, o, p) => {
          const out = make(shape, o, 'float64', true);
          const b = make(shape, p, 'float64', false);
          await expectSameMemory([out, out, b], (on, to, own, b) => on.binary('add', to, own, b));
        }),
        settings,
      );
    });
  });
}

test('shapes that broadcast one way do so the other way', () => {
  fc.assert(
    fc.property(shapes, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (shape, ones) => {
      const thin = shape.map((n, axis) => (ones[axis] ? 1 : n));
      expect(broadcastShapes('test', shape, thin)).toEqual(shape);
      expect(broadcastShapes('test', thin, shape)).toEqual(shape);
    }),
  );
});

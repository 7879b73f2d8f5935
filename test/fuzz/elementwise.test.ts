import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesPerElement, type DType, typedArray } from '../../src/core/dtype.js';
import { broadcastShapes } from '../../src/core/shape.js';
import { engineNamed } from '../../src/engine/registry.js';
import type { View } from '../../src/engine/storage.js';
import { empty, type Tensor, view } from '../../src/tensor/tensor.js';
import { testEngines } from '../helpers/engines.js';

// Shapes, strides and broadcasts of every kind against a loop over indices that reads one element at a time.

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

  const memoryOf = (x: View): ArrayLike<number> =>
    typedArray(
      x.dtype,
      engine.readSync(x.storage, 0, x.storage.bytes),
      0,
      x.storage.bytes / bytesPerElement[x.dtype],
    );

  /** The element of `x`, broadcast to a result, at the result's index. */
  const at = (memory: ArrayLike<number>, x: View, index: readonly number[]): number => {
    let position = x.offset;
    x.shape.forEach((n, axis) => {
      position += (n === 1 ? 0 : index[index.length - x.shape.length + axis]!) * x.strides[axis]!;
    });
    return memory[position]!;
  };

  const indices = function* (shape: readonly number[]): Generator<number[]> {
    const index = shape.map(() => 0);
    if (shape.includes(0)) return;
    for (;;) {
      yield [...index];
      let axis = shape.length - 1;
      while (axis >= 0 && ++index[axis]! === shape[axis]) index[axis--] = 0;
      if (axis < 0) return;
    }
  };

  /** Runs a kernel into a laid-out result and compares every element, and that nothing else changed. */
  const check = (
    out: Tensor,
    operands: readonly View[],
    run: () => void,
    expected: (...values: number[]) => number,
  ): void => {
    const sources = operands.map(memoryOf);
    const before = memoryOf(out);
    run();
    const after = memoryOf(out);
    const touched = new Set<number>();
    for (const index of indices(out.shape)) {
      const want = expected(...operands.map((x, k) => at(sources[k]!, x, index)));
      const got = at(after, out, index);
      if (!Object.is(got, want) && got !== want)
        expect.fail(`[${index}] of ${JSON.stringify(out.shape)} is ${got}, should be ${want}`);
      touched.add(out.offset + index.reduce((sum, i, axis) => sum + i * out.strides[axis]!, 0));
    }
    for (let i = 0; i < before.length; i++)
      if (!touched.has(i) && before[i] !== after[i]) expect.fail(`memory outside the result changed at ${i}`);
  };

  describe(`element-wise kernels on ${name}`, () => {
    const settings = { numRuns: 150 };
    const dtypes = fc.constantFrom<DType>('float32', 'float64', 'int32', 'uint8');

    test('two operands', () => {
      fc.assert(
        fc.property(
          shapes,
          recipe,
          recipe,
          recipe,
          fc.constantFrom<DType>('float32', 'float64'),
          (shape, o, p, q, dtype) => {
            const out = make(shape, o, dtype, true);
            const a = make(shape, p, dtype, false);
            const b = make(shape, q, dtype, false);
            check(
              out,
              [a, b],
              () => engine.binary('sub', out, a, b),
              (x, y) => x! - y!,
            );
          },
        ),
        settings,
      );
    });

    test('one operand, and a number', () => {
      fc.assert(
        fc.property(shapes, recipe, recipe, (shape, o, p) => {
          const out = make(shape, o, 'float32', true);
          const a = make(shape, p, 'float32', false);
          check(
            out,
            [a],
            () => engine.unary('square', out, a),
            (x) => x! * x!,
          );
          check(
            out,
            [a],
            () => engine.binaryNumber('sub', out, a, 3),
            (x) => x! - 3,
          );
          check(
            out,
            [a],
            () => engine.numberBinary('sub', out, 3, a),
            (x) => 3 - x!,
          );
        }),
        settings,
      );
    });

    test('comparisons and choices', () => {
      fc.assert(
        fc.property(shapes, recipe, recipe, recipe, recipe, dtypes, (shape, o, c, p, q, dtype) => {
          const a = make(shape, p, dtype, false);
          const b = make(shape, q, dtype, false);
          const truth = make(shape, o, 'bool', true);
          check(
            truth,
            [a, b],
            () => engine.compare('lt', truth, a, b),
            (x, y) => Number(x! < y!),
          );
          check(
            truth,
            [a],
            () => engine.test('logicalNot', truth, a),
            (x) => Number(x === 0),
          );
          const out = make(shape, o, dtype, true);
          const condition = make(shape, c, 'bool', false);
          check(
            out,
            [condition, a, b],
            () => engine.where(out, condition, a, b),
            (t, x, y) => (t ? x! : y!),
          );
        }),
        settings,
      );
    });

    test('copies and conversions', () => {
      const all = fc.constantFrom<DType>('float32', 'float64', 'int32', 'uint8', 'bool');
      fc.assert(
        fc.property(shapes, recipe, recipe, all, all, (shape, o, p, from, to) => {
          const out = make(shape, o, to, true);
          const a = make(shape, p, from, false);
          const convert = (x: number): number =>
            to === 'bool' ? Number(x !== 0) : to === 'uint8' ? x & 255 : x;
          check(
            out,
            [a],
            () => engine.copy(out, a),
            (x) => convert(x!),
          );
          check(
            out,
            [],
            () => engine.fill(out, 1),
            () => 1,
          );
        }),
        { numRuns: 300 },
      );
    });

    test('in place', () => {
      fc.assert(
        fc.property(shapes, recipe, recipe, (shape, o, p) => {
          const out = make(shape, o, 'float64', true);
          const b = make(shape, p, 'float64', false);
          check(
            out,
            [out, b],
            () => engine.binary('add', out, out, b),
            (x, y) => x! + y!,
          );
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

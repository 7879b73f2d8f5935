import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesPerElement, type DType, isFloat, typedArray } from '../../src/core/dtype.js';
import { engineNamed } from '../../src/engine/registry.js';
import { empty, type Tensor, view } from '../../src/tensor/tensor.js';
import '../../src/index.js';
import { testEngines } from '../engines.js';
import { coordinatesOf, positionOf, sizeOf } from './reference.js';

// Reductions over any axes of views of any strides, against lists of numbers gathered one by one.

const rank = 4;

interface Case {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Axes from the outermost in memory to the innermost, and the gap between neighbors along each. */
  readonly order: readonly number[];
  readonly gaps: readonly number[];
  readonly repeated: readonly boolean[];
  readonly reduced: readonly boolean[];
  /** How often, of 100 elements, one is NaN or infinite. */
  readonly special: number;
  readonly seed: number;
}

const four = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(item, { minLength: rank, maxLength: rank });
const cases: fc.Arbitrary<Case> = fc
  .record({
    shape: fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(1, 16, 37, 130, 1100)), {
      maxLength: rank,
    }),
    dtype: fc.constantFrom<DType>('float32', 'float64', 'int32', 'uint8', 'bool'),
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: rank }),
    gaps: four(fc.constantFrom(1, 1, 1, 2)),
    repeated: four(fc.constantFrom(false, false, false, true)),
    reduced: four(fc.boolean()),
    special: fc.constantFrom(0, 0, 3),
    seed: fc.nat(1000),
  })
  .filter(({ shape }) => sizeOf(shape.map((n) => Math.max(n, 1))) <= 6000);

/** The elements of a case in row-major order, and the tensor. */
function build(engine: Tensor['engine'], c: Case): { x: Tensor; elements: number[] } {
  const strides = new Array<number>(c.shape.length).fill(0);
  let length = 1;
  for (const axis of c.order) {
    if (axis >= c.shape.length || c.repeated[axis]) continue;
    length *= c.gaps[axis]!;
    strides[axis] = length;
    length *= Math.max(c.shape[axis]!, 1);
  }
  const memory = typedArray(c.dtype, new ArrayBuffer(length * bytesPerElement[c.dtype]), 0, length);
  for (let i = 0; i < length; i++) {
    const noise = Math.imul(i + c.seed, 2654435761) >>> 8;
    const value = c.dtype === 'bool' ? noise % 2 : (noise % 41) - (c.dtype === 'uint8' ? 0 : 20);
    const special = isFloat(c.dtype) && noise % 100 < c.special;
    memory[i] = special
      ? [Number.NaN, Infinity, -Infinity][noise % 3]!
      : isFloat(c.dtype)
        ? value / 8
        : value;
  }
  const whole = empty([length], c.dtype, engine);
  engine.write(whole.storage, 0, new Uint8Array(memory.buffer));
  const elements = coordinatesOf(c.shape).map(
    (at) => memory[at.reduce((offset, i, axis) => offset + i * strides[axis]!, 0)]!,
  );
  return { x: view(whole, c.shape, strides, 0), elements };
}

/** The elements that become each result, in row-major order of both. */
function groupsOf(c: Case, elements: readonly number[], axes: readonly number[]): number[][] {
  const kept = c.shape.filter((_, axis) => !axes.includes(axis));
  const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  coordinatesOf(c.shape).forEach((at, i) => {
    groups[
      positionOf(
        kept,
        at.filter((_, axis) => !axes.includes(axis)),
      )
    ]!.push(elements[i]!);
  });
  return groups;
}

const close = (ours: ArrayLike<number>, want: readonly number[], tolerance: number): void => {
  expect(ours.length).toBe(want.length);
  want.forEach((w, i) => {
    const o = ours[i]!;
    if (Object.is(o, w) || o === w || Math.abs(o - w) <= tolerance * (1 + Math.abs(w))) return;
    expect.fail(`element ${i} is ${o}, expected ${w}`);
  });
};

const add = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const extreme =
  (wins: (a: number, b: number) => boolean) =>
  (list: readonly number[]): number =>
    list.some(Number.isNaN) ? Number.NaN : list.reduce((a, b) => (wins(b, a) ? b : a));
const largest = extreme((a, b) => a > b);
const smallest = extreme((a, b) => a < b);
const indexOf = (list: readonly number[], wanted: number): number =>
  list.findIndex((v) => v === wanted || (Number.isNaN(v) && Number.isNaN(wanted)));
const squaredDeviation = (list: readonly number[]): number => {
  const mean = add(list) / list.length;
  return add(list.map((v) => (v - mean) ** 2));
};

for (const name of testEngines) {
  const engine = engineNamed(name);
  const forAll = (
    check: (c: Case, x: Tensor, elements: number[], axes: number[]) => void,
    numRuns = 150,
  ): void => {
    fc.assert(
      fc.property(cases, (c) => {
        const { x, elements } = build(engine, c);
        check(
          c,
          x,
          elements,
          c.shape.map((_, axis) => axis).filter((axis) => c.reduced[axis]),
        );
      }),
      { numRuns },
    );
  };

  describe(`reductions on ${name}`, () => {
    test('sums, counts and tests', () => {
      forAll((c, x, elements, axes) => {
        const all = axes.length === 0 ? c.shape.map((_, axis) => axis) : axes;
        const groups = groupsOf(c, elements, all);
        const tolerance = c.dtype === 'float32' ? 1e-5 : 1e-12;
        close(x.sum(axes).dataSync(), groups.map(add), tolerance);
        close(
          x.any(axes).dataSync(),
          groups.map((g) => Number(g.some((v) => v !== 0))),
          0,
        );
        close(
          x.all(axes).dataSync(),
          groups.map((g) => Number(g.every((v) => v !== 0))),
          0,
        );
        close(
          x.countNonzero(axes).dataSync(),
          groups.map((g) => g.filter((v) => v !== 0).length),
          0,
        );
        if (!isFloat(c.dtype) || c.special > 0) return;
        close(
          x.mean(axes).dataSync(),
          groups.map((g) => add(g) / g.length),
          tolerance,
        );
        close(
          x.var(axes).dataSync(),
          groups.map((g) => squaredDeviation(g) / Math.max(0, g.length - 1)),
          tolerance * 10,
        );
        close(
          x.norm(2, axes).dataSync(),
          groups.map((g) => Math.hypot(...g)),
          tolerance,
        );
        close(
          x.norm(1, axes).dataSync(),
          groups.map((g) => add(g.map(Math.abs))),
          tolerance,
        );
        close(
          x.norm(3, axes).dataSync(),
          groups.map((g) => add(g.map((v) => Math.abs(v) ** 3)) ** (1 / 3)),
          tolerance,
        );
      });
    });

    test('extremes and where they stand', () => {
      forAll((c, x, elements, axes) => {
        if (x.count === 0) return;
        const all = axes.length === 0 ? c.shape.map((_, axis) => axis) : axes;
        const groups = groupsOf(c, elements, all);
        close(x.amax(axes).dataSync(), groups.map(largest), 0);
        close(x.amin(axes).dataSync(), groups.map(smallest), 0);
        close(x.argmax().dataSync(), [indexOf(elements, largest(elements))], 0);
        for (const axis of axes) {
          const lines = groupsOf(c, elements, [axis]);
          const { values, indices } = x.max(axis);
          close(values.dataSync(), lines.map(largest), 0);
          close(
            indices.dataSync(),
            lines.map((g) => indexOf(g, largest(g))),
            0,
          );
          close(
            x.argmin(axis).dataSync(),
            lines.map((g) => indexOf(g, smallest(g))),
            0,
          );
        }
      });
    });

    test('scans', () => {
      forAll((c, x, elements, axes) => {
        for (const axis of axes) {
          const lines = groupsOf(c, elements, [axis]);
          const ours = x.cumsum(axis).movedim(axis, -1).dataSync();
          const sums = lines.flatMap((line) => line.map((_, i) => add(line.slice(0, i + 1))));
          close(ours, c.shape[axis] === 0 ? [] : sums, c.dtype === 'float32' ? 1e-5 : 1e-12);
          const { values, indices } = x.cummax(axis);
          const found = x.count === 0 ? x : x.gather(axis, indices);
          close(found.dataSync(), [...values.dataSync()], 0);
          const running = lines.flatMap((line) => line.map((_, i) => largest(line.slice(0, i + 1))));
          close(values.movedim(axis, -1).dataSync(), running, 0);
        }
      }, 60);
    });

    test('softmax and logsumexp', () => {
      forAll((c, x, elements, axes) => {
        if (!isFloat(c.dtype)) return;
        const tolerance = c.dtype === 'float32' ? 1e-5 : 1e-12;
        for (const axis of axes) {
          const shares = groupsOf(c, elements, [axis]).map((line) => {
            const top = line.length === 0 ? 0 : largest(line);
            const sum = add(line.map((v) => Math.exp(v - top)));
            return {
              softmax: line.map((v) => Math.exp(v - top) / sum),
              log: line.map((v) => v - top - Math.log(sum)),
            };
          });
          close(
            x.softmax(axis).movedim(axis, -1).dataSync(),
            shares.flatMap((s) => s.softmax),
            tolerance,
          );
          close(
            x.logSoftmax(axis).movedim(axis, -1).dataSync(),
            shares.flatMap((s) => s.log),
            tolerance,
          );
        }
        if (axes.length === 0 || c.special > 0) return;
        const sums = groupsOf(c, elements, axes).map((g) => Math.log(add(g.map(Math.exp))));
        close(x.logsumexp(axes).dataSync(), sums, tolerance);
      });
    });
  });

  test(`results do not depend on the number of threads (${name})`, () => {
    const x = empty([700, 1003], 'float32', engine);
    const elements = Float32Array.from({ length: x.count }, (_, i) => Math.sin(i) * 3);
    engine.write(x.storage, 0, new Uint8Array(elements.buffer));
    const threads = engine.info().threads;
    const results = [1, 2].map((count) => {
      engine.setThreads(count);
      const softmax = x.softmax(0);
      return [x.sum(), x.sum(0), x.sum(1), x.var(), x.norm(3), softmax].map((y) => [...y.dataSync()]);
    });
    engine.setThreads(threads);
    expect(results[0]).toEqual(results[1]);
  });
}

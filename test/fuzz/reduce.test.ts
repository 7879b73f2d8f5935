import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesPerElement, type DType, isFloat, typedArray } from '../../src/core/dtype.js';
import type { Engine } from '../../src/engine/engine.js';
import { engineNamed } from '../../src/engine/registry.js';
import { empty, type Tensor, view } from '../../src/tensor/tensor.js';
import '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import { sizeOf } from './moved.js';
import { reference } from './twins.js';

// Reductions over any axes of views of any strides, against the reference engine.

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

/** The tensor of a case on an engine. */
function build(engine: Engine, c: Case): Tensor {
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
  return view(whole, c.shape, strides, 0);
}

/** What is computed on both engines. */
interface Calls {
  /** How far results may differ, in float32; in float64 a ten-millionth of it. */
  readonly tolerance: number;
  of(x: Tensor, axes: readonly number[], c: Case): readonly Tensor[];
}

const all = (c: Case, axes: readonly number[]): readonly number[] =>
  axes.length === 0 ? c.shape.map((_, axis) => axis) : axes;

const groups: readonly (readonly [name: string, runs: number, calls: readonly Calls[]])[] = [
  [
    'sums, counts and tests',
    150,
    [
      { tolerance: 1e-5, of: (x, axes) => [x.sum(axes)] },
      { tolerance: 0, of: (x, axes) => [x.any(axes), x.all(axes), x.countNonzero(axes)] },
      {
        tolerance: 1e-4,
        of: (x, axes, c) =>
          !isFloat(c.dtype) || c.special > 0
            ? []
            : [x.mean(axes), x.var(axes), x.norm(2, axes), x.norm(1, axes), x.norm(3, axes)],
      },
    ],
  ],
  [
    'extremes and where they stand',
    150,
    [
      {
        tolerance: 0,
        of: (x, axes, c) => [
          ...(x.count === 0 ? [] : [x.amax(all(c, axes)), x.amin(all(c, axes)), x.argmax()]),
          ...(x.count === 0 ? [] : axes).flatMap((axis) => {
            const { values, indices } = x.max(axis);
            return [values, indices, x.argmin(axis)];
          }),
        ],
      },
    ],
  ],
  [
    'scans',
    60,
    [
      { tolerance: 1e-5, of: (x, axes) => axes.map((axis) => x.cumsum(axis)) },
      {
        tolerance: 0,
        of: (x, axes) =>
          axes.flatMap((axis) => {
            const { values, indices } = x.cummax(axis);
            return [values, indices];
          }),
      },
    ],
  ],
  [
    'softmax and logsumexp',
    150,
    [
      {
        tolerance: 1e-5,
        of: (x, axes, c) =>
          isFloat(c.dtype) ? axes.flatMap((axis) => [x.softmax(axis), x.logSoftmax(axis)]) : [],
      },
      {
        tolerance: 1e-5,
        of: (x, axes, c) =>
          isFloat(c.dtype) && axes.length > 0 && c.special === 0 ? [x.logsumexp(axes)] : [],
      },
    ],
  ],
];

async function expectClose(ours: Tensor, reference: Tensor, tolerance: number): Promise<void> {
  expect(ours.shape).toEqual(reference.shape);
  expect(ours.dtype).toBe(reference.dtype);
  const [found, wanted] = [await ours.data(), await reference.data()];
  wanted.forEach((w, i) => {
    const o = found[i]!;
    if (Object.is(o, w) || o === w || Math.abs(o - w) <= tolerance * (1 + Math.abs(w))) return;
    expect.fail(`element ${i} is ${o}, on the reference engine ${w}`);
  });
}

for (const name of testEngines) {
  const engine = engineNamed(name);

  describe(`reductions on ${name}`, () => {
    test.each(groups)('%s', async (_, numRuns, calls) => {
      await fc.assert(
        fc.asyncProperty(cases, async (c) => {
          const axes = c.shape.map((_, axis) => axis).filter((axis) => c.reduced[axis]);
          const [x, slow] = [build(engine, c), build(reference, c)];
          for (const { tolerance, of } of calls) {
            const limit = c.dtype === 'float32' ? tolerance : tolerance * 1e-7;
            const [ours, theirs] = [of(x, axes, c), of(slow, axes, c)];
            for (const [i, result] of ours.entries()) await expectClose(result, theirs[i]!, limit);
          }
        }),
        { numRuns },
      );
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

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesPerElement, type DType, typedArray } from '../../src/core/dtype.js';
import { gemmActivations } from '../../src/engine/gemm.js';
import { engineNamed, setEngine } from '../../src/engine/registry.js';
import { einsum, tensor } from '../../src/index.js';
import { empty, type Tensor, view } from '../../src/tensor/tensor.js';
import { testEngines } from '../helpers/engines.js';
import { expectSameElements, expectSameMemory, memoryOf } from './twins.js';

// Products of every shape, layout and batch against the reference engine. Elements are small whole numbers, so that
// sums are exact in every dtype and any difference is an error. The engines share the code that reads einsum's equation, so
// its results are compared with loops, too.

const layouts = ['rows', 'columns', 'gaps', 'repeated rows', 'repeated columns'] as const;
type Layout = (typeof layouts)[number];

const element = (i: number): number => ((i * 7 + 3) % 11) - 5;
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Strides of a batch of matrices in memory, with `gap` elements between lines. */
function stridesOf(shape: readonly number[], layout: Layout, gap: number): number[] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const step = layout === 'gaps' ? 2 : 1;
  const line = layout === 'columns' ? rows * step + gap : columns * step + gap;
  const matrix = {
    rows: [line, 1],
    columns: [1, line],
    gaps: [line, step],
    'repeated rows': [0, 1],
    'repeated columns': [1, 0],
  }[layout];
  let batch = line * Math.max(layout === 'columns' ? columns : rows, 1) + gap;
  const strides = shape.slice(0, -2).map(() => 0);
  for (let axis = strides.length - 1; axis >= 0; axis--) {
    strides[axis] = batch;
    batch *= Math.max(shape[axis]!, 1);
  }
  return [...strides, ...matrix];
}

for (const name of testEngines) {
  const engine = engineNamed(name);

  const make = (shape: readonly number[], layout: Layout, gap: number, dtype: DType): Tensor => {
    const strides = stridesOf(shape, layout, gap);
    const length = shape.reduce((sum, n, axis) => sum + Math.max(n - 1, 0) * strides[axis]!, 1 + gap);
    const memory = typedArray(dtype, new ArrayBuffer(length * bytesPerElement[dtype]), 0, length);
    for (let i = 0; i < length; i++) memory[i] = element(i);
    const block = empty([length], dtype, engine);
    engine.write(block.storage, 0, new Uint8Array(memory.buffer));
    return view(block, shape, strides, gap);
  };

  describe(`matrix products on ${name}`, () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(1, 14, 16, 31, 33, 64, 67));
    const inner = fc.oneof(length, fc.constantFrom(385, 800));
    const layout = fc.constantFrom(...layouts);
    const gap = fc.integer({ min: 0, max: 3 });
    const batch = fc.array(fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom('both', 'a', 'b', 'neither')), {
      maxLength: 2,
    });
    const factors = fc.constantFrom<readonly [number, number]>([1, 0], [1, 1], [2, -1], [-3, 2]);
    const dtypes = fc.constantFrom<DType>('float32', 'float64', 'int32');

    test('any shape, layout, batch, factors and bias', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            m: length,
            n: length,
            k: inner,
            layoutA: layout,
            layoutB: layout,
            gap,
            batch,
            factors,
            dtype: dtypes,
            biased: fc.boolean(),
            relu: fc.boolean(),
            transposes: fc.tuple(fc.boolean(), fc.boolean()),
          }),
          async ({
            m,
            n,
            k,
            layoutA,
            layoutB,
            gap,
            batch,
            factors: [alpha, beta],
            dtype,
            biased,
            relu,
            transposes,
          }) => {
            const [transposeA, transposeB] = transposes;
            const lengths = batch.map(([count]) => count);
            const batchOf = (who: string): number[] =>
              batch.map(([count, which]) => (which === 'both' || which === who ? count : 1));
            const a = make([...batchOf('a'), ...(transposeA ? [k, m] : [m, k])], layoutA, gap, dtype);
            const b = make([...batchOf('b'), ...(transposeB ? [n, k] : [k, n])], layoutB, gap, dtype);
            const out = make([...lengths, m, n], 'rows', gap, dtype);
            const bias = biased ? make([1, n], 'rows', 0, dtype) : null;
            const activation = relu && dtype !== 'int32' ? 'relu' : 'none';
            await expectSameMemory(bias === null ? [out, a, b] : [out, a, b, bias], (on, to, a, b, bias) =>
              on.gemm(to, a, b, { transposeA, transposeB, alpha, beta, bias: bias ?? null, activation }),
            );
          },
        ),
        { numRuns: 300 },
      );
    });

    test('activations, NaN and what beta 0 ignores', async () => {
      const a = make([3, 1], 'rows', 0, 'float64');
      const b = make([1, 37], 'rows', 0, 'float64');
      for (const activation of gemmActivations) {
        const out = empty([3, 37], 'float64', engine);
        engine.write(out.storage, 0, new Uint8Array(new Float64Array(3 * 37).fill(Number.NaN).buffer));
        await expectSameMemory(
          [out, a, b],
          (on, to, a, b) => on.gemm(to, a, b, { alpha: 0.1, activation }),
          1e-12,
        );
      }
      const nan = make([1, 1], 'rows', 0, 'float64');
      engine.write(nan.storage, 0, new Uint8Array(new Float64Array([Number.NaN]).buffer));
      const out = empty([1, 37], 'float64', engine);
      await expectSameMemory([out, nan, b], (on, to, a, b) => on.gemm(to, a, b, { activation: 'relu' }));
      expect(Array.from(await memoryOf(out)).every(Number.isNaN)).toBe(true);
    });

    test('the result does not depend on the number of threads', () => {
      const random = (shape: readonly number[]): Tensor => {
        const x = empty(shape, 'float32', engine);
        const data = Float32Array.from({ length: x.count }, (_, i) => Math.sin(i * 12.9898) * 0.5);
        engine.write(x.storage, 0, new Uint8Array(data.buffer));
        return x;
      };
      for (const [m, n, k] of [
        [150, 170, 900],
        [1, 900, 700],
        [700, 1, 900],
        [5, 600, 500],
      ] as const) {
        const [a, b] = [random([m, k]), random([k, n])];
        const results = [1, 2, 3].map((threads) => {
          engine.setThreads(threads);
          const out = empty([m, n], 'float32', engine);
          engine.gemm(out, a, b);
          return out.dataSync();
        });
        expect(results[1]).toEqual(results[0]);
        expect(results[2]).toEqual(results[0]);
      }
    });
  });

  describe(`einsum on ${name}`, () => {
    const letters = ['a', 'b', 'c', 'd'];
    const lengths: Record<string, number> = { a: 2, b: 3, c: 4, d: 1 };
    const term = fc.array(fc.constantFrom(...letters), { maxLength: 3 });

    test('any equation of up to three operands', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(term, { minLength: 1, maxLength: 3 }),
          fc.shuffledSubarray(letters),
          fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
          async (terms, wanted, ones) => {
            const output = wanted.filter((letter) => terms.some((t) => t.includes(letter)));
            let axes = 0;
            const operands = terms.map((t) => {
              // A letter may have length 1 in one operand; within one operand its axes agree.
              const own = new Map(t.map((letter) => [letter, ones[axes++ % 9] ? lengths[letter]! : 1]));
              return t.map((letter) => own.get(letter)!);
            });
            const whole = (letter: string): number =>
              Math.max(...terms.map((t, i) => (t.includes(letter) ? operands[i]![t.indexOf(letter)]! : 1)));
            const data = operands.map((shape) =>
              Float64Array.from({ length: sizeOf(shape) }, (_, i) => element(i)),
            );
            const used = letters.filter((letter) => terms.some((t) => t.includes(letter)));
            const shape = output.map(whole);
            const expected = new Array<number>(sizeOf(shape)).fill(0);
            const walk = (depth: number, index: Record<string, number>): void => {
              if (depth < used.length) {
                const letter = used[depth]!;
                for (let i = 0; i < whole(letter); i++) walk(depth + 1, { ...index, [letter]: i });
                return;
              }
              const factors = terms.map((t, k) => {
                const at = t.reduce((sum, letter, axis) => {
                  const n = operands[k]![axis]!;
                  return sum * n + (n === 1 ? 0 : index[letter]!);
                }, 0);
                return data[k]![at]!;
              });
              const at = output.reduce((sum, letter, axis) => sum * shape[axis]! + index[letter]!, 0);
              expected[at]! += factors.reduce((x, y) => x * y, 1);
            };
            walk(0, {});
            const equation = `${terms.map((t) => t.join('')).join()}->${output.join('')}`;
            const [result, slow] = ([name, 'reference'] as const).map((on) => {
              setEngine(on);
              return einsum(
                equation,
                ...operands.map((own, k) => tensor(data[k]!, own, { dtype: 'float64' })),
              );
            });
            await expectSameElements(result!, slow!);
            expect(result!.shape).toEqual(shape);
            expect(Array.from(result!.dataSync(), (v) => v + 0)).toEqual(expected); // −0 is 0
          },
        ),
        { numRuns: 200 },
      );
    });
  });
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setEngine } from '../../src/engine/registry.js';
import * as F from '../../src/functional.js';
import { type Tensor, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

// Pooling and patches of random geometry against loops over one element at a time.

interface Axis {
  readonly length: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

const axis = fc
  .record({
    length: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 33, 70)),
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 2 }),
    dilation: fc.integer({ min: 1, max: 3 }),
  })
  .map((a) => ({ ...a, padding: Math.min(a.padding, Math.floor(a.kernel / 2)) }))
  .filter((a) => a.length + 2 * a.padding >= a.dilation * (a.kernel - 1) + 1);

const images = fc.record({
  planes: fc.integer({ min: 1, max: 3 }),
  rows: axis,
  columns: axis,
  ceilMode: fc.boolean(),
  transposed: fc.boolean(),
});

const options = (rows: Axis, columns: Axis) => ({
  stride: [rows.stride, columns.stride],
  padding: [rows.padding, columns.padding],
  dilation: [rows.dilation, columns.dilation],
});

/** Elements without ties; the last axes are swapped in memory if `transposed`. */
function image(
  planes: number,
  h: number,
  w: number,
  transposed: boolean,
): { x: Tensor; at: (p: number, i: number, j: number) => number } {
  const size = planes * h * w;
  const at = (p: number, i: number, j: number): number => (((p * h + i) * w + j) * 7919) % 10007;
  const order = (k: number): [number, number] =>
    transposed ? [k % h, Math.floor(k / h)] : [Math.floor(k / w), k % w];
  const elements = Array.from({ length: size }, (_, k) => {
    const [i, j] = order(k % (h * w));
    return at(Math.floor(k / (h * w)), i, j);
  });
  const stored = tensor(elements, transposed ? [1, planes, w, h] : [1, planes, h, w]);
  return { x: transposed ? stored.transpose(2, 3) : stored, at };
}

/** Input positions of the window at output position o that lie inside. */
const inside = (a: Axis, o: number): number[] =>
  Array.from({ length: a.kernel }, (_, k) => o * a.stride - a.padding + k * a.dilation).filter(
    (i) => i >= 0 && i < a.length,
  );

/** Whether every window has an element of the input; a window in the padding alone is an error. */
const hasElements = (a: Axis): boolean =>
  Array.from({ length: a.length + 2 * a.padding }, (_, o) => o)
    .filter((o) => o * a.stride < a.padding)
    .every((o) => inside({ ...a, kernel: a.length + a.padding + 1 }, o).length > 0);

describe.each(testEngines)('on %s', (engine) => {
  test('maxPool2d and its gradient', () => {
    setEngine(engine);
    fc.assert(
      fc.property(images, ({ planes, rows, columns, ceilMode, transposed }) => {
        const { x, at } = image(planes, rows.length, columns.length, transposed);
        fc.pre(hasElements(rows) && hasElements(columns));
        const leaf = x.detach().requiresGrad_();
        const y = F.maxPool2d(leaf, [rows.kernel, columns.kernel], { ...options(rows, columns), ceilMode });
        y.sum().backward();
        const [, , h, w] = y.shape as [number, number, number, number];
        const expected: number[] = [];
        const gradient = new Float32Array(x.count);
        for (let p = 0; p < planes; p++)
          for (let i = 0; i < h; i++)
            for (let j = 0; j < w; j++) {
              let best = Number.NEGATIVE_INFINITY;
              let place = 0;
              for (const r of inside(rows, i))
                for (const c of inside(columns, j))
                  if (at(p, r, c) > best) {
                    best = at(p, r, c);
                    place = (p * rows.length + r) * columns.length + c;
                  }
              expected.push(best);
              gradient[place]!++;
            }
        expect([...y.dataSync()]).toEqual(expected);
        expect(leaf.grad!.dataSync()).toEqual(gradient);
      }),
      { numRuns: 100 },
    );
  });

  test('avgPool2d', () => {
    setEngine(engine);
    fc.assert(
      fc.property(
        images,
        fc.boolean(),
        ({ planes, rows, columns, ceilMode, transposed }, countIncludePad) => {
          const [r1, c1] = [
            { ...rows, dilation: 1 },
            { ...columns, dilation: 1 },
          ];
          const { x, at } = image(planes, r1.length, c1.length, transposed);
          const { stride, padding } = options(r1, c1);
          const y = F.avgPool2d(x, [r1.kernel, c1.kernel], { stride, padding, ceilMode, countIncludePad });
          const [, , h, w] = y.shape as [number, number, number, number];
          const counted = (a: Axis, o: number): number =>
            countIncludePad
              ? Math.min(o * a.stride - a.padding + a.kernel, a.length + a.padding) -
                (o * a.stride - a.padding)
              : inside(a, o).length;
          const values = y.dataSync();
          let k = 0;
          for (let p = 0; p < planes; p++)
            for (let i = 0; i < h; i++)
              for (let j = 0; j < w; j++) {
                let sum = 0;
                for (const r of inside(r1, i)) for (const c of inside(c1, j)) sum += at(p, r, c);
                const mean = sum / (counted(r1, i) * counted(c1, j));
                expect(Math.abs(values[k++]! - mean)).toBeLessThanOrEqual(1e-2);
              }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('fold is what unfold transposes to', () => {
    setEngine(engine);
    fc.assert(
      fc.property(images, ({ planes, rows, columns, transposed }) => {
        const { x } = image(planes, rows.length, columns.length, transposed);
        const small = x.div(10007).to('float64');
        const kernel = [rows.kernel, columns.kernel];
        const patches = F.unfold(small, kernel, options(rows, columns));
        const other = patches.mul(patches).sub(0.3);
        const folded = F.fold(other, [rows.length, columns.length], kernel, options(rows, columns));
        // ⟨unfold x, y⟩ = ⟨x, fold y⟩
        expect(patches.mul(other).sum().itemSync()).toBeCloseTo(small.mul(folded).sum().itemSync(), 6);
      }),
      { numRuns: 100 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EngineName } from '../../src/core/engine-names.js';
import { setEngine } from '../../src/engine/registry.js';
import * as F from '../../src/functional.js';
import { type Tensor, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

// Pooling and patches of random geometry against the reference engine.

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

/** Elements without ties, on the current engine; the last axes are swapped in memory if `transposed`. */
function image(planes: number, h: number, w: number, transposed: boolean): Tensor {
  const elements = Array.from({ length: planes * h * w }, (_, k) => (k * 7919) % 10007);
  const stored = tensor(elements, transposed ? [1, planes, w, h] : [1, planes, h, w]);
  return transposed ? stored.transpose(2, 3) : stored;
}

/** What `pool` and its gradient give on an engine. */
async function onEngine(engine: EngineName, make: () => Tensor, pool: (x: Tensor) => Tensor) {
  setEngine(engine);
  const leaf = make().detach().requiresGrad_();
  const y = pool(leaf);
  y.mul(y.detach().add(1)).sum().backward();
  return { shape: y.shape, values: await y.data(), gradient: await leaf.grad!.data() };
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
  test('maxPool2d and its gradient', async () => {
    await fc.assert(
      fc.asyncProperty(images, async ({ planes, rows, columns, ceilMode, transposed }) => {
        fc.pre(hasElements(rows) && hasElements(columns));
        const make = () => image(planes, rows.length, columns.length, transposed);
        const pool = (x: Tensor) =>
          F.maxPool2d(x, [rows.kernel, columns.kernel], { ...options(rows, columns), ceilMode });
        expect(await onEngine(engine, make, pool)).toEqual(await onEngine('reference', make, pool));
      }),
      { numRuns: 100 },
    );
  });

  test('avgPool2d and its gradient', async () => {
    await fc.assert(
      fc.asyncProperty(
        images,
        fc.boolean(),
        async ({ planes, rows, columns, ceilMode, transposed }, countIncludePad) => {
          const { stride, padding } = options(rows, columns);
          const make = () => image(planes, rows.length, columns.length, transposed).div(10007);
          const pool = (x: Tensor) =>
            F.avgPool2d(x, [rows.kernel, columns.kernel], { stride, padding, ceilMode, countIncludePad });
          const [ours, wanted] = [
            await onEngine(engine, make, pool),
            await onEngine('reference', make, pool),
          ];
          expect(ours.shape).toEqual(wanted.shape);
          for (const of of ['values', 'gradient'] as const)
            for (const [i, value] of wanted[of].entries())
              expect(Math.abs(ours[of][i]! - value)).toBeLessThanOrEqual(1e-5);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('fold is what unfold transposes to', () => {
    setEngine(engine);
    fc.assert(
      fc.property(images, ({ planes, rows, columns, transposed }) => {
        const x = image(planes, rows.length, columns.length, transposed);
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

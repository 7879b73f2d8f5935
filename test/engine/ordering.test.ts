import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/core/dtype.js';
import { setEngine } from '../../src/engine/registry.js';
import * as F from '../../src/functional.js';
import { arange, type Tensor, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

/** Numbers between −most and most in no order, many of them equal. */
const scattered = (n: number, most: number): number[] =>
  Array.from({ length: n }, (_, i) => ((Math.imul(i + 1, 0x9e3779b1) >>> 8) % (2 * most)) - most);

const listOf = (x: Tensor): number[] => [...x.dataSync()];

describe.each(testEngines)('long lines in order, on %s', (engine) => {
  const of = (data: readonly number[], dtype: DType): Tensor => {
    setEngine(engine);
    return tensor([...data], { dtype });
  };

  test.each([
    [350, 'float32'],
    [1000, 'int32'],
    [4095, 'float64'],
    [4096, 'float32'],
    [9000, 'float64'],
  ] as const)('sort: %i elements of %s', (n, dtype) => {
    const data = scattered(n, 700);
    const order = data.map((_, i) => i).sort((a, b) => data[a]! - data[b]! || a - b);
    const { values, indices } = of(data, dtype).sort();
    expect(listOf(indices)).toEqual(order);
    expect(listOf(values)).toEqual(order.map((i) => data[i]));
  });

  test.each([
    ['float32', 900],
    ['float64', 900],
    ['int32', 900],
    ['float32', 2],
    ['int32', 2],
  ] as const)('kthvalue and median: 20,000 elements of %s, below %i', (dtype, most) => {
    const data = scattered(20_000, most);
    const order = data.map((_, i) => i).sort((a, b) => data[a]! - data[b]! || a - b);
    for (const k of [1, 2, 7000, 20_000]) {
      const { values, indices } = of(data, dtype).kthvalue(k);
      expect([values.itemSync(), indices.itemSync()]).toEqual([data[order[k - 1]!], order[k - 1]]);
    }
    expect(of(data, dtype).median().itemSync()).toBe(data[order[9999]!]);
  });

  test('median of a long line with NaN', () => {
    const data = scattered(10_000, 900);
    data[77] = Number.NaN;
    data[5000] = Number.NaN;
    const { values, indices } = of(data, 'float32').median(0);
    expect([values.itemSync(), indices.itemSync()]).toEqual([Number.NaN, 77]);
    const numbers = data.filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
    expect(of(data, 'float32').nanmedian().itemSync()).toBe(numbers[(numbers.length - 1) >> 1]);
  });

  test('sums over axes of a few elements', () => {
    setEngine(engine);
    const x = arange(2 * 300 * 3)
      .remainder(17)
      .to('float32')
      .reshape([2, 300, 3]);
    const at = (i: number, j: number, k: number): number => ((i * 300 + j) * 3 + k) % 17;
    const rows = Array.from({ length: 300 }, (_, j) => j);
    expect(listOf(x.sum(2))).toEqual(
      [0, 1].flatMap((i) => rows.map((j) => at(i, j, 0) + at(i, j, 1) + at(i, j, 2))),
    );
    expect(listOf(x.sum(0))).toEqual(rows.flatMap((j) => [0, 1, 2].map((k) => at(0, j, k) + at(1, j, k))));
    expect(listOf(x.amax([0, 2]))).toEqual(
      rows.map((j) => Math.max(...[0, 1].flatMap((i) => [0, 1, 2].map((k) => at(i, j, k))))),
    );
  });

  test.each([[[2, 3, 1, 2]], [[-2, 3, 1, -2]], [[4, -9, -3, 2, 1, -1]], [[1, 1, -250, -150]]])(
    'a constant border of many rows and its gradient: pad %j',
    (pad) => {
      setEngine(engine);
      const shape = [3, 400, 50];
      const x = arange(1, 3 * 400 * 50 + 1)
        .to('float32')
        .reshape(shape)
        .detach()
        .requiresGrad_();
      const y = F.pad(x, pad, { value: -1 });
      const side = (axis: number, end: number): number => pad[2 * (2 - axis) + end] ?? 0;
      const from = (place: number): number => {
        let rest = place;
        let index = 0;
        let step = 1;
        for (const axis of [2, 1, 0]) {
          const at = (rest % y.shape[axis]!) - side(axis, 0);
          if (at < 0 || at >= shape[axis]!) return -1;
          rest = Math.floor(rest / y.shape[axis]!);
          index += at * step;
          step *= shape[axis]!;
        }
        return index;
      };
      const sources = Array.from({ length: y.count }, (_, i) => from(i));
      expect(listOf(y)).toEqual(sources.map((i) => (i < 0 ? -1 : i + 1)));
      const g = arange(1, y.count + 1)
        .to('float32')
        .reshape(y.shape);
      y.backward(g);
      const expected = new Array<number>(x.count).fill(0);
      sources.forEach((i, place) => {
        if (i >= 0) expected[i] = place + 1;
      });
      expect(listOf(x.grad!)).toEqual(expected);
    },
  );
});

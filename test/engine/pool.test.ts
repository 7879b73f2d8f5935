import { describe, expect, test } from 'vitest';
import * as F from '../../src/functional.js';
import { manualSeed, randn, setEngine, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

const length = 7;

interface Case {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly ceilMode?: boolean;
}

/** Of each window the places in the input, and how many elements it has with those of the padding. */
function windows({ kernel, stride, padding, ceilMode = false }: Case): { inside: number[]; all: number }[] {
  const list = [];
  for (let start = -padding; ; start += stride) {
    const fits = start + kernel <= length + padding;
    if (!fits && !(ceilMode && start < length && start + kernel - stride < length + padding)) return list;
    const inside = Array.from({ length }, (_, i) => i).filter((i) => i >= start && i < start + kernel);
    list.push({ inside, all: Math.min(start + kernel, length + padding) - start });
  }
}

const cases: Case[] = [
  { kernel: 9001, stride: 1, padding: 4500 },
  { kernel: 9001, stride: 2, padding: 4500 },
  { kernel: 20_000, stride: 3, padding: 9999, ceilMode: true },
  { kernel: 2 ** 31 - 1, stride: 2 ** 31 - 1, padding: 0, ceilMode: true },
  { kernel: 2 ** 31 - 1, stride: 5, padding: 2 ** 30 - 1 },
];

describe.each(testEngines)('pools with windows far larger than the input, %s', (engine) => {
  test.each(cases)('$kernel, stride $stride, padding $padding', (c) => {
    setEngine(engine);
    manualSeed(1);
    const { kernel, stride, padding, ceilMode = false } = c;
    const options = { stride, padding, ceilMode };
    const wanted = windows(c);
    const x = randn([2, length], { dtype: 'float64' }).requiresGrad_();
    for (const channel of [0, 1]) {
      const row = [...x.at(channel).dataSync()];
      const pick = (places: number[]): number[] => places.map((i) => row[i]!);
      const sum = (places: number[]): number => pick(places).reduce((a, b) => a + b, 0);
      const [values, indices] = F.maxPool1d(x, kernel, { ...options, returnIndices: true });
      expect([...values.at(channel).dataSync()]).toEqual(
        wanted.map(({ inside }) => Math.max(...pick(inside))),
      );
      expect([...indices.at(channel).dataSync()]).toEqual(
        wanted.map(({ inside }) => row.indexOf(Math.max(...pick(inside)))),
      );
      for (const countIncludePad of [true, false]) {
        const count = (w: (typeof wanted)[number]): number => (countIncludePad ? w.all : w.inside.length);
        const mean = F.avgPool1d(x, kernel, { ...options, countIncludePad });
        const close = (got: ArrayLike<number>, want: number[]): void => {
          expect(got.length).toBe(want.length);
          for (const [i, v] of want.entries())
            expect(Math.abs(got[i]! - v)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(v)));
        };
        close(
          mean.at(channel).dataSync(),
          wanted.map((w) => sum(w.inside) / count(w)),
        );
        x.grad = null;
        const factors = wanted.map((_, i) => i + 1);
        mean.backward(tensor([factors, factors], { dtype: 'float64' }));
        close(
          x.grad!.at(channel).dataSync(),
          row.map((_, i) =>
            wanted.reduce((total, w, k) => total + (w.inside.includes(i) ? factors[k]! / count(w) : 0), 0),
          ),
        );
      }
    }
  });

  test('in height and depth, too', () => {
    setEngine(engine);
    const x = randn([1, 2, 3, 4]);
    const all = F.maxPool2d(x, 2 ** 31 - 1, { ceilMode: true });
    expect(all.shape).toEqual([1, 2, 1, 1]);
    expect(all.flatten().dataSync()).toEqual(x.amax([2, 3]).flatten().dataSync());
    const mean = F.avgPool3d(x.unsqueeze(0), [2 ** 30, 3, 2 ** 31 - 1], { ceilMode: true })
      .flatten()
      .dataSync();
    expect(mean[0]).toBeCloseTo(x.mean().itemSync(), 5);
  });
});

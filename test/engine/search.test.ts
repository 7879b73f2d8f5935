import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/core/dtype.js';
import { setEngine } from '../../src/engine/registry.js';
import { isin, searchsorted, type Tensor, tensor, unique, uniqueConsecutive } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

// Long enough for every way that the kernels take, and for several tasks.
const count = 140_009;
const fewer = 40_009;

/** Numbers from 0 to below `most`, in no order. */
const scattered = (n: number, most: number): number[] =>
  Array.from({ length: n }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 8) % most);

const listOf = (x: Tensor): number[] => [...x.dataSync()];

/** Groups in the order in which they come: what they are, where each element belongs, how many they have. */
function grouped(keys: readonly number[]): { elements: number[]; inverse: number[]; counts: number[] } {
  const elements: number[] = [];
  const counts: number[] = [];
  const known = new Map<number, number>();
  const inverse = keys.map((key) => {
    const group = known.get(key) ?? elements.push(key) - 1;
    known.set(key, group);
    counts[group] = (counts[group] ?? 0) + 1;
    return group;
  });
  return { elements, inverse, counts };
}

describe.each(testEngines)('groups and members of long lists, on %s', (engine) => {
  const of = (data: readonly number[], dtype: DType): Tensor => {
    setEngine(engine);
    return tensor([...data], { dtype });
  };

  test.each([
    ['few', 100, 'float32'],
    ['few', 250, 'uint8'],
    ['more than a table holds', 9000, 'int32'],
    ['more than a table holds', 9000, 'float64'],
  ] as const)('unique: %s different elements (%i, %s)', (_, most, dtype) => {
    const data = scattered(count, most);
    const [elements, inverse, counts] = unique(of(data, dtype), { returnInverse: true, returnCounts: true });
    const found = grouped(data);
    const order = found.elements
      .map((_, group) => group)
      .sort((a, b) => found.elements[a]! - found.elements[b]!);
    const rank = order.map((_, group) => order.indexOf(group));
    expect(listOf(elements)).toEqual(order.map((group) => found.elements[group]));
    expect(listOf(counts)).toEqual(order.map((group) => found.counts[group]));
    expect(listOf(inverse)).toEqual(found.inverse.map((group) => rank[group]));
    expect(listOf(unique(of(data, dtype)))).toEqual(listOf(elements));
  });

  test('unique: each NaN is a group, −0 is 0', () => {
    const data = scattered(5000, 3).map((k) => (k === 2 ? -0 : k));
    data[100] = Number.NaN;
    data[4000] = Number.NaN;
    const [elements, counts] = unique(of(data, 'float32'), { returnCounts: true });
    expect(listOf(elements).map((v) => v + 0)).toEqual([0, 1, Number.NaN, Number.NaN]);
    expect(listOf(counts).slice(2)).toEqual([1, 1]);
  });

  test.each([1, 2, 1000])('uniqueConsecutive: runs of up to %i', (most) => {
    const data: number[] = [];
    for (const n of scattered(fewer, most)) {
      if (data.length >= fewer) break;
      data.push(...new Array<number>(n + 1).fill(data.length));
    }
    const [elements, inverse, counts] = uniqueConsecutive(of(data, 'int32'), {
      returnInverse: true,
      returnCounts: true,
    });
    const found = grouped(data);
    expect(listOf(elements)).toEqual(found.elements);
    expect(listOf(inverse)).toEqual(found.inverse);
    expect(listOf(counts)).toEqual(found.counts);
  });

  test.each([
    ['int32', 5],
    ['float32', 16],
    ['float64', 17],
    ['uint8', 40],
    ['int32', 3000],
  ] as const)('isin: %s among %i', (dtype, size) => {
    const data = scattered(fewer, 200);
    const others = scattered(size, 20_000).map((k) => (dtype === 'uint8' ? k % 256 : k));
    const set = new Set(others);
    expect(listOf(isin(of(data, dtype), of(others, dtype)))).toEqual(data.map((k) => Number(set.has(k))));
    expect(listOf(isin(of(data, dtype), of(others, dtype), { invert: true }))).toEqual(
      data.map((k) => Number(!set.has(k))),
    );
  });

  test.each([3, 30])('isin: NaN is among none, −0 is 0 (%i others)', (size) => {
    const others = [Number.NaN, 0, ...new Array<number>(size).fill(7)];
    expect(listOf(isin(of([Number.NaN, -0, 7, 8], 'float32'), of(others, 'float32')))).toEqual([0, 1, 1, 0]);
  });

  test.each([[[fewer]], [[7, 5_859]], [[3, 5, 3_001]], [[13_003, 3]]])('nonzero of %j', (shape) => {
    const n = shape.reduce((a, b) => a * b, 1);
    const data = scattered(n, 3);
    const coordinates = (place: number): number[] => {
      const at: number[] = [];
      for (const length of [...shape].reverse()) {
        at.unshift(place % length);
        place = Math.floor(place / length);
      }
      return at;
    };
    const expected = data.flatMap((v, i) => (v === 0 ? [] : coordinates(i)));
    expect(listOf(of(data, 'float32').reshape(shape).nonzero())).toEqual(expected);
  });

  test("a number that isn't one of the integers lies between them", () => {
    const sequence = tensor([1, 2, 3], { dtype: 'int32' });
    expect([0, 2, 2.5, 4, 1e10, -1e10].map((x) => searchsorted(sequence, x).itemSync())).toEqual([
      0, 1, 2, 3, 3, 0,
    ]);
  });

  test.each([1, 2, 3, 8, 1000])('searchsorted: among %i', (size) => {
    const sorted = scattered(size, 50).sort((a, b) => a - b);
    const wanted = [...scattered(500, 60), Number.NaN];
    const [sequence, places] = [of(sorted, 'float32'), of(wanted, 'float32')];
    const before = (test: (other: number) => boolean): number => {
      const at = sorted.findIndex(test);
      return at < 0 ? size : at;
    };
    expect(listOf(searchsorted(sequence, places))).toEqual(wanted.map((v) => before((other) => other >= v)));
    expect(listOf(searchsorted(sequence, places, { right: true }))).toEqual(
      wanted.map((v) => before((other) => other > v)),
    );
  });
});

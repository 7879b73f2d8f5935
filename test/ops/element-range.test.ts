import { describe, expect, test } from 'vitest';
import type { DType } from '../../src/core/dtype.js';
import * as F from '../../src/functional.js';
import {
  arange,
  DTypeError,
  full,
  fullLike,
  linspace,
  ones,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../../src/index.js';
import { constant_ } from '../../src/nn/init/index.js';

const one = (dtype: DType): Tensor => ones([1], { dtype });
const first = (): Tensor => zeros([1], { dtype: 'int32' });
const yes = (): Tensor => tensor([true]);

/** Everything that makes an element of a number, whose whole value is then in the result. */
const makers: Record<string, (value: number, dtype: DType) => Tensor> = {
  tensor: (v, dtype) => tensor([v], { dtype }),
  'tensor of Float64Array': (v, dtype) => tensor(new Float64Array([v]), { dtype }),
  full: (v, dtype) => full([1], v, { dtype }),
  fullLike: (v, dtype) => fullLike(one('float32'), v, { dtype }),
  fill_: (v, dtype) => one(dtype).fill_(v),
  maskedFill: (v, dtype) => one(dtype).maskedFill(yes(), v),
  maskedFill_: (v, dtype) => one(dtype).maskedFill_(yes(), v),
  setAt: (v, dtype) => one(dtype).setAt([0], v),
  indexFill: (v, dtype) => one(dtype).indexFill(0, first(), v),
  indexFill_: (v, dtype) => one(dtype).indexFill_(0, first(), v),
  scatter: (v, dtype) => one(dtype).scatter(0, first(), v),
  scatter_: (v, dtype) => one(dtype).scatter_(0, first(), v),
  pad: (v, dtype) => F.pad(one(dtype), [0, 1], { value: v }).at([1]),
  linspace: (v, dtype) => linspace(v, v, 1, { dtype }),
};

const wide = { int32: [2 ** 31, -(2 ** 31) - 1, 1.7e12], uint8: [300, 256, -256, -1.5, 255.5] } as const;

describe.each(Object.entries(makers))('%s', (name, make) => {
  const operation = name.split(' ')[0];

  test("refuses numbers that an integer dtype doesn't hold", () => {
    for (const dtype of ['int32', 'uint8'] as const)
      for (const value of [...wide[dtype], NaN, Infinity, -Infinity]) {
        expect(() => make(value, dtype), `${value} as ${dtype}`).toThrow(DTypeError);
        expect(() => make(value, dtype)).toThrow(
          new RegExp(
            `^${operation}: ${value.toString().replace('+', '.')} doesn't fit in ${dtype}, which holds `,
          ),
        );
      }
  });

  test('takes those at the ends, cuts off fractions, and wraps negative bytes as PyTorch does', () => {
    const of = (value: number, dtype: DType): number => make(value, dtype).itemSync();
    expect([2 ** 31 - 1, -(2 ** 31), 1.7, -1.7].map((v) => of(v, 'int32'))).toEqual([
      2 ** 31 - 1,
      -(2 ** 31),
      1,
      -1,
    ]);
    expect([255, 0, 254.9, -1, -255].map((v) => of(v, 'uint8'))).toEqual([255, 0, 254, 255, 1]);
    expect([0, 0.5, NaN, -Infinity].map((v) => of(v, 'bool'))).toEqual([0, 1, 1, 1]);
    expect([NaN, Infinity].map((v) => of(v, 'float32'))).toEqual([NaN, Infinity]);
  });
});

test('a tensor without axes is refused as its number is', () => {
  const names = ['fill_', 'maskedFill', 'maskedFill_', 'setAt', 'indexFill', 'indexFill_'];
  for (const name of names) {
    const fill = (value: number, from: DType, to: DType): number =>
      makers[name]!(tensor(value, { dtype: from }) as never, to).itemSync();
    for (const [value, from, to] of [
      [2 ** 31, 'float64', 'int32'],
      [NaN, 'float32', 'int32'],
      [300, 'int32', 'uint8'],
      [-1.5, 'float32', 'uint8'],
      [1e39, 'float64', 'float32'],
    ] as const)
      expect(() => fill(value, from, to), `${value} as ${to} by ${name}`).toThrow(
        new RegExp(`^${name}: ${String(value).replace('+', '.')} doesn't fit in ${to}, which holds `),
      );
    expect(fill(1.9, 'float64', 'int32')).toBe(1);
    expect(fill(-3, 'int32', 'uint8')).toBe(253);
    expect(fill(-3, 'float32', 'uint8')).toBe(253);
    expect(fill(0.5, 'float32', 'bool')).toBe(1);
    expect(fill(Infinity, 'float64', 'float32')).toBe(Infinity);
  }
});

test('integers refuse a factor with a fraction', () => {
  const x = tensor([4], { dtype: 'int32' });
  for (const name of ['add', 'sub', 'rsub'] as const)
    for (const other of [x, 3])
      expect(() => x[name](other, { alpha: 0.5 })).toThrow(
        new RegExp(`^${name}: alpha must be a whole number for integers, got 0.5$`),
      );
  for (const name of ['add_', 'sub_'] as const)
    expect(() => x[name](3, { alpha: 0.5 })).toThrow(/alpha must be a whole number for integers, got 0.5$/);
  expect(x.rsub(x, { alpha: 2 }).itemSync()).toBe(-4);
  expect(x.add(2.5, { alpha: 0.5 }).itemSync()).toBe(5.25);
  expect(x.add(ones([1]), { alpha: 0.5 }).itemSync()).toBe(4.5);
});

test('a constant must not become infinite', () => {
  for (const name of ['full', 'fill_', 'maskedFill', 'setAt', 'pad']) {
    expect(() => makers[name]!(1e39, 'float32')).toThrow(DTypeError);
    expect(() => makers[name]!(1e39, 'float32')).toThrow(
      new RegExp(
        `^${name}: 1e\\+39 doesn't fit in float32, which holds 3.4.*\n {2}hint: Infinity, or float64$`,
      ),
    );
    expect(makers[name]!(1e39, 'float64').itemSync()).toBe(1e39);
  }
  expect(tensor([1e39]).itemSync()).toBe(Infinity);
});

test("arange and where refuse what doesn't fit", () => {
  expect(() => arange(2 ** 31 - 1, 2 ** 31 + 1)).toThrow(/^arange: 2147483648 doesn't fit in int32/);
  expect(() => arange(300, { dtype: 'uint8' })).toThrow(
    /^arange: 299 doesn't fit in uint8, which holds 0 to 255\n {2}hint: int32 or float32 may hold it$/,
  );
  expect(() => where(yes(), one('uint8'), 300)).toThrow(/^where: 300 doesn't fit in uint8/);
});

test('a comparison with a number beyond the dtype is exact', () => {
  const top = tensor([2 ** 31 - 1, 7], { dtype: 'int32' });
  expect(top.eq(2 ** 31).toArraySync()).toEqual([false, false]);
  expect(top.lt(2 ** 31).toArraySync()).toEqual([true, true]);
  expect(tensor([44], { dtype: 'uint8' }).eq(300).toArraySync()).toEqual([false]);
  expect(tensor([true]).lt(2).toArraySync()).toEqual([true]);
});

test('integers computed with numbers are modulo 2³² and 2⁸', () => {
  expect(tensor([100], { dtype: 'uint8' }).add(200).itemSync()).toBe(44);
  expect(
    tensor([2 ** 31 - 1], { dtype: 'int32' })
      .add(1)
      .itemSync(),
  ).toBe(-(2 ** 31));
  expect(
    one('int32')
      .clamp(-1e300, 2 ** 31 - 1)
      .itemSync(),
  ).toBe(1);
  expect(() => constant_(one('uint8'), 300)).toThrow(/300 doesn't fit in uint8/);
});

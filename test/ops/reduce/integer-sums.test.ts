import { beforeEach, describe, expect, test } from 'vitest';
import { setEngine } from '../../../src/engine/registry.js';
import * as F from '../../../src/functional.js';
import {
  ArgumentError,
  addmm,
  arange,
  type DType,
  DTypeError,
  einsum,
  full,
  type NestedArray,
  type Tensor,
  tensor,
  zeros,
} from '../../../src/index.js';
import type { NestedNumbers } from '../../../src/ops/creation/creation.js';
import { testEngines } from '../../helpers/engines.js';

const int32 = (values: NestedNumbers): Tensor => tensor(values, { dtype: 'int32' });
const top = 2 ** 31 - 1;
const message = (operation: string): RegExp =>
  new RegExp(
    `^${operation}: a result of integers doesn't fit in int32.*\n {2}hint: \\{ dtype: 'float64' \\}$`,
  );

describe.each(testEngines)('sums and products of integers on %s', (engine) => {
  beforeEach(() => void setEngine(engine));

  test("a sum that int32 doesn't hold is an error, in every walk through memory", () => {
    const pixels = full([300, 100, 300], 255, { dtype: 'uint8' });
    for (const sum of [
      () => pixels.sum(),
      () => pixels.permute([2, 1, 0]).sum(),
      () =>
        int32([[[2 ** 30], [2 ** 30]]])
          .expand([3, 2, 5])
          .sum([0, 1]),
      () => int32([top, 1]).sum(),
      () => int32([-top, -2]).sum(),
      () =>
        int32([
          [top, 0, 7],
          [1, 0, 7],
        ]).sum(0),
      () =>
        int32([
          [top, 1],
          [0, 0],
        ]).sum(1),
      () =>
        int32([
          [top, 1],
          [0, 0],
        ])
          .t()
          .sum(0),
    ]) {
      expect(sum).toThrow(DTypeError);
      expect(sum).toThrow(message('sum'));
    }
    expect(pixels.sum({ dtype: 'float64' }).itemSync()).toBe(2_295_000_000);
    expect(() => int32([[top], [1]]).sumToSize([1, 1])).toThrow(message('sumToSize'));
  });

  test('sums that pass 2³¹ on the way are exact', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => (i < 10_000 ? top : -top));
    expect(int32(values).sum().itemSync()).toBe(0);
    expect(
      int32([...values, 5])
        .sum()
        .itemSync(),
    ).toBe(5);
    expect(int32([top, top, -top, -3]).sum().itemSync()).toBe(top - 3);
    expect(
      int32([-(2 ** 31), 0])
        .sum()
        .itemSync(),
    ).toBe(-(2 ** 31));
    const rows = int32([
      [top, -top],
      [top, -top],
      [-top, top],
    ]);
    expect(rows.sum(0).toArraySync()).toEqual([top, -top]);
    expect(rows.sum(1).toArraySync()).toEqual([0, 0, 0]);
    expect(full([8_000_000], 255, { dtype: 'uint8' }).sum().itemSync()).toBe(2_040_000_000);
    expect(full([8000, 1000], 200, { dtype: 'uint8' }).sum(0).at(0).itemSync()).toBe(1_600_000);
  });

  test('running sums', () => {
    expect(() => int32([top, 1, -1]).cumsum(0)).toThrow(message('cumsum'));
    expect(() =>
      int32([
        [top, 0],
        [1, 0],
      ]).cumsum(0),
    ).toThrow(message('cumsum'));
    expect(() => full([9_000_000], 255, { dtype: 'uint8' }).cumsum(0)).toThrow(message('cumsum'));
    expect(int32([top, -1, 1, -top, -top]).cumsum(0).toArraySync()).toEqual([top, top - 1, top, 0, -top]);
    expect(int32([top, 1]).cumsum(0, { dtype: 'float64' }).toArraySync()).toEqual([top, 2 ** 31]);
  });

  test('products', () => {
    const factorials = arange(1, 21);
    expect(() => factorials.prod()).toThrow(message('prod'));
    expect(() => factorials.cumprod(0)).toThrow(message('cumprod'));
    expect(factorials.prod({ dtype: 'float64' }).itemSync()).toBe(2432902008176640000);
    expect(arange(1, 13).prod().itemSync()).toBe(479001600);
    expect(
      int32([-(2 ** 15), 2 ** 16])
        .prod()
        .itemSync(),
    ).toBe(-(2 ** 31));
    expect(() => int32([2 ** 15, 2 ** 16]).prod()).toThrow(message('prod'));
    const long = Array.from({ length: 100 }, () => top);
    expect(
      int32([...long, 0])
        .prod()
        .itemSync(),
    ).toBe(0);
    expect(
      int32([0, ...long])
        .cumprod(0)
        .toArraySync(),
    ).toEqual(Array(101).fill(0));
    expect(full([40], 2, { dtype: 'uint8' }).reshape([4, 10]).prod(1).toArraySync()).toEqual(
      Array(4).fill(1024),
    );
  });

  const uint8 = (values: NestedNumbers): Tensor => tensor(values, { dtype: 'uint8' });
  const refusal = (operation: string, dtype = 'int32'): RegExp =>
    new RegExp(
      `^${operation}: a result of integers doesn't fit in ${dtype}, which holds .*\\n {2}hint: convert with to`,
    );

  test('matrix products', () => {
    expect(() => int32([[2 ** 16]]).mm(int32([[2 ** 15]]))).toThrow(refusal('mm'));
    expect(
      int32([[-(2 ** 16)]])
        .mm(int32([[2 ** 15]]))
        .itemSync(),
    ).toBe(-(2 ** 31));
    expect(
      int32([top, top, 5])
        .dot(int32([top, -top, 3]))
        .itemSync(),
    ).toBe(15);
    const wide = int32([[top, -top, top]]).expand([2, 3]);
    expect(wide.matmul(int32([[1], [1], [0]])).toArraySync()).toEqual([[0], [0]]);
    expect(() => wide.matmul(int32([1, 0, 1]))).toThrow(refusal('matmul'));
    expect(() => einsum('ij,j->i', wide, int32([1, 0, 1]))).toThrow(refusal('einsum'));
    expect(() => addmm(int32([[top]]), int32([[1]]), int32([[1]]))).toThrow(refusal('addmm'));
    expect(() => addmm(int32([top]), int32([[1]]), int32([[1]]))).toThrow(refusal('addmm'));
    expect(addmm(int32([[top]]), int32([[1]]), int32([[1]]), { alpha: -3 }).itemSync()).toBe(top - 3);
    expect(
      addmm(int32([[2]]), int32([[4]]), int32([[1]]), { beta: 2 ** 33, alpha: 1 - 2 ** 32 }).itemSync(),
    ).toBe(4);
    expect(() => F.linear(int32([[top]]), int32([[1]]), int32([1]))).toThrow(refusal('linear'));
    expect(() => uint8([[200]]).mm(uint8([[2]]))).toThrow(refusal('mm', 'uint8'));
    expect(
      uint8([[127]])
        .mm(uint8([[2]]))
        .itemSync(),
    ).toBe(254);
  });

  test('sums at indices, which leave the tensor as it was where they fail', () => {
    const twice = int32([0, 0]);
    const x = int32([top, 5]);
    expect(() => x.indexAdd(0, int32([0]), int32([1]))).toThrow(refusal('indexAdd'));
    expect(() => x.indexAdd_(0, int32([1, 0]), int32([1, 1]))).toThrow(refusal('indexAdd_'));
    expect(() => x.scatterAdd(0, int32([0]), int32([1]))).toThrow(refusal('scatterAdd'));
    expect(() => x.scatterAdd_(0, int32([1, 0]), int32([1, 1]))).toThrow(refusal('scatterAdd_'));
    expect(() => x.scatterReduce(0, int32([0]), int32([1]), 'sum')).toThrow(refusal('scatterReduce'));
    expect(() => x.setAt([int32([1, 0])], int32([1, 1]), { accumulate: true })).toThrow(refusal('setAt'));
    expect(x.toArraySync()).toEqual([top, 5]);
    expect(x.indexAdd(0, twice, int32([top, -top])).toArraySync()).toEqual([top, 5]);
    expect(x.scatterAdd(0, twice, int32([top, -top])).toArraySync()).toEqual([top, 5]);
    const rows = int32([
      [top, 1],
      [2, 3],
    ]).t();
    rows.setAt([int32([1, 1]), int32([0, 1])], int32([7, 9]), { accumulate: true });
    expect(rows.toArraySync()).toEqual([
      [top, 2],
      [8, 12],
    ]);
    expect(() => uint8([250]).indexAdd(0, int32([0]), uint8([6]))).toThrow(refusal('indexAdd', 'uint8'));
    expect(
      uint8([250])
        .indexAdd(0, int32([0]), uint8([5]))
        .itemSync(),
    ).toBe(255);
    expect(() => uint8([2]).indexAdd(0, int32([0]), uint8([5]), { alpha: -1 })).toThrow(
      refusal('indexAdd', 'uint8'),
    );
    expect(() => x.indexAdd(0, int32([0]), int32([1]), { alpha: 0.5 })).toThrow(
      /^indexAdd: alpha must be a whole number for integers, got 0.5$/,
    );
    expect(() => x.indexAdd_(0, int32([0]), int32([1]), { alpha: 0.5 })).toThrow(ArgumentError);
  });

  test('products and means at indices', () => {
    const factors = int32([2 ** 16, 1, 0]);
    expect(() => factors.scatterReduce(0, int32([0]), int32([2 ** 15]), 'prod')).toThrow(
      refusal('scatterReduce'),
    );
    expect(factors.scatterReduce(0, int32([0]), int32([-(2 ** 15)]), 'prod').toArraySync()).toEqual([
      -(2 ** 31),
      1,
      0,
    ]);
    const long = full([60], top, { dtype: 'int32' });
    const zeros = full([60], 2, { dtype: 'int32' });
    expect(factors.scatterReduce(0, zeros, long, 'prod').toArraySync()).toEqual([2 ** 16, 1, 0]);
    expect(
      int32([top, -3])
        .scatterReduce(0, int32([0, 1]), int32([top - 1, 0]), 'mean')
        .toArraySync(),
    ).toEqual([top - 1, -2]);
    expect(
      uint8([255])
        .scatterReduce(0, int32([0]), uint8([254]), 'mean')
        .itemSync(),
    ).toBe(254);
  });

  test('counts of integers stay what they were', () => {
    expect(int32([0, 5, -7, 0]).countNonzero().itemSync()).toBe(2);
    expect(full([3, 70_000], 9, { dtype: 'uint8' }).countNonzero(1).toArraySync()).toEqual([
      70_000, 70_000, 70_000,
    ]);
  });

  test('in a dtype that was asked for', () => {
    const x = int32([200, 50]);
    const sums = (dtype: DType): Tensor[] => [
      x.sum({ dtype }),
      x.div(50).to('uint8').prod({ dtype }),
      x.cumsum(0, { dtype }),
      int32([3, 0]).cumprod(0, { dtype }),
      zeros([0]).sum({ dtype }),
      zeros([0]).prod({ dtype }),
      zeros([0, 2]).cumsum(1, { dtype }),
    ];
    for (const dtype of ['bool', 'uint8', 'int32', 'float32', 'float64'] as const)
      for (const y of sums(dtype)) expect(y.dtype).toBe(dtype);
    const arrays = (dtype: DType): NestedArray[] => sums(dtype).map((y) => y.toArraySync());
    expect(arrays('uint8')).toEqual([250, 4, [200, 250], [3, 0], 0, 1, []]);
    expect(arrays('bool')).toEqual([true, true, [true, true], [true, false], false, true, []]);
    expect(
      int32([[0, 0, 4]])
        .cumsum(1, { dtype: 'bool' })
        .toArraySync(),
    ).toEqual([[false, false, true]]);
    expect(int32([3, 0]).prod({ dtype: 'bool' }).itemSync()).toBe(0);
    for (const [name, f] of [
      ['sum', () => int32([200, 100]).sum({ dtype: 'uint8' })],
      ['prod', () => int32([200, 2]).prod({ dtype: 'uint8' })],
      ['cumsum', () => int32([200, 100]).cumsum(0, { dtype: 'uint8' })],
      ['cumprod', () => int32([200, 2]).cumprod(0, { dtype: 'uint8' })],
    ] as const)
      expect(f).toThrow(
        new RegExp(
          `^${name}: a result of integers doesn't fit in uint8, which holds 0 to 255\n {2}hint: \\{ dtype: 'int32' \\}$`,
        ),
      );
  });
});

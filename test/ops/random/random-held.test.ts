import { describe, expect, test } from 'vitest';
import {
  ArgumentError,
  DTypeError,
  empty,
  emptyLike,
  full,
  manualSeed,
  ones,
  randint,
  setEngine,
  tensor,
  zeros,
} from '../../../src/index.js';
import { testEngines } from '../../helpers/engines.js';

describe.each(testEngines)('what is drawn fits in the dtype, %s', (engine) => {
  test('booleans are 0 or 1, whatever fills them', () => {
    setEngine(engine);
    manualSeed(0);
    for (let i = 0; i < 20; i++) full([3000], 200, { dtype: 'uint8' }).dispose(); // memory for the next tensors
    for (const x of [
      empty([3000], { dtype: 'bool' }),
      emptyLike(zeros([3000]), { dtype: 'bool' }),
      emptyLike(zeros([3000], { dtype: 'bool' })),
      zeros([3000], { dtype: 'bool' }).random_(),
      zeros([3000], { dtype: 'bool' }).random_(0, 2),
      zeros([3000], { dtype: 'bool' }).bernoulli_(0.5),
    ]) {
      expect(x.dataSync().every((v) => v === 0 || v === 1)).toBe(true);
      expect(x.sum().itemSync()).toBe([...x.dataSync()].reduce((a, b) => a + b, 0));
    }
  });

  test.each([
    [
      'bool',
      () => zeros([3], { dtype: 'bool' }).random_(0, 3),
      'random_: bool holds 0 to 1, the numbers drawn are 0 to 2',
    ],
    [
      'uint8',
      () => zeros([3], { dtype: 'uint8' }).random_(300),
      'random_: uint8 holds 0 to 255, the numbers drawn are 0 to 299',
    ],
    [
      'uint8',
      () => zeros([3], { dtype: 'uint8' }).random_(-1, 5),
      'random_: uint8 holds 0 to 255, the numbers drawn are -1 to 4',
    ],
    [
      'int32',
      () => zeros([3], { dtype: 'int32' }).random_(2 ** 40),
      'random_: int32 holds -2147483648 to 2147483647, the numbers drawn are 0 to 1099511627775',
    ],
    [
      'uint8',
      () => randint(0, 257, [3], { dtype: 'uint8' }),
      'randint: uint8 holds 0 to 255, the numbers drawn are 0 to 256',
    ],
    [
      'bool',
      () => zeros([3], { dtype: 'bool' }).geometric_(0.5),
      'geometric_: draws numbers from 1, the tensor is bool',
    ],
    [
      'int32',
      () => ones([3]).bernoulli_(tensor([1, 0, 1], { dtype: 'int32' })),
      'bernoulli_: probabilities must be floating, got int32',
    ],
    [
      'uint8',
      () => ones([3]).bernoulli_(zeros([3], { dtype: 'uint8' })),
      'bernoulli_: probabilities must be floating, got uint8',
    ],
  ])("%s: numbers that don't fit are refused", (_, draw, message) => {
    setEngine(engine);
    expect(draw).toThrow(DTypeError);
    expect(draw).toThrow(message);
  });

  test('the limits themselves are drawn', () => {
    setEngine(engine);
    manualSeed(0);
    const x = zeros([2000], { dtype: 'int32' }).random_(-(2 ** 31), 2 ** 31);
    expect(Math.min(...x.dataSync())).toBeLessThan(-(2 ** 30));
    expect(Math.max(...x.dataSync())).toBeGreaterThan(2 ** 30);
    expect(Math.max(...zeros([2000], { dtype: 'uint8' }).random_().dataSync())).toBe(255);
  });

  test('trials beyond the largest integer stop there', () => {
    setEngine(engine);
    manualSeed(0);
    expect(new Set(zeros([100], { dtype: 'uint8' }).geometric_(1e-9).dataSync())).toEqual(new Set([255]));
    expect(new Set(zeros([100], { dtype: 'int32' }).geometric_(1e-15).dataSync())).toEqual(
      new Set([2 ** 31 - 1]),
    );
  });

  test('probabilities that share memory with what is drawn are refused', () => {
    setEngine(engine);
    const x = full([4], 0.5);
    const message = 'bernoulli_: operand 2 shares elements in memory with the tensor that is written';
    expect(() => x.bernoulli_(x)).toThrow(ArgumentError);
    expect(() => x.bernoulli_(x)).toThrow(message);
  });

  test('bincount sums integer and boolean weights as float64, and counts the largest int32', () => {
    setEngine(engine);
    const x = tensor([0, 1, 1], { dtype: 'int32' });
    const sums = x.bincount({ weights: tensor([1, 2 ** 31 - 1, 2 ** 31 - 1], { dtype: 'int32' }) });
    expect(sums.dtype).toBe('float64');
    expect([...sums.dataSync()]).toEqual([1, 2 ** 32 - 2]);
    expect([...x.bincount({ weights: tensor([true, true, true]) }).dataSync()]).toEqual([1, 2]);
    expect([...x.bincount({ weights: full([3], 200, { dtype: 'uint8' }) }).dataSync()]).toEqual([200, 400]);
    expect(() => tensor([2 ** 31 - 1], { dtype: 'int32' }).bincount()).toThrow(
      /^bincount: a tensor \[2147483648\] of int32 takes 8589934592 bytes/,
    );
  });
});

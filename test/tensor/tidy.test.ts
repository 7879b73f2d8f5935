import { beforeAll, describe, expect, test } from 'vitest';
import { setEngine } from '../../src/engine/registry.js';
import { ArgumentError, ones, type Tensor, tidy } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

describe.each(testEngines)('tidy on %s', (engine) => {
  beforeAll(() => setEngine(engine));

  test('gives back everything but what is returned', async () => {
    const made: Tensor[] = [];
    const kept = tidy(() => {
      const x = ones([2000]);
      const y = x.add(1);
      made.push(x, y);
      return { sum: y.sum(), list: [y.mul(2)] };
    });
    expect(made.map((x) => x.isDisposed)).toEqual([true, true]);
    expect(await kept.sum.item()).toBe(4000);
    expect(kept.list[0]!.isDisposed).toBe(false);
  });

  test('tells where, or what it was told', () => {
    const made = (where?: Error): Tensor => {
      let x: Tensor;
      tidy(() => {
        x = ones([2000]);
      }, where);
      return x!;
    };
    expect(() => made().add(1)).toThrow(/was disposed\n {2}disposed.*tidy\.test\.ts/s);
    const where = new Error();
    where.stack = 'Error\n    at step (loop.ts:3:1)';
    expect(() => made(where).add(1)).toThrow('was disposed\n  disposed    at step (loop.ts:3:1)');
  });

  test('nests: the outer one gives back what the inner one returned', () => {
    let inner: Tensor | undefined;
    tidy(() => {
      inner = tidy(() => ones([2000]).add(1));
      expect(inner.isDisposed).toBe(false);
    });
    expect(inner!.isDisposed).toBe(true);
  });

  test('a view that is returned keeps its memory', async () => {
    const row = tidy(() => ones([40, 50]).add(2).select(0, 3));
    expect((await row.data())[49]).toBe(3);
  });

  test('gives back when the function throws', () => {
    let x: Tensor | undefined;
    expect(() =>
      tidy(() => {
        x = ones([2000]);
        throw new RangeError('stop');
      }),
    ).toThrow(RangeError);
    expect(x!.isDisposed).toBe(true);
  });

  test('gives back the gradient of a leaf that it gives back, and no other', () => {
    const outside = ones([2000]).requiresGrad_();
    const gradients: Tensor[] = [];
    const kept = tidy(() => {
      const inside = ones([2000]).requiresGrad_();
      const returned = ones([2000]).requiresGrad_();
      tidy(() => outside.mul(inside).add(returned).sum().backward());
      gradients.push(inside.grad!, outside.grad!);
      expect(gradients.map((g) => g.isDisposed)).toEqual([false, false]);
      return returned;
    });
    expect(gradients.map((g) => g.isDisposed)).toEqual([true, false]);
    expect(kept.grad!.isDisposed).toBe(false);
  });

  test('is for synchronous functions', () => {
    expect(() => tidy(async () => 1)).toThrow(ArgumentError);
    expect(() => tidy(async () => 1)).toThrow(/must be synchronous/);
  });

  test('using gives back at the end of the block', () => {
    let seen: Tensor;
    {
      using x = ones([2000]);
      seen = x;
      expect(seen.isDisposed).toBe(false);
    }
    expect(seen.isDisposed).toBe(true);
  });
});

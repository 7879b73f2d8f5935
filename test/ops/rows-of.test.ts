import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../src/core/errors.js';
import { setEngine, stack, tensor, zeros } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

describe.each(testEngines)('iteration on %s', (engine) => {
  test('goes through the first axis', () => {
    setEngine(engine);
    const x = tensor([
      [1, 2],
      [3, 4],
    ]).to('float64');
    const seen: unknown[] = [];
    for (const row of x) seen.push(row.toArraySync());
    expect(seen).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const [first, second] = x.t();
    expect(first!.toArraySync()).toEqual([1, 3]);
    expect([...second!].map((value) => value.itemSync())).toEqual([2, 4]);
    expect([...zeros([0, 3])]).toEqual([]);
  });

  test('gives views, through which gradients flow', () => {
    setEngine(engine);
    const x = zeros([2, 2]);
    for (const row of x) row.add_(1);
    expect(x.toArraySync()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const w = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: 'float64' },
    ).requiresGrad_();
    stack([...w].map((row, i) => row.mul(i + 1)))
      .sum()
      .backward();
    expect(w.grad!.toArraySync()).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('of a tensor without axes is an error', () => {
    setEngine(engine);
    expect(() => [...tensor(1)]).toThrow(ShapeError);
    expect(() => [...tensor(1)]).toThrow(
      'iterator: a tensor without axes has no rows to iterate over\n  x    []\n  hint: its value is await x.item(), or x.itemSync()',
    );
  });
});

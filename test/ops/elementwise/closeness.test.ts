import { describe, expect, test } from 'vitest';
import { allclose, allcloseSync, equal, equalSync, setEngine, tensor, zeros } from '../../../src/index.js';
import { testEngines } from '../../helpers/engines.js';

describe.each(testEngines)('allclose and equal on %s', (engine) => {
  test('allclose takes tolerances', async () => {
    setEngine(engine);
    const [a, b] = [tensor([1, 2]), tensor([1, 2.001])];
    expect(await allclose(a, b)).toBe(false);
    expect(await a.allclose(b, { rtol: 1e-2 })).toBe(true);
    expect(await allclose(tensor([Number.NaN]), tensor([Number.NaN]))).toBe(false);
    expect(await allclose(tensor([Number.NaN]), tensor([Number.NaN]), { equalNan: true })).toBe(true);
  });

  test('equal compares shapes, too', async () => {
    setEngine(engine);
    expect(await equal(tensor([1, 2]), tensor([1, 2]))).toBe(true);
    expect(await tensor([1, 2]).equal(tensor([1, 3]))).toBe(false);
    expect(await equal(zeros([1]), zeros([1, 1]))).toBe(false);
  });

  test('the synchronous forms are booleans', () => {
    setEngine(engine);
    const [a, b] = [tensor([1, 2]), tensor([1, 2.001])];
    expect(allcloseSync(a, b)).toBe(false);
    expect(a.allcloseSync(b, { rtol: 1e-2 })).toBe(true);
    expect(equalSync(a, tensor([1, 2]))).toBe(true);
    expect(a.equalSync(b)).toBe(false);
    expect(a.equalSync(a.t().unsqueeze(0))).toBe(false);
    expect(() => equalSync(a, null as never)).toThrow('equalSync: b must be a tensor, got null');
    expect(() => allcloseSync(a, [1] as never)).toThrow('allcloseSync: b must be a tensor, got [1]');
  });
});

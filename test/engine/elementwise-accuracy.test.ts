import { describe, expect, test } from 'vitest';
import * as m from '../../src/index.js';
import { setEngine, type Tensor, tensor } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

/** Function, its value in double precision (default: our own in float64), range of x, and the error allowed in ulp. */
interface Case {
  readonly f: (x: Tensor) => Tensor;
  readonly exact?: (x: number) => number;
  readonly from: number;
  readonly to: number;
  readonly ulps: number;
}

const cases: Readonly<Record<string, Case>> = {
  exp: { f: m.exp, exact: Math.exp, from: -103, to: 88.7, ulps: 2 },
  expm1: { f: m.expm1, exact: Math.expm1, from: -20, to: 88, ulps: 2 },
  exp2: { f: m.exp2, exact: (x) => 2 ** x, from: -148, to: 127, ulps: 2 },
  log: { f: m.log, exact: Math.log, from: 0, to: 9, ulps: 2 },
  log2: { f: m.log2, exact: Math.log2, from: 0, to: 9, ulps: 2 },
  log10: { f: m.log10, exact: Math.log10, from: 0, to: 9, ulps: 2 },
  log1p: { f: m.log1p, exact: Math.log1p, from: -0.99, to: 9, ulps: 2 },
  sin: { f: m.sin, exact: Math.sin, from: -400, to: 400, ulps: 2 },
  cos: { f: m.cos, exact: Math.cos, from: -400, to: 400, ulps: 2 },
  tan: { f: m.tan, exact: Math.tan, from: -40, to: 40, ulps: 2 },
  asin: { f: m.asin, exact: Math.asin, from: -1, to: 1, ulps: 2 },
  acos: { f: m.acos, exact: Math.acos, from: -1, to: 1, ulps: 2 },
  atan: { f: m.atan, exact: Math.atan, from: -30, to: 30, ulps: 2 },
  sinh: { f: m.sinh, exact: Math.sinh, from: -80, to: 80, ulps: 2 },
  cosh: { f: m.cosh, exact: Math.cosh, from: -80, to: 80, ulps: 2 },
  tanh: { f: m.tanh, exact: Math.tanh, from: -9, to: 9, ulps: 2 },
  asinh: { f: m.asinh, exact: Math.asinh, from: -30, to: 30, ulps: 2 },
  acosh: { f: m.acosh, exact: Math.acosh, from: 1, to: 30, ulps: 2 },
  atanh: { f: m.atanh, exact: Math.atanh, from: -1, to: 1, ulps: 2 },
  // PyTorch's own error is 2.5 ulp.
  sigmoid: { f: m.sigmoid, exact: (x) => 1 / (1 + Math.exp(-x)), from: -80, to: 20, ulps: 2.5 },
  erf: { f: m.erf, from: -4, to: 4, ulps: 2 },
  erfc: { f: m.erfc, from: -4, to: 9, ulps: 2 },
};

/** The distance of float32 neighbors at x. */
const ulp = (x: number): number => 2 ** Math.max(Math.floor(Math.log2(Math.abs(x))) - 23, -149);

describe.each(testEngines)('errors in float32 on %s', (engine) => {
  test.each(Object.entries(cases))('%s', (_, { f, exact, from, to, ulps }) => {
    setEngine(engine);
    const n = 20_000;
    // Half of the points crowd around 0.
    const points = Float32Array.from({ length: n }, (_, i) =>
      i % 2 ? from + ((to - from) * i) / n : Math.max(from, (i % 4 ? 1 : -1) * 2 ** (-24 * (i / n))),
    ).filter((x) => x >= from && x <= to && x !== 0);
    const got = f(tensor(points)).dataSync();
    const want = exact ? Float64Array.from(points, exact) : f(tensor(points).to('float64')).dataSync();
    let worst = 0;
    points.forEach((_, i) => {
      if (want[i] !== 0 && Number.isFinite(want[i]))
        worst = Math.max(worst, Math.abs(got[i]! - want[i]!) / ulp(want[i]!));
    });
    expect(worst).toBeLessThanOrEqual(ulps);
  });
});

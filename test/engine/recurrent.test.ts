import { describe, expect, test } from 'vitest';
import { recurrentKinds } from '../../src/engine/recurrent.js';
import { engineInfo, manualSeed, noGrad, randn, setEngine, setThreads } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';
import { byKernel, byLoop, type Case, emptyResults, listOf, operandsOf, planOf } from './recurrent-steps.js';

const same = (n: number, steps: number): number[] => new Array(n).fill(steps);

/** One for each way through the kernels. */
const shapes: Readonly<Record<string, Omit<Case, 'kind' | 'dtype'>>> = {
  'groups that go alone': { layout: 'time first', lengths: same(35, 4), inputSize: 7, hiddenSize: 21 },
  'batch first, both directions': {
    layout: 'batch first',
    lengths: same(18, 5),
    inputSize: 33,
    hiddenSize: 40,
    directions: 2,
  },
  'lengths, both directions': {
    layout: 'packed',
    lengths: [9, 9, 8, 5, 5, 5, 4, 3, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1],
    inputSize: 5,
    hiddenSize: 19,
    directions: 2,
  },
  'units that go together': {
    layout: 'packed',
    lengths: [3, 3, 3, 2, 1],
    inputSize: 9,
    hiddenSize: 333,
    directions: 2,
  },
  'one sequence': { layout: 'time first', lengths: [6], inputSize: 12, hiddenSize: 37, directions: 2 },
  'one step': { layout: 'batch first', lengths: same(5, 1), inputSize: 3, hiddenSize: 17 },
  'no biases, no states': {
    layout: 'time first',
    lengths: same(3, 3),
    inputSize: 1,
    hiddenSize: 1,
    bias: false,
    states: false,
  },
};

const projections: Readonly<Record<string, Omit<Case, 'kind' | 'dtype'>>> = {
  'groups that go alone': {
    layout: 'time first',
    lengths: same(20, 3),
    inputSize: 4,
    hiddenSize: 35,
    projSize: 20,
    directions: 2,
  },
  lengths: {
    layout: 'packed',
    lengths: [5, 4, 4, 2, 1],
    inputSize: 4,
    hiddenSize: 23,
    projSize: 3,
    directions: 2,
  },
  'units that go together': {
    layout: 'batch first',
    lengths: same(4, 3),
    inputSize: 4,
    hiddenSize: 700,
    projSize: 70,
  },
  'one sequence': {
    layout: 'time first',
    lengths: [4],
    inputSize: 4,
    hiddenSize: 35,
    projSize: 33,
    directions: 2,
    states: false,
  },
};

const cases: readonly (readonly [string, Case])[] = (['float32', 'float64'] as const).flatMap((dtype) => [
  ...recurrentKinds.flatMap((kind) =>
    Object.entries(shapes).map(
      ([name, shape]) => [`${kind} ${dtype}: ${name}`, { ...shape, kind, dtype }] as const,
    ),
  ),
  ...Object.entries(projections).map(
    ([name, shape]) => [`projected lstm ${dtype}: ${name}`, { ...shape, kind: 'lstm', dtype }] as const,
  ),
]);

function prepare(c: Case) {
  manualSeed(1);
  const plan = planOf(c);
  const operands = operandsOf(c, plan);
  const { out, hN, cN } = emptyResults(plan, operands.x);
  const gradients = [out, hN, ...(cN ? [cN] : [])].map((t) => randn(t.shape, { dtype: t.dtype }));
  return { plan, operands, gradients };
}

describe.each(testEngines)('recurrent kernels on %s', (engine) => {
  test.each(cases)('%s', (_, c) => {
    setEngine(engine);
    const { plan, operands, gradients } = prepare(c);
    const expected = byLoop(plan, operands, gradients);
    const actual = noGrad(() => byKernel(plan, operands, gradients));
    const tolerance = c.dtype === 'float64' ? 1e-12 : 2e-5;
    const count = expected.length - listOf(operands).length;
    [...expected, ...expected.slice(0, count)].forEach((t, k) => {
      expect(actual[k]!.shape).toEqual(t.shape);
      const [a, b]: [ArrayLike<number>, ArrayLike<number>] = [actual[k]!.dataSync(), t.dataSync()];
      const scale = Array.from(b).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
      for (let i = 0; i < b.length; i++)
        if (!(Math.abs(a[i]! - b[i]!) <= tolerance * scale))
          expect.fail(`result ${k} ${t.shape}: element ${i} is ${a[i]}, the loop has ${b[i]}`);
    });
  });

  test('the same bits on any number of threads', () => {
    setEngine(engine);
    const before = engineInfo().threads;
    for (const [, c] of cases) {
      const { plan, operands, gradients } = prepare(c);
      const [one, ...others] = [1, 2, 3].map((threads) => {
        setThreads(threads);
        return noGrad(() => byKernel(plan, operands, gradients)).map((t) => Buffer.from(t.dataSync().buffer));
      });
      setThreads(before);
      for (const other of others) expect(other.every((bytes, i) => bytes.equals(one![i]!))).toBe(true);
    }
  });
});

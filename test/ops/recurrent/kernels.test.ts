/** The kernels of recurrent layers are their composition, at sizes that take each way through them. */
import { describe, expect, test } from 'vitest';
import { noFamilies } from '../../../src/engine/engine.js';
import {
  type RecurrentKind,
  type RecurrentPlan,
  recurrentGates,
  recurrentKinds,
} from '../../../src/engine/recurrent.js';
import {
  engineInfo,
  grad,
  manualSeed,
  noGrad,
  randn,
  setEngine,
  setThreads,
  Tensor,
} from '../../../src/index.js';
import { recurrentLayer } from '../../../src/ops/recurrent/layer.js';
import { testEngines } from '../../helpers/engines.js';
import { withFamilies } from '../../helpers/families.js';

interface Case {
  readonly layout: 'time first' | 'batch first' | 'packed';
  /** Of the sequences, longest first; all the same unless they're packed. */
  readonly lengths: readonly number[];
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly projSize?: number;
  readonly directions?: 1 | 2;
  readonly bias?: boolean;
  readonly states?: boolean;
}

const sum = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0);
const same = (n: number, steps: number): number[] => new Array(n).fill(steps);
const varied = [9, 9, 8, 5, 5, 5, 4, 3, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1];

const shapes: Readonly<Record<string, Case>> = {
  'groups on their own': { layout: 'time first', lengths: same(35, 4), inputSize: 7, hiddenSize: 21 },
  'both directions': {
    layout: 'batch first',
    lengths: same(18, 5),
    inputSize: 33,
    hiddenSize: 40,
    directions: 2,
  },
  lengths: { layout: 'packed', lengths: varied, inputSize: 5, hiddenSize: 19, directions: 2 },
  'large weights': {
    layout: 'packed',
    lengths: [3, 3, 3, 2, 1],
    inputSize: 9,
    hiddenSize: 333,
    directions: 2,
  },
  'one sequence': { layout: 'time first', lengths: [6], inputSize: 12, hiddenSize: 37, directions: 2 },
  'one step': { layout: 'batch first', lengths: same(5, 1), inputSize: 3, hiddenSize: 17 },
  'one unit': {
    layout: 'time first',
    lengths: same(3, 3),
    inputSize: 1,
    hiddenSize: 1,
    bias: false,
    states: false,
  },
};

const projected: Readonly<Record<string, Case>> = {
  'groups on their own': { ...shapes['both directions']!, hiddenSize: 35, projSize: 20 },
  lengths: {
    layout: 'packed',
    lengths: [5, 4, 4, 2, 1],
    inputSize: 4,
    hiddenSize: 23,
    projSize: 3,
    directions: 2,
  },
  'large weights': {
    layout: 'batch first',
    lengths: same(4, 3),
    inputSize: 4,
    hiddenSize: 700,
    projSize: 70,
  },
  'one sequence': { ...shapes['one sequence']!, hiddenSize: 35, projSize: 33, states: false },
};

/** So many steps that their gates aren't in memory all at once, unless the backward pass needs them. */
const long: Readonly<Record<'together' | 'batch first' | 'lengths', Case>> = {
  together: { layout: 'time first', lengths: same(20, 100), inputSize: 5, hiddenSize: 150 },
  'batch first': {
    layout: 'batch first',
    lengths: same(20, 100),
    inputSize: 5,
    hiddenSize: 150,
    directions: 2,
  },
  lengths: {
    ...{ layout: 'packed', lengths: [200, 150, ...same(20, 50)], inputSize: 5, hiddenSize: 150 },
    directions: 2,
  },
};

const cases: readonly (readonly [name: string, kind: RecurrentKind, shape: Case])[] = [
  ...recurrentKinds.flatMap((kind) =>
    Object.entries(shapes).map(([name, shape]) => [`${kind}, ${name}`, kind, shape] as const),
  ),
  ...Object.entries(projected).map(([name, shape]) => [`projected lstm, ${name}`, 'lstm', shape] as const),
  ['rnn_tanh, many steps', 'rnn_tanh', long.together],
  ['rnn_relu, many steps, batch first', 'rnn_relu', long['batch first']],
  ['lstm, many steps, batch first', 'lstm', long['batch first']],
  ['lstm, many steps, lengths', 'lstm', long.lengths],
  ['gru, many steps', 'gru', long.together],
];

function planOf(kind: RecurrentKind, { layout, lengths, ...shape }: Case): RecurrentPlan {
  const sizes = Array.from({ length: lengths[0]! }, (_, t) => lengths.filter((length) => length > t).length);
  const batchFirst = layout === 'batch first';
  return {
    ...{ kind, sizes, batch: lengths.length, rowStep: batchFirst ? sizes.length : 1 },
    offsets: sizes.map((_, t) => (batchFirst ? t : sum(sizes.slice(0, t)))),
    ...{ projSize: 0, directions: 1, ...shape },
  };
}

/** A layer, with random operands. */
function layerOf(kind: RecurrentKind, shape: Case, dtype: 'float32' | 'float64') {
  manualSeed(1);
  const plan = planOf(kind, shape);
  const { inputSize, hiddenSize, projSize, directions, batch, sizes } = plan;
  const { bias = true, states = true } = shape;
  const size = projSize || hiddenSize;
  const gates = recurrentGates[kind] * hiddenSize;
  const inputs: Tensor[] = [];
  const random = (...sizes: number[]): Tensor => {
    const x = randn(sizes, { dtype })
      .mul(sizes.at(-1)! ** -0.5)
      .detach();
    inputs.push(x.requiresGrad_());
    return x;
  };
  const operands = {
    x: random(sum(sizes), inputSize),
    h0: states ? random(directions, batch, size) : null,
    c0: states && kind === 'lstm' ? random(directions, batch, hiddenSize) : null,
    weights: Array.from({ length: directions }, () => ({
      ih: random(gates, inputSize),
      hh: random(gates, size),
      bih: bias ? random(gates) : null,
      bhh: bias ? random(gates) : null,
      hr: projSize > 0 ? random(projSize, hiddenSize) : null,
    })),
  };
  const forward = (): Tensor[] =>
    Object.values(recurrentLayer(operands, plan)).filter((y) => y instanceof Tensor);
  return { inputs, forward };
}

/** Its results, and the gradients of its operands, which are the same each time. */
function resultsOf(...of: Parameters<typeof layerOf>): Tensor[] {
  const { inputs, forward } = layerOf(...of);
  const results = forward();
  const gradOutputs = results.map((y) => randn(y.shape, { dtype: y.dtype }));
  return [...results, ...grad(results, inputs, { gradOutputs })];
}

const bytesOf = (xs: readonly Tensor[]): Buffer[] => xs.map((x) => Buffer.from(x.dataSync().buffer));

/** A matcher would look at the bytes one by one. */
const areEqual = (xs: readonly Buffer[], ys: readonly Buffer[]): boolean =>
  xs.length === ys.length && xs.every((bytes, i) => bytes.equals(ys[i]!));

const tolerances = { float32: 2e-5, float64: 1e-12 } as const;

describe.each(testEngines)('recurrent kernels on %s', (engine) => {
  for (const dtype of ['float32', 'float64'] as const)
    test.each(cases)(`%s, ${dtype}`, (_, kind, shape) => {
      setEngine(engine);
      const fused = resultsOf(kind, shape, dtype);
      const composed = withFamilies(fused[0]!.engine, noFamilies, () => resultsOf(kind, shape, dtype));
      fused.forEach((x, k) => {
        expect(x.shape).toEqual(composed[k]!.shape);
        const difference = x.sub(composed[k]!).abs().max().itemSync();
        const largest = Math.max(1, composed[k]!.abs().max().itemSync());
        expect(difference / largest, `result ${k}`).toBeLessThan(tolerances[dtype]);
      });
    });

  test('without a backward pass, the same results', () => {
    setEngine(engine);
    for (const [name, kind, shape] of cases) {
      const { forward } = layerOf(kind, shape, 'float32');
      expect(areEqual(bytesOf(noGrad(forward)), bytesOf(forward())), name).toBe(true);
    }
  });

  test('the same bits on any number of threads', () => {
    setEngine(engine);
    const before = engineInfo().threads;
    for (const [name, kind, shape] of cases) {
      const [one, ...others] = [1, 2, 3].map((threads) => {
        setThreads(threads);
        return bytesOf(resultsOf(kind, shape, 'float32'));
      });
      setThreads(before);
      for (const other of others) expect(areEqual(other, one!), name).toBe(true);
    }
  });
});

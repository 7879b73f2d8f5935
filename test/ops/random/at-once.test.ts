/** Random numbers that are needed at once are the same on every engine. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { EngineName } from '../../../src/core/engine-names.js';
import { Generator } from '../../../src/core/random.js';
import * as data from '../../../src/data/index.js';
import { setEngine, type Tensor, zeros } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import {
  choicesNow,
  integersNow,
  normalsNow,
  permutationNow,
  uniformsNow,
} from '../../../src/ops/random/at-once.js';
import { Draws } from '../../../src/vision/transforms/draws.js';
import { testEngines } from '../../helpers/engines.js';

/** What a generator with seed 3 gives on an engine. */
function on<R>(engine: EngineName, draw: (generator: Generator) => R): R {
  setEngine(engine);
  return draw(new Generator(3));
}

beforeEach(() => setEngine(testEngines[0]!));

type Drawing = (generator: Generator) => Iterable<number>;

const exact: [name: string, draw: Drawing][] = [
  ['a permutation', (g) => permutationNow(1000, g)],
  ['integers', (g) => integersNow(-7, 100, 1000, g)],
  ['integers of a wide range', (g) => integersNow(-(2 ** 31), 2 ** 31 - 1, 50, g)],
  ['float64', (g) => uniformsNow(1000, 'float64', g)],
  ['float32', (g) => uniformsNow(1000, 'float32', g)],
  ['choices', (g) => choicesNow([1, 0, 2.5, 0.5], 500, true, g)],
  ['choices without replacement', (g) => choicesNow([1, 0, 2.5, 0.5], 3, false, g)],
  ['one choice', (g) => choicesNow([1, 0, 2.5, 0.5], 1, true, g)],
  [
    'the draws of transforms',
    (g) => {
      const draws = new Draws(g);
      return Array.from({ length: 400 }, (_, i) =>
        i % 3 === 0 ? draws.below(7) : draws.uniform(-1.3 * i, 0.7 + i / 3),
      );
    },
  ],
  ['the order of a sampler', (g) => new data.RandomSampler({ length: 50 }, { generator: g })],
];

describe.each(testEngines)('as on %s', (engine) => {
  test.each(exact)('%s', (_, draw) => {
    // The generator stands at the same place afterwards.
    const all = (g: Generator): number[] => [...draw(g), ...integersNow(0, 1000, 1, g)];
    expect(on('reference', all)).toEqual(on(engine, all));
  });

  test.each([1, 15, 16, 40])('%i normal numbers, to rounding', (count) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const all: Drawing = (g) => normalsNow(count, dtype, g);
      const wanted = [...on(engine, all)];
      for (const [i, value] of [...on('reference', all)].entries())
        expect(value).toBeCloseTo(wanted[i]!, dtype === 'float32' ? 5 : 12);
    }
  });

  test('orthogonal and sparse matrices, to rounding', async () => {
    const fills = [
      (generator: Generator): Tensor => nn.init.orthogonal_(zeros([5, 8]), { generator }),
      (generator: Generator): Tensor => nn.init.sparse_(zeros([8, 5]), 0.4, { generator }),
    ];
    for (const fill of fills) {
      const wanted = await on(engine, fill).data();
      for (const [i, value] of (await on('reference', fill).data()).entries())
        expect(value).toBeCloseTo(wanted[i]!, 5);
    }
  });
});

/** Every fused step is its composition: `change`, the optimizer's definition. */
import { describe, expect, test } from 'vitest';
import { type Families, noFamilies } from '../../src/engine/engine.js';
import { engineNamed, setEngine } from '../../src/engine/registry.js';
import { type Tensor, tensor } from '../../src/index.js';
import { utils } from '../../src/nn/index.js';
import { testEngines } from '../helpers/engines.js';
import { watched, withFamilies } from '../helpers/families.js';
import { make, start, take } from './problem.js';

const shapes = [[3, 2], [5], []];
const penalty = { weight_decay: 0.1, maximize: true };

const cases: readonly (readonly [name: string, options: Readonly<Record<string, unknown>>])[] = [
  ['SGD', {}],
  ['SGD', { momentum: 0.9, dampening: 0.2, ...penalty }],
  ['SGD', { momentum: 0.9, nesterov: true }],
  ['Adam', { amsgrad: true, ...penalty }],
  ['AdamW', penalty],
  ['Adagrad', { lr_decay: 0.1, ...penalty }],
  ['Adadelta', penalty],
  ['RMSprop', penalty],
  ['RMSprop', { momentum: 0.5, centered: true }],
  ['Adamax', penalty],
  ['NAdam', penalty],
  ['RAdam', penalty],
  ['Rprop', { maximize: true }],
];

function trajectory(name: string, options: Readonly<Record<string, unknown>>): number[] {
  const params = shapes.map((shape, k) => start(shape, k, 'float64'));
  const optimizer = make({ name, options }, params);
  return Array.from({ length: 12 }, (_, step) => {
    take(optimizer, params, step);
    return params.flatMap((p) => [...p.dataSync()]);
  }).flat();
}

function clipped(p: number, most: number, value: number): number[] {
  const params = shapes.map((shape, k) => {
    const x = start(shape, k, 'float64');
    x.grad = start(shape, k + 5, 'float64').detach();
    return x;
  });
  utils.clipGradValue_(params, value);
  const norm = utils.clipGradNorm_(params, most, { normType: p });
  return [norm.itemSync(), ...params.flatMap(({ grad }) => [...(grad as Tensor).dataSync()])];
}

const clips: readonly (readonly [p: number, most: number, value: number])[] = [
  [2, 0.5, 0.7],
  [1, 100, 0.1],
  [Number.POSITIVE_INFINITY, 0.3, 2],
  [3, 1, Number.POSITIVE_INFINITY],
];

describe.each(testEngines)('on %s', (engineName) => {
  const engine = engineNamed(engineName);
  const own = engine.fused;
  const called = new Set<string>();

  function expectSame(work: () => number[]): void {
    setEngine(engineName);
    const run = (families: Families): number[] => withFamilies(engine, families, work);
    const fused = run(watched(own, called));
    const composed = run(noFamilies);
    fused.forEach((value, i) => {
      expect(composed[i], `number ${i}`).toBeCloseTo(value, 12);
    });
  }

  test.each(cases)('%s %j', (name, options) => {
    expectSame(() => trajectory(name, options));
  });

  test.each(clips)('gradients clipped to %d-norm %d and value %d', (p, most, value) => {
    expectSame(() => clipped(p, most, value));
  });

  test('clipping by a norm that is NaN', () => {
    setEngine(engineName);
    for (const families of [own, noFamilies]) {
      const x = tensor([1, 2], { requiresGrad: true });
      x.grad = tensor([Number.NaN, 1]);
      withFamilies(engine, families, () => utils.clipGradNorm_(x, 1));
      expect([...x.grad.dataSync()]).toEqual([Number.NaN, Number.NaN]);
    }
  });

  test('every kernel was called', () => {
    expect(Object.keys(own.optimizer ?? {}).filter((name) => !called.has(`optimizer.${name}`))).toEqual([]);
  });
});

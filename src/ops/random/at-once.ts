// Random numbers that are needed at once, as lists: those of the current engine or, if its results arrive later, numbers
// drawn here, in the same order from the same stream.

import * as draws from '../../core/draws.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import { currentEngine } from '../../engine/registry.js';
import { tensor } from '../creation/creation.js';
import { rand, randint, randn, randperm } from './random.js';
import { multinomial } from './sampling.js';

type Floats = 'float32' | 'float64';
type Numbers = ArrayLike<number> & Iterable<number>;

const now = (): boolean => currentEngine().synchronous;

/** 0 … n − 1 in random order. */
export const permutationNow = (n: number, generator: Generator = defaultGenerator): Int32Array =>
  now() ? (randperm(n, { generator }).dataSync() as Int32Array) : draws.permutation(n, generator);

/** `count` whole numbers from `from` to `to` − 1. */
export const integersNow = (
  from: number,
  to: number,
  count: number,
  generator: Generator = defaultGenerator,
): Int32Array =>
  now()
    ? (randint(from, to, [count], { generator }).dataSync() as Int32Array)
    : Int32Array.from(draws.integers(count, from, to, generator));

/** `count` numbers from U[0, 1). */
export const uniformsNow = (
  count: number,
  dtype: Floats,
  generator: Generator = defaultGenerator,
): Numbers =>
  now() ? rand([count], { dtype, generator }).dataSync() : draws.uniforms(count, dtype, 0, 1, generator);

/** `count` numbers from N(0, 1). */
export const normalsNow = (count: number, dtype: Floats, generator: Generator = defaultGenerator): Numbers =>
  now()
    ? randn([count], { dtype, generator }).dataSync()
    : draws.normals(count, dtype, { mean: 0, std: 1, oneByOne: false }, generator);

/** `samples` positions, drawn by their weights. */
export const choicesNow = (
  weights: readonly number[],
  samples: number,
  replacement: boolean,
  generator: Generator = defaultGenerator,
): Numbers =>
  now()
    ? multinomial(tensor([...weights], { dtype: 'float64' }), samples, { replacement, generator }).dataSync()
    : draws.choices(weights, samples, { replacement, dtype: 'float64' }, new draws.Stream(generator));

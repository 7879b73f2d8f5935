import { expect, test } from 'vitest';
import { manualSeed } from '../../../src/index.js';
import {
  GridWorld,
  optimalValues,
  policyValues,
  Uniforms,
} from '../../../src/recipes/ch1-terms/environment.js';

const corridor = ['S..G'];

test('a step against a wall or the border changes nothing; the reward comes at the end', () => {
  const world = new GridWorld(['S#', '.G']);
  expect([world.states, world.reset()]).toEqual([3, 0]);
  expect(world.step(0)).toMatchObject({ state: 0, reward: 0, done: false });
  expect(world.step(1)).toMatchObject({ state: 0, reward: 0, done: false });
  expect(world.step(2)).toMatchObject({ state: 1, reward: 0, done: false });
  expect(world.step(1)).toMatchObject({ state: 2, reward: 1, done: true });
});

test('a pit costs 1 and ends the episode', () => {
  const world = new GridWorld(['SX', '.G']);
  world.reset();
  expect(world.step(1)).toMatchObject({ reward: -1, done: true });
});

test('slipping goes sideways, as often as stated', () => {
  manualSeed(0);
  const world = new GridWorld(['...', '.S.', '..G'], { slip: 0.4 });
  const counts = new Map<number, number>();
  for (let i = 0; i < 5000; i++) {
    world.reset();
    const { state } = world.step(0);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const share = (state: number): number => counts.get(state)! / 5000;
  expect(share(1)).toBeCloseTo(0.6, 1);
  expect(share(3)).toBeCloseTo(0.2, 1);
  expect(share(5)).toBeCloseTo(0.2, 1);
});

test('values are discounted by the steps before the reward', () => {
  const world = new GridWorld(corridor);
  const best = optimalValues(world, 0.5);
  expect([...best]).toEqual([0.25, 0.5, 1, 0]);
  const right = world.places.map(() => [0, 1, 0, 0]);
  expect([...policyValues(world, right, 0.5)]).toEqual([...best]);
  const left = world.places.map(() => [0, 0, 0, 1]);
  expect([...policyValues(world, left, 0.5)]).toEqual([0, 0, 0, 0]);
});

test('with steps by chance the value solves its equations', () => {
  const world = new GridWorld(corridor);
  // V₀ = ½(¾V₀ + ¼V₁), V₁ = ½(½V₁ + ¼V₀ + ¼V₂), V₂ = ½(½V₂ + ¼V₁) + ¼
  const [a, b, c] = policyValues(
    world,
    world.places.map(() => [0.25, 0.25, 0.25, 0.25]),
    0.5,
  );
  expect(a).toBeCloseTo(0.5 * (0.75 * a! + 0.25 * b!), 9);
  expect(b).toBeCloseTo(0.5 * (0.5 * b! + 0.25 * a! + 0.25 * c!), 9);
  expect(c).toBeCloseTo(0.5 * (0.5 * c! + 0.25 * b!) + 0.25, 9);
});

test('an outcome of probability 0 is never picked', () => {
  manualSeed(3);
  const random = new Uniforms();
  expect(new Set(Array.from({ length: 2000 }, () => random.pick([0, 0.5, 0, 0.5, 0])))).toEqual(
    new Set([1, 3]),
  );
});

test('invalid maps', () => {
  expect(() => new GridWorld(['S.', '.'])).toThrow(
    'GridWorld: the rows of the map must all have the same length',
  );
  expect(() => new GridWorld(['..'])).toThrow('GridWorld: the map must have one start S, not 0');
  expect(() => new GridWorld(['SS'])).toThrow('GridWorld: the map must have one start S, not 2');
});

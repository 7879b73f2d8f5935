/** What a function throws names it, not a function inside that found the mistake. */
import { expect, test } from 'vitest';
import { EngineError, MyelinError } from '../../src/core/errors.js';
import * as F from '../../src/functional.js';
import * as myelin from '../../src/index.js';
import { manualSeed, ones, Tensor, tensor, zeros } from '../../src/index.js';

type Any = (...args: readonly unknown[]) => unknown;

/** What runs the caller's work, whose errors keep their names, changes the whole process, or is called by JSON. */
const left = new Set(
  'toJSON backward detectAnomaly enableGrad grad gradcheck gradgradcheck noGrad onWarning registerHook setEngine setThreads tidy tripletMarginWithDistanceLoss'.split(
    ' ',
  ),
);

const int32 = (values: readonly number[]): Tensor => tensor([...values], { dtype: 'int32' });
const values: readonly unknown[] = [
  ones([2, 3]),
  ones([3, 3]),
  ones([4]),
  ones([]),
  zeros([0, 3]),
  ones([2, 3, 4]),
  ones([1, 2, 4, 4]),
  ones([2, 3], { dtype: 'float64' }),
  int32([0, 1, 2]),
  int32([-1, 5]),
  int32([2 ** 31 - 1, -(2 ** 31), 7]).reshape([1, 3]),
  tensor([[true, false, true]]),
  tensor([NaN, Infinity, -1]),
  0,
  1,
  2,
  -1,
  7,
  0.5,
  NaN,
  1e10,
  2 ** 40,
  'a',
  [],
  [1],
  [0, 1],
  [2, -3],
  [1, 2, 3],
  undefined,
  null,
  {},
  true,
];

/** As a column and a row it makes a matrix of more elements than kernels count. */
const long = ones([70_000]);

const isClass = (value: Any): boolean => String(value).startsWith('class');

/** Names at the head of messages that aren't the function's, for many calls with whatever arguments. */
async function otherNames(name: string, f: (args: readonly unknown[]) => unknown): Promise<string[]> {
  let state = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_537, 7);
  const pick = (n: number): number => {
    state = (state * 75 + 74) % 65_537;
    return state % n;
  };
  const found = new Set<string>();
  for (let turn = 0; turn < 400; turn++) {
    // Mostly a tensor first, as nearly all functions want.
    const args = Array.from(
      { length: pick(5) },
      (_, i) => values[pick(i === 0 && turn % 8 > 0 ? 13 : values.length)],
    );
    try {
      await f(args);
    } catch (error) {
      if (error instanceof MyelinError && error.operation !== name) found.add(`${name}: ${error.operation}`);
    }
  }
  return [...found];
}

const entries = { myelin, F } as const;

test.each(Object.entries(entries))('functions of %s', async (_, entry) => {
  myelin.onWarning(() => {});
  manualSeed(1);
  const wrong: string[] = [];
  for (const [name, f] of Object.entries(entry) as [string, Any][])
    if (typeof f === 'function' && !isClass(f) && !left.has(name))
      wrong.push(...(await otherNames(name, (args) => f(...args))));
  expect(wrong).toEqual([]);
});

test('methods', async () => {
  const wrong: string[] = [];
  for (const name of Object.getOwnPropertyNames(Tensor.prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(Tensor.prototype, name)!;
    if (typeof value !== 'function' || name === 'constructor' || left.has(name)) continue;
    const call = ([x, ...rest]: readonly unknown[]): unknown =>
      x instanceof Tensor ? (value as Any).apply(x.isLeaf ? x.clone() : x, rest) : null;
    wrong.push(...(await otherNames(name, call)));
  }
  expect(wrong).toEqual([]);
});

test.each<[string, () => unknown]>([
  ['mseLoss', () => F.mseLoss(long.unsqueeze(1), long)],
  ['l1Loss', () => F.l1Loss(long.unsqueeze(1), long)],
  ['smoothL1Loss', () => F.smoothL1Loss(long.unsqueeze(1), long)],
  ['huberLoss', () => F.huberLoss(long.unsqueeze(1), long)],
  ['hingeEmbeddingLoss', () => F.hingeEmbeddingLoss(long.unsqueeze(1), long)],
  ['poissonNllLoss', () => F.poissonNllLoss(long.unsqueeze(1), long)],
  ['gaussianNllLoss', () => F.gaussianNllLoss(long.unsqueeze(1), long, long.unsqueeze(1))],
  ['conv1d', () => F.conv1d(long.reshape([1, 1, -1]), long.reshape([-1, 1, 1]))],
  ['conv2d', () => F.conv2d(long.reshape([1, 1, 1, -1]), long.reshape([-1, 1, 1, 1]))],
  ['conv3d', () => F.conv3d(long.reshape([1, 1, 1, 1, -1]), long.reshape([-1, 1, 1, 1, 1]))],
  ['convTranspose1d', () => F.convTranspose1d(long.reshape([1, 1, -1]), long.reshape([1, -1, 1]))],
  ['convTranspose2d', () => F.convTranspose2d(long.reshape([1, 1, 1, -1]), long.reshape([1, -1, 1, 1]))],
  [
    'convTranspose3d',
    () => F.convTranspose3d(long.reshape([1, 1, 1, 1, -1]), long.reshape([1, -1, 1, 1, 1])),
  ],
  ['broadcastTensors', () => myelin.broadcastTensors(long.unsqueeze(1), long)],
])('%s of more than fits', (name, call) => {
  myelin.onWarning(() => {});
  expect(call).toThrow(EngineError);
  expect(call).toThrow(new RegExp(`^${name}: `));
});

test('normal with a mean that is none', () => {
  const call = (): unknown => myelin.normal([0, 1] as never, ones([2]));
  expect(call).toThrow(
    /^normal: mean must be a tensor or a number, got \[0, 1\]\n {2}hint: tensor\(\) makes one of numbers$/,
  );
});

/** Calls that only JavaScript lets through: the error is typed and says what is wrong. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import * as data from '../../src/data/index.js';
import { zeros } from '../../src/index.js';
import * as io from '../../src/io/index.js';
import * as nn from '../../src/nn/index.js';
import * as recipes from '../../src/recipes/index.js';
import * as train from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';
import * as viz from '../../src/viz/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'x');

const any = (value: unknown): never => value as never;

test.each<[message: string, work: () => unknown]>([
  ["toSvg: the figure isn't a Vega-Lite specification that can be drawn: Invalid spec", () => viz.toSvg({})],
  [
    "toPng: the figure isn't a Vega-Lite specification that can be drawn: Invalid spec",
    () => viz.toPng(any({ length: 3 })),
  ],
  [
    "toSvg: the figure isn't a Vega-Lite specification that can be drawn: ",
    () => viz.toSvg(any({ layer: 3 })),
  ],
  ['Standardizer: the state must be an object, got null', () => data.Standardizer.fromState(any(null))],
  ['Standardizer: the state.count must be', () => data.Standardizer.fromState(any({}))],
  [
    'Standardizer: the state.mean must be a tensor, got 2',
    () => data.Standardizer.fromState(any({ axis: 0, count: 1, mean: 2, squares: 3 })),
  ],
  [
    'MinMaxScaler: the state must be an object, got undefined',
    () => data.MinMaxScaler.fromState(any(undefined)),
  ],
  ['MinMaxScaler: the state.min must be', () => data.MinMaxScaler.fromState(any({ axis: 0 }))],
  ['Inception: channels must be an object, got undefined', () => new vision.Inception(8, any(undefined))],
  ['Inception: channels.middle must be an object, got undefined', () => new vision.Inception(8, any({}))],
  ['writeFileAtomic: a chunk of content must be', () => io.writeFileAtomic(file, any([1, 2]))],
  [
    'writeFileAtomic: a chunk of content must be',
    () => io.writeFileAtomic(file, any([new Uint8Array(1), [1]])),
  ],
  [
    "ConvTranspose1d: x must be a tensor, got 'SAME'",
    () => new nn.ConvTranspose1d(2, 1, 1).forward(any('SAME'), { outputSize: [2] }),
  ],
  [
    'LabelEncoder: integers must be a list, got null',
    () => new data.LabelEncoder(['a', 'b']).decode(any(null)),
  ],
  [
    'AdaptiveLogSoftmaxWithLoss: input must be a tensor, got 3',
    () => new nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2]).forward(any(3), zeros([1])),
  ],
  [
    'AdaptiveLogSoftmaxWithLoss: target must be a tensor, got 3',
    () => new nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2]).forward(zeros([1, 4]), any(3)),
  ],
  [
    'EarlyStopping: the values must be an object, got null',
    () => new train.EarlyStopping({ patience: 2 }).observe(1, any(null), () => null),
  ],
  ['eventLine: event is 3n, which JSON', () => recipes.eventLine(any(3n))],
  ['recipeNamed: name must be', () => recipes.recipeNamed(any(Symbol('xor')))],
])('%s', async (message, work) => {
  const error = await Promise.resolve()
    .then(work)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ArgumentError);
  expect((error as Error).message).toContain(message);
});

test('a figure that cannot be drawn says what makes one', async () => {
  await expect(viz.toSvg({})).rejects.toThrow('\n  hint: viz.lineChart and others make one');
});

test("content that isn't bytes leaves no file", () => {
  expect(existsSync(file)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('a list with holes passes through a module', () => {
  const holes: unknown = new Array(3);
  expect(new nn.Identity().forward(any(holes))).toBe(holes);
});

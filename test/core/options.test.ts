import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import {
  anyNumber,
  axes,
  defineOptions,
  dtype,
  either,
  flag,
  generatorOption,
  listOf,
  nullable,
  number,
  oneOf,
  pairOf,
  required,
  size,
  whole,
  withLeading,
  word,
} from '../../src/core/options.js';

const read = defineOptions(
  {
    stride: size(1, 1),
    padding: either(size(0, 0), word(['same', 'valid'], undefined)),
    lr: number(0.1, { least: 0 }),
    betas: listOf(number(0, { least: 0, below: 1 }), [0.9, 0.999], 2),
    weightDecay: number(0),
    keepdim: flag(false),
    mode: word(['mean', 'sum'], 'mean'),
    ignoreIndex: nullable(whole(0), null),
    dtype: dtype(undefined),
    p: number(0.5, { least: 0, most: 1 }),
    value: anyNumber(0),
    dims: axes(-1),
    generator: generatorOption,
  },
  ['dim'],
);

const message = (given: unknown): string => {
  try {
    read('conv', given as never);
  } catch (error) {
    expect(error).toBeInstanceOf(ArgumentError);
    return (error as Error).message;
  }
  return 'accepted';
};

test("defaults stand in for what isn't given", () => {
  expect(read('conv', undefined).stride).toBe(1);
  expect(read('conv', { stride: [1, 2], keepdim: undefined })).toEqual({
    ...read('conv', undefined),
    stride: [1, 2],
  });
});

test.each([
  [{ weight_decay: 1 }, "conv: there's no option 'weight_decay'; did you mean 'weightDecay'?"],
  [{ keepDim: true }, "there's no option 'keepDim'; did you mean 'keepdim'?"],
  [{ learningRate: 1 }, "there's no option 'learningRate'; did you mean 'lr'?"],
  [{ learning_rate: 1 }, "did you mean 'lr'?"],
  [{ strides: 2 }, "did you mean 'stride'?"],
  [{ pad: 2 }, "did you mean 'padding'?"],
  [{ type: 'int32' }, "did you mean 'dtype'?"],
  [{ toString: 2 }, "there's no option 'toString'"],
  [false, 'the options must be an object, got false\n  hint: write { keepdim: false }'],
  [2, 'the options must be an object, got 2\n  hint: write { stride: 2 }'],
  [[2, 2], 'the options must be an object, got [2, 2]\n  hint: write { stride: … }'],
  ['same', "the options must be an object, got 'same'\n  hint: write { padding: 'same' }"],
  [null, 'the options must be an object, got null\n  hint: write { ignoreIndex: … }'],
  [Promise.resolve({}), 'the options must be an object, got a Promise\n  hint: await it first'],
  [new Map(), 'the options must be an object, got a Map'],
  [
    { padding: 'SAME' },
    "padding must be a whole number of at least 0, or a list of one for each axis, or 'same' or 'valid', got 'SAME'; did you mean 'same'?",
  ],
  [{ stride: 0 }, 'stride must be a whole number of at least 1, or a list of one for each axis, got 0'],
  [{ stride: [1, 1.5] }, 'got [1, 1.5]'],
  [{ lr: -1 }, 'lr must be a finite number of at least 0, got -1'],
  [{ lr: Number.NaN }, 'got NaN'],
  [{ lr: '0.1' }, "got '0.1'"],
  [
    { betas: [0.9] },
    'betas must be a list of 2 in which each is a finite number of at least 0 and below 1, got [0.9]',
  ],
  [{ keepdim: 1 }, 'keepdim must be true or false, got 1'],
  [{ mode: 'average' }, "mode must be 'mean' or 'sum', got 'average'"],
  [{ dim: 1 }, "there's no option 'dim'\n  hint: dim comes before the options, without its name"],
  [{ axis: 1 }, "there's no option 'axis'\n  hint: dim comes before the options, without its name"],
  [{ dtype: 'int64' }, "'uint8' or 'bool', got 'int64'; did you mean 'int32'?"],
  [{ dtype: 'double' }, "did you mean 'float64'?"],
  [{ dtype: 'Float32' }, "did you mean 'float32'?"],
  [{ p: 1.5 }, 'p must be a number from 0 to 1, got 1.5'],
  [{ p: Number.NaN }, 'p must be a number from 0 to 1, got NaN'],
  [{ value: '1' }, "value must be a number, got '1'"],
  [{ dims: [0.5] }, 'dims must be an axis, or a list of axes, got [0.5]'],
  [{ generator: 7 }, 'generator must be a Generator, got 7'],
  [{ ignoreIndex: 0.5 }, 'ignoreIndex must be a whole number, or null, got 0.5'],
])('%o is an error that says what to do', (given, expected) => {
  expect(message(given)).toContain(expected);
});

test("an option that the spec lacks doesn't compile", () => {
  const options: { stride?: number; unlisted?: boolean } = {};
  // @ts-expect-error: `unlisted` is missing
  const { stride } = read('conv', options);
  expect(stride).toBe(1);
});

test('any number, and objects of another realm, are accepted', () => {
  expect(read('conv', { value: Number.NaN }).value).toBeNaN();
  expect(read('conv', runInNewContext('({ lr: 2 })') as object).lr).toBe(2);
});

describe('options that may stand in front', () => {
  const dropout = (p?: unknown, rest?: object) =>
    read('dropout', withLeading('dropout', { p }, rest as { p?: number }));

  test('with a name or without', () => {
    expect(dropout(0.2).p).toBe(0.2);
    expect(dropout({ p: 0.2 }).p).toBe(0.2);
    expect(dropout(0.2, { lr: 3 })).toEqual({ ...dropout(), p: 0.2, lr: 3 });
  });

  test.each([
    [() => dropout('0.2'), "dropout: p must be a number from 0 to 1, got '0.2'"],
    [() => dropout(0.2, false as never), 'the options must be an object, got false'],
    [() => dropout({ p: 0.2 }, {}), 'dropout: the options are one object, the last argument'],
    [() => dropout(0.2, { p: 0.2 }), 'dropout: p is given twice, as an argument and among the options'],
    [() => dropout([0.2]), 'got [0.2]'],
  ])('%o', (call, expected) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(expected);
  });
});

describe('options that must be given', () => {
  const share = defineOptions({ rank: required(whole(undefined, { least: 0 })), seed: whole(0) });

  test('one that is', () => expect(share('share', { rank: 2 })).toEqual({ rank: 2, seed: 0 }));

  test.each([
    [{ seed: 1 }, 'share: the option rank is missing\n  hint: rank must be a whole number of at least 0'],
    [undefined, 'share: the options must be an object, got undefined\n  hint: write { rank: … }'],
    [{ rank: -1 }, 'share: rank must be a whole number of at least 0, got -1'],
  ])('%o', (given, expected) => {
    expect(() => share('share', given)).toThrow(expected);
    expect(() => share('share', given)).toThrow(ArgumentError);
  });
});

test('lists of two, and one of some numbers', () => {
  const scaled = defineOptions({ range: pairOf(number(0), [0, 1] as const), dims: oneOf([2, 3], 2) });
  expect(scaled('scaled', { range: [1, 2], dims: 3 })).toEqual({ range: [1, 2], dims: 3 });
  expect(() => scaled('scaled', { range: [1] as never })).toThrow('range must be a list of 2 in which each');
  expect(() => scaled('scaled', { dims: 4 as never })).toThrow('dims must be 2 or 3, got 4');
});

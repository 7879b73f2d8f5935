import { expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import {
  defineOptions,
  either,
  flag,
  listOf,
  nullable,
  number,
  size,
  whole,
  word,
} from '../../src/core/options.js';

const read = defineOptions({
  stride: size(1, 1),
  padding: either(size(0, 0), word(['same', 'valid'], undefined)),
  lr: number(0.1, { least: 0 }),
  betas: listOf(number(0, { least: 0, below: 1 }), [0.9, 0.999], 2),
  weightDecay: number(0),
  keepdim: flag(false),
  mode: word(['mean', 'sum'], 'mean'),
  ignoreIndex: nullable(whole(0), null),
});

const message = (given: unknown): string => {
  try {
    read('conv', given as never);
  } catch (error) {
    expect(error).toBeInstanceOf(ArgumentError);
    return (error as Error).message;
  }
  return 'accepted';
};

test('defaults stand in for what is not given', () => {
  expect(read('conv', undefined).stride).toBe(1);
  expect(read('conv', { stride: [1, 2], keepdim: undefined })).toEqual({
    ...read('conv', undefined),
    stride: [1, 2],
  });
});

test.each([
  [{ weight_decay: 1 }, "conv: there is no option 'weight_decay'; did you mean 'weightDecay'?"],
  [{ keepDim: true }, "there is no option 'keepDim'; did you mean 'keepdim'?"],
  [{ learningRate: 1 }, "there is no option 'learningRate'; did you mean 'lr'?"],
  [{ learning_rate: 1 }, "did you mean 'lr'?"],
  [{ strides: 2 }, "did you mean 'stride'?"],
  [{ toString: 2 }, "there is no option 'toString'"],
  [false, 'the options must be an object, got false\n  hint: write { stride: … }'],
  [2, 'the options must be an object, got 2'],
  [[2, 2], 'the options must be an object, got [2, 2]'],
  [null, 'the options must be an object, got null'],
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
  [{ ignoreIndex: 0.5 }, 'ignoreIndex must be a whole number, or null, got 0.5'],
])('%o is an error that says what to do', (given, expected) => {
  expect(message(given)).toContain(expected);
});

test('an option that the spec lacks does not compile', () => {
  const options: { stride?: number; unlisted?: boolean } = {};
  // @ts-expect-error: `unlisted` is missing
  const { stride } = read('conv', options);
  expect(stride).toBe(1);
});

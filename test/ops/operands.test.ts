import { expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import * as F from '../../src/functional.js';
import * as M from '../../src/index.js';

const x = M.ones([3]);
const mask = x.gt(0);

/** What stands for an operand by mistake, and how the error shows it. */
const mistakes: readonly (readonly [unknown, RegExp])[] = [
  [undefined, /got undefined$/],
  [null, /got null$/],
  [[1, 2, 3], /got \[1, 2, 3\]\n {2}hint: tensor\(\) makes one of numbers$/],
  ['a', /got 'a'$/],
  [{}, /got \{\}$/],
  [Promise.resolve(1), /got a Promise\n {2}hint: await it first$/],
];

const arithmetic = 'add sub rsub mul div floorDivide remainder fmod pow maximum minimum xlogy copysign'.split(
  ' ',
);
const comparisons = 'eq ne lt le gt ge logicalAnd logicalOr logicalXor'.split(' ');
const inPlace = 'add_ sub_ mul_ div_ pow_ remainder_ logicalAnd_ logicalOr_ fill_'.split(' ');
const method = (name: string) => (operand: never) =>
  (x.clone() as unknown as Record<string, (operand: unknown) => unknown>)[name]!(operand);

/** Calls that take a tensor or a number. */
const calls: Readonly<Record<string, (operand: never) => unknown>> = {
  ...Object.fromEntries([...arithmetic, ...comparisons, ...inPlace].map((name) => [name, method(name)])),
  'where, second': (v) => M.where(mask, x, v),
  'where, first': (v) => M.where(mask, v, x),
  'lerp weight': (v) => x.lerp(x, v),
  'lerp_ weight': (v) => x.clone().lerp_(x, v),
  maskedFill: (v) => x.maskedFill(mask, v),
  maskedFill_: (v) => x.clone().maskedFill_(mask, v),
  resultType: (v) => M.resultType(x, v),
};

test.each(Object.entries(calls))('an operand of %s is a tensor or a number', (_, call) => {
  for (const [value, shown] of mistakes) {
    expect(() => call(value as never)).toThrow(ArgumentError);
    expect(() => call(value as never)).toThrow(/must be a tensor or a number, got/);
    expect(() => call(value as never)).toThrow(shown);
  }
});

/** Calls that take a tensor, and what they call it. */
const tensors: Readonly<Record<string, readonly [string, (operand: never) => unknown]>> = {
  add: ['a', (v) => M.add(v, 1)],
  exp: ['x', (v) => M.exp(v)],
  abs: ['x', (v) => M.abs(v)],
  floor: ['x', (v) => M.floor(v)],
  relu: ['x', (v) => M.relu(v)],
  gelu: ['x', (v) => F.gelu(v)],
  sum: ['x', (v) => M.sum(v)],
  amax: ['x', (v) => M.amax(v)],
  cumsum: ['x', (v) => M.cumsum(v, 0)],
  where: ['condition', (v) => M.where(v, x, 1)],
  lerp: ['b', (v) => x.lerp(v, 0.5)],
  lerp_: ['end', (v) => x.clone().lerp_(v, 0.5)],
  addcmul: ['a', (v) => x.addcmul(v, x)],
  addcdiv: ['b', (v) => x.addcdiv(x, v)],
  matmul: ['b', (v) => M.ones([3, 3]).matmul(v)],
  gather: ['index', (v) => x.gather(0, v)],
  scatter: ['index', (v) => x.scatter(0, v, 1)],
  maskedSelect: ['mask', (v) => x.maskedSelect(v)],
  indexSelect: ['index', (v) => x.indexSelect(0, v)],
  typeAs: ['other', (v) => x.typeAs(v)],
  reshapeAs: ['other', (v) => x.reshapeAs(v)],
  zerosLike: ['x', (v) => M.zerosLike(v)],
  conv2d: ['weight', (v) => F.conv2d(M.ones([1, 1, 3, 3]), v)],
  maxPool2d: ['x', (v) => F.maxPool2d(v, 2)],
  embedding: ['weight', (v) => F.embedding(M.zeros([1], { dtype: 'int32' }), v)],
};

test.each(Object.entries(tensors))('%s takes a tensor', (_, [name, call]) => {
  for (const [value] of mistakes) {
    expect(() => call(value as never)).toThrow(ArgumentError);
    expect(() => call(value as never)).toThrow(`${name} must be a tensor, got`);
  }
});

test('a list of tensors has nothing else in it', () => {
  expect(() => M.cat([x, 1 as never])).toThrow(
    /^cat: tensors\[1\] must be a tensor, got 1\n {2}hint: tensor\(\)/,
  );
  expect(() => M.stack(x as never)).toThrow(/^stack: tensors must be a list of tensors, got a Tensor$/);
  expect(() => M.meshgrid(undefined as never)).toThrow(
    /^meshgrid: tensors must be a list of tensors, got undefined$/,
  );
});

test('two numbers have no tensor among them', () => {
  expect(() => M.add(1 as never, 2)).toThrow(/^add: a must be a tensor, got 1\n/);
});

test('a value that fills is a number or a boolean', () => {
  for (const [value, shown] of mistakes.slice(0, 2)) {
    expect(() => M.full([2], value as never)).toThrow(/^full: value must be a number, or true or false, got/);
    expect(() => M.fullLike(x, value as never)).toThrow(shown);
  }
  expect(M.full([1], true).dtype).toBe('bool');
});

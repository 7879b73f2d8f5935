/** Mistakes of every day, and what the error says to do. */
import { expect, test } from 'vitest';
import { MyelinError } from '../../src/core/errors.js';
import * as F from '../../src/functional.js';
import * as m from '../../src/index.js';
import * as nn from '../../src/nn/index.js';

const x = m.ones([2, 3]);
const [image, kernel] = [m.ones([1, 1, 4, 4]), m.ones([1, 1, 3, 3])];
/** A tensor and a class as JavaScript sees them. */
const js = Object.assign(m.ones([2, 3]), { Tensor: m.Tensor }) as unknown as Record<
  'reshape' | 'expand' | 'repeat' | 'permute' | 'flip',
  (...lengths: number[]) => unknown
> & { Tensor: new (elements: number[]) => unknown };
/** Any value in a place for another type, as JavaScript lets it be. */
const wrong = (value: unknown): never => value as never;

test.each<[string, () => unknown, string]>([
  ['relu of a number', () => F.relu(wrong(3)), 'relu: x must be a tensor, got 3\n  hint: tensor() makes one'],
  ['relu of a promise', () => F.relu(wrong(Promise.resolve(x))), 'got a Promise\n  hint: await it first'],
  [
    'a layer of an array',
    () => new nn.Linear(3, 2).forward(wrong([[1, 2, 3]])),
    'x must be a tensor, got [[…]]',
  ],
  ['cat(a, b)', () => m.cat(wrong(x), wrong(x)), 'cat: tensors must be a list of tensors, got a Tensor'],
  [
    'stack(a, b)',
    () => m.stack(wrong(x), wrong(x)),
    'stack: tensors must be a list of tensors, got a Tensor',
  ],
  ['meshgrid(a, b)', () => m.meshgrid(wrong(x), wrong(x)), 'meshgrid: tensors must be a list of tensors'],
  [
    'options for the bias',
    () => F.conv2d(image, kernel, wrong({ padding: 1 })),
    'bias must be a tensor or null',
  ],
  ['options for the bias', () => F.linear(x, x, wrong({})), 'linear: bias must be a tensor or null, got {}'],
  [
    'options for statistics',
    () => F.batchNorm(x, wrong({ training: true }), null),
    'runningMean must be a tensor',
  ],
  ['a number as text', () => F.leakyRelu(x, { negativeSlope: wrong('0.1') }), "must be a number, got '0.1'"],
  [
    'a number as text',
    () => F.dropout(x, { p: wrong('0.5') }),
    "dropout: p must be a number from 0 to 1, got '0.5'",
  ],
  [
    'a number as text',
    () => F.layerNorm(x, [3], { eps: wrong('a') }),
    "eps must be a finite number of at least 0, got 'a'",
  ],
  [
    'lengths that are no list',
    () => js.reshape(3, 2),
    'reshape: takes (shape), got an argument too many: 2\n  hint: several are one list, reshape([3, 2])',
  ],
  ['lengths that are no list', () => js.expand(2, 3), 'hint: several are one list, expand([2, 3])'],
  ['lengths that are no list', () => js.repeat(2, 3), 'hint: several are one list, repeat([2, 3])'],
  ['axes that are no list', () => js.permute(1, 0), 'hint: several are one list, permute([1, 0])'],
  [
    'axes that are no list',
    () => js.flip(0, 1),
    'flip: takes (dims), got an argument too many: 1\n  hint: several are one list, flip([0, 1])',
  ],
  ["a border that isn't a list", () => F.pad(x, wrong(1)), 'hint: several are one list, pad([1, …])'],
  ["an index that isn't a list", () => x.setAt(wrong(0), 1), 'hint: several are one list, setAt([0, …])'],
  [
    'no size',
    () => F.maxPool2d(image, wrong(undefined)),
    'kernelSize must be a whole number of at least 1, got undefined',
  ],
  ['no size', () => F.adaptiveAvgPool2d(image, wrong(undefined)), 'outputSize must be a whole number'],
  [
    'repetitions as text',
    () => x.repeatInterleave(wrong('2')),
    "repeats must be a whole number of at least 0, got '2'",
  ],
  [
    'new Tensor',
    () => new js.Tensor([1, 2]),
    'Tensor: functions make tensors, not `new`\n  hint: tensor([1, 2])',
  ],
  [
    'a number among the operands',
    () => m.einsum('ij,jk', x, wrong(3)),
    'einsum: operands[1] must be a tensor, got 3',
  ],
  ['a seed as text', () => m.manualSeed(wrong('a')), "manualSeed: the seed must be a whole number, got 'a'"],
  ['the weight as options', () => F.crossEntropy(x, m.arange(2), wrong(x)), 'hint: write { weight: … }'],
  ['keepdim without a name', () => x.sum(1, wrong(true)), 'hint: write { keepdim: true }'],
  ['unbiased without a name', () => x.std(0, wrong(false)), 'hint: write { unbiased: false }'],
  ['dim among the options', () => x.sum(wrong({ dim: 1 })), 'hint: dim comes before the options'],
  [
    'no axis',
    () => x.sum(wrong('1'), {}),
    "sum: dim must be an axis, a list of axes, or null for all, got '1'",
  ],
  ['training without a name', () => F.dropout(x, 0.5, wrong(false)), 'hint: write { training: false }'],
  ['a slope without a name', () => F.leakyRelu(x, wrong(0.5)), 'hint: write { negativeSlope: 0.5 }'],
  ['approximate without a name', () => F.gelu(x, wrong('tanh')), "hint: write { approximate: 'tanh' }"],
  ['a size without a name', () => F.interpolate(image, wrong(2)), 'hint: write { size: 2 }'],
  ['the dtype without a name', () => m.zeros([2], wrong('int32')), "hint: write { dtype: 'int32' }"],
  ['a dtype of PyTorch', () => m.zeros([2], { dtype: wrong('int64') }), "got 'int64'; did you mean 'int32'?"],
  ['a dtype of PyTorch', () => x.to(wrong('long')), "got 'long'; did you mean 'int32'?"],
  ['a dtype of PyTorch', () => m.promoteTypes(wrong('double'), 'int32'), "did you mean 'float64'?"],
  [
    'a tensor of a tensor',
    () => m.tensor(wrong(x)),
    'got a Tensor\n  hint: clone() copies a tensor, stack() joins several',
  ],
  [
    'a tensor of a promise',
    () => m.tensor([wrong(Promise.resolve(1))]),
    'got a Promise\n  hint: await it first',
  ],
  [
    'numbers as text',
    () => m.arange(wrong('5')),
    "arange: takes 1 to 3 numbers and then the options, got ('5')",
  ],
  ['too many numbers', () => x.clone().random_(1, 2, wrong(3)), 'random_: takes 0 to 2 numbers'],
  [
    'an equation behind',
    () => m.einsum(wrong(x), wrong('ij')),
    'einsum: the equation must be a string, got a Tensor',
  ],
  [
    'options for the gradient',
    () =>
      x
        .clone()
        .requiresGrad_()
        .sum()
        .backward(wrong({ retainGraph: true })),
    'backward: the gradient must be a tensor or null, got { retainGraph }\n  hint: the options come after the gradient',
  ],
  ['no function', () => m.noGrad(wrong(3)), 'noGrad: the argument must be a function, got 3'],
  ['no function', () => m.tidy(wrong(null)), 'tidy: the argument must be a function, got null'],
  ['no hook', () => x.clone().requiresGrad_().registerHook(wrong(3)), 'the hook must be a function, got 3'],
  ['no handler', () => m.onWarning(wrong('x')), "the handler must be a function, or null, got 'x'"],
  ['no boolean', () => x.clone().requiresGrad_(wrong('yes')), 'the argument must be true or false'],
  ['no number of threads', () => m.setThreads(wrong('a')), 'must be a whole number of at least 1, got'],
  ['probability itself', () => m.bernoulli(wrong(0.5)), 'bernoulli: x must be a tensor, got 0.5'],
  [
    'an object as an index',
    () => x.at(wrong({})),
    "at: an index must be a number, slice(), null, '...', a list, or a tensor, got {}",
  ],
  ['a state that is none', () => m.setRngState(wrong({})), 'setRngState: a state is a Uint8Array, not {}'],
  ['no state', () => m.setRngState(wrong(undefined)), 'setRngState: a state is a Uint8Array, not undefined'],
  [
    'too many bins',
    () => m.histc(x, { bins: 1e10 }),
    'histc: bins must be a whole number from 1 to 2147483647, got 10000000000',
  ],
  ...[
    () => wrong(x) * 2,
    () => 1 + wrong(x),
    () => -wrong(x),
    () => wrong(x) > 0,
    () => Number(x),
    () => Number.isNaN(Math.max(wrong(x))),
  ].map((call): [string, () => unknown, string] => [
    'an operator',
    call,
    "Tensor: operators don't work on tensors\n  hint: x.mul(2) and x.add(y) do; await x.item() gives a number, String(x) the text",
  ]),
  [
    'a tensor as JSON',
    () => JSON.stringify({ x }),
    "JSON.stringify: a tensor isn't JSON\n  hint: await x.toArray() gives",
  ],
  ['a module as JSON', () => JSON.stringify(new nn.Linear(1, 1)), "JSON.stringify: a tensor isn't JSON"],
  [
    'a function as a layer',
    () => new nn.Sequential(wrong(F.relu)),
    'Sequential: argument 0 must be a module, got the function relu\n  hint: call functions in the forward of a module; many are layers too: for relu, use new nn.ReLU()',
  ],
  [
    'a class as a layer',
    () => new nn.ModuleList([wrong(nn.ReLU)]),
    'ModuleList: argument 0 must be a module, got the class ReLU\n  hint: new ReLU()',
  ],
  ['no layer', () => new nn.Sequential(wrong(3)), 'Sequential: argument 0 must be a module, got 3'],
  [
    'a layer that is too large',
    () => new nn.Linear(1e6, 1e6),
    'Linear: a tensor [1000000, 1000000] of float32 takes',
  ],
  [
    'a layer of integers',
    () => new nn.Conv1d(1, 1, 1, { dtype: 'int32' }),
    'Conv1d: dtype must be float32 or float64, got int32',
  ],
  ['a clone of a module', () => structuredClone(new nn.Linear(1, 1)), 'hint: clone() copies a tensor'],
])('%s: %o', (_, call, message) => {
  expect(call).toThrow(MyelinError);
  expect(call).toThrow(message);
});

test('a tensor is text where text is wanted', () => {
  const loss = m.tensor(0.5);
  expect([`${loss}`, String(loss), [loss].join()]).toEqual(Array(3).fill('tensor(0.5000)'));
  expect([wrong(loss) == null, wrong(loss) === loss, !loss]).toEqual([false, true, false]);
});

test('a diagonal far beyond the corners', () => {
  expect(
    x
      .triu(2 ** 40)
      .sum()
      .itemSync(),
  ).toBe(0);
  expect(
    x
      .triu(-(2 ** 40))
      .sum()
      .itemSync(),
  ).toBe(6);
  expect(
    x
      .tril(2 ** 40)
      .sum()
      .itemSync(),
  ).toBe(6);
  expect(
    x
      .tril(-(2 ** 40))
      .sum()
      .itemSync(),
  ).toBe(0);
});

test('roll of a tensor without axes', () => {
  expect(() => m.tensor(3).roll(1, 0)).toThrow(/^roll: axis 0 of a tensor without axes$/);
});

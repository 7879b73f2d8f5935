/** No function, method or layer takes more arguments than it declares: an error, not silence. */
import { expect, test } from 'vitest';
import { MyelinError } from '../../src/core/errors.js';
import { behind } from '../../src/core/exact.js';
import * as F from '../../src/functional.js';
import * as myelin from '../../src/index.js';
import { mul, tensor } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import * as vision from '../../src/vision/index.js';

type Any = (...args: readonly unknown[]) => unknown;

const isClass = (value: Any): boolean => String(value).startsWith('class');
const functionsOf = (entry: object): [string, Any][] =>
  Object.entries(entry).filter(
    (item): item is [string, Any] => typeof item[1] === 'function' && !isClass(item[1]),
  );

/** Names of a function's parameters, as its source has them. */
const parametersOf = (f: Any): string[] => {
  const list = /^[^(]*\(((?:[^()]|\([^()]*\))*)\)/.exec(String(f))![1]!;
  return list.split(/,(?![^[]*\])/).flatMap((part) => /^\s*((?:\.\.\.)?\w+)/.exec(part)?.[1] ?? []);
};

const thrown = (work: () => unknown): string => {
  try {
    const made = work();
    if (made instanceof Promise) made.catch(() => {});
  } catch (error) {
    if (error instanceof MyelinError) return error.message;
    throw error;
  }
  return 'accepted';
};

const entries = { myelin, F, init: nn.init, utils: nn.utils, nn } as const;

test.each(Object.entries(entries))('%s: every function counts, or has options at its end', (_, entry) => {
  const lax = functionsOf(entry).filter(([, f]) => {
    const { call, signature } = behind(f);
    const names = parametersOf(call as Any);
    if (signature !== '')
      expect(signature.replace(/^\w+/, '')).toBe(`(${parametersOf(call as Any).join(', ')})`);
    return signature === '' && !/^(options|given|rest|last|\.\.\.\w+)$/.test(names.at(-1) ?? '');
  });
  expect(lax.map(([name]) => name)).toEqual([]);
});

test.each(Object.entries(entries))('%s: no function takes a surplus argument', (_, entry) => {
  for (const [name, f] of functionsOf(entry)) {
    const { most, signature } = behind(f);
    if (signature === '') continue;
    expect(
      thrown(() => f(...new Array<unknown>(most).fill(undefined), { inplace: true })),
      name,
    ).toMatch(/(takes no arguments, got|an argument too many:) \{ inplace \}\n {2}hint: leave inplace out/);
  }
});

test('no method takes a surplus argument', () => {
  const x = tensor([1, 2]);
  const attached = functionsOf(F)
    .concat(functionsOf(myelin))
    .filter(([name, f]) => behind(f).signature.includes('(x') && name in x);
  expect(attached.length).toBeGreaterThan(90);
  for (const [name, f] of attached) {
    const args = new Array<unknown>(behind(f).most - 1).fill(undefined);
    expect(
      thrown(() => (x as unknown as Record<string, Any>)[name]!(...args, { inplace: true })),
      name,
    ).toMatch(/(takes no arguments, got|an argument too many:) \{ inplace \}/);
  }
});

test('what the messages say', () => {
  const x = tensor([1, 2]);
  const call = (f: unknown, ...args: unknown[]): string => thrown(() => (f as Any)(...args));
  expect(call(F.silu, x, true)).toBe('silu: takes (x), got an argument too many: true');
  expect(call(F.adaptiveAvgPool2d, x, 2, 3, 'a')).toBe(
    "adaptiveAvgPool2d: takes (x, outputSize), got 2 arguments too many: 3, 'a'",
  );
  expect(call(() => (x.relu as Any).call(x, 1))).toBe('relu: takes no arguments, got 1');
  expect(call(() => (x.reshape as Any).call(x, 2, 1))).toBe(
    'reshape: takes (shape), got an argument too many: 1\n  hint: several are one list, reshape([2, 1])',
  );
  expect(call(myelin.pow, x, 2, 3)).toBe('pow: takes (a, b), got an argument too many: 3');
  expect(call(F.elu, x, { inplace: true })).toBe(
    "elu: there's no option 'inplace'\n" +
      '  hint: leave inplace out: memory is reused as soon as nothing needs it; relu_() and its kind change a tensor itself',
  );
});

test('map may call functions of one argument', () => {
  const shapes = [tensor([1]), tensor([1, 2])].map(F.relu).map((x) => x.shape);
  expect(shapes).toEqual([[1], [2]]);
  expect(() => [tensor([1])].map(F.glu as never)).toThrow('glu: ');
});

test('reduce, and forEach of sets and maps, may call functions', () => {
  const list = [tensor([1, 2]), tensor([3, 4]), tensor([5, 6])];
  expect(list.reduce(mul).toArraySync()).toEqual([15, 48]);
  expect(() => new Set(list).forEach(F.relu)).not.toThrow();
  expect(() => new Map(list.map((x, i) => [i, x])).forEach(F.relu)).not.toThrow();
  expect(() => Array.from(list, F.relu as never)).toThrow(
    'relu: takes (x), got an argument too many: 0\n  hint: as a callback, write (x) => relu(x)',
  );
});

/** Arguments of the layers that need some. */
const needed: Readonly<Record<string, readonly unknown[]>> = {
  ...Object.fromEntries(
    ['Max', 'Avg'].flatMap((kind) => [1, 2, 3].map((rank) => [`Adaptive${kind}Pool${rank}d`, [2]])),
  ),
  ...Object.fromEntries(
    ['Zero', 'Reflection', 'Replication', 'Circular'].flatMap((kind) =>
      [1, 2, 3].map((rank) => [`${kind}Pad${rank}d`, [1]]),
    ),
  ),
  ...Object.fromEntries([1, 2, 3].map((rank) => [`ConstantPad${rank}d`, [1, 0]])),
  Threshold: [0, 1],
  Unflatten: [1, [2, 2]],
  Flatten: [1, -1],
  PixelShuffle: [2],
  PixelUnshuffle: [2],
  ChannelShuffle: [2],
  LeakyReLU: [0.1],
  ...Object.fromEntries(['ELU', 'CELU', 'Softshrink', 'Hardshrink'].map((name) => [name, [1]])),
  ...Object.fromEntries(['Softmax', 'LogSoftmax', 'Softmin', 'GLU'].map((name) => [name, [1]])),
  ...Object.fromEntries(
    ['', '1d', '2d', '3d'].map((rank) => [`Dropout${rank}`, [0.5]]).concat([['AlphaDropout', [0.5]]]),
  ),
  FeatureAlphaDropout: [0.5],
  ...Object.fromEntries(
    ['ModuleList', 'ModuleDict', 'ParameterList', 'ParameterDict'].map((name) => [name, [[]]]),
  ),
};

type Class = new (...args: readonly unknown[]) => unknown;
const layers = (Object.entries as (o: object) => [string, unknown][])({
  ...nn,
  LeNet5: vision.LeNet5,
  LargeNet: vision.LargeNet,
}).filter(
  (item): item is [string, Class] =>
    typeof item[1] === 'function' && (item[1] as { prototype: unknown }).prototype instanceof nn.Module,
);

test.each(layers)('nn.%s refuses a surplus argument', (name, Layer) => {
  if (name === 'Identity') {
    expect(new nn.Identity(3, { bias: false })).toBeInstanceOf(nn.Identity);
    return;
  }
  const args = needed[name] ?? [];
  const message = thrown(() => new Layer(...args, { inplace: true }));
  // Those with options refuse it as one of these, or miss an argument before it.
  expect(message).not.toBe('accepted');
  if (Object.hasOwn(needed, name)) {
    new Layer(...args);
    expect(message).toMatch(
      new RegExp(`^${name}: takes .* got an argument too many: \\{ inplace \\}\n {2}hint: leave`),
    );
  }
});

test('layers without arguments', () => {
  expect(thrown(() => new (nn.ReLU as Class)({ inplace: true }))).toMatch(
    /^ReLU: takes no arguments, got \{ inplace \}\n {2}hint: leave inplace out/,
  );
  expect(thrown(() => new (nn.AdaptiveMaxPool2d as Class)(2, true))).toBe(
    'AdaptiveMaxPool2d: takes (outputSize), got an argument too many: true',
  );
  expect(thrown(() => new (nn.Dropout as Class)(0.5, { inplace: true }))).toContain(
    'Dropout: takes (p), got an argument too many: { inplace }',
  );
});

test('a value that fills has no axes, in place neither', () => {
  const mask = tensor([true, false]);
  const fill = (): unknown => tensor([1, 2]).maskedFill_(mask, tensor([[1], [2], [3]]));
  expect(fill).toThrow('maskedFill_: the value must have no axes');
});

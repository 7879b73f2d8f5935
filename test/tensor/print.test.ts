import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { arange, type DType, setPrintoptions, tensor, zeros } from '../../src/index.js';

interface Case {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
  readonly text: string;
}

const { cases } = JSON.parse(readFileSync(new URL('../recordings/print.json', import.meta.url), 'utf8')) as {
  cases: readonly Case[];
};

/** PyTorch's text in our words: int32 for int64, shape for size, true and false. */
const translated = (text: string): string =>
  text
    .replace(/size=\(([^)]*)\)/, (_, sizes: string) => `shape=[${sizes}]`)
    .replace('dtype=torch.int64', 'dtype=int32')
    .replace('dtype=torch.', 'dtype=')
    .replace(/True/g, 'true')
    .replace(/False/g, 'false');

afterEach(() => {
  setPrintoptions({ precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: null });
});

describe("PyTorch's text", () => {
  for (const { dtype, shape, data, text } of cases) {
    test(`${dtype} [${shape}] ${data.slice(0, 3)}`, () => {
      const ours = (dtype === 'int64' ? 'int32' : dtype) as DType;
      const x = tensor(Float64Array.from(data, Number), shape, { dtype: ours });
      expect(String(x)).toBe(translated(text));
    });
  }
});

test('what comes behind the elements', () => {
  const x = tensor([1, 2]).requiresGrad_();
  expect(x.toString()).toBe('tensor([1., 2.], requiresGrad=true)');
  expect(x.mul(2).toString()).toBe('tensor([2., 4.], gradFn=<mul>)');
  const long = arange(8).add(0.5).requiresGrad_();
  expect(long.toString().split('\n').at(-1)).toBe('       requiresGrad=true)');
});

test('views print what they show', () => {
  expect(String(arange(6).reshape([2, 3]).T)).toBe('tensor([[0, 3],\n        [1, 4],\n        [2, 5]])');
});

test('consoles print the same, and a disposed tensor without its elements', () => {
  const x = zeros([2]);
  expect(inspect(x)).toBe('tensor([0., 0.])');
  expect(inspect({ x: tensor([[1], [2]]) })).toContain('tensor([[1.],');
  x.dispose();
  expect(inspect(x)).toBe('tensor(disposed, shape=[2], dtype=float32)');
  expect(() => String(x)).toThrow(/disposed/);
});

test('options', () => {
  setPrintoptions({ precision: 2 });
  expect(String(tensor([1.2345]))).toBe('tensor([1.23])');
  setPrintoptions({ sciMode: true });
  expect(String(tensor([12.5]))).toBe('tensor([1.25e+01])');
  setPrintoptions({ sciMode: null, threshold: 5, edgeitems: 1 });
  expect(String(arange(9))).toBe('tensor([0,  ..., 8])');
});

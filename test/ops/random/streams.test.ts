import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DType } from '../../../src/core/dtype.js';
import { setEngine } from '../../../src/engine/registry.js';
import * as F from '../../../src/functional.js';
import {
  bernoulli,
  empty,
  Generator,
  getRngState,
  initialSeed,
  manualSeed,
  multinomial,
  rand,
  randint,
  randn,
  randperm,
  setRngState,
  type Tensor,
} from '../../../src/index.js';
import { truncatedNormal_ } from '../../../src/ops/random/in-place.js';
import { view } from '../../../src/tensor/tensor.js';
import { testEngines } from '../../helpers/engines.js';

interface Packed {
  readonly dtype: string;
  readonly length: number;
  /** Every so many elements are kept. */
  readonly every: number;
  readonly data: string;
  readonly sha256: string;
}

interface Recording {
  readonly cases: readonly {
    readonly seed: number;
    readonly n: number;
    readonly dtype: DType;
    readonly draws: Readonly<Record<string, Packed>>;
  }[];
  readonly states: readonly { readonly state: string; readonly after: readonly number[] }[];
}

const file = new URL('../../recordings/random-streams.json.gz', import.meta.url);
const recording = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Recording;

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

function unpack({ dtype, data }: Packed): Float32Array | Float64Array | Int32Array {
  const bytes = Buffer.from(data, 'base64');
  return new arrays[dtype as keyof typeof arrays](
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
}

/** What stands in test/record/record-random.py, in the same order. */
function* draws(n: number, dtype: DType): Iterable<readonly [name: string, drawn: Tensor]> {
  const e = (): Tensor => empty([n], { dtype });
  yield ['rand', rand([n], { dtype })];
  yield ['uniform_', e().uniform_(-0.0371, 0.0371)];
  yield ['randn', randn([n], { dtype })];
  yield ['normal_', e().normal_(0.3, 0.02)];
  const wide = empty([n, 2], { dtype });
  yield ['normal_ with gaps', view(wide, [n], [2]).normal_(0.3, 0.02)];
  yield ['exponential_', e().exponential_(1.7)];
  yield ['bernoulli_', e().bernoulli_(0.37)];
  const p = rand([n], { dtype });
  yield ['bernoulli', bernoulli(p)];
  yield ['dropout', F.dropout(p, 0.3)];
  yield ['logNormal_', e().logNormal_(0.3, 0.5)];
  yield ['cauchy_', e().cauchy_(0.3, 0.5)];
  yield ['geometric_', e().geometric_(0.3)];
  yield ['random_', e().random_(-5, 5)];
  yield ['truncNormal_', truncatedNormal_(e(), 0.1, 0.7, -1, 1.5)];
  yield ['randint', randint(-7, 1000000, [n])];
  yield ['randint of 64 bits', randint(-7, 2 ** 40 - 7, [n], { dtype: 'float64' })];
  yield ['randperm', randperm(n)];
  if (n >= 2000) return;
  const w = rand([2, n], { dtype });
  yield ['multinomial with replacement', multinomial(w, 7, { replacement: true })];
  yield ['multinomial', multinomial(w, Math.min(n, 7))];
}

/** Draws whose last bits depend on the C library's logarithm and the like: relative tolerance. */
const loose: Readonly<Record<string, { float32: number; float64: number }>> = {
  randn: { float32: 2 ** -23, float64: 2 ** -49 },
  normal_: { float32: 2 ** -23, float64: 2 ** -49 },
  'normal_ with gaps': { float32: 0, float64: 2 ** -49 },
  exponential_: { float32: 2 ** -23, float64: 2 ** -50 },
  logNormal_: { float32: 2 ** -23, float64: 2 ** -49 },
  cauchy_: { float32: 2 ** -23, float64: 2 ** -49 },
  truncNormal_: { float32: 2e-6, float64: 1e-14 },
};

describe.each(testEngines)('on %s', (engine) => {
  test.each(recording.cases)('seed $seed, n = $n, $dtype', ({ seed, n, dtype, draws: recorded }) => {
    setEngine(engine);
    manualSeed(seed);
    const seen: string[] = [];
    for (const [name, drawn] of draws(n, dtype)) {
      seen.push(name);
      const packed = recorded[name]!;
      const values = drawn.dataSync();
      const expected = unpack(packed);
      expect(values.length, name).toBe(packed.length);
      const tolerance = loose[name]?.[dtype as 'float32' | 'float64'] ?? 0;
      expected.forEach((v, i) => {
        const found = values[i * packed.every]!;
        if (!(Math.abs(found - v) <= tolerance * Math.max(Math.abs(v), 0.1)))
          expect.fail(`${name}[${i * packed.every}] is ${found}, PyTorch has ${v}`);
      });
      if (tolerance === 0)
        expect(createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex'), name).toBe(
          packed.sha256,
        );
    }
    expect(seen).toEqual(Object.keys(recorded));
  });

  test('states are those of PyTorch', () => {
    setEngine(engine);
    manualSeed(7);
    [0, 5, 619, 3].forEach((count, i) => {
      if (count > 0) rand([count]);
      if (count === 3) randn([3]);
      const { state, after } = recording.states[i]!;
      expect(Buffer.from(getRngState()).toString('base64')).toBe(state);
      expect([...randn([5]).dataSync()]).toEqual(after);
      setRngState(Buffer.from(state, 'base64'));
    });
  });
});

test('with its own generator, it leaves the default one alone', () => {
  manualSeed(1);
  const before = getRngState();
  const a = new Generator(5);
  const x = randn([20], { generator: a });
  expect(getRngState()).toEqual(before);
  expect(x.dataSync()).toEqual(randn([20], { generator: new Generator().manualSeed(5) }).dataSync());
});

test('a clone continues from the same place', () => {
  const a = new Generator(3);
  randn([3], { generator: a });
  const b = a.clone();
  expect(randn([3], { generator: b }).dataSync()).toEqual(randn([3], { generator: a }).dataSync());
});

test('seeds', () => {
  manualSeed(-1);
  expect(initialSeed()).toBe(2n ** 64n - 1n);
  expect(() => manualSeed(1.5)).toThrow('manualSeed: the seed must be a whole number, got 1.5');
  const seed = new Generator().seed();
  expect(Number.isSafeInteger(seed)).toBe(true);
});

test('no state', () => {
  const generator = new Generator();
  expect(() => generator.setState(new Uint8Array(10))).toThrow(
    'setState: a state has 5056 bytes, this one has 10',
  );
  expect(() => generator.setState(new Uint8Array(5056))).toThrow(
    "setState: the bytes aren't a generator's state",
  );
});

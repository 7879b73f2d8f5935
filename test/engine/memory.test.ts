import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { CpuStorage } from '../../src/engine/cpu/storage.js';
import { engineNamed } from '../../src/engine/registry.js';
import type { Storage } from '../../src/engine/storage.js';
import {
  cat,
  EngineError,
  ones,
  setEngine,
  slice,
  tensor,
  trilIndices,
  triuIndices,
  zeros,
} from '../../src/index.js';
import { empty } from '../../src/tensor/tensor.js';
import { testEngines } from '../helpers/engines.js';

/** Then blocks have their exact size, and their address is the allocator's. */
const underSanitizers = process.env.MYELIN_ADDON?.includes('sanitized') ?? false;

describe.each(testEngines)('memory of the %s engine', (name) => {
  const engine = engineNamed(name);

  test('blocks are aligned, disjoint and keep their content', () => {
    const size = fc.oneof(fc.nat(200), fc.nat(20_000), fc.nat(3_000_000));
    const command = fc.record({ bytes: size, releases: fc.nat(), keep: fc.boolean() });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const live: { storage: Storage; fill: number }[] = [];
        const check = ({ storage, fill }: (typeof live)[number]): void => {
          const content = new Uint8Array(engine.readSync(storage, 0, storage.bytes));
          expect(content.every((byte) => byte === fill)).toBe(true);
        };
        for (const [i, { bytes, releases, keep }] of commands.entries()) {
          const storage = engine.allocate(bytes, 'uint8', [bytes]);
          if (!underSanitizers) expect((storage as CpuStorage).address % 64).toBe(0);
          const fill = i % 251;
          engine.write(storage, 0, new Uint8Array(bytes).fill(fill));
          live.push({ storage, fill });
          if (keep) continue;
          const [released] = live.splice(releases % live.length, 1);
          check(released!);
          engine.release(released!.storage);
        }
        live.forEach(check);
        for (const { storage } of live) engine.release(storage);
      }),
      { numRuns: 30 },
    );
  });

  test('a part is read and written at its offset', async () => {
    const storage = engine.allocate(5000, 'uint8', [5000]);
    engine.write(storage, 0, new Uint8Array(5000));
    engine.write(storage, 4096, new Uint8Array([1, 2, 3]));
    expect([...new Uint8Array(engine.readSync(storage, 4095, 5))]).toEqual([0, 1, 2, 3, 0]);
    expect(await engine.read(storage, 4095, 5)).toEqual(engine.readSync(storage, 4095, 5));
  });

  test.each([
    ['negative', [-3, 4], "there's no tensor [-3, 4]: lengths are whole numbers from 0, not -3"],
    ['twice negative', [-3, -4], "there's no tensor [-3, -4]: lengths are whole numbers from 0, not -3"],
    ['fractional', [4, 0.5], "there's no tensor [4, 0.5]: lengths are whole numbers from 0, not 0.5"],
    ['no number', [Number.NaN], "there's no tensor [NaN]: lengths are whole numbers from 0, not NaN"],
    ['infinite', [Infinity], "there's no tensor [Infinity]: lengths are whole numbers from 0, not Infinity"],
    [
      'of no elements but too long',
      [0, 2 ** 31],
      "there's no tensor [0, 2147483648]: lengths are 2147483647 at most",
    ],
    [
      'of no elements but longer than numbers are',
      [1e300, 1e300, 0],
      "there's no tensor [1e+300, 1e+300, 0]: lengths are 2147483647 at most",
    ],
    [
      'of too many elements',
      [2 ** 16, 2 ** 15],
      'a tensor [65536, 32768] of uint8 takes 2147483648 bytes (2.00 GiB); it has 2147483648 elements, but at most 2147483647 fit in one',
    ],
    [
      'of 2³² elements',
      [2 ** 16, 2 ** 16],
      /^engine: a tensor \[65536, 65536\] of uint8 takes 4294967296 bytes \(4\.00 GiB\); the \w+ engine holds at most \d+ in one$/,
    ],
  ])('a size that is %s is refused', (_, shape, problem) => {
    const attempt = (): unknown => empty(shape, 'uint8', engine);
    expect(attempt).toThrow(EngineError);
    expect(attempt).toThrow(typeof problem === 'string' ? `engine: ${problem}` : problem);
  });

  test('a view of more elements than kernels can count is refused', () => {
    setEngine(name);
    const attempt = (): unknown => ones([1, 1]).expand([2 ** 16, 2 ** 16]);
    expect(attempt).toThrow(EngineError);
    expect(attempt).toThrow(
      /^expand: \[65536, 65536\] has 4294967296 elements, but at most 2147483647 fit in one tensor$/,
    );
    expect(ones([1]).expand([2 ** 31 - 1]).count).toBe(2 ** 31 - 1);
  });

  test("a view of no elements isn't longer than kernels can count", () => {
    setEngine(name);
    const message = /: there's no tensor \[0, 2147483648\]: lengths are 2147483647 at most$/;
    const x = zeros([0, 2 ** 30, 2]);
    const long = zeros([0, 2 ** 30]);
    expect(() => x.reshape([0, 2 ** 31])).toThrow(message);
    expect(() => x.flatten(1)).toThrow(message);
    expect(() => zeros([0, 1]).expand([0, 2 ** 31])).toThrow(message);
    expect(() => long.repeat([1, 2])).toThrow(message);
    expect(() => cat([long, long], 1)).toThrow(message);
    expect(long.reshape([0, 2 ** 31 - 1]).shape).toEqual([0, 2 ** 31 - 1]);
  });

  test('what would repeat without end is refused by its size', () => {
    setEngine(name);
    const most = tensor([2 ** 31 - 1, 2 ** 31 - 1], { dtype: 'int32' });
    expect(() => ones([2]).repeatInterleave(most)).toThrow(
      /^repeatInterleave: a tensor \[4294967294\] of int32 takes 17179869176 bytes/,
    );
    expect(() => trilIndices(1e10, 1)).toThrow(
      /^trilIndices: 10000000000 × 1 has more indices than a tensor can hold$/,
    );
    for (const indices of [trilIndices, triuIndices])
      expect(() => indices(1e10, 1e10)).toThrow(
        /^tri[lu]Indices: 10000000000 × 10000000000 has more indices than a tensor can hold$/,
      );
    vi.stubGlobal(
      'Int32Array',
      class {
        constructor() {
          throw new RangeError('Array buffer allocation failed');
        }
      },
    );
    try {
      expect(() => trilIndices(1e9, 1)).toThrow(
        new EngineError('trilIndices', 'no memory for the 8000000000 bytes of 1000000000 rows and columns'),
      );
    } finally {
      vi.unstubAllGlobals();
    }
    expect(trilIndices(1e10, 0).shape).toEqual([2, 0]);
    expect(trilIndices(2e9, 3, { offset: 1 - 2e9 }).toArraySync()).toEqual([[1999999999], [0]]);
    expect(triuIndices(2e9, 3, { offset: 2 }).toArraySync()).toEqual([[0], [2]]);
  });

  test('a step along an axis of one element takes no part in strides', () => {
    setEngine(name);
    const x = ones([3, 4]).at(slice(0, null, 2 ** 40));
    expect(x.sum().itemSync()).toBe(4);
    expect(x.matmul(ones([4, 2])).toArraySync()).toEqual([[4, 4]]);
    expect(
      ones([3])
        .unfold(0, 2, 2 ** 40)
        .sum(1)
        .toArraySync(),
    ).toEqual([2]);
  });

  test("the allocator itself refuses what isn't a number of bytes", () => {
    for (const size of [-1, -64, 0.3, Number.NaN, Infinity, 2 ** 53])
      expect(() => engine.allocate(size, 'float32', [])).toThrow(/^engine: a tensor \[\] of float32 takes /);
  });

  test('an operation with a result that is too large is named, with shape and bytes', () => {
    setEngine(name);
    const n = 2 ** 16;
    const column = ones([n, 1]);
    const tooLarge = new RegExp(
      `a tensor \\[65536, 65536\\] of float32 takes 17179869184 bytes \\(16\\.00 GiB\\); the ${name} engine holds at most \\d+ in one`,
    );
    for (const [operation, attempt] of Object.entries({
      sub: () => column.sub(ones([n])),
      matmul: () => column.matmul(ones([1, n])),
    })) {
      expect(attempt, operation).toThrow(EngineError);
      expect(attempt, operation).toThrow(tooLarge);
      expect(attempt, operation).toThrow(new RegExp(`^${operation}: `));
    }
    expect(() => ones([1, 1]).expand([40_000, 40_000]).clone()).toThrow(
      /^clone: a tensor \[40000, 40000\] of float32 takes 6400000000 bytes \(5\.96 GiB\)/,
    );
    expect(ones([1000]).add(1).sum().itemSync()).toBe(2000);
  });

  test('a reading is a copy', () => {
    const storage = engine.allocate(4, 'uint8', [4]);
    engine.write(storage, 0, new Uint8Array([1, 2, 3, 4]));
    const before = engine.readSync(storage, 0, 4);
    engine.write(storage, 0, new Uint8Array([5, 6, 7, 8]));
    expect([...new Uint8Array(before)]).toEqual([1, 2, 3, 4]);
  });
});

test.runIf(testEngines.includes('wasm'))(
  'WebAssembly memory that is used up is an error with a way out',
  () => {
    const engine = engineNamed('wasm');
    const held: Storage[] = [];
    const fill = (): void => {
      for (;;) held.push(engine.allocate(2 ** 29, 'uint8', [2 ** 29]));
    };
    expect(fill).toThrow(EngineError);
    expect(fill).toThrow(
      /^engine: no memory for the 536870912 bytes of a tensor \[536870912\] of uint8 in the WebAssembly memory \(\d+ MB in all\)\n {2}hint: wrap each step in tidy/,
    );
    for (const storage of held) engine.release(storage);
    engine.release(engine.allocate(2 ** 28, 'float32', [2 ** 14, 2 ** 14]));
  },
);

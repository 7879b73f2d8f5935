import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engineNamed } from '../../src/engine/registry.js';
import type { Storage } from '../../src/engine/storage.js';
import { EngineError } from '../../src/index.js';
import { testEngines } from '../engines.js';

/** Then blocks have their exact size, and their address is the allocator's. */
const underSanitizers = process.env.MYELIN_ADDON?.includes('Debug') ?? false;

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
          const storage = engine.allocate(bytes);
          if (!underSanitizers) expect(storage.address % 64).toBe(0);
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
    const storage = engine.allocate(5000);
    engine.write(storage, 0, new Uint8Array(5000));
    engine.write(storage, 4096, new Uint8Array([1, 2, 3]));
    expect([...new Uint8Array(engine.readSync(storage, 4095, 5))]).toEqual([0, 1, 2, 3, 0]);
    expect(await engine.read(storage, 4095, 5)).toEqual(engine.readSync(storage, 4095, 5));
  });

  test('a reading is a copy', () => {
    const storage = engine.allocate(4);
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
      for (;;) held.push(engine.allocate(512 * 2 ** 20));
    };
    expect(fill).toThrow(EngineError);
    expect(fill).toThrow(
      /^allocate: the WebAssembly memory has no 512\.0 MB left \(\d+\.\d MB in all\)\n {2}hint: wrap each step in tidy/,
    );
    for (const storage of held) engine.release(storage);
    engine.release(engine.allocate(1024 * 2 ** 20));
  },
);

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EngineName } from '../../src/core/engine-names.js';
import type { Engine } from '../../src/engine/engine.js';
import { availableEngines, startEngine } from '../../src/engine/engines.js';
import { engineInfo } from '../../src/index.js';
import { testEngines } from '../helpers/engines.js';

/** On Node, engines of CPUs start at once. */
const start = (name: EngineName): Engine => startEngine(name) as Engine;

const root = path.resolve(import.meta.dirname, '../..');

describe('environment variables', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('MYELIN_ENGINE comes first, or is an error that tells what there is', () => {
    const engines = availableEngines();
    for (const name of engines) {
      vi.stubEnv('MYELIN_ENGINE', name);
      expect(availableEngines()[0]).toBe(name);
    }
    vi.stubEnv('MYELIN_ENGINE', 'cuda');
    expect(availableEngines).toThrow(
      `MYELIN_ENGINE: there's no engine 'cuda' here; available: ${engines.join(', ')}`,
    );
  });

  test.each(['0', '-1', '1.5', 'many'])('MYELIN_THREADS=%s is an error', (threads) => {
    vi.stubEnv('MYELIN_THREADS', threads);
    expect(() => start(testEngines[0]!)).toThrow(
      `MYELIN_THREADS: '${threads}' isn't a number of threads; give a whole number from 1`,
    );
  });

  test('MYELIN_THREADS sets the number of threads of a new engine', () => {
    for (const name of testEngines) {
      vi.stubEnv('MYELIN_THREADS', '3');
      expect(start(name)).toMatchObject({ name });
      expect(start(name).info().threads).toBe(3);
      vi.stubEnv('MYELIN_THREADS', '2');
      expect(start(name).info().threads).toBe(2);
    }
  });

  test.runIf(testEngines.includes('wasm'))('MYELIN_WASM picks a module', () => {
    vi.stubEnv('MYELIN_WASM', 'simd-single');
    expect(start('wasm').info()).toEqual({ instructionSet: 'simd128', threads: 1 });
    vi.stubEnv('MYELIN_WASM', 'avx512');
    expect(() => start('wasm')).toThrow(
      "MYELIN_WASM: 'avx512' isn't known; available: relaxed-threads, relaxed-single, simd-threads, simd-single",
    );
  });

  const addon =
    process.env.MYELIN_ADDON ?? path.join(root, `prebuilds/${process.platform}-${process.arch}/myelin.node`);
  test.runIf(existsSync(addon) && testEngines.includes('native'))(
    'MYELIN_ISA picks an instruction set',
    () => {
      const load = (isa: string): { stdout: string; stderr: string } =>
        spawnSync(process.execPath, ['-p', `require(${JSON.stringify(addon)}).isa`], {
          env: { ...process.env, MYELIN_ISA: isa },
          encoding: 'utf8',
        });
      const { built, missing } = engineInfo().kernels.native;
      expect(load(built.at(-1)!).stdout).toBe(`${built.at(-1)}\n`);
      for (const other of ['sse9', ...missing])
        expect(load(other).stderr).toContain(
          `MYELIN_ISA=${other}: this processor or this build doesn't have that instruction set; the build has ${built.join(', ')}; in a checkout, \`npm run build -- --all\` builds every set`,
        );
    },
  );
});

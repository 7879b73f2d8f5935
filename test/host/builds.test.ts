import { afterEach, describe, expect, test, vi } from 'vitest';
import { testEngines } from '../helpers/engines.js';

/** The library where only these modules and, if `native`, an addon were built. */
async function freshWith(modules: readonly ('relaxed' | 'simd')[], native: boolean) {
  vi.resetModules();
  const { host } = await import('../../src/host/node/index.js');
  vi.spyOn(host.wasm, 'built').mockReturnValue(modules);
  if (!native) vi.spyOn(host, 'native').mockReturnValue(null);
  return import('../../src/index.js');
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('a checkout in which not everything was built', () => {
  test.runIf(testEngines.includes('native'))('refuses WebAssembly and says how to build it', async () => {
    const { engineInfo, setEngine } = await freshWith([], true);
    expect(engineInfo().kernels.wasm).toEqual({
      built: [],
      missing: ['relaxed', 'simd'],
    });
    expect(() => setEngine('wasm')).toThrow(
      "there's no engine 'wasm' here; available: native, reference\n  hint: in a checkout, `npm run build:wasm` builds it",
    );
    vi.stubEnv('MYELIN_ENGINE', 'wasm');
    expect(() => setEngine('wasm')).toThrow(
      "MYELIN_ENGINE: there's no engine 'wasm' here; available: native, reference\n  hint",
    );
  });

  test.runIf(testEngines.includes('wasm'))('runs the module that is there, without an addon', async () => {
    const { engineInfo, setEngine } = await freshWith(['relaxed'], false);
    const { name, instructionSet, kernels } = engineInfo();
    expect([name, instructionSet]).toEqual(['wasm', 'relaxed-simd']);
    expect(kernels.native.built).toEqual([]);
    expect(kernels.wasm.missing).toEqual(['simd']);
    expect(() => setEngine('native')).toThrow(
      "there's no engine 'native' here; available: wasm, reference\n  hint: in a checkout, `npm run build:native` builds it",
    );
  });

  test.runIf(testEngines.includes('wasm'))('says which module is missing', async () => {
    vi.stubEnv('MYELIN_WASM', 'simd-threads');
    vi.stubEnv('MYELIN_ENGINE', 'wasm');
    const { engineInfo } = await freshWith(['relaxed'], true);
    expect(engineInfo).toThrow(
      "module 'simd' isn't built; available: relaxed\n  hint: in a checkout, `npm run build:wasm` builds all",
    );
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WasmHost } from '../../src/host/host.js';
import { testEngines } from '../helpers/engines.js';

/** The library as a program finds it that has just started. */
async function fresh() {
  vi.resetModules();
  const { host } = await import('../../src/host/node/index.js');
  return { host, ...(await import('../../src/index.js')) };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe.runIf(testEngines.includes('native') && testEngines.includes('wasm'))('setEngine', () => {
  beforeEach(() => vi.stubEnv('MYELIN_ENGINE', 'native'));

  test('is in effect at once for an engine that is at hand', async () => {
    const { engineInfo, setEngine } = await fresh();
    const done = setEngine('wasm');
    expect(engineInfo().name).toBe('wasm');
    await done;
    expect(engineInfo().name).toBe('wasm');
  });

  test("refuses an engine that isn't there, in the call itself", async () => {
    const { setEngine } = await fresh();
    expect(() => setEngine('cuda' as 'wasm')).toThrow(
      "setEngine: there's no engine 'cuda' here; available: native, wasm",
    );
  });

  test('loads the reference engine on request', async () => {
    vi.stubEnv('MYELIN_ENGINE', 'reference');
    const { engineInfo, setEngine, tensor } = await fresh();
    expect(() => tensor([1])).toThrow(
      "engine 'reference' isn't loaded yet\n  hint: await setEngine('reference') loads it",
    );
    await setEngine('reference');
    expect(engineInfo().name).toBe('reference');
    expect(await tensor([1]).add(1).item()).toBe(2);
  });

  describe('where a module has to be fetched', () => {
    /** As in a browser: `load` answers later, and `wait` says when. */
    async function later(wait: Promise<void>) {
      const library = await fresh();
      const { wasm } = library.host;
      const load = wasm.load.bind(wasm);
      vi.spyOn(wasm, 'load').mockImplementation((async () => {
        await wait;
        return load();
      }) as WasmHost['load']);
      return library;
    }

    test('takes effect when the promise resolves', async () => {
      const { engineInfo, setEngine, tensor } = await later(Promise.resolve());
      const done = setEngine('wasm');
      expect(engineInfo().name).toBe('native');
      expect(() => tensor([1]).to('wasm')).toThrow(
        "to: engine 'wasm' isn't loaded yet\n  hint: await setEngine('wasm') loads it",
      );
      await done;
      expect(engineInfo().name).toBe('wasm');
      expect(await tensor([1, 2]).add(1).toArray()).toEqual([2, 3]);
      expect((await tensor([1]).to('native').to('wasm').toArray()) as number[]).toEqual([1]);
    });

    test('loads once, and the last of several calls counts', async () => {
      const { engineInfo, host, setEngine } = await later(Promise.resolve());
      const first = setEngine('wasm');
      const second = setEngine('wasm');
      setEngine('native');
      await Promise.all([first, second]);
      expect(engineInfo().name).toBe('native');
      expect(host.wasm.load).toHaveBeenCalledTimes(1);
    });

    test("rejects if it can't be loaded, and tries again when asked again", async () => {
      const { engineInfo, host, setEngine } = await fresh();
      const { wasm } = host;
      const load = wasm.load.bind(wasm);
      const failing = vi
        .spyOn(wasm, 'load')
        .mockImplementation((() => Promise.reject(new Error('no answer'))) as WasmHost['load']);
      await expect(setEngine('wasm')).rejects.toThrow('no answer');
      expect(engineInfo().name).toBe('native');
      failing.mockImplementation(load);
      await setEngine('wasm');
      expect(engineInfo().name).toBe('wasm');
    });
  });
});

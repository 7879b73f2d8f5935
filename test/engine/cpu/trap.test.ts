import { describe, expect, test } from 'vitest';
import { CpuStorage } from '../../../src/engine/cpu/storage.js';
import { startWasmEngine } from '../../../src/engine/cpu/wasm.js';
import type { Engine } from '../../../src/engine/engine.js';
import { EngineError } from '../../../src/index.js';
import { empty, Tensor } from '../../../src/tensor/tensor.js';
import { testEngines } from '../../helpers/engines.js';

/** A tensor whose memory lies behind all memory. */
const outside = (engine: Engine, size: number): Tensor => {
  const [bytes, address] = [4 * size, 2 ** 32 - 64];
  const block = { bytes, address, view: () => new Uint8Array() };
  const storage = new CpuStorage(engine, bytes, address, block);
  return new Tensor(storage, 'float32', [size], [1], 0, size, true);
};

describe.runIf(testEngines.includes('wasm')).each([1, 4])(
  'a trap of the WebAssembly engine, %d threads',
  (threads) => {
    test('ends the engine, which says so and never hangs; dense tensors can be read', async () => {
      const engine = await startWasmEngine(threads);
      const size = 2 ** 20; // enough for all threads
      const kept = empty([3], 'float32', engine);
      engine.fill(kept, 7);
      const target = empty([size], 'float32', engine);
      const trap = (): void => engine.copy(target, outside(engine, size));
      expect(trap).toThrow(EngineError);
      const ended =
        /^engine: the WebAssembly engine ended with '(memory access out of bounds|unreachable)' in kernel copy\n {2}hint: dense tensors can still be read/;
      expect(trap).toThrow(ended);
      expect(() => engine.fill(kept, 8)).toThrow(ended);
      expect(() => empty([100_000], 'float32', engine)).toThrow(ended);
      expect(() => engine.setThreads(2)).toThrow(ended);
      expect([...kept.dataSync()]).toEqual([7, 7, 7]);
      kept.dispose();
    });
  },
);

test.runIf(testEngines.includes('wasm'))(
  'a kernel that lacks memory for a workspace leaves the engine usable',
  async () => {
    const engine = await startWasmEngine(2);
    const size = 2 ** 28;
    const x = empty([size], 'float32', engine);
    const indices = empty([size], 'int32', engine);
    engine.fill(x, 1);
    const sort = (): void => engine.sort(null, indices, x, 0, false);
    expect(sort).toThrow(EngineError);
    expect(sort).toThrow(
      /^engine: kernel sort: no memory for a workspace of \d+ bytes in the WebAssembly memory\n {2}hint: /,
    );
    const y = empty([3], 'float32', engine);
    engine.fill(y, 5);
    expect([...y.dataSync()]).toEqual([5, 5, 5]);
  },
);

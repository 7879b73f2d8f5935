/** Engines that give results later, as one on a graphics processor does, over the kernels of another. */
import { bytesPerElement, typedArray } from '../../src/core/dtype.js';
import type { EngineName } from '../../src/core/engine-names.js';
import { EngineError, engineItself, MyelinError } from '../../src/core/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { startEngine } from '../../src/engine/engines.js';
import { FaultQueue } from '../../src/engine/fault.js';

/** Kernels that return a number. */
const counting = /Count$|Size$|^unique$/;

/** What an engine does besides kernels. */
const memory = /^(allocate|release|write|read|info|setThreads)/;

type Method = (...args: unknown[]) => unknown;

/** A new engine whose checks and counts are promises, and which counts its reads. */
export function lateEngine(name: EngineName): Engine & { reads: number } {
  const engine = startEngine(name) as Engine & { reads: number };
  const { readSync } = engine;
  const faults = new FaultQueue();
  let working = 0;
  let failed = false;
  engine.reads = 0;

  /**
   * Runs a kernel, whose error or number is known later. After an error the kernels up to the next read do nothing:
   * these here would follow the indices that were refused.
   */
  const delayed =
    (kernel: Method, counts: boolean): Method =>
    (...args) => {
      if (failed) return counts ? faults.raise() : undefined;
      working++;
      try {
        const result = kernel(...args);
        return typeof result === 'number' ? faults.raise().then(() => result) : result;
      } catch (error) {
        if (!(error instanceof MyelinError) || error.operation === engineItself) throw error;
        failed = true;
        faults.watch(Promise.resolve(error));
        return counts ? faults.raise() : undefined;
      } finally {
        working--;
      }
    };
  const delay = (methods: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(Object.getOwnPropertyDescriptors(methods)))
      if (typeof value.value === 'function' && !memory.test(key))
        methods[key] = delayed(value.value as Method, counting.test(key));
  };
  delay(Object.getPrototypeOf(engine) as Record<string, unknown>);
  for (const family of Object.values(engine.fused)) if (family) delay(family);

  return Object.assign(engine, {
    synchronous: false,
    inspect: ({ storage, dtype, offset, count }, verdict) => {
      const width = bytesPerElement[dtype];
      const elements = typedArray(dtype, readSync(storage, offset * width, count * width), 0, count);
      const error = verdict(elements);
      if (error) failed = true;
      faults.watch(Promise.resolve(error));
    },
    read: async (...range) => {
      engine.reads++;
      failed = false;
      const bytes = readSync(...range);
      await faults.raise();
      return bytes;
    },
    readSync: (...range) => {
      if (working > 0) return readSync(...range);
      throw new EngineError(engineItself, 'results arrive later\n  hint: await data()');
    },
  } satisfies Partial<Engine>);
}

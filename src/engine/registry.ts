import { EngineError } from '../core/errors.js';
import { exact } from '../core/exact.js';
import { checkOption, whole } from '../core/options.js';
import type { Engine, EngineDetails } from './engine.js';
import {
  availableEngines,
  defaultEngine,
  type EngineName,
  type KernelBuild,
  kernelBuilds,
  noEngine,
  startEngine,
} from './engines.js';

/** What `engineInfo()` tells. */
export interface EngineInfo extends EngineDetails {
  readonly name: EngineName;
  /** What was built, for this engine and others: a checkout compiles only what its machine needs. */
  readonly kernels: { readonly native: KernelBuild; readonly wasm: KernelBuild };
}

/** Engines that were started; a promise is one that is being loaded. */
const engines = new Map<EngineName, Engine | Promise<Engine>>();
let current: Engine | null = null;
/** The engine that was asked for last. */
let wanted: EngineName | undefined;

/** The engine called `name`, started if it has not been. @throws EngineError if it cannot run here */
function started(name: EngineName): Engine | Promise<Engine> {
  const known = engines.get(name);
  if (known !== undefined) return known;
  if (!availableEngines().includes(name)) throw new EngineError('setEngine', noEngine(name));
  const engine = startEngine(name);
  engines.set(name, engine);
  if (engine instanceof Promise)
    engine.then(
      (loaded) => engines.set(name, loaded),
      // Whoever asks again may have more luck.
      () => engines.delete(name),
    );
  return engine;
}

/** The engine called `name`. @throws EngineError if it cannot run here, or has to be loaded first */
export function engineNamed(name: EngineName): Engine {
  const engine = started(name);
  if (engine instanceof Promise)
    throw new EngineError(
      'setEngine',
      `engine '${name}' isn't loaded yet\n  hint: await setEngine('${name}') loads it`,
    );
  return engine;
}

/** The engine on which new tensors are made. */
export function currentEngine(): Engine {
  current ??= engineNamed(defaultEngine());
  return current;
}

/**
 * Picks the engine on which new tensors are made (default: `MYELIN_ENGINE`, else native where its
 * addon was built, else wasm). Tensors that exist stay where they are.
 *
 * An engine that is at hand, as native and wasm are on Node, is in use at once. One that has to be loaded, as
 * wasm in a page that started with another, is in use when the promise resolves.
 *
 * @throws EngineError if the engine cannot run here; the promise is rejected with one if it can't be loaded
 * @example
 * await setEngine('wasm');
 * engineInfo().name; // 'wasm'
 */
export const setEngine = exact('setEngine(name)', (name: EngineName): Promise<void> => {
  const engine = started(name);
  wanted = name;
  if (!(engine instanceof Promise)) {
    current = engine;
    return Promise.resolve();
  }
  return engine.then((loaded) => {
    // Of several calls, the last one counts.
    if (wanted === name) current = loaded;
  });
});

/** Which engine, instruction set and number of threads are in use, and which kernels were built. */
export const engineInfo = exact('engineInfo()', (): EngineInfo => {
  const engine = currentEngine();
  return { name: engine.name as EngineName, ...engine.info(), kernels: kernelBuilds() };
});

/** Number of threads of the current engine; results do not depend on it. */
export const setThreads = exact('setThreads(threads)', (threads: number): void => {
  checkOption('setThreads', 'the number of threads', whole(1, { least: 1 }), threads);
  currentEngine().setThreads(threads);
});

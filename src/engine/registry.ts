import type { EngineName } from '../core/engine-names.js';
import { EngineError } from '../core/errors.js';
import { exact } from '../core/exact.js';
import { checkOption, whole } from '../core/options.js';
import type { Engine, EngineDetails } from './engine.js';
import {
  availableEngines,
  defaultEngine,
  type KernelBuild,
  kernelBuilds,
  noEngine,
  startEngine,
} from './engines.js';

/** What `engineInfo()` returns. */
export interface EngineInfo extends EngineDetails {
  readonly name: EngineName;
  /** What was built, for this engine and others: a checkout compiles only what its machine needs. */
  readonly kernels: { readonly native: KernelBuild; readonly wasm: KernelBuild };
}

/** Started engines; a promise is one that's being loaded. */
const engines = new Map<EngineName, Engine | Promise<Engine>>();
let current: Engine | null = null;
/** The engine that was requested last. */
let wanted: EngineName | undefined;

/** The engine called `name`, started if it hasn't been. @throws EngineError if it can't run here */
function started(name: EngineName): Engine | Promise<Engine> {
  const known = engines.get(name);
  if (known !== undefined) return known;
  if (!availableEngines().includes(name)) throw new EngineError('setEngine', noEngine(name));
  const engine = startEngine(name);
  engines.set(name, engine);
  if (engine instanceof Promise)
    engine.then(
      (loaded) => engines.set(name, loaded),
      // A later request may succeed.
      () => engines.delete(name),
    );
  return engine;
}

/** The engine called `name`. @throws EngineError if it can't run here, or must be loaded first */
export function engineNamed(name: EngineName): Engine {
  const engine = started(name);
  if (engine instanceof Promise)
    throw new EngineError(
      'setEngine',
      `engine '${name}' isn't loaded yet\n  hint: await setEngine('${name}') loads it`,
    );
  return engine;
}

/** The engine called `name`, once it's loaded. @throws EngineError if it can't run here or can't be loaded */
export const loadEngine = async (name: EngineName): Promise<Engine> => started(name);

/** The engine on which new tensors are made. */
export function currentEngine(): Engine {
  current ??= engineNamed(defaultEngine());
  return current;
}

/**
 * Picks the engine on which new tensors are made (default: `MYELIN_ENGINE`; otherwise native if its addon
 * was built, otherwise wasm). Existing tensors stay where they are.
 *
 * An engine that's available, like native and wasm on Node, is in use immediately. One that must be loaded, like
 * wasm in a page that started with another, is in use once the promise resolves.
 *
 * @throws EngineError if the engine can't run here; the promise rejects with one if it can't be loaded
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

/** The engine, instruction set, and number of threads in use, and which kernels were built. */
export const engineInfo = exact('engineInfo()', (): EngineInfo => {
  const engine = currentEngine();
  return { name: engine.name as EngineName, ...engine.info(), kernels: kernelBuilds() };
});

/** Sets the current engine's number of threads; results don't depend on it. */
export const setThreads = exact('setThreads(threads)', (threads: number): void => {
  checkOption('setThreads', 'the number of threads', whole(1, { least: 1 }), threads);
  currentEngine().setThreads(threads);
});

import { availableEngines, createEngine } from '#platform';
import { EngineError } from '../core/errors.js';
import { exact } from '../core/exact.js';
import { checkOption, whole } from '../core/options.js';
import type { Engine, EngineInfo, EngineName } from './engine.js';

const engines = new Map<EngineName, Engine>();
let current: Engine | null = null;

/** The engine called `name`, started if it has not been. @throws EngineError if it cannot run here */
export function engineNamed(name: EngineName): Engine {
  let engine = engines.get(name);
  if (engine === undefined) {
    if (!availableEngines().includes(name))
      throw new EngineError(
        'setEngine',
        `there is no engine '${name}' here; there is ${availableEngines().join(', ')}`,
      );
    engine = createEngine(name);
    engines.set(name, engine);
  }
  return engine;
}

/** The engine on which new tensors are made. */
export function currentEngine(): Engine {
  current ??= engineNamed(availableEngines()[0]!);
  return current;
}

/**
 * Picks the engine on which new tensors are made (default: `MYELIN_ENGINE`, else native where its
 * addon was built, else wasm). Tensors that exist stay where they are.
 *
 * @throws EngineError if the engine cannot run here
 */
export const setEngine = exact('setEngine(name)', (name: EngineName): void => {
  current = engineNamed(name);
});

/** Which engine, instruction set and number of threads are in use. */
export const engineInfo = exact('engineInfo()', (): EngineInfo => currentEngine().info());

/** Number of threads of the current engine; results do not depend on it. */
export const setThreads = exact('setThreads(threads)', (threads: number): void => {
  checkOption('setThreads', 'the number of threads', whole(1, { least: 1 }), threads);
  currentEngine().setThreads(threads);
});

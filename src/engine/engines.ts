import { host } from '#host';
import { ArgumentError } from '../core/errors.js';
import { createNativeEngine, hasNative } from './cpu/native.js';
import { startWasmEngine } from './cpu/wasm.js';
import type { Engine } from './engine.js';

/** How an engine comes to be. */
interface EngineEntry {
  /** Whether it can run on this machine. */
  runsHere(): boolean;
  /** Starts it: at once where all it needs is at hand, else a promise. */
  start(threads: number): Engine | Promise<Engine>;
}

/** All engines, best first. */
const engines = {
  native: { runsHere: hasNative, start: createNativeEngine },
  wasm: { runsHere: host.wasm.isBuilt, start: startWasmEngine },
} satisfies Record<string, EngineEntry>;

export type EngineName = keyof typeof engines;

export const engineNames = Object.keys(engines) as readonly EngineName[];

/** Number of threads: `MYELIN_THREADS`, else one a core. */
function threads(): number {
  const wanted = host.env('MYELIN_THREADS');
  if (wanted === undefined) return host.threads;
  const count = Number(wanted);
  if (!Number.isInteger(count) || count < 1)
    throw new ArgumentError(
      'MYELIN_THREADS',
      `'${wanted}' is not a number of threads; give a whole number from 1`,
    );
  return count;
}

/** The engines that can run here, best first; the one that `MYELIN_ENGINE` names comes first of all. */
export function availableEngines(): readonly EngineName[] {
  const names = engineNames.filter((name) => engines[name].runsHere());
  const wanted = host.env('MYELIN_ENGINE');
  if (wanted === undefined) return names;
  if (!names.includes(wanted as EngineName))
    throw new ArgumentError(
      'MYELIN_ENGINE',
      `there is no engine '${wanted}' here; there is ${names.join(', ')}`,
    );
  return [wanted as EngineName, ...names.filter((name) => name !== wanted)];
}

/** Starts an engine that can run here. */
export const startEngine = (name: EngineName): Engine | Promise<Engine> => engines[name].start(threads());

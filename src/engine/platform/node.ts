import { availableParallelism } from 'node:os';
import { ArgumentError } from '../../core/errors.js';
import { createNativeEngine, hasNative } from '../cpu/native-node.js';
import { createWasmEngineOnNode, hasWasm } from '../cpu/wasm-node.js';
import type { Engine, EngineName } from '../engine.js';

/** Number of threads: `MYELIN_THREADS`, else one a core. */
function threads(): number {
  const wanted = process.env.MYELIN_THREADS;
  if (!wanted) return availableParallelism();
  const count = Number(wanted);
  if (!Number.isInteger(count) || count < 1)
    throw new ArgumentError(
      'MYELIN_THREADS',
      `'${wanted}' is not a number of threads; give a whole number from 1`,
    );
  return count;
}

const built = (): EngineName[] => [
  ...(hasNative() ? (['native'] as const) : []),
  ...(hasWasm() ? (['wasm'] as const) : []),
];

/** The engines that can run here, best first; the one that `MYELIN_ENGINE` names comes first of all. */
export function availableEngines(): readonly EngineName[] {
  const engines = built();
  const wanted = process.env.MYELIN_ENGINE;
  if (!wanted) return engines;
  if (!engines.includes(wanted as EngineName))
    throw new ArgumentError(
      'MYELIN_ENGINE',
      `there is no engine '${wanted}' here; there is ${engines.join(', ')}`,
    );
  return [wanted as EngineName, ...engines.filter((name) => name !== wanted)];
}

export function createEngine(name: EngineName): Engine {
  return name === 'native' ? createNativeEngine(threads()) : createWasmEngineOnNode(threads());
}

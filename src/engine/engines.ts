import { host } from '#host';
import { type EngineName, engineNames } from '../core/engine-names.js';
import { ArgumentError, EngineError } from '../core/errors.js';
import { wasmModules } from '../host/wasm-variant.js';
import { builtSets, createNativeEngine, hasNative } from './cpu/native.js';
import { startWasmEngine } from './cpu/wasm.js';
import type { Engine } from './engine.js';

/** How an engine is started. */
interface EngineEntry {
  /** Whether it can run on this machine. */
  runsHere(): boolean;
  /** Whether it's used only on request (default false). */
  readonly onRequest?: boolean;
  /** Starts it: synchronously if everything it needs is available, otherwise with a promise. */
  start(threads: number): Engine | Promise<Engine>;
}

/** An engine's compiled kernels: the instruction sets of `native` or the modules of `wasm`. */
export interface KernelBuild {
  readonly built: readonly string[];
  /** What else can be built: `npm run build -- --all` builds everything in a checkout. */
  readonly missing: readonly string[];
}

/** Few programs ask for this engine, so a bundler that splits leaves it out of the main chunk. */
const startReferenceEngine = async (): Promise<Engine> =>
  (await import('./reference/engine.js')).createReferenceEngine();

const engines = {
  native: { runsHere: hasNative, start: createNativeEngine },
  wasm: { runsHere: () => host.wasm.built().length > 0, start: startWasmEngine },
  reference: { runsHere: () => true, onRequest: true, start: startReferenceEngine },
} satisfies Record<EngineName, EngineEntry>;

const kernelBuild = (built: readonly string[], all: readonly string[]): KernelBuild => ({
  built,
  missing: all.filter((name) => !built.includes(name)),
});

/** The kernels that were built. */
export const kernelBuilds = () => ({
  native: kernelBuild(builtSets(), host.nativeSets),
  wasm: kernelBuild(host.wasm.built(), wasmModules),
});

/** Why an engine can't be used. */
export function noEngine(name: string): string {
  const available = engineNames.filter((known) => engines[known].runsHere());
  const problem = `there's no engine '${name}' here; available: ${available.join(', ')}`;
  const builds: Readonly<Record<string, KernelBuild>> = kernelBuilds();
  return (builds[name]?.missing.length ?? 0) > 0
    ? `${problem}\n  hint: in a checkout, \`npm run build:${name}\` builds it`
    : problem;
}

/** The number of threads: `MYELIN_THREADS`, or one per core. */
function threads(): number {
  const wanted = host.env('MYELIN_THREADS');
  if (wanted === undefined) return host.cores;
  const count = Number(wanted);
  if (!Number.isInteger(count) || count < 1)
    throw new ArgumentError(
      'MYELIN_THREADS',
      `'${wanted}' isn't a number of threads; give a whole number from 1`,
    );
  return count;
}

/** The engines that can run here, best first; the one that `MYELIN_ENGINE` names comes first of all. */
export function availableEngines(): readonly EngineName[] {
  const names = engineNames.filter((name) => engines[name].runsHere());
  const wanted = host.env('MYELIN_ENGINE');
  if (wanted === undefined) return names;
  if (!names.includes(wanted as EngineName)) throw new ArgumentError('MYELIN_ENGINE', noEngine(wanted));
  return [wanted as EngineName, ...names.filter((name) => name !== wanted)];
}

/** The initial engine. @throws EngineError if none was built */
export function defaultEngine(): EngineName {
  const wanted = host.env('MYELIN_ENGINE');
  const entry = (name: EngineName): EngineEntry => engines[name];
  const found = availableEngines().find((name) => name === wanted || !entry(name).onRequest);
  if (found === undefined) throw new EngineError('setEngine', noEngine('native'));
  return found;
}

/** Starts an engine that can run here. */
export const startEngine = (name: EngineName): Engine | Promise<Engine> => engines[name].start(threads());

import type { Engine, EngineDetails } from '../engine.js';
import type { MemoryEngine } from '../memory.js';
import type { CpuContext } from './context.js';

/** Where the kernels run: the native addon or a WebAssembly instance, with its memory. */
export interface CpuHost extends CpuContext {
  readonly name: string;
  /** Memory for the engine's tensors; `engine` becomes the owner of its storages. */
  memory(engine: Engine): Omit<MemoryEngine, 'synchronous' | 'inspect'>;
  info(): EngineDetails;
  setThreads(threads: number): void;
}

import type { Engine, EngineDetails } from '../engine.js';
import type { CpuContext } from './context.js';

/** Memory that the kernels can reach. */
export type CpuMemory = Pick<Engine, 'allocate' | 'release' | 'write' | 'read' | 'readSync'>;

/** Where the kernels run: the native addon or a WebAssembly instance, with its memory. */
export interface CpuHost extends CpuContext {
  readonly name: string;
  /** Memory for the engine's tensors; `engine` becomes the owner of its storages. */
  memory(engine: Engine): CpuMemory;
  info(): EngineDetails;
  setThreads(threads: number): void;
}

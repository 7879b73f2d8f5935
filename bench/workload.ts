import type { EngineName } from '../src/index.js';

/** Does the work once. */
export type Work = () => unknown | Promise<unknown>;

/** The same work in PyTorch: Python statements with torch, F and nn in scope. */
export interface TorchRival {
  readonly kind: 'torch';
  /** Runs once. */
  readonly setup: string;
  /** Is timed. */
  readonly run: string;
}

/** The same work in a JavaScript library, which may not be installed. */
export interface ScriptRival {
  readonly kind: 'script';
  readonly name: string;
  /** Loads the library and builds the work; null where the library isn't installed. */
  prepare(): Promise<Work | null>;
}

/** One measurement: ours beside a rival's. */
interface Measurement {
  /** The row of docs/performance.md; workloads of one row count by their geometric mean. */
  readonly row: string;
  /** What distinguishes the workload within its row. */
  readonly name: string;
  /** The ratio (rival's figure / ours) that the row has to reach. */
  readonly target: number;
  readonly engine: EngineName;
}

/** Work that is timed, in turns with the rival's. */
export interface TimedWorkload extends Measurement {
  readonly unit?: 'seconds';
  /** Threads for both sides (default: all cores). */
  readonly threads?: number;
  /** How often each side is timed (default 15). */
  readonly samples?: number;
  /** Builds what is timed, on the engine above. */
  ours(): Work | Promise<Work>;
  readonly rival: TorchRival | ScriptRival;
}

/** Work of which the memory is measured that it needs at its peak, in bytes. */
export interface MemoryWorkload extends Measurement {
  readonly unit: 'bytes';
  ours(threads: number): number;
  /** Null where the rival isn't installed. */
  rival(threads: number): number | null;
}

export type Workload = TimedWorkload | MemoryWorkload;

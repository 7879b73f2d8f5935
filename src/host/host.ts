import type { WasmVariant } from './wasm-variant.js';
import type { WorkerData } from './wasm-worker.js';

/** The addon with the native kernels, and memory for it. */
export interface NativeHost {
  /** What kernels/native/addon.cc exports. */
  readonly addon: unknown;
  /** Most bytes that a buffer can have. */
  readonly largestBuffer: number;
  /** A buffer of its own with undefined content. @throws RangeError if the system has no more memory */
  newBuffer(bytes: number): ArrayBuffer;
}

/** A compiled module of kernels and which one it is. */
export interface WasmModule {
  readonly variant: WasmVariant;
  readonly module: WebAssembly.Module;
  /** Threads that can work on it, the main one included. */
  readonly mostThreads: number;
}

/** The WebAssembly modules with the kernels, and threads for them. */
export interface WasmHost {
  /** Whether the main thread may sleep until others are done; in a browser it may not. */
  readonly mainMayBlock: boolean;
  /** The modules that were built; in a browser, which can't list them, all. */
  built(): readonly WasmVariant[];
  /** The best module for this machine, or the one that `MYELIN_WASM` names; at once where it's at hand. */
  load(): WasmModule | Promise<WasmModule>;
  /** Makes a worker run `workerSource`, for a module that was loaded; it doesn't keep the process alive. */
  startWorker(data: WorkerData): void;
}

/** What the library asks of the platform that it runs on: Node or a browser. */
export interface Host {
  /**
   * A setting by its name, such as `MYELIN_ENGINE`: an environment variable, or in a browser a global variable
   * that the page sets before it imports the library.
   */
  env(name: string): string | undefined;
  /** How many threads can run at once. */
  readonly threads: number;
  /** Lets the event loop turn once: waiting events and finalizers run. */
  turn(): Promise<void>;
  /** Makes a full garbage collection likely or certain, after `allocated` bytes since the last one. */
  collect(allocated: number): void;
  /** The native kernels; null where there is no addon that runs here. */
  native(): NativeHost | null;
  /** The instruction sets that native kernels can be built for here, best first. */
  readonly nativeSets: readonly string[];
  readonly wasm: WasmHost;
}

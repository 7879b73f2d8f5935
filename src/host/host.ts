import type { Files } from './files.js';
import type { Gunzip } from './gunzip.js';
import type { Packages } from './packages.js';
import type { ByteText } from './text.js';
import type { Threads } from './threads.js';
import type { WasmModuleName, WasmVariant } from './wasm-variant.js';
import type { WorkerPlace } from './wasm-worker.js';

/** The addon with the native kernels, and memory for it. */
export interface NativeHost {
  /** What kernels/native/addon.cc exports. */
  readonly addon: unknown;
  /** Most bytes that a buffer can have. */
  readonly largestBuffer: number;
  /** A new buffer with undefined content. @throws RangeError if the system has no more memory */
  newBuffer(bytes: number): ArrayBuffer;
}

/** A compiled module of kernels, memory for it, and threads. */
export interface WasmModule {
  readonly variant: WasmVariant;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Threads that can work on it, the main one included. */
  readonly mostThreads: number;
  /** Starts a worker that runs `workerSource`. It joins in soon, and doesn't keep the process alive. */
  startWorker(place: WorkerPlace): void;
}

/** The WebAssembly modules with the kernels. */
export interface WasmHost {
  /** Whether the main thread may block until other threads are done; it can't in a browser. */
  readonly mainMayBlock: boolean;
  /** The modules that were built, or all in a browser, which can't list them. */
  built(): readonly WasmModuleName[];
  /** What runs best on this machine, or what `MYELIN_WASM` names; without a promise if it's at hand. */
  load(): WasmModule | Promise<WasmModule>;
}

/** Downloads, kept by name. */
export interface Downloads {
  /** A kept download, or null. */
  read(name: string): Promise<Uint8Array | null>;
  keep(name: string, bytes: Uint8Array): Promise<void>;
}

/** A line of a terminal that changes until it's cleared. */
export interface LiveLine {
  readonly isActive: boolean;
  /** Draws it as soon as the terminal is ready for another picture. */
  show(line: string): void;
  clear(): void;
}

export interface Terminal {
  /** Characters of a line. */
  columns(): number;
  newLine(): LiveLine;
}

/** What the library asks of the platform that it runs on: Node or a browser. */
export interface Host {
  /**
   * A setting by its name, such as `MYELIN_ENGINE`: an environment variable, or in a browser a global variable
   * that the page sets before it imports the library.
   */
  env(name: string): string | undefined;
  /** Files; null if there are none. */
  readonly files: Files | null;
  /** What a program runs on, for its records: the platform's version, the processor, and so on. */
  description(): Readonly<Record<string, string | number>>;
  /** How many threads can run at once. */
  readonly cores: number;
  /** Threads that run modules; null if there are none. */
  readonly threads: Threads | null;
  /** Packages for images; null in a browser, which doesn't need them. */
  readonly packages: Packages | null;
  /** The terminal, if somebody is watching one; otherwise null. */
  terminal(): Terminal | null;
  /** A cache for downloads if there are no files; null if there are, or if a page can't keep anything. */
  readonly downloads: Downloads | null;
  readonly gunzip: Gunzip;
  /** Bytes that are read as text, piece by piece. */
  text(bytes: Uint8Array): ByteText;
  /** Lets the event loop turn once: waiting events and finalizers run. */
  turn(): Promise<void>;
  /** Continues the CRC-32 of zip archives from `before`, that of the bytes so far; null if there's no fast way. */
  readonly crc32: ((bytes: Uint8Array, before: number) => number) | null;
  /** Makes a full garbage collection likely or certain, after `allocated` bytes since the last one. */
  collect(allocated: number): void;
  /** The native kernels; null if no addon runs here. */
  native(): NativeHost | null;
  /** The instruction sets that native kernels can be built for here, best first. */
  readonly nativeSets: readonly string[];
  readonly wasm: WasmHost;
}

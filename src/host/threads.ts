/** A way to another thread. */
export interface Port {
  /** @param moved memory that moves there instead of being copied */
  post(message: unknown, moved?: ArrayBuffer[]): void;
  onMessage(take: (message: unknown) => void): void;
  /** Keeps the process, or the thread, alive. */
  ref(): void;
  unref(): void;
}

export interface Thread extends Port {
  onError(take: (error: Error) => void): void;
  onExit(take: (code: number) => void): void;
  terminate(): Promise<unknown>;
}

/** Threads that run modules. */
export interface Threads {
  /**
   * @param data what the thread finds as its `Parent`'s data
   * @param settings environment variables beside those of this process
   */
  start(module: URL, data: unknown, settings: Readonly<Record<string, string>>): Thread;
  /** The thread that started this one; null in the main thread. */
  parent(): Parent | null;
}

export interface Parent extends Port {
  readonly data: unknown;
  /** Called when nothing is left to wait for. */
  onIdle(take: () => void): void;
}

import type { Engine } from '../engine.js';
import type { Storage } from '../storage.js';
import type { Block } from './block.js';

/** Memory that kernels reach by its address. */
export class CpuStorage implements Storage<Engine> {
  version = 0;
  rebased = -1;
  scope: Storage<Engine>[] | null = null;
  disposedAt: Error | undefined = undefined;

  constructor(
    readonly engine: Engine,
    readonly bytes: number,
    /** The address of the first byte. */
    readonly address: number,
    /** What keeps the memory alive. */
    readonly block: Block,
  ) {}
}

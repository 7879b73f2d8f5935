import { type Engine, makeEngine, noFamilies } from '../engine.js';
import { conv } from './conv.js';
import { elementwise } from './elementwise.js';
import { gemm } from './gemm.js';
import { indexing } from './indexing.js';
import { Faults, memory } from './memory.js';
import { pool } from './pool.js';
import { random } from './random.js';
import { reduce } from './reduce.js';
import { softmax } from './softmax.js';
import { sorting } from './sorting.js';

/**
 * A specification of what an engine must do: only the core, in plain TypeScript over typed arrays, slow and obvious.
 * Like one on a graphics processor, its results arrive later: they can only be awaited.
 */
export function createReferenceEngine(): Engine {
  const faults = new Faults();
  return makeEngine((engine) => ({
    name: 'reference',
    info: () => ({ instructionSet: 'JavaScript', threads: 1 }),
    setThreads() {},
    fused: noFamilies,
    ...memory(engine, faults),
    ...elementwise,
    ...gemm,
    ...conv,
    ...pool,
    ...indexing(faults),
    ...sorting(faults),
    ...reduce(faults),
    ...softmax,
    ...random,
  }));
}

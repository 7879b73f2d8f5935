import type { AttentionEngine } from './attention.js';
import type { ConvEngine } from './conv.js';
import type { DistanceEngine } from './distance.js';
import type { ElementwiseEngine } from './elementwise.js';
import type { EmbeddingEngine } from './embedding.js';
import type { GemmEngine } from './gemm.js';
import type { IndexingEngine } from './indexing.js';
import type { LossEngine } from './loss.js';
import type { MemoryEngine } from './memory.js';
import type { NormEngine } from './norm.js';
import type { OptimizerEngine } from './optimizer.js';
import type { PaddingEngine } from './padding.js';
import type { PlaneEngine, PoolEngine } from './pool.js';
import type { DropoutEngine, RandomEngine } from './random.js';
import type { RecurrentEngine } from './recurrent.js';
import type { ReduceEngine } from './reduce.js';
import type { ResampleEngine } from './resample.js';
import type { SlopeEngine } from './slope.js';
import type { SoftmaxEngine } from './softmax.js';
import type { SortingEngine } from './sorting.js';

/** What an engine reports about itself. */
export interface EngineDetails {
  /** The instruction set that the kernels use, for example `avx512` or `simd128`. */
  readonly instructionSet: string;
  readonly threads: number;
}

/** What every engine can do. One that lacks a method doesn't compile. */
export interface Core
  extends MemoryEngine,
    ElementwiseEngine,
    ConvEngine,
    GemmEngine,
    RandomEngine,
    PoolEngine,
    IndexingEngine,
    SortingEngine,
    ReduceEngine,
    SoftmaxEngine {}

/**
 * Families of fused kernels: each does in one pass what operations on the core do in several. An engine has
 * all of a family or null; then the compositions in `ops/` and `optim/`, which are the definitions, are used instead.
 */
export interface Families {
  readonly dropout: DropoutEngine | null;
  readonly plane: PlaneEngine | null;
  readonly slope: SlopeEngine | null;
  readonly loss: LossEngine | null;
  readonly norm: NormEngine | null;
  readonly embedding: EmbeddingEngine | null;
  readonly padding: PaddingEngine | null;
  readonly resample: ResampleEngine | null;
  readonly optimizer: OptimizerEngine | null;
  readonly distance: DistanceEngine | null;
  readonly recurrent: RecurrentEngine | null;
  readonly attention: AttentionEngine | null;
}

/** An engine with only the core. */
export const noFamilies: Families = {
  dropout: null,
  plane: null,
  slope: null,
  loss: null,
  norm: null,
  embedding: null,
  padding: null,
  resample: null,
  optimizer: null,
  distance: null,
  recurrent: null,
  attention: null,
};

export interface Engine extends Core {
  readonly name: string;
  readonly fused: Families;
  info(): EngineDetails;
  setThreads(threads: number): void;
}

/** The same members, inherited: V8 finds those by their place, but many of an object's own by their hash. */
export const inheriting = <T extends object>(members: T): T => Object.create(members) as T;

/** An engine with members that may refer to it. */
export function makeEngine(membersOf: (engine: Engine) => Engine): Engine {
  const members = {} as Engine;
  const engine = inheriting(members);
  Object.assign(members, membersOf(engine));
  return engine;
}

import { EngineError } from '../../core/errors.js';
import { type Engine, inheriting, makeEngine } from '../engine.js';
import { attentionKernels } from './attention.js';
import { inspectNow } from './context.js';
import { convKernels } from './conv.js';
import { distanceKernels } from './distance.js';
import { elementwiseKernels } from './elementwise.js';
import { openForExtension } from './extension.js';
import { gemmKernels } from './gemm.js';
import type { CpuHost } from './host.js';
import { embeddingKernels, indexingKernels } from './indexing.js';
import { lossKernels } from './loss.js';
import { normKernels } from './norm.js';
import { optimizerKernels } from './optimizer.js';
import { paddingKernels } from './padding.js';
import { poolKernels } from './pool.js';
import { randomKernels } from './random.js';
import { recurrentKernels } from './recurrent.js';
import { reduceKernels } from './reduce.js';
import { resampleKernels } from './resample.js';
import { softmaxKernels } from './softmax.js';
import { sortingKernels } from './sorting.js';

/** `structuredClone` and `postMessage` read enumerable properties, which include the engine in every tensor. */
function refuseCopies(engine: Engine): void {
  Object.defineProperty(engine, 'copies', {
    enumerable: true,
    get() {
      throw new EngineError(
        'structuredClone',
        "a tensor, or an object that holds one, can't be cloned this way or sent to another thread: its engine owns its memory\n" +
          "  hint: clone() copies a tensor, and stateDict() returns a module's tensors; send the numbers from data()",
      );
    },
  });
}

/** The CPU engine: the same kernels as a native addon and as WebAssembly. */
export function createCpuEngine(given: CpuHost): Engine {
  const host = { ...given, abi: inheriting(given.abi) };
  const { slope, slopeOfTwo, ...elementwise } = elementwiseKernels(host);
  const { softmaxBackward, ...softmax } = softmaxKernels(host);
  const { scanExtremeBackward, prodBackward, ...reduce } = reduceKernels(host);
  const { randomDropout, dropoutBackward, ...random } = randomKernels(host);
  const { planeScatter, planeGather, ...pool } = poolKernels(host);
  const engine = makeEngine((self) => {
    const memory = host.memory(self);
    return {
      name: host.name,
      info: () => host.info(),
      setThreads: (threads) => host.setThreads(threads),
      synchronous: true,
      inspect: inspectNow,
      ...memory,
      ...elementwise,
      ...convKernels(host),
      ...gemmKernels(host),
      ...random,
      ...pool,
      ...sortingKernels(host),
      ...indexingKernels(host),
      ...reduce,
      ...softmax,
      fused: {
        dropout: { randomDropout, dropoutBackward },
        plane: { planeScatter, planeGather },
        slope: { slope, slopeOfTwo, softmaxBackward, scanExtremeBackward, prodBackward },
        loss: lossKernels(host),
        norm: normKernels(host),
        embedding: embeddingKernels(host),
        padding: paddingKernels(host),
        resample: resampleKernels(host),
        optimizer: optimizerKernels(host),
        distance: distanceKernels(host),
        recurrent: recurrentKernels(host, memory),
        attention: attentionKernels(host),
      },
    };
  });
  refuseCopies(engine);
  openForExtension(engine, host);
  return engine;
}

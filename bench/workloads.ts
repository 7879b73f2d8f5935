import { attentionWorkloads } from './attention.js';
import { augmentationWorkloads } from './augmentation.js';
import { beamSearchWorkloads } from './beam-search.js';
import { convWorkloads } from './conv.js';
import { elementwiseWorkloads } from './elementwise.js';
import { familyWorkloads } from './families.js';
import { gemmWorkloads } from './gemm.js';
import { lenetWorkloads } from './lenet.js';
import { memoryWorkloads } from './memory.js';
import { mlpWorkloads } from './mlp.js';
import { optimizerWorkloads } from './optimizers.js';
import { overheadWorkloads } from './overhead.js';
import { recurrentWorkloads } from './recurrent.js';
import { reduceWorkloads } from './reduce.js';
import { tokenizerWorkloads } from './tokenizers.js';
import { torchFileWorkloads } from './torch-file.js';
import { trainerWorkloads } from './trainer.js';
import { tsneWorkloads } from './tsne.js';
import { visionWorkloads } from './vision.js';
import { wasmInferenceWorkloads } from './wasm-inference.js';
import { wordWorkloads } from './words.js';
import type { Workload } from './workload.js';

/** All workloads, in the order of docs/performance.md. */
export const workloads: readonly Workload[] = [
  ...gemmWorkloads,
  ...elementwiseWorkloads,
  ...reduceWorkloads,
  ...overheadWorkloads,
  ...mlpWorkloads,
  ...lenetWorkloads,
  ...trainerWorkloads,
  ...recurrentWorkloads,
  ...beamSearchWorkloads,
  ...attentionWorkloads,
  ...convWorkloads,
  ...visionWorkloads,
  ...wasmInferenceWorkloads,
  ...memoryWorkloads,
  ...optimizerWorkloads,
  ...familyWorkloads,
  ...torchFileWorkloads,
  ...tsneWorkloads,
  ...augmentationWorkloads,
  ...wordWorkloads,
  ...tokenizerWorkloads,
];

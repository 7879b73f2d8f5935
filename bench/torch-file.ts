import { join } from 'node:path';
import { randn, type Tensor, tidy } from '../src/index.js';
import * as io from '../src/io/index.js';
import { temporary } from './temporary.js';
import type { Workload } from './workload.js';

/**
 * 25 M parameters from a file that the system has in memory, forgotten at once as Python does. Myelin
 * checks the checksums, which PyTorch leaves out.
 */
const workload = (name: string, tensors: number): Workload => {
  const path = join(temporary, `${tensors}.pt`);
  return {
    row: 'reading a .pt file of 100 MB',
    name,
    target: 1,
    engine: 'native',
    async ours() {
      const state: Record<string, Tensor> = {};
      for (let i = 0; i < tensors; i++) state[`layers.${i}.weight`] = randn([25_000_000 / tensors]);
      await io.saveTorch(path, state);
      return () =>
        tidy(() => {
          io.loadTorch(path);
        });
    },
    rival: { kind: 'torch', setup: '', run: `torch.load(${JSON.stringify(path)})` },
  };
};

export const torchFileWorkloads: readonly Workload[] = [
  workload('in one tensor', 1),
  workload('in 50 tensors', 50),
];

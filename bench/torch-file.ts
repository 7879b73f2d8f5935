import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randn, type Tensor } from '../src/index.js';
import * as io from '../src/io/index.js';
import type { Workload } from './workload.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-bench-'));
const path = join(folder, 'model.pt');
process.once('exit', () => rmSync(folder, { recursive: true }));

/** 25 M parameters in 60 tensors, 100 MB, from a file that the system has in memory. */
export const torchFileWorkloads: readonly Workload[] = [
  {
    row: 'reading a .pt file of 100 MB',
    name: 'load',
    target: 1,
    engine: 'native',
    async ours() {
      const state: Record<string, Tensor> = {};
      for (let i = 0; i < 60; i++) state[`layers.${i}.weight`] = randn([417, 1000]);
      await io.saveTorch(path, state);
      return () => io.loadTorch(path);
    },
    rival: { kind: 'torch', setup: '', run: `torch.load(${JSON.stringify(path)})` },
  },
];

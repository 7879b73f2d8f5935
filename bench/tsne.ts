import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as data from '../src/data/index.js';
import { type Tensor, tensor } from '../src/index.js';
import * as io from '../src/io/index.js';
import * as metrics from '../src/metrics/index.js';
import type { Workload } from './workload.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
const path = join(folder, 'features.npy');
const count = 10_000;

/** Drawn digits by their first 50 principal components. @shape (10000, 50) */
async function features(): Promise<Tensor> {
  const { images } = data.drawnDigits({ train: count, test: 0 }).train;
  const x = tensor(images, [count, images.length / count])
    .to('float32')
    .div(255);
  return (await metrics.pca(x, 50)).transform(x);
}

/** Both sides make the whole map: neighbors, probabilities and 1000 iterations. */
export const tsneWorkloads: readonly Workload[] = [
  {
    row: 't-SNE',
    name: '10,000 × 50, perplexity 30, beside scikit-learn',
    target: 1,
    engine: 'native',
    samples: 3,
    async ours() {
      const x = await features();
      await io.saveNpy(path, x);
      return () => metrics.tsne(x);
    },
    rival: {
      kind: 'torch',
      setup: `
import numpy
from sklearn.manifold import TSNE
x = numpy.load(${JSON.stringify(path)})
model = TSNE(init="pca", learning_rate="auto", n_jobs=${cpus().length})`,
      run: 'model.fit_transform(x)',
    },
  },
];

import { expect, test } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import * as nn from '../../src/nn/index.js';

/** Layers by the name of the size that they are given. */
const layers: readonly (readonly [string, (n: number) => unknown])[] = [
  ['inFeatures', (n) => new nn.Linear(n, 4)],
  ['outFeatures', (n) => new nn.Linear(4, n)],
  ['in1Features', (n) => new nn.Bilinear(n, 2, 3)],
  ['inChannels', (n) => new nn.Conv2d(n, 2, 3)],
  ['outChannels', (n) => new nn.Conv1d(2, n, 3)],
  ['kernelSize', (n) => new nn.Conv3d(4, 4, n)],
  ['kernelSize', (n) => new nn.ConvTranspose1d(2, 2, n)],
  ['inChannels', (n) => new nn.ConvTranspose2d(n, 2, 2)],
  ['numEmbeddings', (n) => new nn.Embedding(n, 3)],
  ['embeddingDim', (n) => new nn.EmbeddingBag(3, n)],
  ['numFeatures', (n) => new nn.BatchNorm2d(n)],
  ['numFeatures', (n) => new nn.InstanceNorm1d(n)],
  ['normalizedShape', (n) => new nn.LayerNorm(n)],
  ['normalizedShape', (n) => new nn.RMSNorm([3, n])],
  ['numChannels', (n) => new nn.GroupNorm(1, n)],
  ['numGroups', (n) => new nn.GroupNorm(n, 4)],
  ['kernelSize', (n) => new nn.MaxPool2d(n)],
  ['kernelSize', (n) => new nn.AvgPool1d(n)],
  ['kernelSize', (n) => new nn.LPPool1d(2, n)],
  ['kernelSize', (n) => new nn.MaxUnpool2d(n)],
];

test.each(layers)('a layer takes only whole numbers as %s', (name, make) => {
  for (const n of [-3, 2.5, Infinity, Number.NaN, 2 ** 60, '3', undefined, null] as number[]) {
    expect(() => make(n), String(n)).toThrow(ArgumentError);
    expect(() => make(n)).toThrow(new RegExp(`: ${name} must be a whole number of at least [01], got `));
  }
});

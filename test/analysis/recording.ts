import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { type Tensor, tensor } from '../../src/index.js';

type Matrix = readonly (readonly number[])[];

export interface PcaCase {
  readonly x: Matrix;
  readonly other: Matrix;
  readonly nComponents: number;
  readonly whiten: boolean;
  readonly components: Matrix;
  readonly mean: readonly number[];
  readonly explainedVariance: readonly number[];
  readonly explainedVarianceRatio: readonly number[];
  readonly singularValues: readonly number[];
  readonly transformed: Matrix;
  readonly back: Matrix;
}

export interface KMeansCase {
  readonly x: Matrix;
  readonly init: Matrix;
  readonly options: { readonly maxIter: number; readonly tol: number };
  readonly centers: Matrix;
  readonly labels: readonly number[];
  readonly inertia: number;
  readonly nIter: number;
}

/** What test/record/record-analysis.py recorded. */
export const recorded = JSON.parse(
  gunzipSync(readFileSync(new URL('../recordings/analysis.json.gz', import.meta.url))).toString(),
) as {
  readonly pca: Readonly<Record<string, PcaCase>>;
  readonly kMeans: {
    readonly cases: Readonly<Record<string, KMeansCase>>;
    readonly seeded: { readonly x: Matrix; readonly k: number; readonly inertia: number };
  };
  readonly trustworthiness: {
    readonly x: Matrix;
    readonly embeddings: Readonly<Record<string, Matrix>>;
    readonly scores: readonly {
      readonly embedding: string;
      readonly nNeighbors: number;
      readonly value: number;
    }[];
  };
  readonly tsne: {
    readonly x: Matrix;
    readonly perplexity: number;
    readonly trustworthiness: number;
    readonly klDivergence: number;
    readonly trustworthiness3d: number;
    readonly klDivergence3d: number;
    readonly joint: { readonly rows: number; readonly perplexity: number; readonly p: Matrix };
  };
};

export const double = (values: Matrix): Tensor => tensor(values as number[][], { dtype: 'float64' });

/** Expects numbers within `tolerance`, relative to 1 or to what is larger. */
export function close(actual: Tensor, expected: Matrix | readonly number[], tolerance: number): void {
  const want = (expected as readonly (number | readonly number[])[]).flat();
  expect(actual.count).toBe(want.length);
  for (const [i, value] of [...actual.dataSync()].entries())
    expect(Math.abs(value - want[i]!)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(want[i]!)));
}

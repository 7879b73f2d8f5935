/** What the recorder needs of the op table: plain data, without the functions under test. */
import { createHash } from 'node:crypto';
import type { DType } from '../../src/core/dtype.js';
import { dtypeOf, elementsOf, hasGrad, type OpRow, type Sample, sampleDTypes } from './table.js';

export interface CaseSpec {
  readonly key: string;
  readonly torch: string;
  readonly grad: boolean;
  readonly inputs: readonly {
    readonly shape: readonly number[];
    readonly dtype: DType;
    readonly grad: boolean;
    readonly data: readonly number[];
  }[];
}

export function caseSpec(row: OpRow, sample: Sample, index: number, under: DType): CaseSpec {
  const grad = hasGrad(row, sample, under);
  return {
    key: `${row.op}#${index}#${under}`,
    torch: sample.torch,
    grad,
    inputs: sample.inputs.map((x, i) => ({
      shape: x.shape,
      dtype: dtypeOf(x, under),
      grad: grad && x.grad && dtypeOf(x, under).startsWith('float'),
      data: elementsOf(row.op, index, i, x, under),
    })),
  };
}

export const caseSpecs = (rows: readonly OpRow[]): CaseSpec[] =>
  rows.flatMap((row) =>
    row.samples.flatMap((sample, i) => sampleDTypes(sample).map((under) => caseSpec(row, sample, i, under))),
  );

/** Changes when a sample does, so that a stale recording is noticed. */
export const fingerprint = (spec: CaseSpec): string =>
  createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);

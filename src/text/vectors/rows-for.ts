import { describe } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { defineOptions, flag, generatorOption, word } from '../../core/options.js';
import { type Generator, noGrad, randn, type Tensor, tensor, zeros } from '../../index.js';
import { Vocab } from '../vocab.js';
import type { WordTable } from './word-table.js';

export interface RowsForOptions {
  /** What tokens without a vector get: zeros, or normal numbers with the vectors' spread (default `zeros`). */
  readonly unknown?: 'zeros' | 'random' | undefined;
  /** Whether a token without a vector gets the vector of its lowercase form (default false). */
  readonly lowercase?: boolean | undefined;
  readonly generator?: Generator | undefined;
}

const rowsOptions = defineOptions({
  unknown: word(['zeros', 'random'], 'zeros'),
  lowercase: flag(false),
  generator: generatorOption,
});

export async function rowsFor(
  operation: string,
  { vocab: known, vectors, dim }: WordTable,
  vocab: Vocab,
  options: RowsForOptions | undefined,
): Promise<{ rows: Tensor; missing: string[] }> {
  const { unknown, lowercase, generator } = rowsOptions(operation, options);
  if (!(vocab instanceof Vocab))
    throw new ArgumentError(operation, `vocab must be a Vocab, got ${describe(vocab)}`);
  const from: number[] = [];
  const to: number[] = [];
  const missing: string[] = [];
  vocab.itos.forEach((token, i) => {
    const index = known.stoi.get(token) ?? (lowercase ? known.stoi.get(token.toLowerCase()) : undefined);
    if (index === undefined) missing.push(token);
    else {
      from.push(index);
      to.push(i);
    }
  });
  const rows = noGrad(() => {
    const shape = [vocab.length, dim];
    const start =
      unknown === 'zeros' ? zeros(shape) : randn(shape, generator && { generator }).mul(vectors.std());
    const found = vectors.indexSelect(0, tensor(from, { dtype: 'int32' }));
    return start.indexCopy(0, tensor(to, { dtype: 'int32' }), found);
  });
  return { rows, missing };
}

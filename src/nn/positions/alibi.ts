import { exact } from '../../core/exact.js';
import { checkOption, whole } from '../../core/options.js';
import { arange, tensor } from '../../ops/creation/creation.js';
import type { Tensor } from '../../tensor/tensor.js';
import { count } from '../sizes.js';

const headsOption = whole(undefined, { least: 1, most: 2 ** 16 });

/** Slopes of a power of two of heads: 2^(−8/n), 2^(−16/n), … */
const powers = (heads: number): number[] =>
  Array.from({ length: heads }, (_, h) => 2 ** ((-8 * (h + 1)) / heads));

/**
 * How much ALiBi lowers a score for each step of distance, for each head: 2^(−8/n), 2^(−16/n), …, 2^(−8) for n heads. If n
 * isn't a power of two, the slopes of the next smaller one, and then every other slope of twice that many.
 *
 * @source Press et al. 2022, arXiv:2108.12409
 */
function slopesOf(numHeads: number): number[] {
  const even = 2 ** Math.floor(Math.log2(numHeads));
  const rest = powers(2 * even).filter((_, i) => i % 2 === 0);
  return [...powers(even), ...rest.slice(0, numHeads - even)];
}

/**
 * ALiBi: scores go down with the distance between query and key, at another rate in each head.
 *
 *     bias[h, i, j] = −m_h · |i + (sources − targets) − j|, m_h = 2^(−8(h + 1)/numHeads)
 *
 * Add it to the scores, as the mask of an attention; with `isCausal`, combine both in one mask. The last query stands at the
 * last key. It takes the place of positions that are added to the input.
 *
 * @param sources the number of keys (default `targets`)
 * @shape (numHeads, targets, sources)
 * @source Press et al. 2022, arXiv:2108.12409
 * @example
 * const [q, k, v] = [randn([2, 4, 10, 16]), randn([2, 4, 10, 16]), randn([2, 4, 10, 16])];
 * F.scaledDotProductAttention(q, k, v, { attnMask: nn.alibi(4, 10) }).shape; // [2, 4, 10, 16]
 */
export const alibi = exact(
  'alibi(numHeads, targets, sources)',
  (numHeads: number, targets: number, sources: number = targets): Tensor => {
    checkOption('alibi', 'numHeads', headsOption, numHeads);
    count('alibi', 'targets', targets);
    count('alibi', 'sources', sources);
    const queries = arange(sources - targets, sources, { dtype: 'float32' }).unsqueeze(1);
    const distance = queries.sub(arange(sources, { dtype: 'float32' })).abs(); // (L, S)
    return tensor(Float32Array.from(slopesOf(numHeads)), [numHeads, 1, 1])
      .mul(distance)
      .neg();
  },
);

/** How often words meet, counted by kernels on CPU engines. */
import { pointer } from '../../engine/cpu/context.js';
import { extension } from '../../engine/cpu/extension.js';
import { type Tensor, tensor, tidy, zeros } from '../../index.js';
import { empty } from '../../tensor/tensor.js';
import type { WordCorpus } from './corpus.js';

const kernelsOf = extension(({ abi }) => abi);

/** X as the rows of a sparse matrix (words, words): x_ij says how often, or how closely, word j is to word i. */
export interface Cooccurrence {
  readonly words: number;
  /** Where each word's elements begin. @shape (words + 1) int32 */
  readonly rowStarts: Tensor;
  /** @shape (elements) int32 */
  readonly columns: Tensor;
  /** @shape (elements) */
  readonly values: Tensor;
}

/** For each word, its places in the text: `places` from `starts[word]` on. */
function placesOf({ tokens, counts }: WordCorpus): { starts: Int32Array; places: Int32Array } {
  const starts = new Int32Array(counts.length + 1);
  counts.forEach((count, word) => {
    starts[word + 1] = starts[word]! + count;
  });
  const next = starts.slice(0, counts.length);
  const places = new Int32Array(starts.at(-1)!);
  tokens.forEach((word, place) => {
    if (word < 0) return;
    places[next[word]!] = place;
    next[word]! += 1;
  });
  return { starts, places };
}

function startsOf(sizes: ArrayLike<number>): Int32Array | null {
  const starts = new Int32Array(sizes.length + 1);
  let total = 0;
  for (let i = 0; i < sizes.length; i++) {
    total += sizes[i]!;
    if (total > 2 ** 31 - 1) return null;
    starts[i + 1] = total;
  }
  return starts;
}

/** `countMeetings`, without kernels. */
export function composedMeetings(
  { tokens, counts }: WordCorpus,
  window: number,
  weighted: boolean,
): Cooccurrence {
  const rows = Array.from(counts, () => new Map<number, number>());
  for (let place = 0; place < tokens.length; place++) {
    const row = rows[tokens[place]!];
    for (const step of [-1, 1])
      for (let d = 1; row && d <= window && (tokens[place + step * d] ?? -1) >= 0; d++) {
        const other = tokens[place + step * d]!;
        row.set(other, (row.get(other) ?? 0) + (weighted ? 1 / d : 1));
      }
  }
  return {
    words: rows.length,
    rowStarts: tensor(startsOf(rows.map((row) => row.size))!),
    columns: tensor(Int32Array.from(rows.flatMap((row) => [...row.keys()]))),
    values: tensor(Float32Array.from(rows.flatMap((row) => [...row.values()]))),
  };
}

/**
 * Counts how often words are within `window` of each other in a sentence; with `weighted`, each meeting counts as 1
 * over their distance. Null if the matrix has more than 2³¹ elements.
 */
export async function countMeetings(
  corpus: WordCorpus,
  window: number,
  weighted: boolean,
): Promise<Cooccurrence | null> {
  const words = corpus.counts.length;
  const sizes = zeros([words], { dtype: 'int32' });
  const kernels = kernelsOf(sizes.engine);
  if (kernels === null) return composedMeetings(corpus, window, weighted);
  const { starts, places } = placesOf(corpus);
  const [tokensAt, startsAt, placesAt] = [tensor(corpus.tokens), tensor(starts), tensor(places)];
  const count = corpus.tokens.length;
  kernels.cooccurrence_counts(
    pointer(tokensAt),
    count,
    pointer(startsAt),
    pointer(placesAt),
    words,
    window,
    pointer(sizes),
  );
  const rowStarts = startsOf((await sizes.data()) as Int32Array);
  if (rowStarts === null) return null;
  const result = {
    words,
    rowStarts: tensor(rowStarts),
    columns: empty([rowStarts[words]!], 'int32', sizes.engine),
    values: empty([rowStarts[words]!], 'float32', sizes.engine),
  };
  tidy(() =>
    kernels.cooccurrence_fill(
      pointer(tokensAt),
      count,
      pointer(startsAt),
      pointer(placesAt),
      words,
      window,
      Number(weighted),
      pointer(result.rowStarts),
      pointer(result.columns),
      pointer(result.values),
    ),
  );
  for (const temporary of [tokensAt, startsAt, placesAt, sizes]) temporary.dispose();
  return result;
}

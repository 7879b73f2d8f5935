import { type Generator, rand, randint, type Tensor, tensor, tidy } from '../../index.js';

/** Squared distances from some of the rows to all rows. @shape (rows of `of`, N) */
async function distancesFrom(rows: Tensor, lengths: Tensor, of: readonly number[]): Promise<Float64Array[]> {
  const products = tidy(() => {
    const index = tensor(Int32Array.from(of));
    const chosen = rows.indexSelect(0, index);
    const squares = lengths.indexSelect(0, index).unsqueeze(1).add(lengths);
    return squares.sub(chosen.matmul(rows.t()).mul(2)).clamp(0).to('float64');
  });
  const all = (await products.data()) as Float64Array;
  products.dispose();
  const n = rows.shape[0]!;
  return of.map((row, i) => {
    const distances = all.subarray(i * n, (i + 1) * n);
    distances[row] = 0;
    return distances;
  });
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** The first index at which the running sum of `weights` exceeds `at`. */
function drawn(weights: Float64Array, at: number): number {
  let reached = 0;
  let last = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight > 0) last = i;
    reached += weight;
    if (reached > at) return i;
  }
  return last;
}

/**
 * Picks k rows as initial centers. Each is drawn with probability proportional to its squared distance from the
 * nearest center so far; of 2 + ⌊log k⌋ candidates, the one that reduces the sum of these distances the most is kept.
 *
 * @source Arthur and Vassilvitskii 2007, k-means++: the advantages of careful seeding
 */
export async function plusPlus(rows: Tensor, k: number, generator: Generator): Promise<Tensor> {
  const n = rows.shape[0]!;
  const lengths = tidy(() => rows.square().sum(1));
  const trials = 2 + Math.floor(Math.log(k));
  const chosen = [await randint(0, n, [1], { generator }).item()];
  let [nearest] = (await distancesFrom(rows, lengths, chosen)) as [Float64Array];
  while (chosen.length < k) {
    const total = sum(nearest);
    const places = await rand([trials], { generator, dtype: 'float64' }).data();
    const candidates = Array.from(places, (place) => drawn(nearest, place * total));
    let best: Float64Array | null = null;
    let least = Number.POSITIVE_INFINITY;
    let taken = candidates[0]!;
    for (const [i, distances] of (await distancesFrom(rows, lengths, candidates)).entries()) {
      const after = nearest.map((distance, row) => Math.min(distance, distances[row]!));
      const left = sum(after);
      if (left >= least) continue;
      best = after;
      least = left;
      taken = candidates[i]!;
    }
    nearest = best ?? nearest;
    chosen.push(taken);
  }
  lengths.dispose();
  return rows.indexSelect(0, tensor(Int32Array.from(chosen)));
}

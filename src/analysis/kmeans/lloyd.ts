import { bincount, type Tensor, tensor, tidy, zeros } from '../../index.js';
import { nearest } from '../neighbor-kernels.js';

/** Where rows belong. */
export interface Assignment {
  /** The nearest center of each row. @shape (N), int32 */
  readonly labels: Tensor;
  /** Squared distance of each row from it. @shape (N) */
  readonly distances: Tensor;
}

/** What Lloyd's iteration ends with. */
export interface Clustering {
  readonly centers: Tensor;
  readonly labels: Tensor;
  /** Sum of squared distances of the rows from their centers. */
  readonly inertia: number;
  readonly nIter: number;
}

/** The nearest center of each row, the first of equally near ones. */
export function assign(rows: Tensor, centers: Tensor): Assignment {
  const n = rows.shape[0]!;
  const { indices, squaredDistances } = nearest(rows, centers, 1, false);
  return { labels: indices.reshape([n]), distances: squaredDistances.reshape([n]) };
}

/**
 * Gives each cluster without rows the row farthest from its center, which leaves its own cluster: changes
 * the sums and counts of rows. Where rows lie on their centers there is nothing to gain.
 */
async function refill(
  rows: Tensor,
  { labels, distances }: Assignment,
  sums: Tensor,
  counts: number[],
): Promise<void> {
  const empties = counts.flatMap((count, cluster) => (count === 0 ? [cluster] : []));
  const { values, indices } = distances.topk(empties.length, 0);
  const [far, farthest, owners] = await Promise.all([values.data(), indices.data(), labels.data()]);
  for (const [i, cluster] of empties.entries()) {
    if (far[i] === 0) return;
    const row = farthest[i]!;
    const owner = owners[row]!;
    const point = rows.select(0, row);
    sums.select(0, owner).sub_(point);
    sums.select(0, cluster).copy_(point);
    counts[owner]! -= 1;
    counts[cluster] = 1;
  }
}

/** The mean of each cluster's rows; a cluster without rows stays where it is. */
async function meansOf(rows: Tensor, assignment: Assignment, centers: Tensor): Promise<Tensor> {
  const k = centers.shape[0]!;
  const sums = zeros(centers.shape, { dtype: rows.dtype }).indexAdd(0, assignment.labels, rows);
  const counts = Array.from(await bincount(assignment.labels, { minlength: k }).data());
  if (counts.includes(0)) await refill(rows, assignment, sums, counts);
  const divisor = tensor(counts, [k, 1], { dtype: rows.dtype });
  return tidy(() => sums.div(divisor.clamp(1)).where(divisor.gt(0), centers));
}

/**
 * Lloyd's iteration: rows to their nearest center, centers to the mean of their rows, until no row changes
 * its cluster, the centers together move by no more than √tolerance, or `maxIter` rounds are over.
 *
 * @source Lloyd 1982, Least squares quantization in PCM, doi:10.1109/TIT.1982.1056489
 */
export async function lloyd(
  rows: Tensor,
  first: Tensor,
  { maxIter, tolerance }: { maxIter: number; tolerance: number },
): Promise<Clustering> {
  let centers = first;
  let before: Tensor | null = null;
  let nIter = 0;
  let settled = false;
  while (nIter < maxIter && !settled) {
    const assignment = assign(rows, centers);
    const means = await meansOf(rows, assignment, centers);
    const moved = tidy(() => means.sub(centers).square().sum());
    settled = before !== null && (await assignment.labels.eq(before).all().item()) === 1;
    settled ||= (await moved.item()) <= tolerance;
    before = assignment.labels;
    centers = means;
    nIter++;
  }
  const { labels, distances } = assign(rows, centers);
  return { centers, labels, inertia: await distances.to('float64').sum().item(), nIter };
}

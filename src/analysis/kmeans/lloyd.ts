import { bincountAsync, type Tensor, tensor, tidy, zeros } from '../../index.js';
import { nearest } from '../neighbor-kernels.js';

/** The cluster each row belongs to. */
export interface Assignment {
  /** The nearest center to each row. @shape (N), int32 */
  readonly labels: Tensor;
  /** Squared distance from each row to its nearest center. @shape (N) */
  readonly distances: Tensor;
}

/** The result of Lloyd's iteration. */
export interface Clustering {
  readonly centers: Tensor;
  readonly labels: Tensor;
  /** Sum of the squared distances between rows and their centers. */
  readonly inertia: number;
  readonly nIter: number;
}

/** The nearest center to each row; ties go to the first. */
export function assign(rows: Tensor, centers: Tensor): Assignment {
  const n = rows.shape[0]!;
  const { indices, squaredDistances } = nearest(rows, centers, 1, false);
  return { labels: indices.reshape([n]), distances: squaredDistances.reshape([n]) };
}

/**
 * Moves the row farthest from its center into each empty cluster, updating the sums and counts of rows. If all rows
 * lie on their centers, there's nothing to gain.
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

/** The mean of each cluster's rows; an empty cluster keeps its center. */
async function meansOf(rows: Tensor, assignment: Assignment, centers: Tensor): Promise<Tensor> {
  const k = centers.shape[0]!;
  const sums = zeros(centers.shape, { dtype: rows.dtype }).indexAdd(0, assignment.labels, rows);
  const counts = Array.from(await (await bincountAsync(assignment.labels, { minlength: k })).data());
  if (counts.includes(0)) await refill(rows, assignment, sums, counts);
  const divisor = tensor(counts, [k, 1], { dtype: rows.dtype });
  return tidy(() => sums.div(divisor.clamp(1)).where(divisor.gt(0), centers));
}

/**
 * Lloyd's iteration: assigns rows to their nearest center and moves centers to the mean of their rows until no row
 * changes clusters, the total movement of the centers is at most √tolerance, or `maxIter` iterations have run.
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

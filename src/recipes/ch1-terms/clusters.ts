import { blobs } from '../../data/index.js';
import { type Tensor, tensor } from '../../index.js';
import { ConfusionMatrix, kMeans, pca } from '../../metrics/index.js';
import { heatmap, lineChart, panels, scatter } from '../../viz/index.js';
import {
  defineRecipe,
  listOf,
  type PartProgress,
  type PartResult,
  percent,
  planeOf,
  study,
  table,
  text,
} from '../kit/index.js';
import { loadFlowers } from './flowers.js';

/** The clusters found for one value of k. A type, because an interface wouldn't be a `State`. */
type Found = {
  readonly k: number;
  /** Sum of squared distances from the centers. */
  readonly inertia: number;
  readonly labels: readonly number[];
  readonly purity: number;
};

interface Result extends PartResult {
  /** For k = 1, 2, … */
  readonly found: readonly Found[];
  /** Inertias of single starts: from rows drawn evenly, and by k-means++. */
  readonly starts: { readonly random: readonly number[]; readonly plusPlus: readonly number[] };
}

interface Points {
  readonly name: string;
  /** @shape (n, features) */
  readonly x: Tensor;
  /** The classes of the points, which k-means doesn't see. @shape (n), int32 */
  readonly classes: Tensor;
  readonly names: readonly string[];
}

/** How many points of each class (row) are in each cluster (column). */
async function crossed(labels: readonly number[], classes: Tensor): Promise<number[][]> {
  const confusion = new ConfusionMatrix().update(tensor([...labels], { dtype: 'int32' }), classes);
  return (await (await confusion.computeAsync()).toArray()) as number[][];
}

/** The labels of clusters, renumbered: each gets the number, and so the color, of the class it matches best. */
async function matched(labels: readonly number[], classes: Tensor): Promise<number[]> {
  const counts = await crossed(labels, classes);
  const pairs = counts
    .flatMap((row, of) => row.map((count, cluster) => ({ of, cluster, count })))
    .sort((a, b) => b.count - a.count);
  const names = new Map<number, number>();
  for (const { of, cluster } of pairs)
    if (!names.has(cluster) && ![...names.values()].includes(of)) names.set(cluster, of);
  return labels.map((label) => names.get(label)!);
}

/** Share of the points that belong to the most frequent class of their cluster. */
async function purity(labels: readonly number[], classes: Tensor): Promise<number> {
  const counts = await crossed(labels, classes);
  const most = counts.map((_, cluster) => Math.max(...counts.map((row) => row[cluster]!)));
  return most.reduce((a, b) => a + b, 0) / labels.length;
}

/**
 * The elbow of the inertia: up to this number of clusters it falls fast, and beyond it slowly, by the ratio of
 * the two.
 */
export function elbow(inertias: readonly number[]): number {
  const fall = (i: number): number => inertias[i - 1]! - inertias[i]!;
  let best = 1;
  let sharpest = 0;
  for (let i = 1; i < inertias.length - 1; i++) {
    const sharpness = fall(i) / Math.max(fall(i + 1), Number.EPSILON);
    if (sharpness > sharpest) [best, sharpest] = [i + 1, sharpness];
  }
  return best;
}

const STARTS = 30;

async function cluster(
  { x, classes, names }: Points,
  maxK: number,
  seed: number,
  progress: PartProgress,
): Promise<Result> {
  const found: Found[] = [];
  for (let k = 1; k <= maxK; k++) {
    const { labels: of, inertia } = await kMeans(x, k, { seed });
    const labels = await listOf(of);
    found.push({ k, inertia, labels, purity: await purity(labels, classes) });
    await progress(k / (maxK + 1));
  }
  const singles = async (init: 'random' | 'k-means++'): Promise<number[]> => {
    const inertias: number[] = [];
    for (let i = 0; i < STARTS; i++) {
      inertias.push((await kMeans(x, names.length, { init, nInit: 1, seed: seed * STARTS + i })).inertia);
      await progress(maxK / (maxK + 1));
    }
    return inertias;
  };
  return {
    numbers: {
      elbow: elbow(found.map(({ inertia }) => inertia)),
      purity: found[names.length - 1]?.purity ?? 0,
    },
    found,
    starts: { random: await singles('random'), plusPlus: await singles('k-means++') },
  };
}

export const clusters = defineRecipe({
  name: 'clusters',
  section: '1.3',
  title: 'Unsupervised learning: k-means finds groups that nobody labeled',
  about:
    'k-means on clouds of points in the plane, and on Iris: 150 flowers of three species. k-means sees only ' +
    'their lengths and widths, not the species. It places k centers so that each point is close to one of ' +
    "them (small inertia). It doesn't say how many there should be: inertia falls with every added cluster, " +
    'fast up to the elbow and then slowly. The labels are used only at the end, to see how pure the clusters ' +
    'are: two species overlap, and no clustering by distance separates them. k-means ends in a minimum near ' +
    'its start, so it starts several times; single starts show how often that fails, and how much the ' +
    'far-apart starts of k-means++ help. Try --std 3 (clouds that overlap), --centers 7 --max-k 10, and other ' +
    'seeds.',
  dataset: 'Iris',
  options: {
    points: { kind: 'integer', default: 400, min: 20, max: 100_000, help: 'points in the plane' },
    centers: { kind: 'integer', default: 5, min: 1, max: 20, help: 'clouds that the points come from' },
    std: { kind: 'number', default: 1, min: 0, max: 100, help: 'standard deviation of a cloud' },
    maxK: { kind: 'integer', default: 8, min: 3, max: 20, help: 'largest number of clusters to try' },
  },

  async prepare(context) {
    const { points, centers, std, maxK, seed } = context.options;
    const made = blobs({ n: points, centers, std, seed });
    await context.emit(text('data', `${points} points of ${centers} clouds in the plane`));
    const flowers = await loadFlowers(context);
    const plane: Points = {
      name: 'clouds',
      x: made.x,
      classes: made.y,
      names: Array.from({ length: centers }, (_, i) => `cloud ${i}`),
    };
    const sets: readonly Points[] = [plane, { ...flowers, classes: flowers.species }];
    const most = Math.max(maxK, centers);
    const numberOf = ({ names }: Points): number => names.length;

    return study<Result>(context, {
      parts: sets.map((set) => ({
        name: set.name,
        run: (progress) => cluster(set, most, seed, progress),
      })),

      conclude(results) {
        const [clouds, iris] = results.map(({ numbers }) => numbers);
        /** Share of single starts that come within 1 % of the best. */
        const success = ({ found, starts }: Result, i: number, how: keyof Result['starts']): string => {
          const best = found[numberOf(sets[i]!) - 1]!.inertia;
          return percent(starts[how].filter((inertia) => inertia <= 1.01 * best).length / STARTS, 0);
        };
        return {
          numbers: {
            cloudsElbow: clouds!.elbow!,
            cloudsPurity: clouds!.purity!,
            flowersElbow: iris!.elbow!,
            flowersPurity: iris!.purity!,
          },
          line:
            `clouds: elbow at ${clouds!.elbow}, purity ${percent(clouds!.purity!)} with ${centers} clusters; ` +
            `${flowers.name}: elbow at ${iris!.elbow}, purity ${percent(iris!.purity!)} with 3 clusters`,
          report: [
            'Inertia and purity by the number of clusters, k:',
            table(
              ['k', ...sets.flatMap(({ name }) => [name, 'pure', ''])],
              Array.from({ length: most }, (_, i) => [
                i + 1,
                ...results.flatMap(({ found, numbers }) => [
                  found[i]!.inertia.toFixed(1),
                  percent(found[i]!.purity),
                  numbers.elbow === i + 1 ? '← elbow' : '',
                ]),
              ]),
            ),
            "Purity needs the labels, and is 100 % with a cluster for each point: it can't choose k.",
            '',
            `Share of ${STARTS} single starts that came within 1 % of the lowest inertia:`,
            table(
              ['', ...sets.map((set) => `${set.name}, k = ${numberOf(set)}`)],
              [
                ['centers drawn evenly', ...results.map((result, i) => success(result, i, 'random'))],
                ['k-means++', ...results.map((result, i) => success(result, i, 'plusPlus'))],
              ],
            ),
          ],
        };
      },

      async pictures(results) {
        const [clouds, iris] = results.map(({ found }, i) => found[numberOf(sets[i]!) - 1]!);
        const species = await matched(iris!.labels, flowers.species);
        const flat = (await pca(flowers.x, 2)).transform(flowers.x);
        const size = { width: 300, height: 260 };
        const both = async (
          points: Tensor,
          { classes: of, names }: Points,
          found: Found,
          labels: readonly number[],
          what: string,
        ) => {
          const { x, y, classes } = await planeOf(points, of);
          return [
            scatter({ x, y, classes: classes.map((label) => names[label]!) }, { title: what, ...size }),
            scatter(
              { x, y, classes: labels.map((label) => `cluster ${label}`) },
              { title: `Found with k = ${found.k}`, ...size },
            ),
          ];
        };
        return [
          {
            name: 'elbow',
            figure: lineChart(
              results.map(({ found }, i) => ({
                name: sets[i]!.name,
                x: found.map(({ k }) => k),
                y: found.map(({ inertia }) => inertia / found[0]!.inertia),
                points: true,
              })),
              {
                title: 'The elbow: beyond it, more clusters gain little',
                xLabel: 'Clusters k',
                yLabel: 'Inertia, as a share of the inertia with one cluster',
              },
            ),
          },
          {
            name: 'clusters',
            figure: panels(
              [
                ...(await both(
                  plane.x,
                  plane,
                  clouds!,
                  await matched(clouds!.labels, plane.classes),
                  'Clouds, as made',
                )),
                ...(await both(
                  flat,
                  sets[1]!,
                  iris!,
                  species,
                  `${flowers.name}: the ${flowers.kinds}, on two principal axes`,
                )),
              ],
              { title: "What k-means wasn't told, and what it found", columns: 2 },
            ),
          },
          {
            name: 'species',
            figure: heatmap(await crossed(species, flowers.species), {
              title: `Which ${flowers.kinds} are in which cluster`,
              subtitle: 'counts of examples',
              xNames: ['cluster 0', 'cluster 1', 'cluster 2'],
              yNames: flowers.names,
            }),
          },
        ];
      },
    });
  },
});

import { DataLoader, TensorDataset } from '../../data/index.js';
import * as F from '../../functional.js';
import { ArgumentError, type Tensor } from '../../index.js';
import { accuracy, nearestNeighbors, pca, trustworthiness, tsne } from '../../metrics/index.js';
import * as optim from '../../optim/index.js';
import { embeddings, LeNet5 } from '../../vision/index.js';
import { type Figure, lineChart, panels, scatter } from '../../viz/index.js';
import { grayInput, loadImageSet } from '../kit/images/index.js';
import {
  dataLine,
  defineRecipe,
  epochs,
  listOf,
  type PartProgress,
  type PartResult,
  percent,
  planeOf,
  study,
  table,
  trainPart,
} from '../kit/index.js';

/** Components that t-SNE starts from if there are more features. */
const REDUCED = 50;
/** Neighbors that vote on the class. */
const NEIGHBORS = 5;

/**
 * Share of the rows that have the same class as most of their nearest neighbors, not counting themselves.
 *
 * @shape x (N, D), classes (N)
 */
export async function neighborAccuracy(x: Tensor, classes: Tensor, k = NEIGHBORS): Promise<number> {
  const labels = await classes.data();
  const { indices } = await nearestNeighbors(x, null, k);
  const right = ((await indices.toArray()) as number[][]).filter((others, i) => {
    const votes = new Map<number, number>();
    for (const j of others) votes.set(labels[j]!, (votes.get(labels[j]!) ?? 0) + 1);
    const [winner] = [...votes].reduce((a, b) => (b[1] > a[1] ? b : a));
    return winner === labels[i];
  });
  return right.length / x.shape[0]!;
}

/** A picture of points in the plane, and how good it is. A type, because an interface wouldn't be a `State`. */
type View = {
  /** @shape (N, 2) */
  readonly points: Tensor;
  readonly trustworthiness: number;
  /** Of the nearest neighbors in the plane. */
  readonly accuracy: number;
};

interface Result extends PartResult {
  readonly features: number;
  /** Accuracy of the nearest neighbors among all features. */
  readonly accuracy: number;
  /** Share of the variance that the first 1, 2, … principal components have. */
  readonly variance: readonly number[];
  readonly pca: View;
  readonly tsne: View;
}

interface TsneSettings {
  readonly perplexity: number;
  readonly seed: number;
}

/** PCA and t-SNE of rows (N, D). */
async function views(
  x: Tensor,
  classes: Tensor,
  { perplexity, seed }: TsneSettings,
  progress: PartProgress,
): Promise<Result> {
  const viewOf = async (points: Tensor): Promise<View> => ({
    points,
    trustworthiness: await trustworthiness(x, points),
    accuracy: await neighborAccuracy(points, classes),
  });
  const reduction = await pca(x, Math.min(REDUCED, x.shape[0]!, x.shape[1]!));
  const scores = reduction.transform(x);
  const { embedding } = await tsne(scores, {
    perplexity,
    seed,
    onProgress: ({ iteration }) => progress(iteration / 1000),
  });
  let sum = 0;
  const variance = (await listOf(reduction.explainedVarianceRatio)).map((share) => {
    sum += share;
    return sum;
  });
  const [byPca, byTsne] = [await viewOf(scores.narrow(1, 0, 2)), await viewOf(embedding)];
  return {
    numbers: { pcaAccuracy: byPca.accuracy, tsneAccuracy: byTsne.accuracy },
    features: x.shape[1]!,
    accuracy: await neighborAccuracy(x, classes),
    variance,
    pca: byPca,
    tsne: byTsne,
  };
}

export const projection = defineRecipe({
  name: 'projection',
  section: '2.12',
  title: 'PCA and t-SNE: digits in the plane, as pixels and as a trained network sees them',
  about:
    'Each point is an image that no network has seen: once as 784 pixels, and once as the 84 features that ' +
    'the last layer of a trained LeNet-5 gets. PCA projects the points onto the two directions of greatest ' +
    'variance; t-SNE places them so that neighbors stay neighbors. Pixels mix the digits, while features ' +
    'group them by class: neat clusters are a sign of a network that works, and the points between them are ' +
    'its mistakes. Trustworthiness says whether neighbors in the picture were neighbors before; the accuracy ' +
    'of nearest neighbors says whether they belong to the same class. In t-SNE, the size of clusters and the ' +
    'distance between them mean little. Try --epochs 0 (an untrained network), --perplexity 5 and 100, and ' +
    '--images 5000.',
  dataset: 'MNIST',
  options: {
    images: { kind: 'integer', default: 2000, min: 100, max: 10_000, help: 'test images to project' },
    perplexity: { kind: 'number', default: 30, min: 1, max: 1000, help: 'about how many neighbors count' },
    epochs: { ...epochs(1), min: 0, help: 'times LeNet-5 goes through the training images' },
  },

  async prepare(context) {
    const { images, perplexity, epochs, seed } = context.options;
    if (perplexity >= images)
      throw new ArgumentError(
        'projection',
        `perplexity ${perplexity} is more neighbors than ${images} images have; lower it`,
      );
    const { title: of, train, test, classes: names } = await loadImageSet('mnist', context);
    const [some, labels] = test.batch(Array.from({ length: Math.min(images, test.length) }, (_, i) => i));
    const pixels = some.to('float32').div(255).flatten(1); // (N, 784)
    const settings = { perplexity, seed };

    const trained = async (progress: PartProgress): Promise<Tensor> => {
      const model = new LeNet5();
      if (epochs > 0)
        await trainPart<[Tensor, Tensor]>(
          {
            model,
            optimizer: new optim.Adam(model.parameters(), { lr: 2e-3 }),
            step: ([images, labels]) => {
              const logits = model.forward(grayInput(images));
              return { loss: F.crossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
            },
          },
          new DataLoader(train, { batchSize: 64, shuffle: true }),
          { epochs },
          (share) => progress(share / 2),
        );
      const shown = new TensorDataset<[Tensor, Tensor]>(grayInput(some), labels);
      return (await embeddings(model, new DataLoader(shown, { batchSize: 1000 }))).tensors[0];
    };
    const sources = ['pixels', 'features'] as const;

    return study<Result>(context, {
      parts: [
        { name: sources[0], run: (progress) => views(pixels, labels, settings, progress) },
        {
          name: sources[1],
          async run(progress) {
            const features = await trained(progress);
            return views(features, labels, settings, (share) => progress(0.5 + share / 2));
          },
        },
      ],

      conclude(results) {
        const [pixels, features] = results.map(({ numbers }) => numbers);
        return {
          numbers: {
            pixelsPca: pixels!.pcaAccuracy!,
            pixelsTsne: pixels!.tsneAccuracy!,
            featuresPca: features!.pcaAccuracy!,
            featuresTsne: features!.tsneAccuracy!,
            pixelsTrustworthiness: results[0]!.tsne.trustworthiness,
            featuresTrustworthiness: results[1]!.tsne.trustworthiness,
          },
          line: `accuracy of neighbors in the plane, PCA and t-SNE: ${results
            .map(({ pca, tsne }, i) => `${sources[i]} ${percent(pca.accuracy)}, ${percent(tsne.accuracy)}`)
            .join('; ')}`,
          report: [
            `${labels.shape[0]} test images; the accuracy is that of the ${NEIGHBORS} nearest neighbors:`,
            table(
              ['', 'numbers per image', 'accuracy', 'variance kept', 'trustworthiness'],
              results.flatMap(({ features, accuracy, variance, pca, tsne }, i) => [
                [sources[i]!, features, percent(accuracy), percent(1), ''],
                ['  PCA', 2, percent(pca.accuracy), percent(variance[1]!), pca.trustworthiness.toFixed(3)],
                ['  t-SNE', 2, percent(tsne.accuracy), '', tsne.trustworthiness.toFixed(3)],
              ]),
            ),
            "PCA keeps variance, not classes. t-SNE didn't see the classes either: if it separates them, they",
            'are apart in the pixels or features themselves.',
          ],
        };
      },

      async pictures(results) {
        const view = async ({ points }: View, title: string): Promise<Figure> => {
          const { x, y, classes } = await planeOf(points, labels);
          const named = classes.map((label) => names[label]!);
          return scatter({ x, y, classes: named }, { title, width: 360, height: 360 });
        };
        return [
          {
            name: 'projection',
            figure: panels(
              await Promise.all(
                results.flatMap((result, i) => [
                  view(result.pca, `PCA of ${sources[i]}`),
                  view(result.tsne, `t-SNE of ${sources[i]}`),
                ]),
              ),
              { title: `${labels.shape[0]} digits in the plane`, subtitle: dataLine(of), columns: 2 },
            ),
          },
          {
            name: 'variance',
            figure: lineChart(
              results.map(({ variance }, i) => ({
                name: sources[i]!,
                x: variance.map((_, component) => component + 1),
                y: variance,
              })),
              {
                title: 'How much of the variance the first principal components keep',
                subtitle: dataLine(of),
                xLabel: 'Components',
                yLabel: 'Share of the variance',
              },
            ),
          },
        ];
      },
    });
  },
});

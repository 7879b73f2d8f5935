import { DataLoader } from '../../data/index.js';
import * as F from '../../functional.js';
import { cat, type Tensor, tensor } from '../../index.js';
import { accuracy, nearestNeighbors } from '../../metrics/index.js';
import type * as nn from '../../nn/index.js';
import type { Batches } from '../../train/index.js';
import {
  CifarResNet,
  embeddings,
  freezeEncoder,
  headOf,
  type ImageDataset,
  type ImageTransform,
  parameterGroups,
  type ResNet,
  replaceHead,
} from '../../vision/index.js';
import { imageGrid, lineChart } from '../../viz/index.js';
import { accuracyOn, colorInput, dataset, loadImageSet, transformed } from '../kit/images/index.js';
import {
  batchSize,
  dataLine,
  defineRecipe,
  epochs,
  listOf,
  lr,
  type Part,
  type PartProgress,
  type PartResult,
  percent,
  type SgdParams,
  scheduledSgd,
  study,
  table,
  text,
  trainPart,
} from '../kit/index.js';
import { fewOf, halfOf } from './class-sets.js';
import { type Pretrained, pretrained } from './pretrained.js';

/** Labeled images per class. */
const LABELS = [10, 50, 250] as const;
const WAYS = ['scratch', 'frozen', 'fine-tuned'] as const;
/** The most images in a batch of few. */
const BATCH = 64;
/** Images in a batch that isn't trained on. */
const MEASURED = 250;
/** Numbers of test images to show, and of neighbors for each. */
const [SHOWN, NEIGHBORS] = [8, 6];

type Network = CifarResNet | ResNet;
type Batch = [images: Tensor, labels: Tensor];

interface Result extends PartResult {
  /** What was trained: the whole network, or the head of a frozen one. */
  readonly model?: nn.StateDict;
  /** For each image shown its neighbors, rows of the training images. */
  readonly neighbors?: readonly (readonly number[])[];
}

/** α of the penalty on weights. */
const WEIGHT_DECAY = 5e-4;

interface Rates {
  /** What learns (default: the parameters of the model). */
  readonly params?: SgdParams;
  readonly lr: number;
}

export const transfer = defineRecipe({
  name: 'transfer',
  section: '3.11',
  title: 'Transfer learning: an encoder trained on some classes serves others',
  about:
    'A ResNet-20 learns the first five classes of CIFAR-10. For the other five, which it never saw, there are ' +
    'only a few labeled images: 10, 50, or 250 per class. A new network that starts from scratch is compared ' +
    'with two uses of the trained one: its encoder frozen under a new head, which takes seconds because the ' +
    'features are computed once; and fine-tuned, with a lower rate for the encoder. The fewer the labels, the ' +
    'more the encoder helps. Pictures show the accuracy over the number of labels, and nearest neighbors by ' +
    'the features of the frozen encoder. Try --from resnet18.pth (from torchvision), --from with the folder ' +
    'of a resnet run, --epochs 30, and --dataset fashion-mnist.',
  dataset: 'the images',
  options: {
    dataset: dataset('cifar10'),
    from: {
      kind: 'text',
      default: '',
      value: 'file',
      help: 'weights of a ResNet, or the folder of a run, instead of pretraining',
      absent: 'pretraining',
    },
    size: {
      kind: 'integer',
      default: 64,
      min: 32,
      max: 512,
      help: "side to which images are enlarged for torchvision's networks",
    },
    epochs: { ...epochs(10), help: 'times to go through the pretraining images' },
    batchSize: { ...batchSize(128), help: 'images in a pretraining batch' },
    lr: { ...lr(0.1), help: 'initial learning rate for pretraining and from scratch' },
    fineTuningLr: { ...lr(0.01), help: 'initial learning rate for the encoder in fine-tuning' },
    steps: { kind: 'integer', default: 200, min: 1, max: 100_000, help: 'steps on the few images' },
  },

  async prepare(context) {
    const { epochs, batchSize, lr, fineTuningLr, steps, seed, from, size } = context.options;
    const set = await loadImageSet(context.options.dataset, context);
    const [source, target] = [await halfOf(set, 'first'), await halfOf(set, 'second')];
    const given: Pretrained | null = from === '' ? null : pretrained(from, size);
    const make = (): Network => given?.make() ?? new CifarResNet(20, { numClasses: source.classes.length });
    const toInput = given?.toInput ?? (await colorInput(source));
    await context.emit(
      text(
        'model',
        `${given?.called ?? 'ResNet-20'}, ${make().numParameters().toLocaleString('en')} parameters`,
      ),
    );
    if (!given) await context.emit(text('source', source.classes.join(', ')));
    await context.emit(text('target', target.classes.join(', ')));

    const plain: ImageTransform = { forward: toInput };
    const changed: ImageTransform = { forward: (images) => toInput(set.changes.usual.forward(images)) };
    const looked = async (images: ImageDataset) =>
      new DataLoader(await transformed(images, plain), { batchSize: MEASURED });

    /** The network that knows the classes of the source. */
    function encoder(before: readonly Result[]): Network {
      const model = make();
      model.loadStateDict(given?.weights ?? before[0]!.model!);
      return model;
    }

    const shuffled = async (images: ImageDataset, batchSize: number) =>
      new DataLoader(await transformed(images, changed), { batchSize, shuffle: true });

    async function learn(
      model: nn.Layer,
      { params = model.parameters(), lr }: Rates,
      batches: Batches<Batch>,
      epochs: number,
      progress: PartProgress,
    ): Promise<void> {
      await trainPart<Batch>(
        {
          model,
          ...scheduledSgd(params, {
            lr,
            weightDecay: WEIGHT_DECAY,
            schedule: 'cosine',
            steps: epochs * batches.length,
          }),
          step([x, y]) {
            const logits = model.forward(x);
            return { loss: F.crossEntropy(logits, y), accuracy: accuracy(logits, y) };
          },
        },
        batches,
        { epochs },
        progress,
      );
    }

    const pretraining: Part<Result> = {
      name: 'pretraining',
      async run(progress) {
        const model = make();
        await learn(model, { lr }, await shuffled(source.train, batchSize), epochs, progress);
        const accuracy = await accuracyOn(source.test, model, toInput);
        return { numbers: { accuracy }, model: model.stateDict() };
      },
    };

    /** Nearest neighbors of test images among the training images, by the features and by the pixels. */
    const neighbors: Part<Result> = {
      name: 'neighbors',
      async run(_, before) {
        const model = encoder(before);
        const [points, labels] = (await embeddings(model, await looked(target.train))).tensors;
        const few = await fewOf(target.test, 100, seed);
        const [queries, truth] = (await embeddings(model, await looked(few))).tensors;
        const right = async (points: Tensor, queries: Tensor): Promise<[share: number, rows: number[][]]> => {
          const { indices } = await nearestNeighbors(points, queries, NEIGHBORS);
          const nearest = labels.indexSelect(0, indices.select(1, 0));
          const share = await nearest.eq(truth).to('float32').mean().item();
          return [share, (await indices.toArray()) as number[][]];
        };
        const pixels = ({ images }: ImageDataset): Tensor => images.to('float32').flatten(1);
        const [features, rows] = await right(points, queries);
        const [byPixels] = await right(pixels(target.train), pixels(few));
        return { numbers: { features, pixels: byPixels }, neighbors: rows.slice(0, SHOWN) };
      },
    };

    const onFew = async (labels: number): Promise<Part<Result>[]> => {
      const images = await fewOf(target.train, labels, seed);
      const size = Math.min(BATCH, images.length);
      const goes = Math.max(1, Math.round(steps / Math.ceil(images.length / size)));
      const measured = async (model: Network, kept?: nn.StateDict): Promise<Result> => ({
        numbers: { accuracy: await accuracyOn(target.test, model, toInput) },
        ...(kept ? { model: kept } : {}),
      });
      const runs: Record<(typeof WAYS)[number], Part<Result>['run']> = {
        async scratch(progress) {
          const model = replaceHead(make(), target.classes.length);
          await learn(model, { lr }, await shuffled(images, size), goes, progress);
          return measured(model);
        },
        async frozen(progress, before) {
          const model = freezeEncoder(replaceHead(encoder(before), target.classes.length));
          const head = headOf(model);
          const features = await embeddings(model, await looked(images));
          const batches = new DataLoader(features, { batchSize: size, shuffle: true });
          await learn(head, { lr }, batches, goes, progress);
          return measured(model, head.stateDict());
        },
        async 'fine-tuned'(progress, before) {
          const model = replaceHead(encoder(before), target.classes.length);
          headOf(model).loadStateDict(before.at(-1)!.model!);
          const params = parameterGroups(model, { encoder: { lr: fineTuningLr }, head: {} });
          await learn(model, { params, lr }, await shuffled(images, size), goes, progress);
          return measured(model);
        },
      };
      return WAYS.map((way) => ({ name: `${way} ${labels}`, run: runs[way] }));
    };

    const ofFew = await Promise.all(LABELS.map(onFew));
    const parts = [...(given ? [] : [pretraining]), neighbors, ...ofFew.flat()];
    const resultOf = (results: readonly Result[], name: string): Result =>
      results[parts.findIndex((part) => part.name === name)]!;
    const accuracies = (results: readonly Result[], way: string): number[] =>
      LABELS.map((labels) => resultOf(results, `${way} ${labels}`).numbers.accuracy!);

    return study<Result>(context, {
      parts,

      conclude(results) {
        const { features, pixels } = resultOf(results, 'neighbors').numbers;
        const columns = WAYS.map((way) => accuracies(results, way));
        return {
          numbers: {
            ...Object.fromEntries(
              WAYS.flatMap((way, w) => LABELS.map((labels, l) => [`${way} ${labels}`, columns[w]![l]!])),
            ),
            ...(given ? {} : { pretraining: results[0]!.numbers.accuracy! }),
            neighborsByFeatures: features!,
            neighborsByPixels: pixels!,
          },
          line: `test accuracy with ${LABELS.join(', ')} labels per class: ${WAYS.map(
            (way, w) => `${way} ${columns[w]!.map((share) => percent(share)).join(', ')}`,
          ).join('; ')}`,
          report: [
            ...(given
              ? []
              : [`pretraining: ${percent(results[0]!.numbers.accuracy!)} of the test images of its classes`]),
            `nearest neighbors with the same class as a new image: by features ${percent(features!)}, by pixels ${percent(pixels!)}`,
            '',
            table(
              ['labels per class', ...WAYS],
              LABELS.map((labels, l) => [labels, ...columns.map((column) => percent(column[l]!))]),
            ),
          ],
        };
      },

      async pictures(results) {
        const rows = resultOf(results, 'neighbors').neighbors!;
        const few = await fewOf(target.test, 100, seed);
        const labelsOf = async ({ labels, classes }: ImageDataset): Promise<string[]> =>
          (await listOf(labels)).map((label) => classes[label]!);
        const [asked, known] = [await labelsOf(few), await labelsOf(target.train)];
        const images = rows.flatMap((row, i) => [
          few.images.narrow(0, i, 1),
          target.train.images.indexSelect(0, tensor(row, { dtype: 'int32' })),
        ]);
        return [
          {
            name: 'labels',
            figure: lineChart(
              WAYS.map((way) => ({
                name: way,
                x: [...LABELS],
                y: accuracies(results, way).map((share) => 100 * share),
                points: true,
              })),
              {
                title: 'Accuracy on classes that the encoder never saw',
                subtitle: dataLine(set.title),
                xLabel: 'labeled images per class',
                yLabel: 'test accuracy (%)',
                xLog: true,
              },
            ),
          },
          {
            name: 'neighbors',
            figure: await imageGrid(cat(images), {
              title: 'Test images, left, and their nearest neighbors by the features',
              subtitle: `${dataLine(set.title)}; of classes that the encoder never saw`,
              labels: rows.flatMap((row, i) => [`${asked[i]}:`, ...row.map((j) => known[j]!)]),
              columns: 1 + NEIGHBORS,
            }),
          },
        ];
      },
    });
  },
});

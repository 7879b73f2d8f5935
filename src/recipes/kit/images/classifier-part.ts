import { DataLoader, type Dataset } from '../../../data/index.js';
import { noGrad, type Tensor, tidy } from '../../../index.js';
import { accuracy } from '../../../metrics/index.js';
import type * as nn from '../../../nn/index.js';
import type { ImageDataset } from '../../../vision/index.js';
import { type EpochMeans, trainPart } from '../part-training.js';
import { type ScheduleName, scheduledSgd } from '../schedules.js';
import type { PartControl } from '../study.js';
import { type ImageBatch, type ImageStepOptions, imageStep } from './classifier.js';

export interface ImagePartOptions extends ImageStepOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly schedule: ScheduleName;
  readonly weightDecay: number;
  /** Images to measure after each epoch (default none). */
  readonly test?: ImageDataset;
}

/** Images in a batch that is only measured. */
const MEASURED = 500;

/** The training of a network of images as a part of a study, by gradient descent with momentum. */
export function trainImages(
  model: nn.Layer,
  images: Dataset<[image: Tensor, label: number]>,
  { epochs, batchSize, lr, schedule, weightDecay, test, ...input }: ImagePartOptions,
  control: PartControl,
): Promise<EpochMeans[]> {
  const batches = new DataLoader(images, { batchSize, shuffle: true });
  return trainPart<ImageBatch>(
    {
      model,
      ...scheduledSgd(model.parameters(), { lr, weightDecay, schedule, steps: epochs * batches.length }),
      step: imageStep({ model }, input),
    },
    batches,
    { epochs, ...(test ? { validation: new DataLoader(test, { batchSize: MEASURED }) } : {}) },
    control,
  );
}

/** Share of images that a network in evaluation is right about. */
export function accuracyOn(
  { images, labels }: ImageDataset,
  model: nn.Layer,
  toInput: (images: Tensor) => Tensor,
): number {
  model.eval();
  const truth = labels.split(MEASURED);
  const right = images
    .split(MEASURED)
    .map((part, i) =>
      noGrad(() => tidy(() => accuracy(model.forward(toInput(part)), truth[i]!).itemSync() * part.shape[0]!)),
    );
  return right.reduce((a, b) => a + b) / images.shape[0]!;
}

import { DataLoader, type Dataset } from '../../../data/index.js';
import type { Tensor } from '../../../index.js';
import type * as nn from '../../../nn/index.js';
import type { ImageDataset } from '../../../vision/index.js';
import { type EpochMeans, trainPart } from '../part-training.js';
import { type ScheduleName, scheduledSgd } from '../schedules.js';
import type { PartProgress } from '../study.js';
import { type ClassifierStepOptions, classifierStep, type ImageBatch, MEASURED } from './classifier.js';

export interface ClassifierPartOptions extends ClassifierStepOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly schedule: ScheduleName;
  readonly weightDecay: number;
  /** Images to measure after each epoch (default none). */
  readonly test?: ImageDataset;
}

/** The training of a network of images as a part of a study, by gradient descent with momentum. */
export function trainClassifier(
  model: nn.Layer,
  images: Dataset<[image: Tensor, label: number]>,
  { epochs, batchSize, lr, schedule, weightDecay, test, ...input }: ClassifierPartOptions,
  progress: PartProgress,
): Promise<EpochMeans[]> {
  const batches = new DataLoader(images, { batchSize, shuffle: true });
  return trainPart<ImageBatch>(
    {
      model,
      ...scheduledSgd(model.parameters(), { lr, weightDecay, schedule, steps: epochs * batches.length }),
      step: classifierStep({ model }, input),
    },
    batches,
    { epochs, ...(test ? { validation: new DataLoader(test, { batchSize: MEASURED }) } : {}) },
    progress,
  );
}

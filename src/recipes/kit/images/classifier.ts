import * as F from '../../../functional.js';
import { noGrad, type Tensor, tidy } from '../../../index.js';
import { accuracy } from '../../../metrics/index.js';
import type * as nn from '../../../nn/index.js';
import type { Step } from '../../../train/index.js';
import { type ImageDataset, transforms } from '../../../vision/index.js';
import { numbersOf } from '../read.js';

/** @shape images (N, C, H, W) uint8, labels (N) int32 */
export type ImageBatch = [images: Tensor, labels: Tensor];

/** A network that tells classes of images apart, and how it learns. */
export interface Classifier {
  readonly model: nn.Layer;
  /**
   * Logits and loss of a batch (default: cross entropy).
   *
   * @param targets classes (N), or their probabilities (N, numClasses)
   */
  readonly learn?: (
    x: Tensor,
    targets: Tensor,
    options: { readonly labelSmoothing: number },
  ) => { readonly logits: Tensor; readonly loss: Tensor };
}

export interface ClassifierStepOptions {
  /** From images as the data have them to what the model takes. */
  readonly toInput: (images: Tensor) => Tensor;
  readonly classes: number;
  /** α of mixup (default 0, none). */
  readonly mixup?: number;
  /** Share of a label that goes to all classes (default 0). */
  readonly labelSmoothing?: number;
}

/** Probability that the targets give to the class with the highest logit. */
const agreement = (logits: Tensor, targets: Tensor): Tensor =>
  noGrad(() => targets.gather(1, logits.argmax(1, { keepdim: true })).mean());

/** Loss and accuracy of a batch; in training, with mixed images. */
export function classifierStep(
  { model, learn }: Classifier,
  { toInput, classes, mixup = 0, labelSmoothing = 0 }: ClassifierStepOptions,
): Step<ImageBatch> {
  const mixUp = mixup > 0 ? new transforms.MixUp(classes, { alpha: mixup }) : null;
  const lossOf =
    learn ??
    ((x, targets, options) => {
      const logits = model.forward(x);
      return { logits, loss: F.crossEntropy(logits, targets, options) };
    });
  return ([images, labels]) => {
    const x = toInput(images);
    const mixed = mixUp && model.training ? mixUp.forward(x, labels) : null;
    const [input, targets] = mixed ?? [x, labels];
    const { logits, loss } = lossOf(input, targets, { labelSmoothing });
    return { loss, accuracy: mixed ? agreement(logits, targets) : accuracy(logits, labels) };
  };
}

/** Images in a batch that is only measured. */
export const MEASURED = 500;

/** Share of images that a network in evaluation mode gets right. */
export async function accuracyOn(
  { images, labels }: ImageDataset,
  model: nn.Layer,
  toInput: (images: Tensor) => Tensor,
): Promise<number> {
  model.eval();
  const truth = labels.split(MEASURED);
  const shares = images
    .split(MEASURED)
    .map((part, i) => noGrad(() => tidy(() => accuracy(model.forward(toInput(part)), truth[i]!))));
  const right = (await numbersOf(shares)).map((share, i) => share * truth[i]!.shape[0]!);
  return right.reduce((a, b) => a + b) / images.shape[0]!;
}

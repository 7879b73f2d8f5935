import { manualSeed } from '../../../index.js';
import {
  batchSize,
  lr,
  moreEpochs,
  type NumberSpec,
  type OptionSpecs,
  type OptionValues,
  onOff,
  validation,
} from '../options.js';
import { defineRecipe, type Recipe } from '../recipe.js';
import { type ScheduleName, schedule, scheduledSgd } from '../schedules.js';
import type { Trainable } from './classifier.js';
import { imageTraining } from './classifier-training.js';
import { colorInput, dataset, type ImageSetName, loadImageSet } from './sets.js';

/** α of the penalty on weights. */
export const weightDecay = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 1,
  help: 'factor α of the penalty α/2 · ‖W‖²',
});

/** What an augmentation does; which one, the data set says. */
export const augment = (value: 'on' | 'off') =>
  onOff(value, 'change training images at random, so that none is seen twice');

/** α of mixup; 0 for none. */
export const mixup = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 100,
  help: 'mix images and labels in shares from Beta(α, α), of this α; 0: not',
});

/** Share of a label that goes to all classes. */
export const labelSmoothing = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 1,
  help: 'share of each label that is spread over all classes',
});

/** Factor of the numbers of channels of a network. */
export const width = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  above: 0,
  max: 8,
  help: "factor of the paper's numbers of channels; the time goes with its square",
});

/** Probability with which dropout sets a value to 0. */
export const dropout = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 0.95,
  help: 'probability with which a value into a linear layer is dropped',
});

/** How a network is usually trained. */
interface Usual {
  readonly dataset?: ImageSetName;
  readonly epochs: number;
  readonly batchSize?: number;
  readonly lr: number;
  readonly schedule: ScheduleName;
  readonly weightDecay: number;
  readonly mixup?: number;
  readonly labelSmoothing?: number;
  readonly augment?: 'on' | 'off';
}

export interface ImageRecipe<S extends OptionSpecs>
  extends Pick<Recipe, 'name' | 'section' | 'title' | 'about'> {
  readonly usual: Usual;
  /** What can be chosen of the network. */
  readonly options: S;
  /** The network, and what it is called. */
  network(options: OptionValues<S>, numClasses: number): Trainable & { readonly called: string };
}

/** A recipe that trains a network for color images of 32 × 32 pixels by gradient descent with momentum. */
export function imageRecipe<const S extends OptionSpecs>({
  usual,
  options: own,
  network,
  ...recipe
}: ImageRecipe<S>): Recipe {
  const shared = {
    dataset: dataset(usual.dataset ?? 'cifar10'),
    epochs: moreEpochs(usual.epochs),
    batchSize: batchSize(usual.batchSize ?? 128),
    lr: lr(usual.lr),
    schedule: schedule(usual.schedule),
    weightDecay: weightDecay(usual.weightDecay),
    augment: augment(usual.augment ?? 'on'),
    mixup: mixup(usual.mixup ?? 0),
    labelSmoothing: labelSmoothing(usual.labelSmoothing ?? 0),
    validation: validation(0.05),
  };
  return defineRecipe({
    ...recipe,
    dataset: 'the images',
    options: { ...own, ...shared },

    async prepare(context) {
      const { options, say } = context;
      const { lr, schedule, weightDecay, mixup, labelSmoothing } = options;
      const set = await loadImageSet(options.dataset, options.data, say);
      manualSeed(options.seed);
      const { called, ...trainable } = network(options, set.classes.length);
      say('model', `${called}, ${trainable.model.numParameters().toLocaleString('en')} parameters`);
      return imageTraining(context, {
        ...trainable,
        set,
        toInput: colorInput(set),
        augmentation: options.augment === 'on' ? set.augmentations.usual : undefined,
        optimize: (steps) => scheduledSgd(trainable.model.parameters(), { lr, weightDecay, schedule, steps }),
        mixup,
        labelSmoothing,
      });
    },
  });
}

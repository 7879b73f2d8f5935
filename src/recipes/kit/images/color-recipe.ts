import { manualSeed } from '../../../index.js';
import { text } from '../events.js';
import { batchSize, lr, moreEpochs, type OptionSpecs, type OptionValues, validation } from '../options.js';
import { defineRecipe, type Recipe } from '../recipe.js';
import { type ScheduleName, schedule, scheduledSgd } from '../schedules.js';
import type { Classifier } from './classifier.js';
import { classifierTraining } from './classifier-training.js';
import { colorInput } from './inputs.js';
import { augment, labelSmoothing, mixup, weightDecay } from './options.js';
import { dataset, type ImageSetName, loadImageSet } from './sets.js';

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

export interface ColorRecipe<S extends OptionSpecs>
  extends Pick<Recipe, 'name' | 'section' | 'title' | 'about'> {
  readonly usual: Usual;
  /** The network's options. */
  readonly options: S;
  /** The network and its name. */
  network(options: OptionValues<S>, numClasses: number): Classifier & { readonly called: string };
}

/** A recipe that trains a network for color images of 32 × 32 pixels by gradient descent with momentum. */
export function colorRecipe<const S extends OptionSpecs>({
  usual,
  options: own,
  network,
  ...recipe
}: ColorRecipe<S>): Recipe {
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
      const { options } = context;
      const { lr, schedule, weightDecay, mixup, labelSmoothing } = options;
      const set = await loadImageSet(options.dataset, context);
      manualSeed(options.seed);
      const { called, ...classifier } = network(options, set.classes.length);
      await context.emit(
        text('model', `${called}, ${classifier.model.numParameters().toLocaleString('en')} parameters`),
      );
      return classifierTraining(context, {
        ...classifier,
        set,
        toInput: await colorInput(set),
        change: options.augment === 'on' ? set.changes.usual : undefined,
        optimize: (steps) =>
          scheduledSgd(classifier.model.parameters(), { lr, weightDecay, schedule, steps }),
        mixup,
        labelSmoothing,
      });
    },
  });
}

import { percent } from '../../../core/percent.js';
import { DataLoader, randomSplit, Subset } from '../../../data/index.js';
import * as F from '../../../functional.js';
import { Generator, type Tensor } from '../../../index.js';
import { accuracy, ConfusionMatrix } from '../../../metrics/index.js';
import type { OptimizerLike, SchedulerLike, Trainer } from '../../../train/index.js';
import type { State } from '../../../train/state.js';
import type { transforms } from '../../../vision/index.js';
import { Recording } from '../read.js';
import type { Experiment, RecipeContext } from '../recipe.js';
import { training } from '../training.js';
import { changesPicture, transformed } from './changes.js';
import { type Classifier, classifierStep, type ImageBatch, MEASURED } from './classifier.js';
import { mistakesPicture, mistakesTable } from './mistakes.js';
import type { ImageSet } from './sets.js';

export interface ClassifierTrainingOptions extends Classifier {
  readonly set: ImageSet;
  /** From images as the set has them to what the model takes. */
  readonly toInput: (images: Tensor) => Tensor;
  /** How to change training images (default: not at all). */
  readonly change?: transforms.Transform | undefined;
  /** Optimizer and learning rate for a training of this many steps. */
  readonly optimize: (steps: number) => {
    readonly optimizer: OptimizerLike;
    readonly scheduler: SchedulerLike;
  };
  readonly mixup?: number;
  readonly labelSmoothing?: number;
}

interface Settings {
  readonly epochs: number;
  readonly batchSize: number;
  /** Share of the training images to validate on. */
  readonly validation: number;
}

/** An experiment that trains a classifier of images, and tests it. */
export async function classifierTraining(
  context: RecipeContext<Settings>,
  { set, toInput, change, optimize, mixup = 0, labelSmoothing = 0, ...classifier }: ClassifierTrainingOptions,
): Promise<Experiment> {
  const {
    options: { epochs, batchSize, validation, seed },
    finishedEpochs,
  } = context;
  const { train, test, classes, shape } = set;
  const { model } = classifier;
  const held = Math.round(validation * train.length);
  const [rest, heldBack] = randomSplit(train, [train.length - held, held], {
    generator: new Generator(seed),
  });
  const seen = change ? await transformed(train, change) : train;
  const batches = new DataLoader(held > 0 ? new Subset(seen, rest!.indices) : seen, {
    batchSize,
    shuffle: true,
  });
  const { optimizer, scheduler } = optimize((epochs - (finishedEpochs ?? 0)) * batches.length);
  const testBatches = new DataLoader(test, { batchSize: MEASURED });
  let predicted: readonly number[] = [];

  /** Continues a finished run: the schedule starts over, for the epochs to come. */
  function extend(trainer: Trainer<ImageBatch>, state: State): void {
    const rates = optimizer.paramGroups.map(({ lr }) => lr);
    const fresh = (trainer.state() as { readonly scheduler: State }).scheduler;
    trainer.loadState({ ...(state as { readonly [key: string]: State }), scheduler: fresh });
    optimizer.paramGroups.forEach((group, i) => {
      group.lr = rates[i]!;
    });
  }

  return training<ImageBatch>(context, {
    trainer: {
      model,
      optimizer,
      scheduler,
      step: classifierStep(classifier, { toInput, classes: classes.length, mixup, labelSmoothing }),
    },
    ...(finishedEpochs === undefined ? {} : { loadState: extend }),
    batches,
    epochs,
    data: set.title,
    network: { model, toInput, shape, classes, lightOnDark: set.lightOnDark, test },
    ...(held > 0 ? { validation: new DataLoader(heldBack!, { batchSize: MEASURED }) } : {}),

    async evaluate(trainer) {
      const confusion = new ConfusionMatrix({ classes: classes.length });
      const found = new Recording();
      const numbers = await trainer.evaluate(testBatches, ([images, labels]) => {
        const logits = model.forward(toInput(images));
        confusion.update(logits, labels);
        found.add(logits.argmax(1));
        return { loss: F.crossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
      });
      predicted = await found.numbers();
      const matrix = (await (await confusion.computeAsync()).toArray()) as number[][];
      const confused = { matrix, classes };
      return {
        line: `test accuracy: ${percent(numbers.accuracy!, 2)}`,
        numbers,
        confusion: confused,
        report: [mistakesTable(confused)],
      };
    },

    pictures: async () => [
      ...(change ? [await changesPicture(train, change, { seed, data: set.title })] : []),
      ...(await mistakesPicture(test, predicted, set.title)),
    ],
  });
}

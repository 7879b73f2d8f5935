import type * as nn from '../../nn/index.js';
import type { LabeledTexts, Vocab } from '../../text/index.js';
import { Trainer } from '../../train/index.js';
import {
  type Experiment,
  type PartResult,
  percent,
  type RecipeContext,
  study,
  table,
  trainPart,
} from '../kit/index.js';
import {
  encodeSet,
  foldsOf,
  measureTexts,
  type TextBatch,
  type TextSet,
  textBatches,
} from '../kit/text/index.js';
import {
  buildModel,
  type ModelName,
  type TrainingChoices,
  tokensFor,
  trainerFor,
} from './sentiment-models.js';

interface FoldOptions extends TrainingChoices {
  readonly model: ModelName;
  readonly folds: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly minCount: number;
}

/**
 * Cross-validation: each of k parts of the texts is the test data of one training, so every text is judged once,
 * by a network that hasn't seen it. A tenth of the other texts is for validation; the rest is for training and
 * makes the vocabulary.
 */
export function crossValidation(
  context: RecipeContext<FoldOptions>,
  set: TextSet<LabeledTexts>,
  embed: (vocab: Vocab) => Promise<nn.Embedding>,
): Experiment {
  const { model: kind, folds, epochs, batchSize, minCount } = context.options;
  return study<PartResult>(context, {
    parts: foldsOf(set, folds).map((parts, i) => ({
      name: `fold ${i + 1}`,
      async run(progress) {
        const encoded = await encodeSet({ ...set, ...parts }, tokensFor(kind), minCount);
        const model = buildModel(kind, await embed(encoded.vocab), encoded.classes.length, context.options);
        const options = trainerFor(model, context.options);
        const seen = await trainPart<TextBatch>(
          options,
          textBatches(encoded.train, batchSize, true),
          { epochs, validation: textBatches(encoded.validation, batchSize, false) },
          progress,
        );
        const { numbers } = await measureTexts(
          new Trainer<TextBatch>(options),
          model,
          encoded.test,
          encoded.classes,
        );
        return { numbers: { ...numbers, epochs: seen.length } };
      },
    })),

    conclude(results) {
      const accuracies = results.map(({ numbers }) => numbers.accuracy!);
      const accuracy = accuracies.reduce((sum, value) => sum + value, 0) / folds;
      const variance = accuracies.reduce((sum, value) => sum + (value - accuracy) ** 2, 0) / (folds - 1);
      return {
        line: `accuracy over ${folds} folds: ${percent(accuracy, 2)} ± ${percent(Math.sqrt(variance), 2)}`,
        numbers: { accuracy, deviation: Math.sqrt(variance) },
        report: [
          table(
            ['', 'test accuracy', 'epochs'],
            results.map(({ numbers }, i) => [
              `fold ${i + 1}`,
              percent(numbers.accuracy!, 2),
              numbers.epochs!,
            ]),
          ),
        ],
      };
    },
  });
}

import { noGrad, tidy } from '../../index.js';
import * as nn from '../../nn/index.js';
import * as optim from '../../optim/index.js';
import {
  ConcatClassifier,
  type LabeledTexts,
  RecurrentClassifier,
  SumClassifier,
  type TextClassifier,
  TextCnn,
} from '../../text/index.js';
import { EarlyStopping, type TrainerCallback, type TrainerOptions } from '../../train/index.js';
import { type RecipeContext, text } from '../kit/index.js';
import { type TextBatch, type TextSet, textStep, wordsOf } from '../kit/text/index.js';

export const models = ['sum', 'concat', 'cnn', 'rnn', 'lstm', 'gru', 'bilstm'] as const;
export type ModelName = (typeof models)[number];

/** Words beyond this many are cut off before vectors are concatenated. */
export const LONGEST = 60;

/** How many words a model can read. */
export const longestFor = (kind: ModelName): number =>
  kind === 'concat' ? LONGEST : Number.POSITIVE_INFINITY;

/** A text's words, as many as the model can read. */
export const tokensFor =
  (kind: ModelName) =>
  (sentence: string): string[] =>
    wordsOf(sentence).slice(0, longestFor(kind));

/** Says how many texts are longer than what `concat` reads, if any. */
export async function sayWhatIsCut(
  { train, validation, test }: TextSet<LabeledTexts>,
  { emit }: RecipeContext<unknown>,
): Promise<void> {
  const all = [train, validation, test].flatMap(({ texts }) => texts);
  const cut = all.filter((sentence) => wordsOf(sentence).length > LONGEST).length;
  if (cut === 0) return;
  await emit(
    text(
      'cut',
      `${cut.toLocaleString('en')} of ${all.length.toLocaleString('en')} texts have more than ${LONGEST} words; the rest of those isn't read`,
    ),
  );
}

/** What the trainings of this recipe can choose. */
export interface TrainingChoices {
  readonly hidden: number;
  readonly dropout: number;
  readonly optimizer: 'adam' | 'adadelta';
  readonly lr: number;
  /** Largest norm of a row of the last layer's weights; 0 for any. */
  readonly maxNorm: number;
  /** It stops after this many epochs without a better validation accuracy; 0 for never. */
  readonly patience: number;
}

/** A network that judges the vectors of a text's words. */
export function buildModel(
  kind: ModelName,
  embedding: nn.Embedding,
  numClasses: number,
  { hidden: hiddenSize, dropout }: TrainingChoices,
): TextClassifier {
  if (kind === 'sum') return new SumClassifier(embedding, numClasses, { hiddenSize });
  if (kind === 'concat') return new ConcatClassifier(embedding, numClasses, LONGEST, { hiddenSize });
  if (kind === 'cnn') return new TextCnn(embedding, numClasses, { dropout });
  const bidirectional = kind === 'bilstm';
  const rnn = bidirectional ? 'lstm' : kind;
  return new RecurrentClassifier(embedding, numClasses, { kind: rnn, hiddenSize, bidirectional, dropout });
}

/**
 * After each step, scales the rows of the last layer's weights down to a norm.
 *
 * @source Hinton et al. 2012, arXiv:1207.0580; Kim 2014, arXiv:1408.5882
 */
function limitNorms(model: nn.Module, most: number): TrainerCallback {
  const { weight } = [...model.modules()].filter((module) => module instanceof nn.Linear).at(-1)!;
  return {
    onStep() {
      noGrad(() =>
        tidy(() => {
          const norms = weight.norm(2, 1, { keepdim: true }); // (classes, 1)
          weight.mul_(norms.add(1e-7).reciprocal().mul(most).clamp(null, 1));
        }),
      );
    },
  };
}

/** How a model is trained. */
export function trainerFor(
  model: TextClassifier,
  { optimizer, lr, maxNorm, patience }: TrainingChoices,
): TrainerOptions<TextBatch> {
  return {
    model,
    optimizer:
      optimizer === 'adam'
        ? new optim.Adam(model.parameters(), { lr })
        : new optim.Adadelta(model.parameters(), { lr, rho: 0.95 }),
    step: textStep(model),
    clipGradNorm: 5,
    ...(patience > 0 ? { earlyStopping: new EarlyStopping({ monitor: 'accuracy', patience }) } : {}),
    ...(maxNorm > 0 ? { callbacks: [limitNorms(model, maxNorm)] } : {}),
  };
}

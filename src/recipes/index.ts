import { activations } from './activations.js';
import { alexnet } from './alexnet.js';
import { augmentation } from './augmentation.js';
import { batchSize } from './batch-size.js';
import { clusters } from './clusters.js';
import { deltaRuleByHand } from './delta-rule.js';
import { googlenet } from './googlenet.js';
import { gridworld } from './gridworld.js';
import { imbalance } from './imbalance.js';
import { kernels } from './kernels.js';
import { largenet } from './largenet.js';
import { learningRate } from './learning-rate.js';
import { lenet5 } from './lenet5.js';
import { mlp } from './mlp.js';
import { normalization } from './normalization.js';
import { optimizers } from './optimizers.js';
import { perceptron } from './perceptron.js';
import { plainVsResidual } from './plain-vs-residual.js';
import { polynomial } from './polynomial.js';
import { projection } from './projection.js';
import type { Recipe } from './recipe.js';
import { regularization } from './regularization.js';
import { resnet } from './resnet.js';
import { transfer } from './transfer.js';
import { vgg } from './vgg.js';
import { xor } from './xor.js';

/** The chapters of the notes. */
export const chapters: Readonly<Record<string, string>> = {
  '1': 'General terminology',
  '2': 'Artificial neural networks',
  '3': 'Convolutional neural networks',
};

/** All recipes, in the order of the notes. */
export const recipes: readonly Recipe[] = [
  polynomial,
  clusters,
  gridworld,
  perceptron,
  activations,
  deltaRuleByHand,
  xor,
  mlp,
  optimizers,
  batchSize,
  learningRate,
  normalization,
  regularization,
  imbalance,
  projection,
  kernels,
  largenet,
  lenet5,
  alexnet,
  augmentation,
  googlenet,
  vgg,
  resnet,
  plainVsResidual,
  transfer,
];

/** Title of the chapter that a recipe belongs to: `2 Artificial neural networks`. */
export const chapterOf = ({ section }: Recipe): string => {
  const [chapter] = section.split('.');
  return `${chapter} ${chapters[chapter!]}`;
};

export {
  type ChoiceSpec,
  defaultText,
  type IntegerSpec,
  type NumberSpec,
  type OptionSpec,
  type OptionSpecs,
  type TextSpec,
} from './options.js';
export {
  type Confusion,
  dataLine,
  type Experiment,
  type ImageNetwork,
  type PartReport,
  type Picture,
  prepare,
  type Recipe,
  type RecipeContext,
  type RecipeResult,
} from './recipe.js';

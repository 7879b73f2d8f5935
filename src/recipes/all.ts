import { requireText } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { clusters } from './ch1-terms/clusters.js';
import { gridworld } from './ch1-terms/gridworld.js';
import { polynomial } from './ch1-terms/polynomial.js';
import { activations } from './ch2-networks/activations.js';
import { batchSize } from './ch2-networks/batch-size.js';
import { deltaRuleByHand } from './ch2-networks/delta-rule.js';
import { imbalance } from './ch2-networks/imbalance.js';
import { learningRate } from './ch2-networks/learning-rate.js';
import { mlp } from './ch2-networks/mlp.js';
import { normalization } from './ch2-networks/normalization.js';
import { optimizers } from './ch2-networks/optimizers.js';
import { perceptron } from './ch2-networks/perceptron.js';
import { projection } from './ch2-networks/projection.js';
import { regularization } from './ch2-networks/regularization.js';
import { xor } from './ch2-networks/xor.js';
import { alexnet } from './ch3-vision/alexnet.js';
import { augmentation } from './ch3-vision/augmentation.js';
import { googlenet } from './ch3-vision/googlenet.js';
import { kernels } from './ch3-vision/kernels.js';
import { largenet } from './ch3-vision/largenet.js';
import { lenet5 } from './ch3-vision/lenet5.js';
import { plainVsResidual } from './ch3-vision/plain-vs-residual.js';
import { resnet } from './ch3-vision/resnet.js';
import { transfer } from './ch3-vision/transfer.js';
import { vgg } from './ch3-vision/vgg.js';
import { chargen } from './ch5-sequences/chargen.js';
import { encodings } from './ch5-sequences/encodings.js';
import { fiveForms } from './ch5-sequences/five-forms.js';
import { languageModel } from './ch5-sequences/language-model.js';
import { familyNames } from './ch5-sequences/names.js';
import { recurrentCompare } from './ch5-sequences/recurrent-compare.js';
import { sentiment } from './ch5-sequences/sentiment.js';
import { seq2seq } from './ch5-sequences/seq2seq.js';
import { tagger } from './ch5-sequences/tagger.js';
import { vanishing } from './ch5-sequences/vanishing.js';
import { words } from './ch5-sequences/words.js';
import type { Recipe } from './kit/recipe.js';

/** The chapters of the course notes. */
export const chapters: Readonly<Record<string, string>> = {
  '1': 'General terminology',
  '2': 'Artificial neural networks',
  '3': 'Convolutional neural networks',
  '5': 'Recurrent neural networks',
};

/** All recipes, in the order of the course notes. */
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
  encodings,
  words,
  sentiment,
  languageModel,
  familyNames,
  vanishing,
  recurrentCompare,
  tagger,
  fiveForms,
  chargen,
  seq2seq,
];

/** Says that there's no recipe of this name, and which one was probably meant. */
export function noRecipe(name: string): string {
  const like = nearest(
    name,
    recipes.map((recipe) => recipe.name),
  );
  return `there's no recipe '${name}'${like ? `; did you mean '${like}'?` : ''}`;
}

/**
 * The recipe of this name.
 *
 * @throws ArgumentError if there's none, naming the nearest one
 * @example
 * recipes.recipeNamed('xor').section; // '2.6'
 */
export function recipeNamed(name: string): Recipe {
  requireText('recipeNamed', 'name', name);
  const found = recipes.find((recipe) => recipe.name === name);
  if (found) return found;
  const names = recipes.map((recipe) => recipe.name).join(', ');
  throw new ArgumentError('recipeNamed', `${noRecipe(name)}\n  hint: the recipes are ${names}`);
}

/** Title of the chapter that a recipe belongs to: `2 Artificial neural networks`. */
export const chapterOf = ({ section }: Recipe): string => {
  const [chapter] = section.split('.');
  return `${chapter} ${chapters[chapter!]}`;
};

/** What recipes for images share: data sets, inputs of networks, random changes, and classifiers that train. */
export { changesPicture, transformed } from './changes.js';
export { accuracyOn } from './classifier.js';
export { trainClassifier } from './classifier-part.js';
export { classifierTraining } from './classifier-training.js';
export { colorRecipe } from './color-recipe.js';
export { colorInput, grayInput } from './inputs.js';
export { augment, dropout, labelSmoothing, mixup, weightDecay, width } from './options.js';
export { dataset, type ImageSet, loadImageSet } from './sets.js';

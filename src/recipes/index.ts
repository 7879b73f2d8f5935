import { lenet5 } from './lenet5.js';
import type { Recipe } from './recipe.js';

/** All recipes, in the order of the notes. */
export const recipes: readonly Recipe[] = [lenet5];

export type { Experiment, Recipe, RecipeContext, RecipeOptions, RecipeResult } from './recipe.js';

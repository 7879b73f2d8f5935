import type { Dataset } from '../../data/index.js';
import type { Tensor } from '../../index.js';
import type { Layer } from '../../nn/index.js';
import type { State } from '../../train/state.js';
import type { Figure } from '../../viz/index.js';
import type { RecipeEvent, RecipeResult } from './events.js';
import { type OptionSpecs, type OptionValues, seed } from './options.js';

/** What every recipe is told besides its own options. */
export interface CommonOptions {
  /** Start of the random numbers. */
  readonly seed: number;
  /** Folder in which to look for the data; `undefined`: where data usually are. */
  readonly data?: string | undefined;
}

/** What a recipe is prepared with. */
export interface RecipeContext<O = Readonly<Record<string, number | string>>> {
  readonly options: O & CommonOptions;
  /** Tells whoever started the recipe; to be awaited. */
  readonly emit: (event: RecipeEvent) => Promise<void>;
  /** Epochs that the run had when it finished, if it now gets more. */
  readonly finishedEpochs?: number;
}

/** A picture, and what it is called: `NAME.svg` and `NAME.png` in the folder of a run. */
export interface Picture {
  readonly name: string;
  readonly figure: Figure;
}

/** A classifier of images, to be looked into. */
export interface ImageNetwork {
  readonly model: Layer;
  /** Images as data have them, (N, C, H, W) uint8, to what the model takes. */
  toInput(images: Tensor): Tensor;
  /** Channels, height and width of the images. */
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly classes: readonly string[];
  /** Whether all its images are light on a dark ground. */
  readonly lightOnDark: boolean;
  /** Images (C, H, W) uint8 that were not trained on, with their classes. */
  readonly test: Dataset<readonly [image: Tensor, label: number]>;
}

/** A recipe with its data loaded and its model built, ready to train: `training` or `study` makes it. */
export interface Experiment {
  /** Trains to the end, or until the signal fires; whether the end was reached. */
  train(signal?: AbortSignal): Promise<boolean>;
  /** Steps taken; in a study, parts that are done. */
  readonly step: number;
  /** What data it was given, where more than one kind serves: `Fashion-MNIST`, for its pictures. */
  readonly data?: string;
  state(): State;
  loadState(state: State): void;
  /** Measures what was trained on the test data. */
  evaluate(): Promise<RecipeResult>;
  /** What `myelin inspect` looks into, of a recipe for images. */
  readonly network?: ImageNetwork;
  /** What there is to see at the end. */
  pictures?(): Promise<readonly Picture[]>;
}

/** A system of the course: data, model, training, result, picture. */
export interface Recipe<S extends OptionSpecs = OptionSpecs> {
  /** What it is called by on the command line. */
  readonly name: string;
  /** Section of the course notes. */
  readonly section: string;
  /** What it does, in one line. */
  readonly title: string;
  /** What it shows and what to try, for its help: a paragraph. */
  readonly about: string;
  /** Name of the data set that it reads; none if it makes its data itself. */
  readonly dataset?: string;
  /** What can be chosen, the seed included. */
  readonly options: S;
  prepare(context: RecipeContext<OptionValues<S>>): Promise<Experiment>;
}

/** Completes the options of a recipe with the seed, and types them. */
export const defineRecipe = <const S extends OptionSpecs>(
  recipe: Omit<Recipe<S>, 'options'> & { readonly options: S },
): Recipe => ({ ...recipe, options: { ...recipe.options, seed } }) as Recipe;

/** The line of a picture that says of what data it is. */
export const dataLine = (data: string): string => `data: ${data}`;

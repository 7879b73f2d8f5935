import type { Dataset } from '../../data/index.js';
import type { Tensor } from '../../index.js';
import type { Layer } from '../../nn/index.js';
import type { State } from '../../train/state.js';
import type { Figure } from '../../viz/index.js';
import type { RecipeEvent, RecipeResult } from './events.js';
import { type OptionSpecs, type OptionValues, seed } from './options.js';

/** What every recipe gets in addition to its options. */
export interface CommonOptions {
  /** Start of the random numbers. */
  readonly seed: number;
  /** Folder to look for the data in; `undefined` for the usual places. */
  readonly data?: string | undefined;
}

/** What a recipe is prepared with. */
export interface RecipeContext<O = Readonly<Record<string, number | string>>> {
  readonly options: O & CommonOptions;
  /** Sends an event to the caller of the recipe; await it. */
  readonly emit: (event: RecipeEvent) => Promise<void>;
  /** Epochs that the run had when it finished, if it's now extended. */
  readonly finishedEpochs?: number;
}

/** A picture and its name: `NAME.svg` and `NAME.png` in the folder of a run. */
export interface Picture {
  readonly name: string;
  readonly figure: Figure;
}

/** An image classifier to inspect. */
export interface ImageNetwork {
  readonly model: Layer;
  /** Images as data have them, (N, C, H, W) uint8, to what the model takes. */
  toInput(images: Tensor): Tensor;
  /** Channels, height, and width of the images. */
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly classes: readonly string[];
  /** Whether all its images are light on a dark ground. */
  readonly lightOnDark: boolean;
  /** Images (C, H, W) uint8 that the network wasn't trained on, with their classes. */
  readonly test: Dataset<readonly [image: Tensor, label: number]>;
}

/** What a network says of a text. */
export interface TextJudgment {
  readonly probabilities: readonly number[];
  /** Parts of the text that it skips, since they're too rare in the training texts. */
  readonly unknown: readonly string[];
  /** How many words at the end it doesn't read, since it can't read more. */
  readonly cut: number;
}

/** A text classifier to ask. */
export interface TextNetwork {
  readonly classes: readonly string[];
  judge(text: string): Promise<TextJudgment>;
}

/** A recipe with its data loaded and its model built, ready to train: `training` or `study` makes it. */
export interface Experiment {
  /** Trains to the end, or until the signal fires; returns whether it reached the end. */
  train(signal?: AbortSignal): Promise<boolean>;
  /** Steps taken; in a study, parts that are done. */
  readonly step: number;
  /** Which data it got, if it works with more than one kind: `Fashion-MNIST`, for its pictures. */
  readonly data?: string;
  state(): State;
  loadState(state: State): void;
  /** Measures the trained model on the test data. */
  evaluate(): Promise<RecipeResult>;
  /** What `myelin inspect` looks into, for image recipes. */
  readonly network?: ImageNetwork;
  /** What `myelin predict` asks, for recipes that classify texts. */
  readonly texts?: TextNetwork;
  /** The pictures at the end. */
  pictures?(): Promise<readonly Picture[]>;
}

/** A system of the course: data, model, training, result, picture. */
export interface Recipe<S extends OptionSpecs = OptionSpecs> {
  /** Its name on the command line. */
  readonly name: string;
  /** Section of the course notes. */
  readonly section: string;
  /** What it does, in one line. */
  readonly title: string;
  /** What it shows and what to try, for its help: a paragraph. */
  readonly about: string;
  /** Name of the data set that it reads; none if it makes its data itself. */
  readonly dataset?: string;
  /** Its options, including the seed. */
  readonly options: S;
  prepare(context: RecipeContext<OptionValues<S>>): Promise<Experiment>;
}

/** Completes the options of a recipe with the seed, and types them. */
export const defineRecipe = <const S extends OptionSpecs>(
  recipe: Omit<Recipe<S>, 'options'> & { readonly options: S },
): Recipe => ({ ...recipe, options: { ...recipe.options, seed } }) as Recipe;

/** The line of a picture that names its data. */
export const dataLine = (data: string): string => `data: ${data}`;

import type { Dataset } from '../../data/index.js';
import type { Tensor } from '../../index.js';
import type { Layer } from '../../nn/index.js';
import type { TrainerCallback } from '../../train/index.js';
import type { State } from '../../train/state.js';
import type { Figure } from '../../viz/index.js';
import { defaultsOf, type OptionSpecs, type OptionValues, seed } from './options.js';

/** What every recipe is told beside its own options. */
export interface CommonOptions {
  /** Start of the random numbers. */
  readonly seed: number;
  /** Folder in which to look for the data; `undefined`: where data usually are. */
  readonly data?: string | undefined;
}

/** What a part of a study gave, or how far it is. */
export interface PartReport {
  /** Number of the part, from 1. */
  readonly part: number;
  readonly parts: number;
  readonly name: string;
  readonly seconds: number;
  readonly numbers: Readonly<Record<string, number>>;
}

export interface RecipeContext<O = Readonly<Record<string, number | string>>> {
  readonly options: O & CommonOptions;
  /** Epochs after which the run was finished, where it is gone on with for more. */
  readonly finishedEpochs?: number;
  /** Shows one line to whoever started the recipe. */
  readonly say: (label: string, text: string) => void;
  /** Told of a training as it goes. */
  readonly callbacks?: readonly TrainerCallback[];
  /** Told of each part of a study that is done. */
  readonly onPart?: (report: PartReport) => void | Promise<void>;
  /** Told how far the part under way is, from 0 to 1. */
  readonly onProgress?: (part: Omit<PartReport, 'numbers' | 'seconds'>, share: number) => void;
}

/** How often examples of each class (row) were taken for those of each (column). */
export interface Confusion {
  readonly matrix: readonly (readonly number[])[];
  readonly classes: readonly string[];
}

/** What came out. */
export interface RecipeResult {
  /** In one line: `test accuracy: 99.12 %`. */
  readonly line: string;
  readonly numbers: Readonly<Record<string, number>>;
  /** Lines to read before it: a table, what to look at. */
  readonly report?: readonly string[];
  /** Of a classifier: how it did class by class. */
  readonly confusion?: Confusion;
}

/** A picture that a run leaves behind, as `NAME.svg` and `NAME.png`. */
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

/** A recipe with its data loaded and its model built, ready to train. */
export interface Experiment {
  /** Trains to the end, or until stopped; whether the end was reached. */
  train(): Promise<boolean>;
  /** Ends the training after the step that is under way. */
  stop(): void;
  /** Steps taken. */
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

/** The line of a picture that says of what data it is. */
export const dataLine = (data: string): string => `data: ${data}`;

/** A system of the notes: data, model, training, result, picture. */
export interface Recipe<S extends OptionSpecs = OptionSpecs> {
  /** What it is called by on the command line. */
  readonly name: string;
  /** Section of the notes. */
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

/** Prepares a recipe at its defaults, some of them changed: for programs and tests. */
export const prepare = (
  recipe: Recipe,
  options: Readonly<Record<string, number | string>> = {},
  context: Partial<Omit<RecipeContext, 'options'>> = {},
): Promise<Experiment> =>
  recipe.prepare({
    say: () => {},
    ...context,
    options: { ...defaultsOf(recipe.options), ...options } as RecipeContext['options'],
  });

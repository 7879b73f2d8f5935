import type { TrainerCallback } from '../train/index.js';
import type { State } from '../train/state.js';

/** What every recipe lets one choose. */
export interface RecipeOptions {
  /** Times to go through the training data. */
  readonly epochs: number;
  /** Examples in a batch. */
  readonly batchSize: number;
  /** Learning rate at the start. */
  readonly lr: number;
  /** Start of the random numbers. */
  readonly seed: number;
  /** Folder in which to look for the data; `undefined`: where data usually are. */
  readonly data?: string | undefined;
}

export interface RecipeContext {
  readonly options: RecipeOptions;
  /** Told of the training as it goes. */
  readonly callbacks?: readonly TrainerCallback[];
  /** Shows one line to whoever started the recipe. */
  readonly say: (label: string, text: string) => void;
}

/** What came out, as one line (`test accuracy: 99.12 %`) and as numbers. */
export interface RecipeResult {
  readonly line: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** A recipe with its data loaded and its model built, ready to train. */
export interface Experiment {
  /** Trains to the end, or until stopped; whether the end was reached. */
  train(): Promise<boolean>;
  /** Ends the training after the step that is under way. */
  stop(): void;
  /** Steps taken. */
  readonly step: number;
  state(): State;
  loadState(state: State): void;
  /** Measures the model on the test data. */
  evaluate(): Promise<RecipeResult>;
}

/** A system of the notes: data, model, training, result. */
export interface Recipe {
  /** What it is called by on the command line. */
  readonly name: string;
  /** Section of the notes. */
  readonly section: string;
  /** What it does, in one line. */
  readonly title: string;
  readonly defaults: Omit<RecipeOptions, 'data'>;
  prepare(context: RecipeContext): Promise<Experiment>;
}

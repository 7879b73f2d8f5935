import { defineOptions, number, type Option, text, whole, word } from '../../core/options.js';

/** A whole number. */
export interface IntegerSpec {
  readonly kind: 'integer';
  readonly default: number;
  readonly min: number;
  readonly max?: number;
  readonly help: string;
  /** Whether a finished run can continue with a larger value. */
  readonly extendable?: boolean;
}

/** A number, greater than `above` or at least `min`. */
export interface NumberSpec {
  readonly kind: 'number';
  readonly default: number;
  readonly above?: number;
  readonly min?: number;
  readonly max?: number;
  readonly help: string;
}

/** One of several words. */
export interface ChoiceSpec<C extends string = string> {
  readonly kind: 'choice';
  readonly default: C;
  readonly choices: readonly C[];
  readonly help: string;
}

/** Any text, such as the name of a file. */
export interface TextSpec {
  readonly kind: 'text';
  /** Usually `''`, for none. */
  readonly default: string;
  /** What it is, in a word: `file`. */
  readonly value: string;
  readonly help: string;
  /** What is used if none is given. */
  readonly absent: string;
}

/** An option of a recipe: what it takes, its default, and what it does. */
export type OptionSpec = IntegerSpec | NumberSpec | ChoiceSpec | TextSpec;

/** The options of a recipe by their names in camelCase: `batchSize` is `--batch-size`. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type ValueOf<S> = S extends ChoiceSpec<infer C> ? C : S extends TextSpec ? string : number;

/** The values of a recipe's options. */
export type OptionValues<S extends OptionSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** Times to go through the training data. */
export const epochs = (value: number): IntegerSpec => ({
  kind: 'integer',
  default: value,
  min: 1,
  help: 'times to go through the training data',
});

/** Times to go through the training data; a finished run takes more. */
export const moreEpochs = (value: number): IntegerSpec => ({ ...epochs(value), extendable: true });

/** Examples in a batch. */
export const batchSize = (value: number): IntegerSpec => ({
  kind: 'integer',
  default: value,
  min: 1,
  help: 'examples in a batch',
});

/** Learning rate. */
export const lr = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  above: 0,
  help: 'initial learning rate',
});

/** Share of the training data held out for validation; a recipe that has it can be searched. */
export const validation = (value: number): NumberSpec => ({
  kind: 'number',
  default: value,
  min: 0,
  max: 0.5,
  help: 'share of the training data to validate on',
});

/** Something to do or not. */
export const onOff = (value: 'on' | 'off', help: string): ChoiceSpec<'on' | 'off'> => ({
  kind: 'choice',
  default: value,
  choices: ['on', 'off'],
  help,
});

/** Seed of the random numbers, which every recipe has. */
export const seed: IntegerSpec = { kind: 'integer', default: 0, min: 0, help: 'seed of the random numbers' };

/** An option's default, in words. */
export const defaultText = (spec: OptionSpec): string =>
  spec.kind === 'text' && spec.default === '' ? spec.absent : String(spec.default);

/** The check that the library's own options use. */
function optionOf(spec: OptionSpec): Option<unknown> {
  switch (spec.kind) {
    case 'integer':
      return whole(spec.default, { least: spec.min, ...(spec.max === undefined ? {} : { most: spec.max }) });
    case 'number': {
      const { above, min, max } = spec;
      return number(spec.default, {
        ...(above === undefined ? {} : { above }),
        ...(min === undefined ? {} : { least: min }),
        ...(max === undefined ? {} : { most: max }),
      });
    }
    case 'choice':
      return word(spec.choices, spec.default);
    case 'text':
      return text(spec.default);
  }
}

/**
 * The options of a recipe, with defaults for those that aren't given.
 *
 * @throws ArgumentError for an option that the recipe doesn't have, or a value that the option can't have
 */
export const completeOptions = (
  recipe: string,
  specs: OptionSpecs,
  given: Readonly<Record<string, number | string | undefined>>,
): Readonly<Record<string, number | string>> =>
  defineOptions({
    ...Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, optionOf(spec)])),
    data: text(undefined),
  })(recipe, given) as Readonly<Record<string, number | string>>;

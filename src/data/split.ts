import { requireNumbers } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import { checkOption, defineOptions, instance, number, required } from '../core/options.js';
import { anyDataset, type Dataset, Subset } from './dataset.js';
import { permutation, type RandomOptions, randomSpec } from './shuffle.js';
import { dealByClass } from './stratify.js';

export interface SplitOptions extends RandomOptions {
  /**
   * Class of each example, such as `await y.data()`: every part then has the same share of each class as the
   * whole, give or take one example.
   */
  readonly stratifyBy?: ArrayLike<string | number | boolean> | undefined;
}

const isArrayLike = (value: unknown): value is NonNullable<SplitOptions['stratifyBy']> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
const splitSpec = {
  stratifyBy: instance('a class for each example, such as `await y.data()`', isArrayLike),
  ...randomSpec,
};
const splitOptions = defineOptions(splitSpec);

/** Numbers of examples from fractions that sum to 1; the first parts get what rounding leaves over. */
function fromFractions(fractions: readonly number[], total: number): number[] {
  const lengths = fractions.map((fraction) => Math.floor(fraction * total));
  const rest = total - lengths.reduce((a, b) => a + b, 0);
  for (let i = 0; i < rest; i++) lengths[i % lengths.length]! += 1;
  return lengths;
}

/** Numbers of examples in parts of the given lengths, at random or by class. */
function deal(
  operation: string,
  total: number,
  lengths: readonly number[],
  { generator, stratifyBy }: Pick<SplitOptions, 'generator' | 'stratifyBy'>,
): number[][] {
  if (stratifyBy !== undefined && stratifyBy.length !== total)
    throw new ArgumentError(
      operation,
      `stratifyBy has ${stratifyBy.length} labels, but the data set has ${total} examples`,
    );
  const order = [...permutation(total, generator)];
  return stratifyBy === undefined
    ? lengths.map((n) => order.splice(0, n))
    : dealByClass(order, lengths, stratifyBy);
}

/**
 * Splits a data set at random into parts that share no examples.
 *
 * @param lengths numbers of examples, or fractions that sum to 1
 * @throws ArgumentError if they don't sum to the number of examples
 */
export function randomSplit<T>(
  dataset: Dataset<T>,
  lengths: readonly number[],
  options?: SplitOptions,
): Subset<T>[] {
  checkOption('randomSplit', 'the data set', anyDataset, dataset);
  requireNumbers('randomSplit', 'lengths', lengths);
  const read = splitOptions('randomSplit', options);
  const sum = lengths.reduce((a, b) => a + b, 0);
  const areFractions = Math.abs(sum - 1) < 1e-9 && lengths.every((n) => n >= 0 && n <= 1);
  const counts = areFractions ? fromFractions(lengths, dataset.length) : [...lengths];
  const wrong = counts.find((n) => !Number.isInteger(n) || n < 0);
  if (wrong !== undefined)
    throw new ArgumentError(
      'randomSplit',
      `the length ${wrong} isn't a number of examples; lengths must be whole numbers, or fractions that sum to 1`,
    );
  if (counts.reduce((a, b) => a + b, 0) !== dataset.length)
    throw new ArgumentError(
      'randomSplit',
      `the lengths sum to ${sum}, but the data set has ${dataset.length} examples`,
    );
  return deal('randomSplit', dataset.length, counts, read).map((part) => new Subset(dataset, part));
}

export interface TrainValidationTestOptions extends SplitOptions {
  /** Examples to choose by: a fraction below 1, or a number. */
  readonly validation: number;
  /** Examples to measure the chosen model by: a fraction below 1, or a number. */
  readonly test: number;
}

const partOption = required(number(undefined, { least: 0 }));
const threeWayOptions = defineOptions({ validation: partOption, test: partOption, ...splitSpec });

const aSubset = instance('a Subset', (value): value is Subset<unknown> => value instanceof Subset);

/**
 * The three parts of a data set. The test set is sealed: you can get it once, after all choices are
 * made.
 */
export class TrainValidationTest<T> {
  /** To fit the parameters. */
  readonly train: Subset<T>;
  /** To choose by: hyperparameters, when to stop, which model. */
  readonly validation: Subset<T>;
  /** Number of examples of the test set. */
  readonly testLength: number;
  readonly #test: Subset<T>;
  #openedAt: Error | undefined;

  constructor(train: Subset<T>, validation: Subset<T>, test: Subset<T>) {
    for (const [name, part] of Object.entries({ train, validation, test }))
      checkOption('TrainValidationTest', name, aSubset, part);
    this.train = train;
    this.validation = validation;
    this.testLength = test.length;
    this.#test = test;
  }

  /** Training and validation set together, to fit the chosen model once more before it is tested. */
  get trainAndValidation(): Subset<T> {
    return new Subset(this.train.dataset, [...this.train.indices, ...this.validation.indices]);
  }

  /**
   * The test set, after all choices are made. You can get it only once: a second call would mean that you're
   * comparing models on it, and then its error no longer estimates the error on new data. To measure the chosen
   * model with several metrics, keep what this returns.
   *
   * @throws ArgumentError if it has already been opened; the cause says where
   */
  unsealTest(): Subset<T> {
    if (this.#openedAt) {
      const error = new ArgumentError(
        'unsealTest',
        'the test set was already opened; compare models on the validation set and test only the chosen one',
      );
      error.cause = this.#openedAt;
      throw error;
    }
    this.#openedAt = new Error('the test set was first opened here');
    return this.#test;
  }
}

/**
 * Splits a data set at random into training, validation, and test sets.
 *
 * Parameters are fitted to the training set and hyperparameters are chosen on the validation set, so the
 * error on either is smaller than on new data. Only examples that played no part in any choice show how
 * well the model generalizes: `unsealTest()` returns them, once. Pass a separate generator to get
 * the same parts whenever and wherever the program runs.
 *
 * @throws ArgumentError if a part isn't a fraction or number of examples, or nothing is left to train on
 * @source notes 1.3 (the three sets), 2.7 (the outer loop that chooses hyper-parameters)
 * @example
 * const split = data.trainValidationTest(set, { validation: 0.2, test: 0.2, generator: new Generator(1) });
 * // … fit on split.train, choose by split.validation, and at the very end:
 * const test = split.unsealTest();
 */
export function trainValidationTest<T>(
  dataset: Dataset<T>,
  options: TrainValidationTestOptions,
): TrainValidationTest<T> {
  const operation = 'trainValidationTest';
  const { validation, test, ...read } = threeWayOptions(operation, options);
  const total = dataset.length;
  const countOf = (name: string, part: number): number => {
    if (part < 1) return Math.round(part * total);
    if (Number.isInteger(part)) return part;
    throw new ArgumentError(operation, `${name} must be a fraction below 1 or a whole number, got ${part}`);
  };
  const held = [countOf('validation', validation), countOf('test', test)] as const;
  const left = total - held[0] - held[1];
  if (left <= 0)
    throw new ArgumentError(
      operation,
      `validation (${held[0]}) and test (${held[1]}) leave none of the ${total} examples to train on`,
    );
  const [first, second, third] = deal(operation, total, [left, ...held], read).map(
    (part) => new Subset(dataset, part),
  );
  return new TrainValidationTest(first!, second!, third!);
}

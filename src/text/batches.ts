import { requireList } from '../core/arguments.js';
import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { defineOptions, number, type Resolved, whole, word } from '../core/options.js';
import { type Collated, defaultCollate } from '../data/collate.js';
import { type Tensor, tensor } from '../index.js';

export interface PadOptions {
  /** What fills the places after a sequence's end (default 0). */
  readonly padValue?: number | undefined;
  /** Where the padding goes (default `right`). */
  readonly side?: 'left' | 'right' | undefined;
  /** Longest sequence: what's beyond is cut off (default: the longest one's length). */
  readonly maxLength?: number | undefined;
  /** Which end of a longer sequence is cut off (default `right`). */
  readonly truncate?: 'left' | 'right' | undefined;
}

const padSpec = {
  padValue: number(0),
  side: word(['left', 'right'], 'right'),
  maxLength: whole(undefined, { least: 1 }),
  truncate: word(['left', 'right'], 'right'),
};
const padOptions = defineOptions(padSpec);

/** Sequences of different lengths as one tensor. */
export interface PaddedBatch {
  /** @shape (N, L) int32 */
  readonly ids: Tensor;
  /** Lengths without padding. */
  readonly lengths: readonly number[];
  /** Where `ids` isn't padding. @shape (N, L) bool */
  readonly mask: Tensor;
}

const isSequence = (value: unknown): value is ArrayLike<number> =>
  value instanceof Int32Array || (Array.isArray(value) && value.every((item) => typeof item === 'number'));

/**
 * Sequences of integers, padded to the length of the longest.
 *
 * @shape ids and mask (N, L)
 * @throws ArgumentError for an empty batch, and anything that isn't a sequence of whole numbers
 * @example
 * const { ids, lengths, mask } = text.padBatch([[5, 3, 8], [4]]);
 * ids; // [[5, 3, 8], [4, 0, 0]]
 * lengths; // [3, 1]
 */
export function padBatch(sequences: readonly ArrayLike<number>[], options?: PadOptions): PaddedBatch {
  return padded('padBatch', sequences, padOptions('padBatch', options));
}

function padded(
  operation: string,
  sequences: readonly ArrayLike<number>[],
  { padValue, side, maxLength = Number.POSITIVE_INFINITY, truncate }: Resolved<typeof padSpec>,
): PaddedBatch {
  if (!Array.isArray(sequences) || sequences.length === 0)
    throw new ArgumentError(
      operation,
      `needs a list of sequences with at least one, got ${describe(sequences)}`,
    );
  const wrong = sequences.findIndex((sequence) => !isSequence(sequence));
  if (wrong >= 0)
    throw new ArgumentError(
      operation,
      `sequence ${wrong} must be an Int32Array or a list of numbers, got ${describe(sequences[wrong])}`,
    );
  const lengths = sequences.map(({ length }) => Math.min(length, maxLength));
  const n = sequences.length;
  const longest = lengths.reduce((a, b) => Math.max(a, b));
  if (n * longest >= 2 ** 31)
    throw new ArgumentError(
      operation,
      `${n} sequences padded to ${longest} would have 2³¹ numbers or more; pass maxLength`,
    );
  const ids = new Int32Array(n * longest).fill(int32(operation, padValue, 'padValue'));
  const mask = new Uint8Array(n * longest);
  for (const [row, sequence] of sequences.entries()) {
    const length = lengths[row]!;
    const from = truncate === 'left' ? sequence.length - length : 0;
    const to = row * longest + (side === 'left' ? longest - length : 0);
    for (let i = 0; i < length; i++)
      ids[to + i] = int32(operation, sequence[from + i]!, `number ${from + i} of sequence ${row}`);
    mask.fill(1, to, to + length);
  }
  return { ids: tensor(ids, [n, longest]), lengths, mask: tensor(mask, [n, longest], { dtype: 'bool' }) };
}

function int32(operation: string, value: number, name: string): number {
  if (value === (value | 0)) return value;
  throw new ArgumentError(
    operation,
    `${name} must be a whole number that fits into int32, got ${describe(value)}`,
  );
}

/** What an example becomes when a batch is padded: sequences a `PaddedBatch`, the rest as in `defaultCollate`. */
export type Padded<T> = T extends Int32Array | readonly number[]
  ? PaddedBatch
  : T extends readonly unknown[]
    ? { -readonly [K in keyof T]: Padded<T[K]> }
    : Collated<T>;

/**
 * Makes a function for a `DataLoader` that makes batches of sequences of different lengths. In an example such as
 * `[sequence, label]`, each part is collated by itself: sequences (Int32Array, or a list of numbers) are padded, the
 * rest is as in `defaultCollate`.
 *
 * @example
 * const collate = text.padCollate({ padValue: 1 });
 * const [{ ids, lengths }, labels] = collate([[[5, 3], 0], [[4, 2, 7], 1]] as [number[], number][]);
 * ids; // [[5, 3, 1], [4, 2, 7]]
 * labels; // [0, 1]
 */
export function padCollate(options?: PadOptions): <T>(examples: readonly T[]) => Padded<T> {
  const read = padOptions('padCollate', options);
  return <T>(examples: readonly T[]) => {
    requireList('padCollate', 'examples', examples);
    return collate(examples, read) as Padded<T>;
  };
}

function collate(examples: readonly unknown[], options: Resolved<typeof padSpec>): unknown {
  const [first] = examples;
  if (examples.every(isSequence)) return padded('padCollate', examples, options);
  if (!Array.isArray(first)) return defaultCollate(examples);
  const other = examples.findIndex((example) => !Array.isArray(example) || example.length !== first.length);
  if (other >= 0)
    throw new ArgumentError(
      'padCollate',
      `example 0 has ${first.length} parts, example ${other} is ${describe(examples[other])}`,
    );
  return first.map((_, part) =>
    collate(
      examples.map((example) => (example as unknown[])[part]),
      options,
    ),
  );
}

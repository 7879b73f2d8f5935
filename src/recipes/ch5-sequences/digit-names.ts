import { drawnDigits } from '../../data/index.js';
import { type Generator, randperm, type Tensor, tensor } from '../../index.js';
import { type PaddedBatch, padBatch } from '../../text/index.js';

const NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Control symbols of a written sequence: padding, its beginning, and its end. */
export const [PAD, BOS, EOS] = [0, 1, 2];
const SPECIAL = 3;
const letters = [...new Set(NAMES.join(''))].sort();

/** Letters, and control symbols. */
export const LETTERS = SPECIAL + letters.length;
/** Digits, and control symbols. */
export const DIGITS = SPECIAL + 10;

/** `seven` → its letters' numbers. */
export const spell = (word: string): number[] => [...word].map((letter) => SPECIAL + letters.indexOf(letter));
/** Numbers of letters → text, up to the end of the sequence. */
export const unspell = (ids: readonly number[]): string =>
  upToEnd(ids)
    .map((id) => letters[id - SPECIAL] ?? '?')
    .join('');
/** Numbers of digits → text, up to the end of the sequence. */
export const digitsText = (ids: readonly number[]): string =>
  upToEnd(ids)
    .map((id) => (id < SPECIAL ? '?' : String(id - SPECIAL)))
    .join('');

const upToEnd = (ids: readonly number[]): readonly number[] => {
  const end = ids.indexOf(EOS);
  return end < 0 ? ids : ids.slice(0, end);
};

/** Digits whose names are written without a space: 74, sevenfour. */
export interface Spelled {
  readonly digits: readonly number[];
  readonly text: string;
}

/** `count` sequences of 1 to `longest` digits, each once, in random order. */
export async function spelledNumbers(
  count: number,
  longest: number,
  generator: Generator,
): Promise<Spelled[]> {
  const all = Array.from({ length: longest }, (_, i) => 10 ** (i + 1)).reduce((sum, n) => sum + n, 0);
  const order = await randperm(all, { generator }).narrow(0, 0, count).data();
  return [...order].map((number) => {
    const digits = digitsOf(number);
    return { digits, text: digits.map((digit) => NAMES[digit]).join('') };
  });
}

/** The sequence with this number: 0 to 9 have one digit, 10 to 109 two: 10 is 0 0. */
function digitsOf(number: number): number[] {
  let [rest, length] = [number, 1];
  for (; rest >= 10 ** length; length++) rest -= 10 ** length;
  return [...String(rest).padStart(length, '0')].map(Number);
}

/** The letters of a batch. */
export const lettersOf = (batch: readonly Spelled[]): PaddedBatch =>
  padBatch(batch.map(({ text }) => spell(text)));

/** What is fed to a network that writes, and what it should write: `<BOS> a b` and `a b <EOS>`. @shape (N, L) each */
export function written(sequences: readonly (readonly number[])[]): [input: Tensor, target: Tensor] {
  return [
    padBatch(sequences.map((ids) => [BOS, ...ids])).ids,
    padBatch(sequences.map((ids) => [...ids, EOS])).ids,
  ];
}

/** The digits of a batch, as written. */
export const digitIds = ({ digits }: Spelled): number[] => digits.map((digit) => SPECIAL + digit);

/** For each letter, whether a name ends with it; −1 for padding. @shape (N, L), int32 */
export function endings(batch: readonly Spelled[]): Tensor {
  const rows = batch.map(({ digits }) =>
    digits.flatMap((digit) => [...NAMES[digit]!].map((_, i, name) => Number(i === name.length - 1))),
  );
  return padBatch(rows, { padValue: -1 }).ids;
}

/** Images of digits with their names. @shape images (n, 784) */
export interface NamedDigits {
  readonly images: Tensor;
  readonly labels: Tensor;
  readonly names: readonly string[];
}

/** Drawn digits to train and to test on. */
export function namedDigits(
  train: number,
  test: number,
  seed: number,
): { readonly train: NamedDigits; readonly test: NamedDigits } {
  const drawn = drawnDigits({ train, test, seed });
  const named = ({ images, labels, count, height, width }: typeof drawn.train): NamedDigits => ({
    images: tensor(images, [count, height * width], { dtype: 'uint8' })
      .to('float32')
      .div(255),
    labels: tensor(Int32Array.from(labels), [count]),
    names: [...labels].map((label) => NAMES[label]!),
  });
  return { train: named(drawn.train), test: named(drawn.test) };
}

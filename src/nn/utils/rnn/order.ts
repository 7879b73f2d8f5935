/** The places of the lengths, longest first; equal ones keep their order. */
export const longestFirst = (lengths: readonly number[]): number[] =>
  [...lengths.keys()].sort((a, b) => lengths[b]! - lengths[a]!);

/** How many of the lengths have a step t, for each t. */
export function sizesOf(lengths: readonly number[]): number[] {
  const sizes = new Array<number>(Math.max(0, ...lengths)).fill(0);
  for (const length of lengths) sizes[length - 1]!++;
  for (let t = sizes.length - 2; t >= 0; t--) sizes[t]! += sizes[t + 1]!;
  return sizes;
}

/** Where each number of a permutation lies. */
export function inverse(order: readonly number[]): number[] {
  const places = new Array<number>(order.length);
  order.forEach((from, to) => {
    places[from] = to;
  });
  return places;
}

/** Where the steps of sequences lie among rows: the first step of each, and how far apart its steps are. */
export interface Places {
  start(sequence: number): number;
  readonly stride: number;
}

/** In a padded batch, taken as one list of rows. */
export const inPadded = (batch: number, steps: number, batchFirst: boolean): Places =>
  batchFirst
    ? { start: (sequence) => sequence * steps, stride: 1 }
    : { start: (sequence) => sequence, stride: batch };

/** In one list, sequence after sequence. */
export function inList(lengths: readonly number[]): Places {
  const starts: number[] = [];
  let at = 0;
  for (const length of lengths) {
    starts.push(at);
    at += length;
  }
  return { start: (sequence) => starts[sequence]!, stride: 1 };
}

/** Where each packed step lies. @param order which sequence each packed one is, null for the same order */
export function rowsOf(
  sizes: readonly number[],
  order: readonly number[] | null,
  places: Places,
): Int32Array {
  const rows = new Int32Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  sizes.forEach((size, t) => {
    for (let n = 0; n < size; n++)
      rows[at++] = places.start(order === null ? n : order[n]!) + t * places.stride;
  });
  return rows;
}

export interface Moments {
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** Mean, standard deviation, and range of the finite values; NaN and an empty range if there are none. */
export function momentsOf(values: ArrayLike<number>): Moments {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    count++;
    const distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return count === 0
    ? { mean: Number.NaN, deviation: Number.NaN, least, most }
    : { mean, deviation: Math.sqrt(squares / count), least, most };
}

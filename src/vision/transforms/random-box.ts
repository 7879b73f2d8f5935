import { checkPositive, checkRange, type Range, roundHalfEven } from './checks.js';
import type { Draws } from './draws.js';

/** How large a part of an image to draw. */
export interface BoxRanges {
  /** Its share of the image's area. */
  readonly scale: Range;
  /** Its width over its height, or the other way around; its logarithm is drawn uniformly. */
  readonly ratio: Range;
}

/** @throws ArgumentError */
export function checkBoxRanges(operation: string, { scale, ratio }: BoxRanges): void {
  checkRange(operation, 'scale', scale, [0, 1]);
  checkPositive(operation, 'ratio', ...ratio);
  checkRange(operation, 'ratio', ratio);
}

const logarithm = (x: number): number => Math.fround(Math.log(Math.fround(x)));

/** Two sides whose product is a share of `area` and whose quotient is a ratio. */
export function drawSides(
  area: number,
  { scale, ratio }: BoxRanges,
  draws: Draws,
): readonly [number, number] {
  const part = area * draws.uniform(...scale);
  const aspect = Math.fround(Math.exp(draws.uniform(logarithm(ratio[0]), logarithm(ratio[1]))));
  return [roundHalfEven(Math.sqrt(part * aspect)), roundHalfEven(Math.sqrt(part / aspect))];
}

/** How often to draw another box if one doesn't fit. */
export const boxAttempts = 10;

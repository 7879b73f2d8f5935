import type { View } from './storage.js';

/** What a border holds: a constant, the mirrored inside, the outermost element, the other end. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** Lengths before and after the last axis, the one before it, and the one before that; negative ones crop. */
export type Sides = readonly [number, number, number, number, number, number];

/** Borders around the last three axes (fewer if there are fewer). Views are dense. */
export interface PaddingEngine {
  /** out = x with borders. */
  pad(out: View, x: View, sides: Sides, mode: PadMode, value: number): void;
  /** out, which has no borders = for each element, the sum of grad over its places. */
  padBackward(out: View, grad: View, sides: Sides, mode: PadMode): void;
}

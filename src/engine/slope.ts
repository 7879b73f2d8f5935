import type { View } from './storage.js';

/** Gradients of a function of one operand, from what the forward pass saved: its operand or its result. */
export const slopes = [
  ...(['absBackward', 'sqrtBackward', 'rsqrtBackward', 'reciprocalBackward', 'squareBackward'] as const),
  'cubeBackward',
  ...(['tanhBackward', 'sigmoidBackward', 'reluBackward', 'clampBackward', 'hardtanhBackward'] as const),
  ...(['leakyReluBackward', 'eluBackward', 'celuBackward', 'geluBackward', 'geluTanhBackward'] as const),
  ...([
    'siluBackward',
    'mishBackward',
    'softplusBackward',
    'logSigmoidBackward',
    'softsignBackward',
  ] as const),
  ...(['hardsigmoidBackward', 'hardswishBackward', 'shrinkBackward', 'tanhshrinkBackward'] as const),
  ...(['thresholdBackward', 'preluWeightBackward', 'sincBackward', 'logitBackward', 'sinBackward'] as const),
  ...(['cosBackward', 'tanBackward', 'asinBackward', 'acosBackward', 'atanBackward'] as const),
  ...(['sinhBackward', 'coshBackward', 'asinhBackward', 'acoshBackward', 'atanhBackward'] as const),
  ...(['erfBackward', 'erfcBackward', 'exp2Backward', 'expm1Backward', 'log2Backward'] as const),
  ...(['log10Backward', 'log1pBackward'] as const),
] as const;

/** Gradients of a function of two operands, from both. */
export const slopesOfTwo = [
  ...(['divBackward', 'powBackward', 'powExponentBackward', 'atan2Backward', 'hypotBackward'] as const),
  ...(['copysignBackward', 'maximumBackward', 'minimumBackward', 'preluBackward', 'gateBackward'] as const),
  'logsumexpBackward',
] as const;

export type Slope = (typeof slopes)[number];
export type SlopeOfTwo = (typeof slopesOfTwo)[number];

/** Gradients of functions of lines along an axis; all views are dense. */
export interface LineSlopes {
  /** The gradient of softmax, or its logarithm, from the result y. */
  softmaxBackward(dx: View, g: View, y: View, axis: number, log: boolean): void;
  /** The gradient of the values of `scanExtreme`: out = 0 and then out[indices[i]] += g[i]. */
  scanExtremeBackward(out: View, g: View, indices: View, axis: number): void;
  /** out[i] = g·(product of all x but x[i]), where g has one element per line. */
  prodBackward(out: View, g: View, x: View, axis: number): void;
}

/** Gradients in one pass; floating. */
export interface SlopeEngine extends LineSlopes {
  /** out = g times the slope, given what the forward pass saved, x; operands, p, and q are as in `ElementwiseEngine`. */
  slope(slope: Slope, out: View, g: View, x: View, p?: number, q?: number): void;
  /** out = g times the slope at a and b. */
  slopeOfTwo(slope: SlopeOfTwo, out: View, g: View, a: View, b: View, p?: number): void;
}

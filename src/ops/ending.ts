import { isGradEnabled } from '../autograd/mode.js';
import type { Tensor } from '../tensor/tensor.js';
import { gradientBy, type UnaryRule } from './pointwise.js';

// Activations whose gradient follows from their result, which is then all that is kept of them.

export const reluRule = {
  name: 'relu',
  saves: 'result',
  fused: 'reluBackward',
  gradient: (g, y) => g.where(y.le(0).logicalNot(), 0),
} as const satisfies UnaryRule;

export const sigmoidRule = {
  name: 'sigmoid',
  saves: 'result',
  fused: 'sigmoidBackward',
  gradient: (g, y) => g.mul(y).mul(y.rsub(1)),
} as const satisfies UnaryRule;

export const tanhRule = {
  name: 'tanh',
  saves: 'result',
  fused: 'tanhBackward',
  gradient: (g, y) => g.mul(y.square().rsub(1)),
} as const satisfies UnaryRule;

const rules = { relu: reluRule, sigmoid: sigmoidRule, tanh: tanhRule };

/** An activation behind a product, applied while the result is in the cache. GELU's gradient needs more than its result. */
export type Ending = keyof typeof rules | 'gelu';

/** Whether a product of these operands can end so: always, unless a gradient needs what the activation was given. */
export const canEndIn = (ending: Ending, operands: readonly (Tensor | null)[]): boolean =>
  ending !== 'gelu' || !isGradEnabled() || operands.every((x) => x === null || !x.requiresGrad);

/** The gradient before an ending, from the one behind it and the result. */
export const beforeEnding = (
  ending: Ending | undefined,
  g: Tensor,
  y: Tensor,
  createGraph: boolean,
): Tensor => (ending === undefined || ending === 'gelu' ? g : gradientBy(rules[ending], g, y, createGraph));

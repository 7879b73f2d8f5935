import { isGradEnabled } from '../autograd/mode.js';
import type { Tensor } from '../tensor/tensor.js';
import { type UnaryRule, unaryGradient } from './elementwise/pointwise.js';

// The gradients of these activations follow from their results, so only the results are kept.

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

const gradients = {
  relu: unaryGradient(reluRule),
  sigmoid: unaryGradient(sigmoidRule),
  tanh: unaryGradient(tanhRule),
};

/** An activation after a product, applied while the result is in the cache. GELU's gradient needs more than its result. */
export type Ending = keyof typeof gradients | 'gelu';

/** Whether a product of these operands can end this way: it can unless a gradient needs the activation's input. */
export const canEndIn = (ending: Ending | undefined, operands: readonly (Tensor | null)[]): boolean =>
  ending !== 'gelu' || !isGradEnabled() || operands.every((x) => x === null || !x.requiresGrad);

/** The gradient at an ending's input, from the one at its output and the result. */
export const beforeEnding = (
  ending: Ending | undefined,
  g: Tensor,
  y: Tensor,
  createGraph: boolean,
): Tensor => (ending === undefined || ending === 'gelu' ? g : gradients[ending](g, y, createGraph));

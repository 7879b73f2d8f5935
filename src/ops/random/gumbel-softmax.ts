import { named } from '../../core/exact.js';
import { defineOptions, flag, generatorOption, number, whole } from '../../core/options.js';
import { checkTensors } from '../../tensor/argument.js';
import type { Tensor } from '../../tensor/tensor.js';
import { zerosOf } from '../axes.js';
import { requireFloats } from '../losses/reduction.js';
import type { RandomOptions } from './draw.js';

export interface GumbelSoftmaxOptions extends RandomOptions {
  /** The temperature: the lower it is, the closer the result is to one-hot (default 1). */
  readonly tau?: number;
  /** Whether the result is one-hot, with the soft sample's gradient (default false). */
  readonly hard?: boolean;
  /** The axis of the classes (default −1). */
  readonly dim?: number;
}

const readGumbelSoftmax = defineOptions({
  tau: number(1, { above: 0 }),
  hard: flag(false),
  dim: whole(-1),
  generator: generatorOption,
});

/**
 * A sample of the Gumbel-softmax distribution: softmax((logits + g) / τ), where g = −log E and E ~ Exp(1).
 *
 * @shape logits (…, C, …) → the same
 * @throws ArgumentError unless tau is positive
 * @source Jang, Gu and Poole 2017, arXiv:1611.01144; Maddison, Mnih and Teh 2017, arXiv:1611.00712
 */
export const gumbelSoftmax = named(
  'gumbelSoftmax',
  (logits: Tensor, options?: GumbelSoftmaxOptions): Tensor => {
    checkTensors('gumbelSoftmax', { logits });
    const { tau, hard, dim, generator } = readGumbelSoftmax('gumbelSoftmax', options);
    requireFloats('gumbelSoftmax', logits, 'logits');
    const gumbels = zerosOf(logits.shape, logits)
      .exponential_(1, generator === undefined ? {} : { generator })
      .log()
      .neg();
    const soft = logits.add(gumbels).div(tau).softmax(dim);
    if (!hard) return soft;
    const winners = soft.detach().argmax(dim, { keepdim: true });
    const oneHot = zerosOf(soft.shape, soft.detach()).scatter(dim, winners, 1);
    return oneHot.sub(soft.detach()).add(soft);
  },
);

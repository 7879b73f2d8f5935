import { AutogradError } from '../core/errors.js';
import { exact, relaying } from '../core/exact.js';
import { callback, checkOption } from '../core/options.js';
import { checkTensorOrNull } from '../tensor/argument.js';
import { attach } from '../tensor/attach.js';
import type { Hook, Tensor } from '../tensor/tensor.js';
import { type BackwardOptions, backward } from './backward.js';
import type { Node } from './node.js';

/** Results that keep their gradient. */
const retaining = new WeakSet<Tensor>();

attach({
  /**
   * Adds the gradient of this tensor to `.grad` of every leaf that requires one.
   *
   * @param gradient gradient of this tensor; 1 if it has one element
   */
  backward: relaying((x: Tensor, gradient: Tensor | null = null, options?: BackwardOptions): void => {
    checkTensorOrNull('backward', 'the gradient', gradient);
    backward(x, gradient, options);
  }),

  /**
   * Calls `hook` with the gradient of this tensor whenever one is computed; what it returns, if anything,
   * replaces it. Returns a function that removes the hook.
   */
  registerHook: exact('registerHook(x, hook)', (x: Tensor, hook: Hook): (() => void) => {
    checkOption('registerHook', 'the hook', callback(), hook);
    if (!x.requiresGrad)
      throw new AutogradError(
        'registerHook',
        "the tensor doesn't require grad; the hook would never be called",
      );
    const hooks = hooksOf(x);
    hooks.push(hook);
    return () => {
      const at = hooks.indexOf(hook);
      if (at >= 0) hooks.splice(at, 1);
    };
  }),

  /**
   * Keeps the gradient of a result in `.grad`, as leaves do; several backward passes add up. Nothing happens
   * for leaves.
   */
  retainGrad: exact('retainGrad(x)', (x: Tensor): void => {
    if (!x.requiresGrad)
      throw new AutogradError('retainGrad', "the tensor doesn't require grad; there'd be no gradient");
    if (x.gradFn === null || retaining.has(x)) return;
    retaining.add(x);
    x.registerHook((grad) => {
      x.grad = x.grad === null ? grad : x.grad.add(grad);
    });
  }),
});

function hooksOf(x: Tensor): Hook[] {
  if (x.gradFn === null) {
    x.hooks ??= [];
    return x.hooks;
  }
  const node = x.gradFn as Node;
  node.hooks ??= new Array<Hook[] | null>(node.outputs).fill(null);
  node.hooks[x.gradIndex] ??= [];
  return node.hooks[x.gradIndex]!;
}

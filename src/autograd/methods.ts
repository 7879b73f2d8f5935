import { AutogradError } from '../core/errors.js';
import { attach } from '../tensor/attach.js';
import { Tensor } from '../tensor/tensor.js';
import { type BackwardOptions, backward } from './backward.js';

declare module '../tensor/tensor.js' {
  interface Tensor {
    /**
     * Adds the gradient of this tensor to `.grad` of every leaf that requires one.
     *
     * @param gradient gradient of this tensor; 1 if it has one element
     */
    backward(gradient?: Tensor | null, options?: BackwardOptions): void;

    /**
     * Calls `hook` with the gradient of this tensor whenever one is computed; what it returns, if
     * anything, replaces it. Returns a function that removes the hook.
     */
    registerHook(hook: (grad: Tensor) => Tensor | undefined): () => void;
  }
}

attach({
  backward(x: Tensor, gradient: Tensor | null = null, options?: BackwardOptions): void {
    backward(x, gradient, options);
  },

  registerHook(x: Tensor, hook: (grad: Tensor) => Tensor | undefined): () => void {
    if (!x.requiresGrad)
      throw new AutogradError('registerHook', 'the tensor does not require grad, the hook would never be called');
    x.hooks ??= [];
    x.hooks.push(hook);
    return () => {
      x.hooks = x.hooks!.filter((h) => h !== hook);
      if (x.hooks.length === 0) x.hooks = null;
    };
  },
});

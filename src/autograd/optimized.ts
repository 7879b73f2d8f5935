import type { Tensor } from '../tensor/tensor.js';

const optimized = new WeakSet<Tensor>();

/** Says that an optimizer has a tensor. */
export const markOptimized = (x: Tensor): void => void optimized.add(x);

/** Whether some optimizer has, or had, the tensor. */
export const isOptimized = (x: Tensor): boolean => optimized.has(x);

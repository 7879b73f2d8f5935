import { instance, type Option } from '../core/options.js';
import { Tensor } from './tensor.js';

/** An option that is a tensor. */
export const tensorOption: Option<Tensor | undefined> = instance(
  'a tensor',
  (value): value is Tensor => value instanceof Tensor,
);

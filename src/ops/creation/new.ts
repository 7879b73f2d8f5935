import { exact, named } from '../../core/exact.js';
import type { Shape } from '../../core/shape.js';
import { attach } from '../../tensor/attach.js';
import { Tensor } from '../../tensor/tensor.js';
import { onEngine } from '../cast.js';
import {
  type CreationOptions,
  empty,
  full,
  type NestedNumbers,
  type NumberArray,
  ones,
  readCreation,
  tensor,
  zeros,
} from './creation.js';

/** Whether a value is a tensor. */
export const isTensor = exact(
  'isTensor(value)',
  (value: unknown): value is Tensor => value instanceof Tensor,
);

/** `data` itself if it's a tensor of the requested dtype, otherwise a tensor made from it, as by `tensor`. */
export const asTensor = named(
  'asTensor',
  (data: Tensor | NestedNumbers | NumberArray, options?: CreationOptions): Tensor => {
    const { dtype } = readCreation('asTensor', options);
    if (!(data instanceof Tensor)) return tensor(data, options);
    return dtype === undefined ? data : data.to(dtype);
  },
);

function as(operation: string, x: Tensor, options: CreationOptions | undefined): CreationOptions {
  const { dtype = x.dtype, requiresGrad } = readCreation(operation, options);
  return { dtype, requiresGrad };
}

/** Zeros in the dtype of x and on its engine. */
export const newZeros = (x: Tensor, shape: Shape, options?: CreationOptions): Tensor =>
  onEngine(zeros(shape, as('newZeros', x, options)), x.engine);

/** Ones in the dtype of x and on its engine. */
export const newOnes = (x: Tensor, shape: Shape, options?: CreationOptions): Tensor =>
  onEngine(ones(shape, as('newOnes', x, options)), x.engine);

/** A tensor filled with one value, in the dtype of x and on its engine. */
export const newFull = (
  x: Tensor,
  shape: Shape,
  value: number | boolean,
  options?: CreationOptions,
): Tensor => onEngine(full(shape, value, as('newFull', x, options)), x.engine);

/** A tensor with undefined content, in the dtype of x and on its engine. */
export const newEmpty = (x: Tensor, shape: Shape, options?: CreationOptions): Tensor =>
  onEngine(empty(shape, as('newEmpty', x, options)), x.engine);

/** A tensor of `data` in the dtype of x and on its engine. */
export const newTensor = (x: Tensor, data: NestedNumbers | NumberArray, options?: CreationOptions): Tensor =>
  onEngine(tensor(data, as('newTensor', x, options)), x.engine);

attach({ newZeros, newOnes, newFull, newEmpty, newTensor });

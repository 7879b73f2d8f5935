import { type DType, isFloat } from '../../core/dtype.js';
import { ArgumentError } from '../../core/errors.js';
import { named } from '../../core/exact.js';
import { defineOptions, flag } from '../../core/options.js';
import type { Shape } from '../../core/shape.js';
import { currentEngine } from '../../engine/registry.js';
import { checkTensors } from '../../tensor/argument.js';
import { outliving } from '../../tensor/memory.js';
import { empty, Tensor } from '../../tensor/tensor.js';

/** A tensor that a module learns: it's found by `parameters()` and saved in the state dict. */
export class Parameter extends Tensor {
  /** @param data the initial value; the parameter shares its memory */
  constructor(data: Tensor, requiresGrad = true) {
    checkTensors('Parameter', { data });
    super(data.storage, data.dtype, data.shape, data.strides, data.offset, data.count, data.packed);
    this.requiresGrad_(requiresGrad);
  }
}

const blank = (shape: Shape, dtype: DType): Tensor => outliving(() => empty(shape, dtype, currentEngine()));

/**
 * A parameter with undefined contents, for an initializer to fill; it outlives a `tidy` that it's created in.
 *
 * @param owner the layer to name in errors
 * @throws ArgumentError for a dtype that isn't floating-point
 */
export function newParameter(owner: string, shape: Shape, dtype: DType = 'float32'): Parameter {
  if (!isFloat(dtype))
    throw new ArgumentError(
      owner,
      `dtype must be float32 or float64, got ${dtype}: only floating-point numbers are learned`,
    );
  return named(owner, () => new Parameter(blank(shape, dtype)))();
}

/** A tensor that is part of a module's state but isn't learned, such as a running mean. */
export class Buffer extends Tensor {
  constructor(
    data: Tensor,
    /** Whether it's part of the state dict. */
    readonly persistent: boolean = true,
  ) {
    checkTensors('Buffer', { data });
    super(data.storage, data.dtype, data.shape, data.strides, data.offset, data.count, data.packed);
  }
}

/** A buffer with undefined contents, like `newParameter`. */
export const newBuffer = (owner: string, shape: Shape, dtype: DType = 'float32'): Buffer =>
  named(owner, () => new Buffer(blank(shape, dtype)))();

const bufferOptions = defineOptions({ persistent: flag(true) });

/**
 * Marks a tensor as a module's buffer.
 *
 * @param options.persistent whether it's saved in the state dict (default true)
 * @example
 * class Center extends nn.Module {
 *   readonly mean = nn.buffer(zeros([3]));
 *   forward(x: Tensor): Tensor {
 *     return x.sub(this.mean);
 *   }
 * }
 */
export const buffer = (data: Tensor, options?: { persistent?: boolean }): Buffer =>
  new Buffer(data, bufferOptions('buffer', options).persistent);

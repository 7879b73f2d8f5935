import { noMore } from '../core/exact.js';
import { anyNumber, checkOption } from '../core/options.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { perAxis, type Size, show } from './sizes.js';

/** A border around the last axes; negative numbers crop. */
abstract class Padding extends Module {
  /** Elements before and after each axis, the last axis first. */
  readonly padding: readonly number[];

  constructor(
    rank: number,
    padding: Size,
    private readonly options: F.PadOptions,
    surplus: readonly never[],
  ) {
    super();
    const name = new.target.name;
    noMore(
      `${name}(padding${'value' in options ? ', value' : ''})`,
      [padding, ...('value' in options ? [options.value] : [])],
      surplus,
    );
    if ('value' in options) checkOption(name, 'value', anyNumber(0), options.value);
    this.padding = perAxis(name, 'padding', padding, 2 * rank, -Infinity);
  }

  override forward(x: Tensor): Tensor {
    return F.pad(x, this.padding, this.options);
  }

  protected override describe(): string {
    const { value } = this.options;
    return show({ padding: this.padding, ...(value === undefined ? {} : { value }) });
  }
}

/**
 * Adds a border of one value.
 *
 * @param padding one number for all sides, or [before, after]
 * @param value the value of the border
 * @shape (N, C, L) → (N, C, before + L + after), or without N
 */
export class ConstantPad1d extends Padding {
  constructor(padding: Size, value: number, ...surplus: readonly never[]) {
    super(1, padding, { value }, surplus);
  }
}

/**
 * Adds a border of one value.
 *
 * @param padding one number for all sides, or [left, right, top, bottom]
 * @param value the value of the border
 * @shape (N, C, H, W) → (N, C, top + H + bottom, left + W + right), or without N
 */
export class ConstantPad2d extends Padding {
  constructor(padding: Size, value: number, ...surplus: readonly never[]) {
    super(2, padding, { value }, surplus);
  }
}

/**
 * Adds a border of one value.
 *
 * @param padding one number for all sides, or [left, right, top, bottom, front, back]
 * @param value the value of the border
 * @shape (N, C, D, H, W) → (N, C, front + D + back, top + H + bottom, left + W + right), or without N
 */
export class ConstantPad3d extends Padding {
  constructor(padding: Size, value: number, ...surplus: readonly never[]) {
    super(3, padding, { value }, surplus);
  }
}

/**
 * Adds a border of zeros.
 *
 * @param padding one number for all sides, or [before, after]
 * @shape (N, C, L) → (N, C, before + L + after), or without N
 */
export class ZeroPad1d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(1, padding, {}, surplus);
  }
}

/**
 * Adds a border of zeros.
 *
 * @param padding one number for all sides, or [left, right, top, bottom]
 * @shape (N, C, H, W) → (N, C, top + H + bottom, left + W + right), or without N
 */
export class ZeroPad2d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(2, padding, {}, surplus);
  }
}

/**
 * Adds a border of zeros.
 *
 * @param padding one number for all sides, or [left, right, top, bottom, front, back]
 * @shape (N, C, D, H, W) → (N, C, front + D + back, top + H + bottom, left + W + right), or without N
 */
export class ZeroPad3d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(3, padding, {}, surplus);
  }
}

/**
 * Adds a border that mirrors the interior around its outermost element.
 *
 * @param padding one number for all sides, or [before, after]
 * @shape (N, C, L) → (N, C, before + L + after), or without N
 * @throws ShapeError for a border as long as the axis or longer
 */
export class ReflectionPad1d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(1, padding, { mode: 'reflect' }, surplus);
  }
}

/**
 * Adds a border that mirrors the interior around its outermost element.
 *
 * @param padding one number for all sides, or [left, right, top, bottom]
 * @shape (N, C, H, W) → (N, C, top + H + bottom, left + W + right), or without N
 * @throws ShapeError for a border as long as the axis or longer
 */
export class ReflectionPad2d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(2, padding, { mode: 'reflect' }, surplus);
  }
}

/**
 * Adds a border that mirrors the interior around its outermost element.
 *
 * @param padding one number for all sides, or [left, right, top, bottom, front, back]
 * @shape (N, C, D, H, W) → (N, C, front + D + back, top + H + bottom, left + W + right), or without N
 * @throws ShapeError for a border as long as the axis or longer
 */
export class ReflectionPad3d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(3, padding, { mode: 'reflect' }, surplus);
  }
}

/**
 * Adds a border that repeats the outermost element.
 *
 * @param padding one number for all sides, or [before, after]
 * @shape (N, C, L) → (N, C, before + L + after), or without N
 */
export class ReplicationPad1d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(1, padding, { mode: 'replicate' }, surplus);
  }
}

/**
 * Adds a border that repeats the outermost element.
 *
 * @param padding one number for all sides, or [left, right, top, bottom]
 * @shape (N, C, H, W) → (N, C, top + H + bottom, left + W + right), or without N
 */
export class ReplicationPad2d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(2, padding, { mode: 'replicate' }, surplus);
  }
}

/**
 * Adds a border that repeats the outermost element.
 *
 * @param padding one number for all sides, or [left, right, top, bottom, front, back]
 * @shape (N, C, D, H, W) → (N, C, front + D + back, top + H + bottom, left + W + right), or without N
 */
export class ReplicationPad3d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(3, padding, { mode: 'replicate' }, surplus);
  }
}

/**
 * Adds a border that wraps around to the opposite side.
 *
 * @param padding one number for all sides, or [before, after]
 * @shape (N, C, L) → (N, C, before + L + after), or without N
 * @throws ShapeError for a border longer than the axis
 */
export class CircularPad1d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(1, padding, { mode: 'circular' }, surplus);
  }
}

/**
 * Adds a border that wraps around to the opposite side.
 *
 * @param padding one number for all sides, or [left, right, top, bottom]
 * @shape (N, C, H, W) → (N, C, top + H + bottom, left + W + right), or without N
 * @throws ShapeError for a border longer than the axis
 */
export class CircularPad2d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(2, padding, { mode: 'circular' }, surplus);
  }
}

/**
 * Adds a border that wraps around to the opposite side.
 *
 * @param padding one number for all sides, or [left, right, top, bottom, front, back]
 * @shape (N, C, D, H, W) → (N, C, front + D + back, top + H + bottom, left + W + right), or without N
 * @throws ShapeError for a border longer than the axis
 */
export class CircularPad3d extends Padding {
  constructor(padding: Size, ...surplus: readonly never[]) {
    super(3, padding, { mode: 'circular' }, surplus);
  }
}

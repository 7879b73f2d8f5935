import { defineFused, kernelsOf } from '../../autograd/fused.js';
import type { Grads } from '../../autograd/node.js';
import { defineOp } from '../../autograd/op.js';
import { asConstant } from '../../core/element.js';
import { ShapeError } from '../../core/errors.js';
import { anyNumber, defineOptions, word } from '../../core/options.js';
import { type Shape, sizeOf } from '../../core/shape.js';
import { counts } from '../../core/sizes.js';
import type { PadMode, Sides } from '../../engine/padding.js';
import { checkTensors } from '../../tensor/argument.js';
import { dense } from '../../tensor/dense.js';
import { filled } from '../../tensor/filled.js';
import { int32Tensor } from '../../tensor/list.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { cat } from './join.js';

export type { PadMode };

export interface PadOptions {
  /** What the border contains (default `constant`). */
  mode?: PadMode;
  /** The border's value for `constant` (default 0). */
  value?: number;
}

const readPad = defineOptions({
  mode: word(['constant', 'reflect', 'replicate', 'circular'], 'constant'),
  value: anyNumber(0),
});

interface Borders {
  readonly sides: Sides;
  readonly mode: PadMode;
  readonly value: number;
  /** The shape without borders. */
  readonly inside: Shape;
  readonly outside: Shape;
}

/** The position from 0 to n − 1 that position i of an axis repeats, if it's in a border that repeats the inside. */
function shownAt(i: number, n: number, mode: Exclude<PadMode, 'constant'>): number {
  if (mode === 'replicate') return Math.min(Math.max(i, 0), n - 1);
  if (mode === 'circular') return (i + n) % n;
  return i < 0 ? -i : i < n ? i : 2 * (n - 1) - i;
}

/** x with borders around one axis. */
function padAxis(x: Tensor, axis: number, before: number, after: number, { mode, value }: Borders): Tensor {
  const n = x.shape[axis]!;
  if (mode === 'constant') {
    const kept = x.narrow(
      axis,
      Math.max(0, -before),
      Math.max(0, n + Math.min(0, before) + Math.min(0, after)),
    );
    const border = (length: number): Tensor =>
      filled(x.shape.with(axis, Math.max(0, length)), x.dtype, x.engine, value);
    return cat([border(before), kept, border(after)], axis);
  }
  const places = Array.from({ length: before + n + after }, (_, i) => shownAt(i - before, n, mode));
  return x.indexSelect(axis, int32Tensor(places, x.engine));
}

const padOp = defineFused<'padding', [Tensor], Borders>({
  name: 'pad',
  family: 'padding',
  composition([x], borders) {
    let y = x;
    for (let k = 0; k < 3; k++) {
      const [before, after] = [borders.sides[2 * k]!, borders.sides[2 * k + 1]!];
      if (before !== 0 || after !== 0) y = padAxis(y, x.ndim - 1 - k, before, after, borders);
    }
    return y === x ? x.clone() : y;
  },
  forward(kernels, _, [x], { sides, mode, value, outside }) {
    const out = empty(outside, x.dtype, x.engine);
    if (out.count > 0) kernels.pad(out, dense(x), sides, mode, value);
    return out;
  },
  gradient: ({ attrs }, grad): Grads => [foldBordersOp([grad], attrs)],
});

/** Adds the border's elements to where they came from: the gradient of `pad`. */
const foldBordersOp = defineOp<[Tensor], Borders>({
  name: 'padBackward',
  forward(_, [grad], { sides, mode, inside }) {
    const out = empty(inside, grad.dtype, grad.engine);
    if (out.count > 0) kernelsOf(grad, 'padding').padBackward(out, dense(grad), sides, mode);
    return out;
  },
  backward: ({ attrs }, grad): Grads => [padOp([grad], { ...attrs, value: 0 })],
});

/** Pads up to three trailing axes. */
function padLast(x: Tensor, pad: readonly number[], mode: PadMode, value: number): Tensor {
  const side = (i: number): number => pad[i] ?? 0;
  const sides: Sides = [side(0), side(1), side(2), side(3), side(4), side(5)];
  const outside = x.shape.map((n, axis) => {
    const k = 2 * (x.ndim - 1 - axis);
    return n + side(k) + side(k + 1);
  });
  return padOp([x], { sides, mode, value, inside: x.shape, outside });
}

/** Pads any number of axes: the last three, then, with those merged into one, the three before them. */
function padConstant(x: Tensor, pad: readonly number[], value: number): Tensor {
  const padded = padLast(x, pad.slice(0, 6), 'constant', value);
  if (pad.length <= 6) return padded;
  const rest = padded.shape.slice(0, -3);
  const last = padded.shape.slice(-3);
  const whole = padConstant(padded.reshape([...rest, sizeOf(last)]), [0, 0, ...pad.slice(6)], value);
  return whole.reshape([...whole.shape.slice(0, -1), ...last]);
}

/** Only what negative numbers leave wraps around. */
function padCircular(x: Tensor, pad: readonly number[]): Tensor {
  if (pad.every((n) => n >= 0)) return padLast(x, pad, 'circular', 0);
  const left = padConstant(
    x,
    pad.map((n) => Math.min(n, 0)),
    0,
  );
  const around = pad.map((n) => Math.max(n, 0));
  checkPad(left, around, 'circular');
  return padLast(left, around, 'circular', 0);
}

function checkPad(x: Tensor, pad: readonly number[], mode: PadMode): void {
  const shapes = [{ name: 'x', shape: x.shape }];
  if (pad.length % 2 !== 0 || pad.length / 2 > x.ndim)
    throw new ShapeError(
      'pad',
      `[${pad.join(', ')}] must be two integers for each of the last axes, the last axis first`,
      shapes,
    );
  const axes = pad.length / 2;
  if (mode !== 'constant' && (axes > 3 || axes >= x.ndim))
    throw new ShapeError(
      'pad',
      `${mode} pads one to three axes after the channels`,
      shapes,
      `[${pad.join(', ')}] pads ${axes}`,
    );
  for (let k = 0; k < axes; k++) {
    const [before, after] = [pad[2 * k]!, pad[2 * k + 1]!];
    if (before === 0 && after === 0) continue;
    const axis = x.ndim - 1 - k;
    const length = x.shape[axis]!;
    if (mode === 'constant' && length + before + after < 0)
      throw new ShapeError('pad', `axis ${axis} of length ${length} can't lose ${-before - after}`, shapes);
    const most = mode === 'reflect' ? length - 1 : mode === 'circular' ? length : Number.POSITIVE_INFINITY;
    const fits = Math.max(before, after) <= most && length > 0 && length + before + after > 0;
    if (mode !== 'constant' && !fits)
      throw new ShapeError(
        'pad',
        `axis ${axis} of length ${length} can't have a ${mode} border of ${before} and ${after}`,
        shapes,
      );
  }
}

/**
 * Adds a border to the last axes; negative numbers crop.
 *
 * @param pad [before, after] of the last axis, then of the one before it, …
 * @param options.mode `constant` fills with `value`; `reflect` mirrors at the outermost element; `replicate`
 *   repeats it; `circular` wraps around what negative numbers leave. All but `constant` pad one to three axes.
 * @shape (N, C, H, W) → pad([l, r, t, b]) → (N, C, t + H + b, l + W + r)
 * @throws ShapeError for more pairs than axes, or a border longer than the axis allows
 * @differs `reflect` and the others accept every dtype, and any number of axes in front
 */
export function pad(x: Tensor, pad: readonly number[], options?: PadOptions): Tensor {
  checkTensors('pad', { x });
  const { mode, value } = readPad('pad', options);
  counts('pad', 'the border', pad);
  checkPad(x, pad, mode);
  if (mode === 'circular') return padCircular(x, pad);
  return mode === 'constant'
    ? padConstant(x, pad, asConstant('pad', value, x.dtype))
    : padLast(x, pad, mode, value);
}

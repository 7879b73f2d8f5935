import type { Grads } from '../autograd/node.js';
import { defineOp } from '../autograd/op.js';
import type { Shape } from '../core/shape.js';
import type { Geometry } from '../core/views.js';
import { copied } from '../tensor/filled.js';
import { empty, type Tensor, view } from '../tensor/tensor.js';

interface Cut {
  readonly geometry: Geometry;
  /** The shape of the tensor that the window is cut from. */
  readonly whole: Shape;
}

const pasteOp = defineOp<[Tensor], Cut & { value: number }>({
  name: 'paste',
  forward(_, [x], { geometry, whole, value }) {
    const out = empty(whole, x.dtype, x.engine);
    x.engine.fill(out, value);
    const window = geometry(whole, out.strides);
    x.engine.copy(view(out, window.shape, window.strides, window.offset), x);
    return out;
  },
  backward: ({ attrs }, grad) => [cutOp([grad], attrs)],
});

const cutOp = defineOp<[Tensor], Cut>({
  name: 'cut',
  forward(_, [x], { geometry }) {
    const window = geometry(x.shape, x.strides);
    return view(x, window.shape, window.strides, x.offset + window.offset);
  },
  backward: ({ attrs }, grad) => [paste(grad, attrs.geometry, attrs.whole)],
});

/** The part of `x` that a window shows, sharing its memory. No element may appear in the window twice. */
export const cut = (x: Tensor, geometry: Geometry): Tensor => cutOp([x], { geometry, whole: x.shape });

/** A new tensor of the shape `whole`: `x` in the window, `value` around it. */
export const paste = (x: Tensor, geometry: Geometry, whole: Shape, value = 0): Tensor =>
  pasteOp([x], { geometry, whole, value });

const overwriteOp = defineOp<[Tensor, Tensor | null], { geometry: Geometry }>({
  name: 'overwrite',
  forward(_, [x, source], { geometry }) {
    const out = copied(x);
    const window = geometry(out.shape, out.strides);
    const target = view(out, window.shape, window.strides, window.offset);
    if (source) x.engine.copy(target, source);
    else x.engine.fill(target, 0);
    return out;
  },
  backward: ({ attrs, needs }, grad): Grads => [
    needs[0] ? overwriteOp([grad, null], attrs) : null,
    needs[1] ? cut(grad, attrs.geometry) : null,
  ],
});

/** A new tensor: `source`, of the window's shape, in the window, `x` around it. */
export const overwrite = (x: Tensor, geometry: Geometry, source: Tensor): Tensor =>
  overwriteOp([x, source], { geometry });

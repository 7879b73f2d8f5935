import type { Grads } from '../../autograd/node.js';
import { defineMultiOp, defineOp } from '../../autograd/op.js';
import { type Geometry, windowOf } from '../../core/geometry.js';
import type { Shape } from '../../core/shape.js';
import { copied } from '../../tensor/filled.js';
import { alias, empty, type Tensor, view } from '../../tensor/tensor.js';

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
    const window = windowOf(geometry, whole, out.strides);
    x.engine.copy(view(out, window.shape, window.strides, window.offset), x);
    return out;
  },
  backward: ({ attrs }, grad) => [cutOp([grad], attrs)],
});

const cutOp = defineOp<[Tensor], Cut>({
  name: 'cut',
  forward(_, [x], { geometry }) {
    const window = windowOf(geometry, x.shape, x.strides);
    return view(x, window.shape, window.strides, x.offset + window.offset);
  },
  backward: ({ attrs }, grad) => [paste(grad, attrs.geometry, attrs.whole)],
});

/** The part of `x` that a window shows, sharing its memory. No element may appear in the window twice. */
export const cut = (x: Tensor, geometry: Geometry): Tensor => cutOp([x], { geometry, whole: x.shape });

/** A new tensor of shape `whole`: `x` in the window, `value` around it. */
export const paste = (x: Tensor, geometry: Geometry, whole: Shape, value = 0): Tensor =>
  pasteOp([x], { geometry, whole, value });

interface Pieces {
  /** Together they show every element once. */
  readonly geometries: readonly Geometry[];
  readonly whole: Shape;
}

const assembleOp = defineOp<(Tensor | null)[], Pieces>({
  name: 'assemble',
  forward(_, pieces, { geometries, whole }) {
    const like = pieces.find((piece) => piece !== null)!;
    const out = empty(whole, like.dtype, like.engine);
    geometries.forEach((geometry, i) => {
      const window = windowOf(geometry, whole, out.strides);
      const target = view(out, window.shape, window.strides, window.offset);
      const piece = pieces[i];
      if (piece) out.engine.copy(target, piece);
      else out.engine.fill(target, 0);
    });
    return out;
  },
  backward: ({ attrs, needs }, grad) =>
    attrs.geometries.map((geometry, i) => (needs[i] ? cut(grad, geometry) : null)),
});

const cutAllOp = defineMultiOp<[Tensor], Pieces, Tensor[]>({
  name: 'split',
  forward: (_, [x], { geometries }) =>
    geometries.map((geometry) => {
      const window = windowOf(geometry, x.shape, x.strides);
      return view(x, window.shape, window.strides, x.offset + window.offset);
    }),
  backward: ({ attrs }, grads) => [assembleOp([...grads], attrs)],
});

/** The parts of `x` that windows show, sharing its memory. Together they show every element once. */
export const cutAll = (x: Tensor, geometries: readonly Geometry[]): Tensor[] =>
  cutAllOp([x], { geometries, whole: x.shape });

const overwriteOp = defineOp<[Tensor, Tensor | null], { geometry: Geometry; into: boolean }>({
  name: 'overwrite',
  forward(_, [x, source], { geometry, into }) {
    const out = into ? alias(x) : copied(x);
    const window = windowOf(geometry, out.shape, out.strides);
    const target = view(out, window.shape, window.strides, out.offset + window.offset);
    if (source) x.engine.copy(target, source);
    else x.engine.fill(target, 0);
    return out;
  },
  backward: ({ attrs, needs }, grad): Grads => [
    needs[0] ? overwriteOp([grad, null], { ...attrs, into: false }) : null,
    needs[1] ? cut(grad, attrs.geometry) : null,
  ],
});

/** `x` after `source`, of the window's shape, was written to the window in x's own memory; for `inPlace`. */
export const overwritten = (x: Tensor, geometry: Geometry, source: Tensor): Tensor =>
  overwriteOp([x, source], { geometry, into: true });

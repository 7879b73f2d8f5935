import { defineOp } from '../../autograd/op.js';
import { replaceAxis } from '../../core/views.js';
import { dense } from '../../tensor/dense.js';
import { filled } from '../../tensor/filled.js';
import { empty, type Tensor } from '../../tensor/tensor.js';
import { outOfRange } from '../indexing/indices.js';

interface Rows {
  /** How many rows there are to take from, or to put into. */
  readonly among: number;
}

/** The rows of `x` that a list names, each at most once. @shape x (among, …), list (n) → (n, …) */
const takeOp: (inputs: [Tensor, Tensor], rows: Rows) => Tensor = defineOp<[Tensor, Tensor], Rows>({
  name: 'takeRows',
  forward(ctx, [x, list], { among }) {
    ctx.save(list);
    const out = empty(replaceAxis(x.shape, 0, list.count), x.dtype, x.engine);
    x.engine.indexSelect(out, x, 0, list, false, outOfRange('takeRows', list, 0, among));
    return out;
  },
  backward: ({ attrs, saved: [list] }, grad) => [putOp([grad, list!], { ...attrs, value: 0 }), null],
});

/** Rows of `x` at the places that a list names, and `value` in all others. @shape x (n, …), list (n) → (among, …) */
const putOp = defineOp<[Tensor, Tensor], Rows & { readonly value: number }>({
  name: 'putRows',
  forward(ctx, [x, list], { among, value }) {
    ctx.save(list);
    const out = filled(replaceAxis(x.shape, 0, among), x.dtype, x.engine, value);
    x.engine.indexCopy(out, 0, list, dense(x), false, outOfRange('putRows', list, 0, among));
    return out;
  },
  backward: ({ attrs: { among }, saved: [list] }, grad) => [takeOp([grad, list!], { among }), null],
});

/** The rows of `x` that `list`, dense int32, names: each at most once. @shape x (rows, …), list (n) → (n, …) */
export const takeRows = (x: Tensor, list: Tensor): Tensor => takeOp([x, list], { among: x.shape[0]! });

/** The opposite of `takeRows`: a tensor of `among` rows, which has `value` in those that the list doesn't name. */
export const putRows = (x: Tensor, list: Tensor, among: number, value: number): Tensor =>
  putOp([x, list], { among, value });

import { defineFused } from '../../autograd/fused.js';
import type { BackwardContext, Grads } from '../../autograd/node.js';
import { defineOp } from '../../autograd/op.js';
import { named } from '../../core/exact.js';
import { broadcastShapes, type Shape, sameShape } from '../../core/shape.js';
import type { PointwiseLoss, PointwiseOperands, PointwiseParameters } from '../../engine/loss.js';
import { dense } from '../../tensor/dense.js';
import { empty, type Tensor, view } from '../../tensor/tensor.js';
import { cast, fit } from '../elementwise/pointwise.js';
import { typeOf } from '../promotion.js';
import type { Reduction } from './reduction.js';

/** A loss that looks at one element of each operand. */
interface LossRule {
  /** PyTorch's name in camelCase. */
  readonly name: string;
  readonly kernel: PointwiseLoss;
  /** The losses, composed of operations; operands broadcast. */
  readonly value: (x: Tensor, target: Tensor, third: Tensor, p: number, q: number) => Tensor;
  /** The slopes at x, target, and third operand, composed of operations so they can be differentiated. */
  readonly slopes: (x: Tensor, target: Tensor, third: Tensor, p: number, q: number) => readonly Tensor[];
}

/** One call; p and q are the kernel's parameters. */
export interface LossCall {
  readonly reduction: Reduction;
  /** The third operand of losses that have one. */
  readonly third?: Tensor | null;
  /** Multiplies the losses; broadcasts. */
  readonly weight?: Tensor | null;
  /** What to divide a sum by (default 1). */
  readonly divisor?: number;
  readonly p?: number;
  readonly q?: number;
}

type Operands = readonly [x: Tensor, target: Tensor, third: Tensor | null, weight: Tensor | null];

interface LossAttrs extends PointwiseParameters {
  /** The shape of the losses. */
  readonly shape: Shape;
  /** The positions of the operands that are present. */
  readonly present: readonly number[];
}

/** Elements that, repeated, are those of x in that shape: x's own, or a copy if they're not in order. */
function repeated(x: Tensor, shape: Shape): Tensor {
  if (x.packed && sameShape(x.shape, shape)) return x;
  if (x.count > 0 && x.strides.every((step, axis) => step === 0 || x.shape[axis] === 1))
    return view(x, [], []);
  const rest = x.shape.slice(x.shape.findIndex((n) => n !== 1));
  return dense(sameShape(rest, shape.slice(shape.length - rest.length)) ? x : x.expand(shape));
}

const operandsOf = ([x, target, third, weight]: Operands, shape: Shape): PointwiseOperands => ({
  x: repeated(x, shape),
  target: repeated(target, shape),
  third: third === null ? null : repeated(third, shape),
  weight: weight === null ? null : repeated(weight, shape),
});

/** The losses that a rule describes, and their mean or sum: one pass over memory each, forward and backward. */
export function defineLoss({ name, kernel, value, slopes }: LossRule) {
  type Op = (inputs: Operands, attrs: LossAttrs) => Tensor;
  type Context = BackwardContext<LossAttrs>;

  function inputsOf({ attrs: { present }, saved }: Context): Operands {
    const at = (i: number): Tensor | null => (present.includes(i) ? saved[present.indexOf(i)]! : null);
    return [saved[0]!, saved[1]!, at(2), at(3)];
  }

  function ofWeight(attrs: LossAttrs, g: Tensor, [x, target, third]: Operands): Tensor {
    const single = { ...attrs, present: attrs.present.filter((i) => i < 3), divisor: null };
    const scale = attrs.divisor === null ? g : g.div(attrs.divisor);
    return scale.mul(op([x, target, third, null], single));
  }

  /** The gradients of x, target, third operand, and weight, in the operands' shapes. */
  function fitted({ attrs, needs }: Context, g: Tensor, inputs: Operands, found: Grads): Grads {
    const last = needs[3] ? ofWeight(attrs, g, inputs) : null;
    return [...found, last].map((d, i) => (d === null ? null : fit(d, inputs[i]!.shape)));
  }

  function gradient(ctx: Context, g: Tensor): Grads {
    const { attrs, needs } = ctx;
    const inputs = inputsOf(ctx);
    const [x, target, third, weight] = inputs;
    const scale = attrs.divisor === null ? g : g.div(attrs.divisor);
    const factor = weight === null ? scale : scale.mul(weight);
    const slope = slopes(x, target, third ?? x, attrs.p, attrs.q);
    const found = [0, 1, 2].map((i) => (needs[i] ? slope[i]!.mul(factor) : null));
    return fitted(ctx, g, inputs, found);
  }

  const composition: Op = defineOp<Operands, LossAttrs>({
    name,
    forward(ctx, inputs, { shape, present, divisor, p, q }) {
      const [x, target, third, weight] = inputs;
      ctx.save(...present.map((i) => inputs[i]!));
      const losses = value(x, target, third ?? x, p, q).expand(shape);
      const weighted = weight === null ? losses : losses.mul(weight);
      return divisor === null ? weighted : weighted.sum().div(divisor);
    },
    backward: gradient,
  });

  const op: Op = defineFused<'loss', Operands, LossAttrs>({
    name,
    family: 'loss',
    composition,
    forward(kernels, ctx, inputs, attrs) {
      const [x] = inputs;
      const out = empty(attrs.divisor === null ? attrs.shape : [], x.dtype, x.engine);
      kernels.pointwiseLoss(kernel, out, operandsOf(inputs, attrs.shape), attrs);
      ctx.save(...attrs.present.map((i) => inputs[i]!));
      return out;
    },
    backward(kernels, ctx, g) {
      const { attrs, needs } = ctx;
      const { shape, divisor } = attrs;
      const inputs = inputsOf(ctx);
      const [x] = inputs;
      const found = [0, 1, 2].map((i) => (needs[i] ? empty(shape, x.dtype, x.engine) : null));
      const grad = divisor === null ? repeated(g, shape) : g;
      kernels.pointwiseLossBackward(
        kernel,
        found as [Tensor, Tensor, Tensor],
        grad,
        operandsOf(inputs, shape),
        attrs,
      );
      return fitted(ctx, g, inputs, found);
    },
    gradient,
  });

  return named(name, (x: Tensor, target: Tensor, call: LossCall): Tensor => {
    const { reduction, third = null, weight = null, p = 0, q = 0 } = call;
    let { shape, dtype } = x;
    const present = [0];
    const given = [x, target, third, weight];
    for (let i = 1; i < 4; i++) {
      const operand = given[i];
      if (operand == null) continue;
      present.push(i);
      if (!sameShape(operand.shape, shape)) shape = broadcastShapes(name, shape, operand.shape);
      if (operand.dtype !== dtype) dtype = typeOf(present.map((k) => given[k]!));
    }
    const count = shape.reduce((n, length) => n * length, 1);
    const divisor = reduction === 'none' ? null : (call.divisor ?? (reduction === 'mean' ? count : 1));
    const same = (operand: Tensor | null): Tensor | null => (operand === null ? null : cast(operand, dtype));
    return op([cast(x, dtype), cast(target, dtype), same(third), same(weight)], {
      shape,
      present,
      count,
      divisor,
      p,
      q,
    });
  });
}

import type { BackwardContext, Grads } from '../../autograd/node.js';
import { defineOp } from '../../autograd/op.js';
import { type DType, isFloat } from '../../core/dtype.js';
import { wrap } from '../../core/element.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import { broadcastShapes, type Shape, sameShape } from '../../core/shape.js';
import type { BinaryOp, UnaryOp } from '../../engine/elementwise.js';
import type { Slope, SlopeOfTwo } from '../../engine/slope.js';
import { checkTensors } from '../../tensor/argument.js';
import { filled } from '../../tensor/filled.js';
import { empty, emptyLike, Tensor } from '../../tensor/tensor.js';
import { commonType, type Operand } from '../promotion.js';

/** The parameters of a kernel. */
interface Parameters {
  readonly p: number;
  readonly q: number;
}

const noParameters: Parameters = { p: 0, q: 0 };

/** `x` in that dtype, differentiably. */
export const cast = (x: Tensor, dtype: DType): Tensor => (x.dtype === dtype ? x : x.to(dtype));

/** Integers and booleans as float32; others keep their dtype. */
export function toFloat(operation: string, x: Tensor): Tensor {
  checkTensors(operation, { x });
  return isFloat(x.dtype) ? x : x.to('float32');
}

/** A gradient in the shape of the operand that was broadcast. */
export const fit = (g: Tensor, shape: Shape): Tensor => (sameShape(g.shape, shape) ? g : g.sumToSize(shape));

/** Whether to compose a gradient of operations: if it's differentiated in turn, or the engine has no slopes. */
export const composes = (g: Tensor, createGraph: boolean): boolean =>
  createGraph || g.storage.engine.fused.slope === null;

/** The gradient of a function of one operand in one pass, in the shape of what was saved; outside the graph. */
export function fusedSlope(slope: Slope, g: Tensor, saved: Tensor, p = 0, q = 0): Tensor {
  const out = emptyLike(saved);
  out.storage.engine.fused.slope!.slope(slope, out, g, saved, p, q);
  return out;
}

/** How the gradient of a function of one operand is computed. */
export interface UnaryRule {
  /** PyTorch's name in camelCase. */
  readonly name: string;
  /** The kernel, if its name differs. */
  readonly kernel?: UnaryOp;
  /** Names of the kernel's parameters p and q (default: it has none). */
  readonly parameters?: readonly [p: string, q?: string];
  /** What tells the operation from others of its name. */
  readonly attributes?: Readonly<Record<string, number | string>>;
  /** What the gradient is computed from (default: the operand). */
  readonly saves?: 'operand' | 'result' | 'nothing';
  /** A kernel that computes the gradient in one pass, from g and what was saved. */
  readonly fused?: Slope;
  /** The gradient, composed of operations. */
  readonly gradient: (g: Tensor, saved: Tensor, p: number, q: number) => Tensor;
  /** The parameters of `fused`, if they differ from the kernel's. */
  readonly fusedParameters?: readonly [p: number, q: number];
}

/** The gradient with respect to the operand of a function, from g and what was saved. */
type UnaryGradient = (g: Tensor, saved: Tensor, createGraph: boolean, p?: number, q?: number) => Tensor;

/** The gradient that a rule describes. */
export function unaryGradient({ fused, gradient, fusedParameters }: UnaryRule): UnaryGradient {
  if (fused === undefined) return (g, saved, _, p = 0, q = 0) => gradient(g, saved, p, q);
  return (g, saved, createGraph, p = 0, q = 0) => {
    if (composes(g, createGraph)) return gradient(g, saved, p, q);
    if (fusedParameters === undefined) return fusedSlope(fused, g, saved, p, q);
    return fusedSlope(fused, g, saved, fusedParameters[0], fusedParameters[1]);
  };
}

/** The operation on floating tensors that a rule describes. */
export function defineUnary(
  rule: UnaryRule & { readonly name: UnaryOp },
): (x: Tensor, p?: number, q?: number) => Tensor;
export function defineUnary(
  rule: UnaryRule & { readonly kernel: UnaryOp },
): (x: Tensor, p?: number, q?: number) => Tensor;
export function defineUnary(rule: UnaryRule): (x: Tensor, p?: number, q?: number) => Tensor {
  const { name, kernel = name as UnaryOp, saves = 'operand' } = rule;
  const [first, second] = rule.parameters ?? [];
  const gradient = unaryGradient(rule);
  const op = defineOp<[Tensor], Parameters>({
    name,
    forward(ctx, [x], { p, q }) {
      const out = emptyLike(x);
      out.storage.engine.unary(kernel, out, x, p, q);
      if (saves === 'operand') ctx.save(x);
      else if (saves === 'result') ctx.save(out);
      return out;
    },
    backward: ({ attrs: { p, q }, saved, createGraph }, g) => [gradient(g, saved[0] ?? g, createGraph, p, q)],
    attributes: ({ p, q }) => ({
      ...rule.attributes,
      ...(first !== undefined && { [first]: p }),
      ...(second !== undefined && { [second]: q }),
    }),
  });
  if (first === undefined) return (x) => op([x], noParameters);
  return (x, p = 0, q = 0) => op([x], { p, q });
}

/** A gradient of a function of two operands in one pass, in g's shape; outside the graph. */
export function fusedGradient(slope: SlopeOfTwo, g: Tensor, a: Operand, b: Operand, p = 0): Tensor {
  const { engine } = g.storage;
  const tensor = (x: Operand): Tensor => (x instanceof Tensor ? x : filled([], g.dtype, engine, Number(x)));
  const out = emptyLike(g);
  engine.fused.slope!.slopeOfTwo(slope, out, g, tensor(a), tensor(b), p);
  return out;
}

interface BinaryAttrs {
  /** The operand that is a number. */
  readonly number: number;
  readonly shapeA: Shape | null;
  readonly shapeB: Shape | null;
  readonly p: number;
}

/** How the gradients of a function of two operands are computed. */
export interface BinaryRule {
  readonly name: string;
  readonly kernel: BinaryOp;
  /** The kernel for bool operands; without one, they throw. */
  readonly boolKernel?: BinaryOp;
  /** Whether integers are computed as float32, as in a quotient. */
  readonly floating?: boolean;
  /** Whether integers have no result if the second operand is 0. */
  readonly divides?: boolean;
  /** What the gradients are computed from. */
  readonly saves: 'nothing' | 'operands';
  /** The gradients of a and b, in the result's shape. `p` is the kernel's parameter. If absent, there are none. */
  readonly gradA?: (g: Tensor, a: Operand, b: Operand, p: number) => Tensor;
  readonly gradB?: (g: Tensor, a: Operand, b: Operand, p: number) => Tensor;
  /** The same in one pass, for gradients that aren't differentiated in turn. */
  readonly fusedA?: (g: Tensor, a: Operand, b: Operand) => Tensor;
  readonly fusedB?: (g: Tensor, a: Operand, b: Operand) => Tensor;
}

/** A function of two operands: promotes dtypes, broadcasts shapes, and takes plain numbers. */
export type BinaryFunction = (a: Operand, b: Operand, p?: number) => Tensor;

export function defineBinary(rule: BinaryRule): BinaryFunction {
  const { name, kernel, boolKernel, floating = false, divides = false, saves, gradA, gradB } = rule;
  const { fusedA = gradA, fusedB = gradB } = rule;

  function operands({ attrs, saved }: BackwardContext<BinaryAttrs>): [Operand, Operand] {
    if (attrs.shapeA === null) return [attrs.number, saved[0]!];
    return attrs.shapeB === null ? [saved[0]!, attrs.number] : [saved[0]!, saved[1]!];
  }

  const op = defineOp<[Tensor | null, Tensor | null], BinaryAttrs>({
    name,
    forward(ctx, [a, b], { number, p }) {
      const x = (a ?? b)!;
      const kernelOf = x.dtype === 'bool' ? boolKernel! : kernel;
      const { engine } = x.storage;
      let out: Tensor;
      if (a !== null && b !== null) {
        out = sameShape(a.shape, b.shape)
          ? emptyLike(a)
          : empty(broadcastShapes(name, a.shape, b.shape), a.dtype, engine);
        engine.binary(kernelOf, out, a, b, p);
        if (saves === 'operands') ctx.save(a, b);
      } else {
        out = emptyLike(x);
        if (a === null) engine.numberBinary(kernelOf, out, number, x, p);
        else engine.binaryNumber(kernelOf, out, x, number, p);
        if (saves === 'operands') ctx.save(x);
      }
      return out;
    },
    ...((gradA || gradB) && { backward }),
  });

  function backward(ctx: BackwardContext<BinaryAttrs>, g: Tensor): Grads {
    const { shapeA, shapeB, p } = ctx.attrs;
    const [a, b] = saves === 'operands' ? operands(ctx) : [0, 0];
    const [ofA, ofB] = composes(g, ctx.createGraph) ? [gradA, gradB] : [fusedA, fusedB];
    return [
      ctx.needs[0] && ofA ? fit(ofA(g, a, b, p), shapeA!) : null,
      ctx.needs[1] && ofB ? fit(ofB(g, a, b, p), shapeB!) : null,
    ];
  }

  return (a, b, p = 0) => {
    let dtype = commonType(name, a, b);
    if (floating && !isFloat(dtype)) dtype = 'float32';
    if (dtype === 'bool' && boolKernel === undefined)
      throw new DTypeError(name, "isn't defined for bool\n  hint: convert with to()");
    const x = a instanceof Tensor ? cast(a, dtype) : null;
    const y = b instanceof Tensor ? cast(b, dtype) : null;
    const number = x === null ? wrap(a as number, dtype) : y === null ? wrap(b as number, dtype) : 0;
    if (divides && y === null && number === 0 && !isFloat(dtype))
      throw new ArgumentError(name, "integers can't be divided by 0\n  hint: convert with to('float32')");
    return op([x, y], { number, shapeA: x?.shape ?? null, shapeB: y?.shape ?? null, p });
  };
}

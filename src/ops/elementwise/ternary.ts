import { defineOp } from '../../autograd/op.js';
import { type DType, isFloat } from '../../core/dtype.js';
import { asConstant } from '../../core/element.js';
import { ArgumentError, DTypeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { anyNumber, defineOptions, either, nullable, withLeading } from '../../core/options.js';
import { broadcastShapes, type Shape } from '../../core/shape.js';
import type { TernaryOp } from '../../engine/elementwise.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { filled } from '../../tensor/filled.js';
import { tensorOption } from '../../tensor/option.js';
import { empty, Tensor } from '../../tensor/tensor.js';
import { checkOperand, type Operand, typeOf } from '../promotion.js';
import { change } from './in-place.js';
import { cast, composes, defineUnary, fit, fusedGradient } from './pointwise.js';

/** A tensor without axes that holds a number. */
const constant = (operation: string, value: number | boolean, like: Tensor, dtype = like.dtype): Tensor =>
  filled([], dtype, like.engine, asConstant(operation, value, dtype));

const whereOp = defineOp<[Tensor, Tensor, Tensor], { a: Shape; b: Shape }>({
  name: 'where',
  forward(ctx, [condition, a, b]) {
    const out = empty(broadcastShapes('where', condition.shape, a.shape, b.shape), a.dtype, a.engine);
    out.engine.where(out, condition, a, b);
    ctx.save(condition);
    return out;
  },
  backward({ attrs, saved, needs }, g) {
    const condition = saved[0]!;
    return [
      null,
      needs[1] ? fit(where(condition, g, 0), attrs.a) : null,
      needs[2] ? fit(where(condition, 0, g), attrs.b) : null,
    ];
  },
});

/**
 * condition ? a : b, element by element; all three broadcast.
 * @throws DTypeError if the condition isn't bool, or a number doesn't fit in the result's dtype
 */
export const where = exact('where(condition, a, b)', (condition: Tensor, a: Operand, b: Operand): Tensor => {
  checkTensors('where', { condition });
  if (condition.dtype !== 'bool')
    throw new DTypeError('where', `the condition is ${condition.dtype}, but must be bool\n  hint: x.ne(0)`);
  checkOperand('where', 'a', a);
  checkOperand('where', 'b', b);
  const dtype = typeOf([a, b]);
  const x = a instanceof Tensor ? cast(a, dtype) : constant('where', a, condition, dtype);
  const y = b instanceof Tensor ? cast(b, dtype) : constant('where', b, condition, dtype);
  return whereOp([condition, x, y], { a: x.shape, b: y.shape });
});

// ---- clamp ----

const clampNumbersOp = defineUnary({
  name: 'clamp',
  parameters: ['min', 'max'],
  fused: 'clampBackward',
  gradient: (g, x, least, most) => g.where(x.ge(least).logicalAnd(x.le(most)), 0),
});

interface ClampAttrs {
  readonly x: Shape;
  readonly min: Shape | null;
  readonly max: Shape | null;
}

const clampTensorsOp = defineOp<[Tensor, Tensor | null, Tensor | null], ClampAttrs>({
  name: 'clamp',
  forward(ctx, [x, min, max]) {
    const shape = broadcastShapes('clamp', x.shape, min?.shape ?? [], max?.shape ?? []);
    const out = empty(shape, x.dtype, x.engine);
    if (min && max) out.engine.ternary('clampTensor', out, x, min, max);
    else out.engine.binary(min ? 'maximum' : 'minimum', out, x, (min ?? max)!);
    ctx.save(x, ...[min, max].filter((bound) => bound !== null));
    return out;
  },
  backward({ attrs, saved, needs }, g) {
    const x = saved[0]!;
    const min = attrs.min ? saved[1]! : null;
    const max = attrs.max ? saved[saved.length - 1]! : null;
    const below = min && x.lt(min);
    const above = max && x.gt(max);
    const ordered = min && max && min.lt(max);
    const within = [min && x.ge(min), max && x.le(max)].filter((m) => m !== null);
    const inside = within.reduce((m, n) => m.logicalAnd(n));
    const cut = (m: Tensor, shape: Shape): Tensor => fit(where(m, g, 0), shape);
    return [
      needs[0] ? fit(where(inside, g, 0), attrs.x) : null,
      needs[1] ? cut(ordered ? below!.logicalAnd(ordered) : below!, attrs.min!) : null,
      needs[2] ? cut(ordered ? above!.logicalOr(ordered.logicalNot()) : above!, attrs.max!) : null,
    ];
  },
});

/** A limit: a number, a tensor with one for each element, or null for none. */
export type Bound = Tensor | number | null;

export interface ClampOptions {
  /** The lower limit (default: none). */
  readonly min?: Bound;
  /** The upper limit (default: none). */
  readonly max?: Bound;
}

const bound = nullable(either(anyNumber(undefined), tensorOption), null);
const readClamp = defineOptions({ min: bound, max: bound });

/** Number limits, as the tensor's dtype can hold them. */
const lowest = { float32: -Infinity, float64: -Infinity, int32: -(2 ** 31), uint8: 0, bool: 0 } as const;
const highest = { float32: Infinity, float64: Infinity, int32: 2 ** 31 - 1, uint8: 255, bool: 1 } as const;

/** The number of that dtype that's nearest to a limit. */
const clipped = (bound: number, dtype: DType): number =>
  Math.min(Math.max(bound, lowest[dtype]), highest[dtype]);

/**
 * x limited to [min, max]; NaN stays, and a NaN limit makes NaN. Where min > max, the result is max. A limit
 * may be a number, a tensor that broadcasts, or null. The gradient is 1 within the limits and at them.
 *
 * @throws ArgumentError without a limit
 */
export const clamp = exact(
  'clamp(x, min, max)',
  (x: Tensor, min?: Bound | ClampOptions, max?: Bound): Tensor => {
    checkTensors('clamp', { x });
    return limited('clamp', x, min, max);
  },
);

function limited(operation: string, x: Tensor, first?: Bound | ClampOptions, second?: Bound): Tensor {
  checkTensors(operation, { x });
  const { min: low, max } = readClamp(operation, withLeading(operation, { min: first, max: second }));
  if (low === null && max === null) throw new ArgumentError(operation, 'needs min, max, or both');
  if ([low, max].some((bound) => bound instanceof Tensor || Number.isNaN(bound))) {
    const bounds = [low, max].filter((bound) => bound !== null);
    const dtype = typeOf([x, ...bounds]);
    const tensor = (bound: Bound): Tensor | null =>
      bound === null
        ? null
        : bound instanceof Tensor
          ? cast(bound, dtype)
          : filled([], dtype, x.engine, clipped(bound, dtype));
    const [a, b] = [tensor(low), tensor(max)];
    return clampTensorsOp([cast(x, dtype), a, b], {
      x: x.shape,
      min: a?.shape ?? null,
      max: b?.shape ?? null,
    });
  }
  const dtype = typeOf([x, ...[low, max].filter((bound) => bound !== null)]);
  return clampNumbersOp(
    cast(x, dtype),
    clipped((low as number | null) ?? lowest[dtype], dtype),
    clipped((max as number | null) ?? highest[dtype], dtype),
  );
}

/** `clamp` with only a lower limit. */
export const clampMin = exact(
  'clampMin(x, min)',
  (x: Tensor, min: Tensor | number): Tensor => limited('clampMin', x, min),
);
/** `clamp` with only an upper limit. */
export const clampMax = exact(
  'clampMax(x, max)',
  (x: Tensor, max: Tensor | number): Tensor => limited('clampMax', x, null, max),
);
/** Another name for `clamp`. */
export const clip = named('clip', clamp);
/** x = clamp(x, min, max). */
export const clamp_ = exact(
  'clamp_(x, min, max)',
  (x: Tensor, min?: Bound | ClampOptions, max?: Bound): Tensor =>
    change('clamp_', x, [], (y) => limited('clamp_', y, min, max)),
);

// ---- lerp, addcmul, addcdiv ----

interface TernaryAttrs {
  readonly shapes: readonly [Shape, Shape, Shape];
  readonly value: number;
}

type Gradient = (g: Tensor, operands: readonly Tensor[], value: number, createGraph: boolean) => Tensor;

/** An operation on three floating tensors that broadcast. */
function ternary(name: 'lerp' | 'addcmul' | 'addcdiv', gradients: readonly [Gradient, Gradient, Gradient]) {
  const op = defineOp<[Tensor, Tensor, Tensor], TernaryAttrs>({
    name,
    forward(ctx, [a, b, c], { value }) {
      const out = empty(broadcastShapes(name, a.shape, b.shape, c.shape), a.dtype, a.engine);
      out.engine.ternary(name, out, a, b, c, value);
      ctx.save(a, b, c);
      return out;
    },
    backward: ({ attrs, saved, needs, createGraph }, g) =>
      gradients.map((gradient, i) =>
        needs[i] ? fit(gradient(g, saved, attrs.value, createGraph), attrs.shapes[i]!) : null,
      ),
  });
  return (a: Tensor, b: Tensor, c: Tensor, value: number): Tensor => {
    const dtype = typeOf([a, b, c]);
    if (!isFloat(dtype)) throw new DTypeError(name, `is defined for floating tensors, not ${dtype}`);
    return op([cast(a, dtype), cast(b, dtype), cast(c, dtype)], {
      shapes: [a.shape, b.shape, c.shape],
      value,
    });
  };
}

const scaled = (g: Tensor, value: number): Tensor => (value === 1 ? g : g.mul(value));

const lerpOp = ternary('lerp', [
  (g, [, , w]) => g.mul(w!.rsub(1)),
  (g, [, , w]) => g.mul(w!),
  (g, [a, b]) => g.mul(b!.sub(a!)),
]);

const addcmulOp = ternary('addcmul', [
  (g) => g,
  (g, [, , c], value) => scaled(g.mul(c!), value),
  (g, [, b], value) => scaled(g.mul(b!), value),
]);

const addcdivOp = ternary('addcdiv', [
  (g) => g,
  (g, [, , c], value) => scaled(g.div(c!), value),
  (g, [, b, c], value, createGraph) =>
    composes(g, createGraph)
      ? g.mul(b!).div(c!.square()).mul(-value)
      : fusedGradient('divBackward', g, b!, c!, -value),
]);

/** a + weight · (b - a), exact at both ends. */
export const lerp = exact('lerp(a, b, weight)', (a: Tensor, b: Tensor, weight: Tensor | number): Tensor => {
  checkTensors('lerp', { a, b });
  checkOperand('lerp', 'weight', weight);
  return lerpOp(a, b, weight instanceof Tensor ? weight : constant('lerp', weight, a), 0);
});

export interface ValueOptions {
  /** The factor of the product or quotient (default 1). */
  readonly value?: number;
}

const readValue = defineOptions({ value: anyNumber(1) });

/** x + value · a · b. */
export function addcmul(x: Tensor, a: Tensor, b: Tensor, options?: ValueOptions): Tensor {
  checkTensors('addcmul', { x, a, b });
  return addcmulOp(x, a, b, readValue('addcmul', options).value);
}

/** x + value · a / b. */
export function addcdiv(x: Tensor, a: Tensor, b: Tensor, options?: ValueOptions): Tensor {
  checkTensors('addcdiv', { x, a, b });
  return addcdivOp(x, a, b, readValue('addcdiv', options).value);
}

/** Writes engine.ternary to x if no operand needs to be converted or widened. */
function direct(op: TernaryOp, x: Tensor, a: Tensor, b: Tensor, value: number): boolean {
  const plain = (y: Tensor): boolean =>
    y.dtype === x.dtype && y.engine === x.engine && !y.isDisposed && (y.storage !== x.storage || y === x);
  const fits = broadcastShapes(op, x.shape, a.shape, b.shape).every(
    (n, i, all) => all.length === x.ndim && n === x.shape[i],
  );
  if (!isFloat(x.dtype) || !plain(a) || !plain(b) || !fits) return false;
  x.engine.ternary(op, x, x, a, b, value);
  return true;
}

/** x = lerp(x, end, weight). */
export const lerp_ = exact(
  'lerp_(x, end, weight)',
  (x: Tensor, end: Tensor, weight: Tensor | number): Tensor => {
    checkTensors('lerp_', { end });
    checkOperand('lerp_', 'weight', weight);
    return change(
      'lerp_',
      x,
      weight instanceof Tensor ? [end, weight] : [end],
      (y) => lerp(y, end, weight),
      () => direct('lerp', x, end, weight instanceof Tensor ? weight : constant('lerp_', weight, x), 0),
    );
  },
);

/** x += value · a · b. */
export function addcmul_(x: Tensor, a: Tensor, b: Tensor, options?: ValueOptions): Tensor {
  checkTensors('addcmul_', { a, b });
  const { value } = readValue('addcmul_', options);
  return change(
    'addcmul_',
    x,
    [a, b],
    (y) => addcmul(y, a, b, options),
    () => direct('addcmul', x, a, b, value),
  );
}

/** x += value · a / b. */
export function addcdiv_(x: Tensor, a: Tensor, b: Tensor, options?: ValueOptions): Tensor {
  checkTensors('addcdiv_', { a, b });
  const { value } = readValue('addcdiv_', options);
  return change(
    'addcdiv_',
    x,
    [a, b],
    (y) => addcdiv(y, a, b, options),
    () => direct('addcdiv', x, a, b, value),
  );
}

attach({
  /** condition ? this : other. */
  where: (x: Tensor, condition: Tensor, other: Operand): Tensor => where(condition, x, other),
  clamp,
  clip,
  clampMin,
  clampMax,
  clamp_,
  lerp,
  addcmul,
  addcdiv,
  lerp_,
  addcmul_,
  addcdiv_,
});

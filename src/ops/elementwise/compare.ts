import { defineOp } from '../../autograd/op.js';
import { isFloat } from '../../core/dtype.js';
import { wrap } from '../../core/element.js';
import { DTypeError } from '../../core/errors.js';
import { exact, named } from '../../core/exact.js';
import { defineOptions, flag, number } from '../../core/options.js';
import { broadcastShapes, sameShape } from '../../core/shape.js';
import type { CompareOp, TestOp } from '../../engine/elementwise.js';
import { checkTensors } from '../../tensor/argument.js';
import { attach } from '../../tensor/attach.js';
import { elementsNow } from '../../tensor/inspect.js';
import { empty, emptyLike, Tensor } from '../../tensor/tensor.js';
import { commonType, type Operand } from '../promotion.js';
import { change } from './in-place.js';
import { cast } from './pointwise.js';

const compareOp = (name: CompareOp) => {
  const op = defineOp<[Tensor, Tensor | null], { number: number }>({
    name,
    forward(_, [a, b], { number }) {
      if (b === null) {
        const out = emptyLike(a, 'bool');
        out.engine.compareNumber(name, out, a, number);
        return out;
      }
      const out = empty(broadcastShapes(name, a.shape, b.shape), 'bool', a.engine);
      out.engine.compare(name, out, a, b);
      return out;
    },
  });
  return exact(`${name}(a, b)`, (a: Tensor, b: Operand): Tensor => {
    checkTensors(name, { a });
    const dtype = commonType(name, a, b);
    if (b instanceof Tensor) return op([cast(a, dtype), cast(b, dtype)], { number: 0 });
    // A whole number that this dtype can't hold is compared unrounded.
    const number = Number(b);
    const fits = isFloat(a.dtype) || !Number.isInteger(number) || wrap(number, a.dtype) === number;
    return op([cast(a, fits ? dtype : 'float64'), null], { number });
  });
};

const testOp = (name: TestOp) => {
  const op = defineOp<[Tensor]>({
    name,
    forward(_, [x]) {
      const out = emptyLike(x, 'bool');
      out.engine.test(name, out, x);
      return out;
    },
  });
  return exact(`${name}(x)`, (x: Tensor): Tensor => {
    checkTensors(name, { x });
    return op([x]);
  });
};

/** a = b, element by element. */
export const eq = compareOp('eq');
/** a ≠ b. */
export const ne = compareOp('ne');
/** a < b. */
export const lt = compareOp('lt');
/** a ≤ b. */
export const le = compareOp('le');
/** a > b. */
export const gt = compareOp('gt');
/** a ≥ b. */
export const ge = compareOp('ge');

/** a ≠ 0 and b ≠ 0. */
export const logicalAnd = compareOp('logicalAnd');
/** a ≠ 0 or b ≠ 0. */
export const logicalOr = compareOp('logicalOr');
/** Exactly one of a and b isn't 0. */
export const logicalXor = compareOp('logicalXor');
/** x = 0. */
export const logicalNot = testOp('logicalNot');

/** Whether each element is NaN. bool. */
export const isnan = testOp('isnan');
/** Whether each element is ∞ or −∞. bool. */
export const isinf = testOp('isinf');
/** Whether each element is a number other than ±∞ and NaN. bool. */
export const isfinite = testOp('isfinite');
/** Whether each element is ∞. bool. */
export const isposinf = testOp('isposinf');
/** Whether each element is −∞. bool. */
export const isneginf = testOp('isneginf');
/** Whether the sign bit is set, which it also is for -0. */
export const signbit = testOp('signbit');

export interface ToleranceOptions {
  /** Relative tolerance (default 1e-5). */
  readonly rtol?: number;
  /** Absolute tolerance (default 1e-8). */
  readonly atol?: number;
  /** Whether NaN equals NaN (default false). */
  readonly equalNan?: boolean;
}

const readTolerance = defineOptions({
  rtol: number(1e-5, { least: 0, infinite: true }),
  atol: number(1e-8, { least: 0, infinite: true }),
  equalNan: flag(false),
});

const iscloseOp = defineOp<[Tensor, Tensor], Required<ToleranceOptions>>({
  name: 'isclose',
  forward(_, [a, b], { rtol, atol, equalNan }) {
    const out = empty(broadcastShapes('isclose', a.shape, b.shape), 'bool', a.engine);
    out.engine.isClose(out, a, b, rtol, atol, equalNan);
    return out;
  },
});

/**
 * |a - b| ≤ atol + rtol·|b|; equal infinities are close.
 * @throws DTypeError if the dtypes differ
 */
export const isclose = named('isclose', (a: Tensor, b: Tensor, options?: ToleranceOptions): Tensor => {
  checkTensors('isclose', { a, b });
  const { rtol, atol, equalNan } = readTolerance('isclose', options);
  if (a.dtype !== b.dtype)
    throw new DTypeError('isclose', `both operands need the same dtype, got ${a.dtype} and ${b.dtype}`);
  return iscloseOp([a, b], { rtol, atol, equalNan });
});

/**
 * Whether all elements are close; see `isclose`. Returns a promise, which is always truthy: await it, or use
 * `allcloseSync`.
 */
export const allclose = named(
  'allclose',
  async (a: Tensor, b: Tensor, options?: ToleranceOptions): Promise<boolean> => {
    checkTensors('allclose', { a, b });
    return (await isclose(a, b, options).data()).every(Boolean);
  },
);

/** Synchronous `allclose`. @throws EngineError on an engine whose results arrive later */
export const allcloseSync = named(
  'allcloseSync',
  (a: Tensor, b: Tensor, options?: ToleranceOptions): boolean => {
    checkTensors('allcloseSync', { a, b });
    return elementsNow('allcloseSync', isclose(a, b, options), 'await allclose(a, b)').every(Boolean);
  },
);

/**
 * Whether shape and elements are the same. Returns a promise, which is always truthy: await it, or use
 * `equalSync`.
 */
export const equal = exact('equal(a, b)', async (a: Tensor, b: Tensor): Promise<boolean> => {
  checkTensors('equal', { a, b });
  return sameShape(a.shape, b.shape) && (await eq(a, b).data()).every(Boolean);
});

/** Synchronous `equal`. @throws EngineError on an engine whose results arrive later */
export const equalSync = exact('equalSync(a, b)', (a: Tensor, b: Tensor): boolean => {
  checkTensors('equalSync', { a, b });
  return (
    sameShape(a.shape, b.shape) && elementsNow('equalSync', eq(a, b), 'await equal(a, b)').every(Boolean)
  );
});

const inPlaceForm = (name: string, f: (a: Tensor, b: Operand) => Tensor) =>
  exact(
    `${name}(x, other)`,
    (x: Tensor, other: Operand): Tensor => change(name, x, [], () => f(x.detach(), other)),
  );

/** x = logicalAnd(x, other), in the dtype of x. */
export const logicalAnd_ = inPlaceForm('logicalAnd_', logicalAnd);
/** x = logicalOr(x, other), in the dtype of x. */
export const logicalOr_ = inPlaceForm('logicalOr_', logicalOr);
/** x = logicalNot(x), in the dtype of x. */
export const logicalNot_ = exact(
  'logicalNot_(x)',
  (x: Tensor): Tensor => change('logicalNot_', x, [], () => logicalNot(x.detach())),
);

attach({
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  logicalAnd,
  logicalOr,
  logicalXor,
  logicalNot,
  isnan,
  isinf,
  isfinite,
  isposinf,
  isneginf,
  signbit,
  isclose,
  allclose,
  allcloseSync,
  equal,
  equalSync,
  logicalAnd_,
  logicalOr_,
  logicalNot_,
});

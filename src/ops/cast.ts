import type { Grads } from '../autograd/node.js';
import { defineOp } from '../autograd/op.js';
import { type DType, isFloat, promote, type TypedArray } from '../core/dtype.js';
import { asConstant, constantProblem } from '../core/element.js';
import { type EngineName, engineNames } from '../core/engine-names.js';
import { ArgumentError } from '../core/errors.js';
import { exact } from '../core/exact.js';
import { refuseDevice } from '../core/foreign-names.js';
import { checkOption, dtype, either, word } from '../core/options.js';
import { broadcastShapes, sameShape } from '../core/shape.js';
import type { Engine } from '../engine/engine.js';
import { engineNamed } from '../engine/registry.js';
import { checkTensors } from '../tensor/argument.js';
import { attach } from '../tensor/attach.js';
import { inspect } from '../tensor/inspect.js';
import { empty, emptyLike, Tensor } from '../tensor/tensor.js';
import { afterwards, requireNow } from './counted.js';
import { zerosLike } from './creation/creation.js';
import { change } from './elementwise/in-place.js';
import { checkOperand, type Operand } from './promotion.js';

const toOp = defineOp<[Tensor], { dtype: DType; from: DType }>({
  name: 'to',
  forward(_, [x], { dtype }) {
    const out = emptyLike(x, dtype);
    out.engine.copy(out, x);
    return out;
  },
  backward: ({ attrs }, g) => [isFloat(attrs.dtype) ? to(g, attrs.from) : null],
});

interface Move {
  readonly engine: Engine;
  readonly from: Engine;
  /** The elements of x, if they have been awaited. */
  readonly elements?: TypedArray;
}

const moveOp = defineOp<[Tensor], Move>({
  name: 'to',
  forward(_, [x], { engine, elements }) {
    if (elements === undefined) requireNow('to', x);
    const { buffer, byteOffset, byteLength } = elements ?? x.dataSync();
    const out = empty(x.shape, x.dtype, engine);
    engine.write(out.storage, 0, new Uint8Array(buffer, byteOffset, byteLength));
    return out;
  },
  backward: ({ attrs: { engine, from } }, g): Grads => [moveOp([g], { engine: from, from: engine })],
});

const cloneOp = defineOp<[Tensor]>({
  name: 'clone',
  forward(_, [x]) {
    const out = emptyLike(x);
    out.engine.copy(out, x);
    return out;
  },
  backward: (_, g) => [g],
});

/** `value` instead of x, whose gradient is 0. */
const fillOp = defineOp<[Tensor], { value: number }>({
  name: 'fill',
  forward(_, [x], { value }) {
    const out = emptyLike(x);
    out.engine.fill(out, value);
    return out;
  },
  backward: (_, g) => [zerosLike(g)],
});

/** `source`, of the shape and dtype of x, instead of x. */
const overwriteOp = defineOp<[Tensor, Tensor]>({
  name: 'copy_',
  forward(_, [x, source]) {
    const out = emptyLike(x);
    out.engine.copy(out, source);
    return out;
  },
  backward: ({ needs }, g) => [needs[0] ? zerosLike(g) : null, needs[1] ? g : null],
});

const targetOption = either(dtype(undefined), word(engineNames, undefined));

const isEngineName = (target: string): target is EngineName =>
  (engineNames as readonly string[]).includes(target);

/**
 * `x` in another dtype, on another engine, or with another tensor's dtype and engine; `x` itself if nothing
 * changes. Floats become integers by truncation toward zero; everything but 0 is true.
 *
 * @differs a float that int32 can't hold becomes −2³¹ on every processor (in C++ it's undefined)
 * @example
 * x.to('float64');
 * x.to('wasm');
 */
export const to = exact('to(x, target)', (x: Tensor, target: DType | EngineName | Tensor): Tensor => {
  if (target instanceof Tensor) return to(onEngine(x, target.engine), target.dtype);
  if (isEngineName(target)) return onEngine(x, engineNamed(target));
  if (x.dtype === target) return x;
  if (!targetOption.accepts(target)) refuseDevice('to', target);
  checkOption('to', 'the target', targetOption, target);
  return toOp([x], { dtype: target, from: x.dtype });
});

/** `x` in the memory of an engine; `x` itself if it's already there. */
export const onEngine = (x: Tensor, engine: Engine): Tensor =>
  x.engine === engine ? x : moveOp([x], { engine, from: x.engine });

/** Async `to`, which also works from engines whose results arrive later. */
export const toAsync = exact(
  'toAsync(x, target)',
  async (x: Tensor, target: DType | EngineName | Tensor): Promise<Tensor> => {
    checkTensors('toAsync', { x });
    const { engine: from } = x;
    const engine =
      target instanceof Tensor ? target.engine : isEngineName(target) ? engineNamed(target) : from;
    if (engine === from) return to(x, target);
    return afterwards(x.data(), (elements) => {
      const moved = moveOp([x], { engine, from, elements });
      return target instanceof Tensor ? to(moved, target.dtype) : moved;
    });
  },
);

/** `x.to('float32')`. */
export const float = exact('float(x)', (x: Tensor): Tensor => to(x, 'float32'));
/** `x.to('float64')`. */
export const double = exact('double(x)', (x: Tensor): Tensor => to(x, 'float64'));
/** `x.to('int32')`. */
export const int = exact('int(x)', (x: Tensor): Tensor => to(x, 'int32'));
/** `x.to('uint8')`. */
export const byte = exact('byte(x)', (x: Tensor): Tensor => to(x, 'uint8'));
/** `x.to('bool')`. */
export const bool = exact('bool(x)', (x: Tensor): Tensor => to(x, 'bool'));

/** `x` in the dtype of `other`. */
export const typeAs = exact('typeAs(x, other)', (x: Tensor, other: Tensor): Tensor => {
  checkTensors('typeAs', { other });
  return to(x, other.dtype);
});

/** A dense copy of `x`. */
export const clone = exact('clone(x)', (x: Tensor): Tensor => {
  checkTensors('clone', { x });
  return cloneOp([x]);
});

/** `x` itself if its elements are in row-major order without gaps, otherwise a copy whose elements are. */
export const contiguous = exact('contiguous(x)', (x: Tensor): Tensor => (x.packed ? x : clone(x)));

/**
 * Copies `source`, broadcast and converted, into `x`.
 * @throws ShapeError if `source` doesn't broadcast to the shape of x
 */
export const copy_ = exact('copy_(x, source)', (x: Tensor, source: Tensor): Tensor => {
  checkTensors('copy_', { source });
  const shape = broadcastShapes('copy_', x.shape, source.shape);
  const fits = sameShape(shape, x.shape);
  return change(
    'copy_',
    x,
    [source],
    (y) => overwriteOp([fits ? y : y.expand(shape), to(source, x.dtype).expand(shape)]),
    () => {
      if (!fits || source.storage.disposedAt !== undefined || source.engine !== x.engine) return false;
      if (source.storage === x.storage) return false;
      x.engine.copy(x, source);
      return true;
    },
  );
});

/**
 * A tensor without axes, in the dtype of the elements that it will fill.
 * @throws DTypeError for a value that the dtype can't hold
 */
export function asFilling(operation: string, value: Tensor, dtype: DType): Tensor {
  if (dtype === 'bool' || promote(value.dtype, dtype) === dtype) return to(value, dtype);
  inspect(value.detach(), ([element]) => constantProblem(operation, element!, dtype));
  return to(value, dtype);
}

/**
 * Sets every element of `x` to `value`, a number or a tensor without axes.
 * @throws DTypeError for a number that x's dtype can't hold
 */
export const fill_ = exact('fill_(x, value)', (x: Tensor, value: Operand): Tensor => {
  checkOperand('fill_', 'value', value);
  if (value instanceof Tensor) {
    if (value.ndim > 0)
      throw new ArgumentError('fill_', `the value has ${value.ndim} axes, but can't have any`);
    return copy_(x, asFilling('fill_', value, x.dtype).clone());
  }
  const number = asConstant('fill_', value, x.dtype);
  return change(
    'fill_',
    x,
    [],
    (y) => fillOp([y], { value: number }),
    () => {
      x.engine.fill(x, number);
      return true;
    },
  );
});

/** Sets every element of `x` to 0. */
export const zero_ = exact('zero_(x)', (x: Tensor): Tensor => fill_(x, 0));

attach({ to, toAsync, float, double, int, byte, bool, typeAs, clone, contiguous, copy_, fill_, zero_ });

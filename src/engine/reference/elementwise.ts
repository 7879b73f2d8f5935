import { rounded } from '../../core/draws.js';
import { type DType, isFloat } from '../../core/dtype.js';
import type { BinaryOp, CompareOp, ElementwiseEngine } from '../elementwise.js';
import type { View } from '../storage.js';
import { linesOf, read, write } from './cells.js';
import * as functions from './functions.js';

type Operand = View | number;

/** x in another dtype: floats are truncated toward zero; numbers that int32 can't hold become its smallest one. */
function converted(x: number, from: DType, to: DType): number {
  if (to === 'bool') return Number(x !== 0);
  if (isFloat(to) || !isFloat(from)) return x;
  return x >= -(2 ** 31) && x < 2 ** 31 ? Math.trunc(x) : -(2 ** 31);
}

/** out = f(operands), which broadcast; numbers among them are rounded to `dtype`. */
function map(
  out: View,
  dtype: DType,
  operands: readonly Operand[],
  f: (...x: number[]) => number | boolean,
): void {
  const lists = operands.map((x) => (typeof x === 'number' ? rounded(x, dtype) : read(x, out.shape)));
  write(out, (i) => Number(f(...lists.map((list) => (typeof list === 'number' ? list : list[i]!)))));
}

function binary(op: BinaryOp, out: View, a: Operand, b: Operand, p = 0): void {
  const f = (isFloat(out.dtype) ? undefined : functions.integerBinary[op]) ?? functions.binary[op];
  map(out, out.dtype, [a, b], (x, y) => f(x!, y!, p));
}

const compare = (op: CompareOp, out: View, a: View, b: Operand): void =>
  map(out, a.dtype, [a, b], (x, y) => functions.compare[op](x!, y!));

export const elementwise: ElementwiseEngine = {
  ...{ binary, binaryNumber: binary, numberBinary: binary, compare, compareNumber: compare },
  unary(op, out, a, p = 0, q = 0) {
    const f = (isFloat(out.dtype) ? undefined : functions.integerUnary[op]) ?? functions.unary[op];
    map(out, out.dtype, [a, p, q], (x, first, second) => f(x!, first!, second!));
  },
  test: (op, out, a) => map(out, a.dtype, [a], (x) => functions.test[op](x!)),
  isClose: (out, a, b, rtol, atol, equalNan) =>
    map(out, a.dtype, [a, b], (x = 0, y = 0) => {
      const distance = Math.abs(x - y);
      const near = distance <= atol + rtol * Math.abs(y) && distance < Number.POSITIVE_INFINITY;
      return x === y || near || (equalNan && Number.isNaN(x) && Number.isNaN(y));
    }),
  cross(out, a, b, axis) {
    const [x, y, result] = [read(a), read(b), read(out)];
    const times = isFloat(out.dtype) ? (u: number, v: number): number => u * v : Math.imul;
    for (const places of linesOf(out.shape, axis))
      places.forEach((place, i) => {
        const [j, k] = [places[(i + 1) % 3]!, places[(i + 2) % 3]!];
        result[place] = times(x[j]!, y[k]!) - times(x[k]!, y[j]!);
      });
    write(out, result);
  },
  ternary: (op, out, a, b, c, p = 0) =>
    map(out, out.dtype, [a, b, c], (x, y, z) => functions.ternary[op](x!, y!, z!, p)),
  where: (out, condition, a, b) => map(out, out.dtype, [condition, a, b], (yes, x, y) => (yes ? x! : y!)),
  copy: (out, a) => map(out, a.dtype, [a], (x) => converted(x!, a.dtype, out.dtype)),
  fill: (out, value) => map(out, out.dtype, [converted(value, 'float64', out.dtype)], (x) => x!),
  ramp(out, first, step, last, half) {
    write(out, (i) => (i < half ? first + i * step : last - (out.count - 1 - i) * step));
  },
};

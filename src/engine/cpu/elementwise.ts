import { ShapeError } from '../../core/errors.js';
import type { BinaryOp, ElementwiseEngine, TernaryOp } from '../elementwise.js';
import type { LineSlopes, Slope, SlopeEngine, SlopeOfTwo } from '../slope.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer } from './context.js';
import type { KernelNumbers } from './numbers.js';
import { aroundAxis } from './reduce.js';

const maxRank = 16;

/** The axes of `out` that are longer than 1, ordered by stride, the widest first. */
function loopAxes(out: View): number[] {
  const axes: number[] = [];
  for (let d = 0; d < out.shape.length; d++) if (out.shape[d] !== 1) axes.push(d);
  if (!out.packed) axes.sort((a, b) => Math.abs(out.strides[b]!) - Math.abs(out.strides[a]!) || a - b);
  return axes;
}

/** The stride along an axis, counted from the end; 0 if the view repeats. */
function strideAlong(view: View, fromEnd: number): number {
  const axis = view.shape.length + fromEnd;
  return axis < 0 || view.shape[axis] === 1 ? 0 : view.strides[axis]!;
}

// The layout under construction, for at most four views; kernels are called one at a time.
const sizes = new Int32Array(maxRank);
const strides = Array.from({ length: 4 }, () => new Int32Array(maxRank));
const steps = new Int32Array(4);

/**
 * Writes the layout of kernels/elementwise/elementwise.h for views that broadcast to the shape of the first, the
 * output: axes of length 1 left out, and neighbors merged where every view allows it.
 */
function writeLayout(numbers: KernelNumbers, views: readonly View[]): void {
  const out = views[0]!;
  let rank = 0;
  for (const axis of loopAxes(out)) {
    const n = out.shape[axis]!;
    let merges = rank > 0;
    for (let k = 0; k < views.length; k++) {
      const step = strideAlong(views[k]!, axis - out.shape.length);
      steps[k] = step;
      if (rank > 0 && strides[k]![rank - 1] !== step * n) merges = false;
    }
    if (merges) sizes[rank - 1]! *= n;
    else if (rank === maxRank)
      throw new ShapeError('elementwise', `takes at most ${maxRank} axes that can't be merged`, [
        { name: 'out', shape: out.shape },
      ]);
    else sizes[rank++] = n;
    for (let k = 0; k < views.length; k++) strides[k]![rank - 1] = steps[k]!;
  }
  if (rank === 0) {
    writeFlat(numbers, 1, 1, 1, 1);
    return;
  }
  let at = 0;
  numbers.put(at++, rank);
  for (let d = 0; d < rank; d++) numbers.put(at++, sizes[d]!);
  for (let k = 0; k < views.length; k++) for (let d = 0; d < rank; d++) numbers.put(at++, strides[k]![d]!);
}

/** One axis of n elements, which the operands walk with these strides. */
function writeFlat(numbers: KernelNumbers, n: number, a: number, b: number, c: number): void {
  numbers.put(0, 1);
  numbers.put(1, n);
  numbers.put(2, 1);
  numbers.put(3, a);
  numbers.put(4, b);
  numbers.put(5, c);
}

/** The stride with which `view` walks a dense `out`: 1, 0 for a single element, or -1 if it is neither. */
function flatStride(view: View, n: number): number {
  if (view.count === n) return view.packed ? 1 : -1;
  return view.count === 1 ? 0 : -1;
}

export function elementwiseKernels(cpu: CpuContext): ElementwiseEngine & Omit<SlopeEngine, keyof LineSlopes> {
  const { abi } = cpu;

  function layout1(out: View): number {
    if (out.packed) writeFlat(cpu.numbers, out.count, 0, 0, 0);
    else writeLayout(cpu.numbers, [out]);
    return cpu.numbers.address;
  }

  function layout2(out: View, a: View): number {
    const step = out.packed ? flatStride(a, out.count) : -1;
    if (step >= 0) writeFlat(cpu.numbers, out.count, step, 0, 0);
    else writeLayout(cpu.numbers, [out, a]);
    return cpu.numbers.address;
  }

  function layout3(out: View, a: View, b: View): number {
    const stepA = out.packed ? flatStride(a, out.count) : -1;
    const stepB = flatStride(b, out.count);
    if (stepA >= 0 && stepB >= 0) writeFlat(cpu.numbers, out.count, stepA, stepB, 0);
    else writeLayout(cpu.numbers, [out, a, b]);
    return cpu.numbers.address;
  }

  function layout4(out: View, a: View, b: View, c: View): number {
    const stepA = out.packed ? flatStride(a, out.count) : -1;
    const stepB = flatStride(b, out.count);
    const stepC = flatStride(c, out.count);
    if (stepA >= 0 && stepB >= 0 && stepC >= 0) writeFlat(cpu.numbers, out.count, stepA, stepB, stepC);
    else writeLayout(cpu.numbers, [out, a, b, c]);
    return cpu.numbers.address;
  }

  const binary = (op: BinaryOp | Slope, out: View, a: View, b: View, p = 0, q = 0): void =>
    abi.binary(
      codes.binary[op],
      codes.dtype[out.dtype],
      pointer(a),
      pointer(b),
      pointer(out),
      layout3(out, a, b),
      p,
      q,
    );

  const ternary = (op: TernaryOp | SlopeOfTwo, out: View, a: View, b: View, c: View, p = 0): void =>
    abi.ternary(
      codes.ternary[op],
      codes.dtype[out.dtype],
      pointer(a),
      pointer(b),
      pointer(c),
      pointer(out),
      layout4(out, a, b, c),
      p,
    );

  return {
    binary,
    slope: binary,
    ternary,
    slopeOfTwo: ternary,

    unary: (op, out, a, p = 0, q = 0) =>
      abi.unary(codes.unary[op], codes.dtype[out.dtype], pointer(a), pointer(out), layout2(out, a), p, q),

    test: (op, out, a) =>
      abi.test(codes.test[op], codes.dtype[a.dtype], pointer(a), pointer(out), layout2(out, a)),

    binaryNumber: (op, out, a, b, p = 0, q = 0) =>
      abi.binary_number(
        codes.binary[op],
        codes.dtype[out.dtype],
        pointer(a),
        b,
        0,
        pointer(out),
        layout2(out, a),
        p,
        q,
      ),

    numberBinary: (op, out, a, b, p = 0, q = 0) =>
      abi.binary_number(
        codes.binary[op],
        codes.dtype[out.dtype],
        pointer(b),
        a,
        1,
        pointer(out),
        layout2(out, b),
        p,
        q,
      ),

    compare: (op, out, a, b) =>
      abi.compare(
        codes.compare[op],
        codes.dtype[a.dtype],
        pointer(a),
        pointer(b),
        pointer(out),
        layout3(out, a, b),
      ),

    compareNumber: (op, out, a, b) =>
      abi.compare_number(
        codes.compare[op],
        codes.dtype[a.dtype],
        pointer(a),
        b,
        pointer(out),
        layout2(out, a),
      ),

    isClose: (out, a, b, rtol, atol, equalNan) =>
      abi.is_close(
        codes.dtype[a.dtype],
        pointer(a),
        pointer(b),
        pointer(out),
        layout3(out, a, b),
        rtol,
        atol,
        Number(equalNan),
      ),

    cross(out, a, b, axis) {
      const [outer, , inner] = aroundAxis(out.shape, axis);
      abi.cross(codes.dtype[out.dtype], pointer(a), pointer(b), pointer(out), outer, inner);
    },

    where: (out, condition, a, b) =>
      abi.where(
        codes.dtype[out.dtype],
        pointer(condition),
        pointer(a),
        pointer(b),
        pointer(out),
        layout4(out, condition, a, b),
      ),

    copy: (out, a) =>
      abi.copy(codes.dtype[a.dtype], codes.dtype[out.dtype], pointer(a), pointer(out), layout2(out, a)),

    fill: (out, value) => abi.fill(codes.dtype[out.dtype], value, pointer(out), layout1(out)),

    ramp: (out, first, step, last, half) =>
      abi.ramp(codes.dtype[out.dtype], first, step, last, half, out.count, pointer(out)),
  };
}

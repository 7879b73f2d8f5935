import { ShapeError } from '../../core/errors.js';
import type { ReduceEngine, ReduceParameters } from '../reduce.js';
import type { SlopeEngine } from '../slope.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull } from './context.js';
import type { KernelNumbers } from './numbers.js';

const maxRank = 32;

/** [kept rank, reduced rank, kept sizes…, kept strides…, reduced sizes…, reduced strides…] */
function writeAxes(numbers: KernelNumbers, { shape, strides }: View, axes: readonly number[]): void {
  const rank = shape.length;
  if (rank > maxRank)
    throw new ShapeError('reduce', `can reduce at most ${maxRank} axes`, [{ name: 'x', shape }]);
  const kept = rank - axes.length;
  numbers.put(0, kept);
  numbers.put(1, axes.length);
  let at = 2;
  for (let i = 0; i < rank; i++) {
    if (axes.includes(i)) continue;
    numbers.put(at, shape[i]!);
    numbers.put(at + kept, strides[i]!);
    at++;
  }
  at += kept;
  for (const axis of axes) {
    numbers.put(at, shape[axis]!);
    numbers.put(at + axes.length, strides[axis]!);
    at++;
  }
}

/** A dense view's axes before `axis`, `axis` itself, and those after it; a scalar has one of length 1. */
export function aroundAxis(
  shape: readonly number[],
  axis: number,
): [outer: number, n: number, inner: number] {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < axis; i++) outer *= shape[i]!;
  for (let i = axis + 1; i < shape.length; i++) inner *= shape[i]!;
  return [outer, shape[axis] ?? 1, inner];
}

const none: ReduceParameters = {};

export const reduceKernels = (
  cpu: CpuContext,
): ReduceEngine & Pick<SlopeEngine, 'scanExtremeBackward' | 'prodBackward'> => ({
  reduce(op, out, x, axes, { divisor = 1, power = 1, exponent = 0, center, overflow } = none) {
    writeAxes(cpu.numbers, x, axes);
    const centers = center === undefined ? 0 : pointer(center);
    const code = codes.reduce[op];
    const overflows = cpu.abi.reduce(
      code,
      codes.dtype[x.dtype],
      pointer(x),
      centers,
      pointer(out),
      cpu.numbers.address,
      exponent,
      divisor,
      power,
    );
    if (overflows !== 0 && overflow !== undefined) throw overflow();
  },

  argReduce(op, indices, values, x, axis) {
    if (x.shape.length === 0) cpu.numbers.list(0, [0, 1, 1, 1]);
    else writeAxes(cpu.numbers, x, [axis]);
    cpu.abi.arg_reduce(
      codes.reduce[op],
      codes.dtype[x.dtype],
      pointer(x),
      pointerOrNull(values),
      pointer(indices),
      cpu.numbers.address,
    );
  },

  scan(op, out, x, axis, reverse, overflow) {
    const [outer, n, inner] = aroundAxis(x.shape, axis);
    const overflows = cpu.abi.scan(
      codes.reduce[op],
      codes.dtype[x.dtype],
      pointer(x),
      pointer(out),
      outer,
      n,
      inner,
      Number(reverse),
    );
    if (overflows !== 0) throw overflow();
  },

  scanLinear(out, a, b, axis, reverse) {
    const [outer, n, inner] = aroundAxis(a.shape, axis);
    cpu.abi.scan_linear(
      codes.dtype[a.dtype],
      pointer(a),
      pointer(b),
      pointer(out),
      outer,
      n,
      inner,
      Number(reverse),
    );
  },

  scanLogsumexp(out, x, axis) {
    const [outer, n, inner] = aroundAxis(x.shape, axis);
    cpu.abi.scan_logsumexp(codes.dtype[x.dtype], pointer(x), pointer(out), outer, n, inner);
  },

  scanExtreme(op, values, indices, x, axis) {
    const [outer, n, inner] = aroundAxis(x.shape, axis);
    cpu.abi.scan_extreme(
      codes.reduce[op],
      codes.dtype[x.dtype],
      pointer(x),
      pointer(values),
      pointer(indices),
      outer,
      n,
      inner,
    );
  },

  scanExtremeBackward(out, g, indices, axis) {
    const [outer, n, inner] = aroundAxis(g.shape, axis);
    cpu.abi.scan_extreme_backward(
      codes.dtype[g.dtype],
      pointer(g),
      pointer(indices),
      pointer(out),
      outer,
      n,
      inner,
    );
  },

  prodBackward(out, g, x, axis) {
    const [outer, n, inner] = aroundAxis(x.shape, axis);
    cpu.abi.prod_backward(codes.dtype[x.dtype], pointer(x), pointer(g), pointer(out), outer, n, inner);
  },
});

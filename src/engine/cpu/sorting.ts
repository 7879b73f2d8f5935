import { sizeOf } from '../../core/shape.js';
import type { SortingEngine } from '../sorting.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull, requireNone, writeMeta } from './context.js';

/** A tensor seen as (outer, size, inner). */
type Lines = [outer: number, size: number, inner: number];

function linesOf({ shape }: View, axis: number): Lines {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}

export const sortingKernels = (cpu: CpuContext): SortingEngine => ({
  sort: (values, indices, x, axis, descending) =>
    cpu.abi.sort(
      codes.dtype[x.dtype],
      pointer(x),
      pointerOrNull(values),
      pointer(indices),
      ...linesOf(x, axis),
      Number(descending),
    ),

  topk: (values, indices, x, axis, largest) =>
    cpu.abi.topk(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(values),
      pointer(indices),
      ...linesOf(x, axis),
      values.shape[axis]!,
      Number(largest),
    ),

  kthValue: (values, indices, x, axis, k) =>
    cpu.abi.kth_value(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(values),
      pointer(indices),
      ...linesOf(x, axis),
      k,
    ),

  median: (values, indices, x, axis, ignoreNaN) =>
    cpu.abi.median(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(values),
      pointer(indices),
      ...linesOf(x, axis),
      Number(ignoreNaN),
    ),

  unique: (first, inverse, counts, x, rows, consecutive) =>
    cpu.abi.unique(
      codes.dtype[x.dtype],
      pointer(x),
      rows,
      rows === 0 ? 0 : x.count / rows,
      Number(consecutive),
      pointer(first),
      pointerOrNull(inverse),
      pointerOrNull(counts),
    ),

  nonzeroCount: (x) => cpu.abi.nonzero_count(codes.dtype[x.dtype], pointer(x), x.count),

  nonzero: (out, x) =>
    cpu.abi.nonzero(codes.dtype[x.dtype], pointer(x), writeMeta(cpu, x.shape), x.shape.length, pointer(out)),

  bincountSize(x, fault) {
    const size = cpu.abi.bincount_size(pointer(x), x.count);
    requireNone(-1 - size, x, fault);
    return size;
  },

  bincount: (out, x, weights) =>
    cpu.abi.bincount(
      codes.dtype[weights ? weights.dtype : 'int32'],
      pointer(x),
      pointerOrNull(weights),
      pointer(out),
      x.count,
      out.count,
    ),

  searchsorted(out, sorted, values, right) {
    const size = sorted.shape.at(-1)!;
    const shared = sorted.shape.length === 1;
    const rows = shared ? 1 : sizeOf(sorted.shape.slice(0, -1));
    cpu.abi.searchsorted(
      codes.dtype[sorted.dtype],
      pointer(sorted),
      pointer(values),
      pointer(out),
      rows,
      size,
      rows === 0 ? 0 : values.count / rows,
      Number(shared),
      Number(right),
    );
  },

  isin: (out, x, set, invert) =>
    cpu.abi.isin(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(set),
      pointer(out),
      x.count,
      set.count,
      Number(invert),
    ),
});

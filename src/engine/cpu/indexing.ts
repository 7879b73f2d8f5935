import type { Shape } from '../../core/shape.js';
import type { EmbeddingEngine } from '../embedding.js';
import type { IndexingEngine, ScatterMode } from '../indexing.js';
import type { View } from '../storage.js';
import { codes } from './abi.js';
import { type CpuContext, pointer, pointerOrNull, requireNone, writeMeta } from './context.js';

const { assign, sum, prod, mean, max: amax, min: amin } = codes.scatterMode;
const scatterModes: Record<ScatterMode, number> = { assign, sum, prod, mean, amax, amin };

/**
 * The `meta` of kernels/index/index.h: the tensor `x`, indexed along `axis` at `count` positions. `shape` has
 * the lengths of the other axes, which may be smaller than x's.
 */
function axisMeta(
  cpu: CpuContext,
  x: View,
  axis: number,
  count: number,
  wrap: boolean,
  shape: Shape,
): number {
  const { strides } = x;
  return writeMeta(
    cpu,
    [count, x.shape[axis]!, strides[axis]!, Number(wrap), axis, strides.length - axis - 1],
    shape.slice(0, axis),
    strides.slice(0, axis),
    shape.slice(axis + 1),
    strides.slice(axis + 1),
  );
}

export const indexingKernels = (cpu: CpuContext): IndexingEngine => ({
  indexSelect(out, x, axis, index, wrap, fault) {
    const bad = cpu.abi.index_select(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(index),
      pointer(out),
      axisMeta(cpu, x, axis, index.count, wrap, x.shape),
    );
    requireNone(bad, index, fault);
  },

  indexCopy(out, axis, index, x, wrap, fault) {
    const bad = cpu.abi.index_copy(
      codes.dtype[x.dtype],
      pointer(out),
      pointer(index),
      pointer(x),
      axisMeta(cpu, out, axis, index.count, wrap, out.shape),
      Number(x.count > 1),
    );
    requireNone(bad, index, fault);
  },

  indexAdd(out, axis, index, x, alpha, wrap, fault) {
    const bad = cpu.abi.index_add(
      codes.dtype[x.dtype],
      pointer(out),
      pointer(index),
      pointer(x),
      axisMeta(cpu, out, axis, index.count, wrap, out.shape),
      alpha,
    );
    requireNone(bad, index, fault);
  },

  indexOffsets(out, index, size, stride, first, fault) {
    const bad = cpu.abi.index_offsets(pointer(index), index.count, size, stride, Number(first), pointer(out));
    requireNone(bad, index, fault);
  },

  gather(out, x, axis, index, fault) {
    const bad = cpu.abi.gather(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(index),
      pointer(out),
      axisMeta(cpu, x, axis, index.shape[axis]!, false, index.shape),
    );
    requireNone(bad, index, fault);
  },

  scatter(out, axis, index, x, mode, includeSelf, fault) {
    const bad = cpu.abi.scatter(
      codes.dtype[x.dtype],
      pointer(out),
      pointer(index),
      pointer(x),
      axisMeta(cpu, out, axis, index.shape[axis]!, false, index.shape),
      scatterModes[mode],
      Number(includeSelf),
      Number(x.count === index.count),
    );
    requireNone(bad, index, fault);
  },

  requireInside(indices, size, fault) {
    requireNone(cpu.abi.first_outside(pointer(indices), indices.count, size), indices, fault);
  },

  maskedCount: (mask) => cpu.abi.masked_count(pointer(mask), mask.count),

  maskedSelect(out, x, mask) {
    cpu.abi.masked_select(codes.dtype[x.dtype], pointer(x), pointer(mask), pointer(out), x.count);
  },

  maskedScatter(out, mask, x, fault) {
    if (fault !== null) {
      const set = cpu.abi.masked_count(pointer(mask), mask.count);
      if (set > x.count) throw fault(set);
    }
    cpu.abi.masked_scatter(codes.dtype[x.dtype], pointer(out), pointer(mask), pointer(x), mask.count);
  },

  triangle(out, x, diagonal, upper) {
    const rows = x.shape.at(-2)!;
    const columns = x.shape.at(-1)!;
    if (x.count === 0) return;
    const matrices = x.count / (rows * columns);
    cpu.abi.triangle(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(out),
      matrices,
      rows,
      columns,
      diagonal,
      Number(upper),
    );
  },
});

export const embeddingKernels = (cpu: CpuContext): EmbeddingEngine => ({
  embeddingGrad(out, grad, from, weights, index, padding, scaleByFrequency, fault) {
    const bad = cpu.abi.embedding_grad(
      codes.dtype[out.dtype],
      pointer(grad),
      pointerOrNull(from),
      pointerOrNull(weights),
      pointer(index),
      pointer(out),
      index.count,
      out.shape[0]!,
      out.shape[1]!,
      padding,
      Number(scaleByFrequency),
    );
    requireNone(bad, index, fault);
  },

  embeddingBag(out, x, index, offsets, weights, mode, padding, bagOf, sizes, argmax, faults) {
    const bad = cpu.abi.embedding_bag(
      codes.dtype[x.dtype],
      pointer(x),
      pointer(index),
      pointer(offsets),
      pointerOrNull(weights),
      pointer(out),
      pointer(bagOf),
      pointer(sizes),
      pointerOrNull(argmax),
      index.count,
      offsets.count,
      x.shape[0]!,
      x.shape[1]!,
      codes.bagMode[mode],
      padding,
    );
    requireNone(bad, index, faults.index);
    requireNone(-2 - bad, offsets, faults.offset);
  },
});

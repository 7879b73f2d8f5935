import { dtypeCode } from '../../core/dtype.js';
import type { Shape } from '../../core/shape.js';
import type { BagMode, EmbeddingEngine } from '../embedding.js';
import type { IndexingEngine, ScatterMode } from '../indexing.js';
import type { View } from '../storage.js';
import { type CpuContext, pointer, requireNone, writeMeta } from './context.js';

/** The kernels of kernels/index/index.h. */
export interface IndexingAbi {
  index_select(dtype: number, x: number, index: number, y: number, meta: number): number;
  index_copy(dtype: number, y: number, index: number, x: number, meta: number, xStride: number): number;
  index_add(dtype: number, y: number, index: number, x: number, meta: number, alpha: number): number;
  index_offsets(
    index: number,
    count: number,
    size: number,
    stride: number,
    first: number,
    offsets: number,
  ): number;
  gather(dtype: number, x: number, index: number, y: number, meta: number): number;
  scatter(
    dtype: number,
    y: number,
    index: number,
    x: number,
    meta: number,
    mode: number,
    includeSelf: number,
    xStride: number,
  ): number;
  masked_count(mask: number, count: number): number;
  masked_select(dtype: number, x: number, mask: number, y: number, count: number): number;
  masked_scatter(dtype: number, y: number, mask: number, x: number, count: number): void;
  triangle(
    dtype: number,
    x: number,
    y: number,
    matrices: number,
    rows: number,
    columns: number,
    diagonal: number,
    upper: number,
  ): void;
  embedding_grad(
    dtype: number,
    dy: number,
    from: number,
    weights: number,
    index: number,
    dw: number,
    count: number,
    rows: number,
    width: number,
    padding: number,
    scaleByFrequency: number,
  ): number;
  embedding_bag(
    dtype: number,
    w: number,
    index: number,
    offsets: number,
    weights: number,
    y: number,
    bagOf: number,
    sizes: number,
    argmax: number,
    count: number,
    bags: number,
    rows: number,
    width: number,
    mode: number,
    padding: number,
  ): number;
}

const scatterModes: Record<ScatterMode, number> = { assign: 0, sum: 1, prod: 2, mean: 3, amax: 4, amin: 5 };
const bagModes: Record<BagMode, number> = { sum: 0, mean: 1, max: 2 };

/**
 * The `meta` of kernels/index/index.h: the tensor `x`, indexed along `axis` at `count` positions. `shape` has
 * the lengths of the other axes, which may be smaller than those of `x`.
 */
function axisMeta<Abi>(
  cpu: CpuContext<Abi>,
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

export const indexingKernels = (cpu: CpuContext<IndexingAbi>): IndexingEngine => ({
  indexSelect(out, x, axis, index, wrap, fault) {
    const bad = cpu.abi.index_select(
      dtypeCode[x.dtype],
      pointer(x),
      pointer(index),
      pointer(out),
      axisMeta(cpu, x, axis, index.count, wrap, x.shape),
    );
    requireNone(bad, index, fault);
  },

  indexCopy(out, axis, index, x, wrap, fault) {
    const bad = cpu.abi.index_copy(
      dtypeCode[x.dtype],
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
      dtypeCode[x.dtype],
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
      dtypeCode[x.dtype],
      pointer(x),
      pointer(index),
      pointer(out),
      axisMeta(cpu, x, axis, index.shape[axis]!, false, index.shape),
    );
    requireNone(bad, index, fault);
  },

  scatter(out, axis, index, x, mode, includeSelf, fault) {
    const bad = cpu.abi.scatter(
      dtypeCode[x.dtype],
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

  maskedCount: (mask) => cpu.abi.masked_count(pointer(mask), mask.count),

  maskedSelect(out, x, mask) {
    cpu.abi.masked_select(dtypeCode[x.dtype], pointer(x), pointer(mask), pointer(out), x.count);
  },

  maskedScatter: (out, mask, x) =>
    cpu.abi.masked_scatter(dtypeCode[x.dtype], pointer(out), pointer(mask), pointer(x), mask.count),

  triangle(out, x, diagonal, upper) {
    const rows = x.shape.at(-2)!;
    const columns = x.shape.at(-1)!;
    if (x.count === 0) return;
    const matrices = x.count / (rows * columns);
    cpu.abi.triangle(
      dtypeCode[x.dtype],
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

export const embeddingKernels = (cpu: CpuContext<IndexingAbi>): EmbeddingEngine => ({
  embeddingGrad(out, grad, from, weights, index, padding, scaleByFrequency, fault) {
    const bad = cpu.abi.embedding_grad(
      dtypeCode[out.dtype],
      pointer(grad),
      from ? pointer(from) : 0,
      weights ? pointer(weights) : 0,
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
      dtypeCode[x.dtype],
      pointer(x),
      pointer(index),
      pointer(offsets),
      weights ? pointer(weights) : 0,
      pointer(out),
      pointer(bagOf),
      pointer(sizes),
      argmax ? pointer(argmax) : 0,
      index.count,
      offsets.count,
      x.shape[0]!,
      x.shape[1]!,
      bagModes[mode],
      padding,
    );
    requireNone(bad, index, faults.index);
    requireNone(-2 - bad, offsets, faults.offset);
  },
});

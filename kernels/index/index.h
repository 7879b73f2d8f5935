// Reading and writing by index: gather, scatter, indexSelect, indexAdd, advanced indexing, masks, embeddings.
//
// Kernels that index one axis see the indexed tensor as [outer…, axis, inner…] with any strides, and the other tensor as a
// dense [outer, count, inner]. Their `meta` is
//   count, size, stride, wrap, outerRank, innerRank, outerShape…, outerStrides…, innerShape…, innerStrides…
// where size and stride are the indexed axis' own and wrap = 1 lets −size … −1 count from the end. A kernel that takes
// indices checks them all before it writes: it returns the position of the first bad one, or −1.
#pragma once
#include "common/abi.h"

namespace myelin::MYELIN_ISA {

// y[o, i, j] = x[o, index[i], j]
KERNEL(index_select)
int32_t index_select(int32_t dtype, const void* x, const int32_t* index, void* y, const int32_t* meta);
// y[o, index[i], j] = x[o, i, j]; of equal indices the last one stays. x_stride 0: x is one value
KERNEL(index_copy)
int32_t index_copy(int32_t dtype, void* y, const int32_t* index, const void* x, const int32_t* meta, int32_t x_stride);
// y[o, index[i], j] += alpha · x[o, i, j], in the order of i; for bool, logical or
KERNEL(index_add)
int32_t index_add(int32_t dtype, void* y, const int32_t* index, const void* x, const int32_t* meta, double alpha);
// offsets[i] = (first ? 0 : offsets[i]) + stride · index[i], negative indices wrapped: several index tensors become one
KERNEL(index_offsets)
int32_t index_offsets(const int32_t* index, int32_t count, int32_t size, int32_t stride, int32_t first, int32_t* offsets);

// y[o, i, j] = x[o, index[o, i, j], j]
KERNEL(gather)
int32_t gather(int32_t dtype, const void* x, const int32_t* index, void* y, const int32_t* meta);
// y[o, index[o, i, j], j] = or ∘= x[o, i, j], in the order of i. mode: 0 assign, 1 sum, 2 prod, 3 mean, 4 amax, 5 amin;
// without include_self an element that is written starts from the mode's neutral element. x_stride 0: x is one value.
KERNEL(scatter)
int32_t scatter(int32_t dtype, void* y, const int32_t* index, const void* x, const int32_t* meta, int32_t mode,
                int32_t include_self, int32_t x_stride);

KERNEL(masked_count)
int32_t masked_count(const uint8_t* mask, int32_t count);
// y = the elements of x whose mask is set, in order; returns how many
KERNEL(masked_select)
int32_t masked_select(int32_t dtype, const void* x, const uint8_t* mask, void* y, int32_t count);
// y[the k-th set position of the mask] = x[k]
KERNEL(masked_scatter)
void masked_scatter(int32_t dtype, void* y, const uint8_t* mask, const void* x, int32_t count);

// y (matrices, rows, columns) = x where column − row ≥ diagonal (upper) or ≤ diagonal (lower), else 0
KERNEL(triangle)
void triangle(int32_t dtype, const void* x, void* y, int32_t matrices, int32_t rows, int32_t columns, int32_t diagonal,
              int32_t upper);

// The gradient of an embedding: dw (rows, width) = Σ over i with index[i] = row, row ≠ padding, of weights[i] · dy[from[i]] (…, width),
// divided by how often the row occurs if scale_by_frequency. Without `from` it is dy[i], without weights they are 1.
KERNEL(embedding_grad)
int32_t embedding_grad(int32_t dtype, const void* dy, const int32_t* from, const void* weights, const int32_t* index, void* dw,
                       int32_t count, int32_t rows, int32_t width, int32_t padding, int32_t scale_by_frequency);
// y (bags, width): the sum, mean or maximum (mode 0, 1, 2) of w's rows index[offsets[b] … offsets[b+1]), each times
// weights[i] (sum only; may be null), rows equal to padding left out (−1: none). Writes bag_of (count), the bag of each index
// (−1 before the first bag), sizes (bags), how many rows counted, and for the maximum argmax (bags, width), the row taken (0
// in an empty bag). A bad offset at position p returns −2 − p.
KERNEL(embedding_bag)
int32_t embedding_bag(int32_t dtype, const void* w, const int32_t* index, const int32_t* offsets, const void* weights, void* y,
                      int32_t* bag_of, int32_t* sizes, int32_t* argmax, int32_t count, int32_t bags, int32_t rows,
                      int32_t width, int32_t mode, int32_t padding);

}  // namespace myelin::MYELIN_ISA

#define INDEX_KERNELS(X)                                                                                               \
  X(index_select) X(index_copy) X(index_add) X(index_offsets) X(gather) X(scatter) X(masked_count)        \
  X(masked_select) X(masked_scatter) X(triangle) X(embedding_grad) X(embedding_bag)

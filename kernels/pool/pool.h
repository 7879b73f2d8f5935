// Pooling over the last one to three axes of contiguous tensors seen as (planes, D, H, W); fewer axes
// have leading lengths of 1. `window` holds six triples (D, H, W each): input size, output size,
// kernel, stride, padding, dilation. Indices count the elements of an input plane.
#pragma once
#include "common/abi.h"

namespace myelin::MYELIN_ISA {

// y = max over the window, indices (may be null) = the first place that has it. A NaN counts as the
// largest; of several the last is taken.
KERNEL(max_pool) void max_pool(int32_t dtype, const void* x, void* y, int32_t* indices, int32_t planes, const int32_t* window);

// y = Σ over the window / divisor; a divisor of 0 means the number of elements in the window, with
// `count_padding` those of the padding too.
KERNEL(average_pool) void average_pool(int32_t dtype, const void* x, void* y, int32_t planes, const int32_t* window,
                                       int32_t count_padding, double divisor);
KERNEL(average_pool_backward) void average_pool_backward(int32_t dtype, const void* dy, void* dx, int32_t planes,
                                                         const int32_t* window, int32_t count_padding, double divisor);

// Pooling to a given size: window i of n input and m output elements is [⌊i·n/m⌋, ⌈(i+1)·n/m⌉). Only
// the first two triples of `window` are read.
KERNEL(adaptive_average_pool) void adaptive_average_pool(int32_t dtype, const void* x, void* y, int32_t planes,
                                                         const int32_t* window);
KERNEL(adaptive_average_pool_backward) void adaptive_average_pool_backward(int32_t dtype, const void* dy, void* dx,
                                                                           int32_t planes, const int32_t* window);
KERNEL(adaptive_max_pool) void adaptive_max_pool(int32_t dtype, const void* x, void* y, int32_t* indices, int32_t planes,
                                                 const int32_t* window);

// y[p, indices[p, i]] = x[p, i], with `accumulate` +=, elsewhere 0; x (planes, count), y (planes, size).
// The gradient of max pooling, and unpooling. All indices lie in range.
KERNEL(plane_scatter) void plane_scatter(int32_t dtype, const void* x, const int32_t* indices, void* y, int32_t planes,
                                         int32_t count, int32_t size, int32_t accumulate);

// The position of the first of n indices outside [0, size), or -1.
KERNEL(first_outside) int32_t first_outside(const int32_t* indices, int32_t n, int32_t size);

// y[p, i] = x[p, indices[p, i]]; x (planes, size), y (planes, count).
KERNEL(plane_gather) void plane_gather(int32_t dtype, const void* x, const int32_t* indices, void* y, int32_t planes,
                                       int32_t count, int32_t size);

}  // namespace myelin::MYELIN_ISA

#define POOL_KERNELS(X)                                                                         \
  X(max_pool) X(average_pool) X(average_pool_backward) X(adaptive_average_pool)                 \
  X(adaptive_average_pool_backward) X(adaptive_max_pool) X(plane_scatter) X(plane_gather)         \
  X(first_outside)

// Products and Euclidean distances of rows, float32 and float64, contiguous.
#pragma once
#include "common/abi.h"

#define DISTANCE_KERNELS(X) \
  X(row_products)           \
  X(row_distances)          \
  X(row_distances_backward) \
  X(pair_distances)         \
  X(pair_distances_backward)

namespace myelin::MYELIN_ISA {

// out[r] = Σ_i a[r, i]·b[r, i]; a and b (rows, width).
KERNEL(row_products)
void row_products(int32_t dtype, const void* a, const void* b, void* out, int32_t rows, int32_t width);

// out[r] = √Σ_i (a[r, i] − b[r, i] + eps)².
KERNEL(row_distances)
void row_distances(int32_t dtype, const void* a, const void* b, void* out, int32_t rows, int32_t width, double eps);

// da and db (rows, width), null where they are not wanted, from the gradient g (rows) of the distances; 0 where a
// distance is 0.
KERNEL(row_distances_backward)
void row_distances_backward(int32_t dtype, const void* g, const void* a, const void* b, const void* distances, void* da,
                            void* db, int32_t rows, int32_t width, double eps);

// out (rows·(rows − 1)/2): the distances of rows i < j of x (rows, width), pair by pair: (0, 1), (0, 2) …
KERNEL(pair_distances)
void pair_distances(int32_t dtype, const void* x, void* out, int32_t rows, int32_t width);

// dx (rows, width) from the gradient g of the distances; a pair at distance 0 adds nothing.
KERNEL(pair_distances_backward)
void pair_distances_backward(int32_t dtype, const void* g, const void* x, const void* distances, void* dx, int32_t rows,
                             int32_t width);

}  // namespace myelin::MYELIN_ISA

// Nearest neighbors among dense rows of float32 or float64, by squared Euclidean distance. Of equal distances
// the row with the lower number counts as nearer.
#pragma once
#include "common/abi.h"

#define NEIGHBOR_KERNELS(X) \
  X(nearest)                \
  X(neighbor_ranks)

namespace myelin::MYELIN_ISA {

// indices and distances (queries, k): the k rows of points (count, width) nearest to each row of queries, from the
// nearest on, 1 ≤ k ≤ count. With `others`, query i is row i of points and is not its own neighbor: then k < count.
KERNEL(nearest)
void nearest(int32_t dtype, const void* query_rows, const void* points, int32_t* indices, void* distances, int32_t queries,
             int32_t count, int32_t width, int32_t k, int32_t others);

// ranks (count, k): how many other rows of x (count, width) are nearer to row i than row neighbors[i, j] is.
KERNEL(neighbor_ranks)
void neighbor_ranks(int32_t dtype, const void* x, const int32_t* neighbors, int32_t* ranks, int32_t count, int32_t width,
                    int32_t k);

}  // namespace myelin::MYELIN_ISA

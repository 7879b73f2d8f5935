// t-SNE: neighbor probabilities, the gradient of the Kullback–Leibler divergence by a Barnes–Hut tree, and the
// step along it. float32; an embedding has 2 or 3 dimensions.
//
// With d the squared distance of two points of the embedding and q = 1 / (1 + d):
//   divergence = Σ e·p·log(e·p·Z / q), over the pairs that have a p;  Z = Σ q over all pairs
//   gradient_i = 4·Σ_j (e·p_ij − q_ij / Z)·q_ij·(y_i − y_j)
#pragma once
#include "common/abi.h"

#define TSNE_KERNELS(X)   \
  X(tsne_probabilities)   \
  X(tsne_gradient)        \
  X(tsne_step)

namespace myelin::MYELIN_ISA {

// p (rows, k) from squared distances (rows, k): p ∝ e^(−β·d) in each row, with the β at which the row's entropy is
// log(perplexity).
KERNEL(tsne_probabilities)
void tsne_probabilities(const float* distances, float* p, int32_t rows, int32_t k, double perplexity);

// The gradient (n, dims) at y (n, dims). The joint probabilities p are a sparse matrix: row i holds starts[i] …
// starts[i+1]−1 of columns and weights. Cells are taken for their center of mass where their size is below
// `angle` times the distance. order (n): any order of the points; the tree's own is written back, which makes the
// next tree cheaper. divergence (1) may be null.
KERNEL(tsne_gradient)
void tsne_gradient(int32_t dims, int32_t n, const float* y, int32_t* order, const int32_t* starts, const int32_t* columns,
                   const float* weights, double angle, double exaggeration, float* gradient, double* divergence);

// A step with momentum and a gain for each coordinate, which grows by 0.2 while the sign of the gradient stays and
// shrinks by 0.8 when it turns. The gradient is multiplied by the gains.
KERNEL(tsne_step)
void tsne_step(int32_t size, float* y, float* gradient, float* velocity, float* gains, double momentum,
               double learning_rate);

}  // namespace myelin::MYELIN_ISA

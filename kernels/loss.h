// Losses, in one pass over memory each way. float32 and float64.
#pragma once
#include "abi.h"

#define LOSS_KERNELS(X)     \
  X(cross_entropy)          \
  X(cross_entropy_backward) \
  X(pointwise_loss)         \
  X(pointwise_loss_backward)

namespace myelin::MYELIN_ISA {

enum LossReduction : int32_t { kNone = 0, kMean = 1, kTotal = 2 };

// logits (N, C, S), target (N, S). With w = weight (C) or ones, ε = smoothing and p = softmax(logits):
//   loss = −(1 − ε)·w[t]·log p[t] − ε/C · Σ_c w[c]·log p[c]; 0 where the target is `ignore`
// out: the losses (N, S), or one number: their sum, or that over Σ w[t] of the targets not ignored.
// stats (2·N·S + 1), for the backward pass: maxima, logarithms of the sums, and what the sum was divided by.
// Returns the position of the first target outside [0, C) that is not `ignore`, or −1.
//
// meta = [N, C, S, ignore, reduction]
KERNEL(cross_entropy)
int32_t cross_entropy(int32_t dtype, const void* logits, const int32_t* target, const void* weight, void* out,
                      void* stats, const int32_t* meta, double smoothing);

// dx (N, C, S) from the gradient g of `out`.
KERNEL(cross_entropy_backward)
void cross_entropy_backward(int32_t dtype, const void* g, const void* logits, const int32_t* target, const void* weight,
                            const void* stats, void* dx, const int32_t* meta, double smoothing);

// The loss `op` of loss_pointwise.h for each of n elements of its operands, which repeat theirs with a period
// (n: one for each, 1: a number); v and weight may be null. A weight multiplies its loss.
// out: the losses (n), or if `summed` their sum divided by the divisor, which is 1 otherwise.
//
// meta = [n, summed, periods of x, t, v, weight, and in the backward pass of g]
KERNEL(pointwise_loss)
void pointwise_loss(int32_t op, int32_t dtype, const void* x, const void* t, const void* v, const void* weight,
                    void* out, const int32_t* meta, double divisor, double p, double q);

// dx, dt, dv (n), null where they are not wanted, from the gradient g of `out`.
KERNEL(pointwise_loss_backward)
void pointwise_loss_backward(int32_t op, int32_t dtype, const void* g, const void* x, const void* t, const void* v,
                             const void* weight, void* dx, void* dt, void* dv, const int32_t* meta, double divisor,
                             double p, double q);

}  // namespace myelin::MYELIN_ISA

// Cross-entropy from logits and class indices, in one pass each way. float32 and float64.
#pragma once
#include "abi.h"

#define LOSS_KERNELS(X) \
  X(cross_entropy)      \
  X(cross_entropy_backward)

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

}  // namespace myelin::MYELIN_ISA

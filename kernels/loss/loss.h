// Losses, in one pass over memory each way. float32 and float64.
#pragma once
#include "common/abi.h"

#define LOSS_KERNELS(X)     \
  X(cross_entropy)          \
  X(cross_entropy_backward) \
  X(pointwise_loss)         \
  X(pointwise_loss_backward) \
  X(nll)                    \
  X(nll_backward)           \
  X(multi_margin)           \
  X(multi_margin_backward)  \
  X(multilabel_margin)      \
  X(multilabel_margin_backward) \
  X(ctc)                    \
  X(ctc_backward)

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

// −w[t]·x[t] of log-probabilities x (N, C, S) and targets (N, S), 0 where the target is `ignore`; out, meta and what
// is returned as for cross_entropy. divisor: one number, for the backward pass.
KERNEL(nll)
int32_t nll(int32_t dtype, const void* x, const int32_t* target, const void* weight, void* out, void* divisor,
            const int32_t* meta);

KERNEL(nll_backward)
void nll_backward(int32_t dtype, const void* g, const int32_t* target, const void* weight, const void* divisor, void* dx,
                  const int32_t* meta);

// w[t]/C · Σ_{c ≠ t} max(0, margin − x[t] + x[c])^p for each row of x (N, C), p = 1 or 2; out: the losses (N), or one
// number. Returns the position of the first target that isn't a class, or −1.
//
// meta = [N, C, reduction, p]
KERNEL(multi_margin)
int32_t multi_margin(int32_t dtype, const void* x, const int32_t* target, const void* weight, void* out,
                     const int32_t* meta, double margin);

KERNEL(multi_margin_backward)
void multi_margin_backward(int32_t dtype, const void* g, const void* x, const int32_t* target, const void* weight,
                           void* dx, const int32_t* meta, double margin);

// 1/C · Σ_{t in T} Σ_{c not in T} max(0, 1 − x[t] + x[c]), T the numbers of a row of target (N, C) before its first −1.
// Returns as multi_margin.
//
// meta = [N, C, reduction]
KERNEL(multilabel_margin)
int32_t multilabel_margin(int32_t dtype, const void* x, const int32_t* target, void* out, const int32_t* meta);

KERNEL(multilabel_margin_backward)
void multilabel_margin_backward(int32_t dtype, const void* g, const void* x, const int32_t* target, void* dx,
                                const int32_t* meta);

// losses (N): −log of the probability that x (T, N, C), logarithms of probabilities, spells each target; infinite, or
// 0 with zeroInfinity, where it cannot. lengths (3, N): steps, labels, and where the labels begin.
// alphas (N, T, places): for the backward pass; places = 2 · the longest target + 1.
//
// meta = [T, N, C, places, blank, zeroInfinity]
KERNEL(ctc)
void ctc(int32_t dtype, const void* x, const int32_t* labels, const int32_t* lengths, void* alphas, void* losses,
         const int32_t* meta);

// dx (T, N, C) from the gradient g of the losses; 0 of an infinite loss.
KERNEL(ctc_backward)
void ctc_backward(int32_t dtype, const void* g, const void* x, const int32_t* labels, const int32_t* lengths,
                  const void* alphas, const void* losses, void* dx, const int32_t* meta);

}  // namespace myelin::MYELIN_ISA

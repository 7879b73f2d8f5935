// Softmax, log-softmax and log-sum-exp along the middle axis of contiguous (outer, n, inner) arrays.
// float32 and float64.
#pragma once
#include "common/abi.h"

#define SOFTMAX_KERNELS(X) \
  X(softmax)               \
  X(softmax_backward)      \
  X(logsumexp)

namespace myelin::MYELIN_ISA {

// y = softmax(x), or its logarithm where log_form is set.
KERNEL(softmax)
void softmax(int32_t log_form, int32_t dtype, const void* x, void* y, int32_t outer, int32_t n, int32_t inner);

// dx from the output y and its gradient g: y·(g − Σ g·y), for the logarithm g − e^y·Σ g.
KERNEL(softmax_backward)
void softmax_backward(int32_t log_form, int32_t dtype, const void* g, const void* y, void* dx, int32_t outer, int32_t n,
                      int32_t inner);

// y (outer, inner) = log Σ e^x; −inf where every x is, or where n is 0.
KERNEL(logsumexp)
void logsumexp(int32_t dtype, const void* x, void* y, int32_t outer, int32_t n, int32_t inner);

}  // namespace myelin::MYELIN_ISA

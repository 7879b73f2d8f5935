// Scaled dot-product attention, float32: out = softmax(scale · Q·Kᵀ + mask) · V, by blocks of queries and keys, so that
// the L × S scores are never in memory. A query that sees no key gets zeros.
//
// B the batch axes, Hq heads of queries, H of keys and values (Hq/H neighbors share one), L queries, S keys, E columns of
// queries and keys, Ev of values.
//
// plan: Hq, H, L, S, E, Ev, causal (query i sees keys 0 … i), mask (0 none, 1 bool: true where a key is seen, 2 float32:
//       added to the scores), rank, the batch's shape; then of each operand the strides of batch axes, head, row, and
//       column, in the order of the kernel's parameters. Columns of all but the mask are adjacent.
// lse (B, Hq, L), dense: the logarithm of each query's sum of exponentials, ∞ if it sees no key; null: isn't wanted.
#pragma once
#include "common/abi.h"

#define ATTENTION_KERNELS(X) \
  X(attention_forward)       \
  X(attention_backward)

namespace myelin::MYELIN_ISA {

// plan's operands: q, k, v, mask, out.
KERNEL(attention_forward)
void attention_forward(const int32_t* plan, const void* q, const void* k, const void* v, const void* mask, void* out,
                       void* lse, double scale);

// The gradients of q, k, and v from that of out, g. plan's operands: q, k, v, mask, out, g, dq, dk, dv.
KERNEL(attention_backward)
void attention_backward(const int32_t* plan, const void* q, const void* k, const void* v, const void* mask,
                        const void* out, const void* lse, const void* g, void* dq, void* dk, void* dv, double scale);

}  // namespace myelin::MYELIN_ISA

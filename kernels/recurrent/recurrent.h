// Recurrent layers, forward and backward: all steps of one or both directions in one call. float32 and float64.
//
//   RNN    h' = act(W_ih x + b_ih + W_hh h + b_hh), act tanh or relu
//   LSTM   i, f, o = σ(…), g = tanh(…); c' = f∘c + i∘g; h' = o∘tanh(c'), times W_hr with a projection
//   GRU    r, z = σ(…); n = tanh(W_in x + b_in + r∘(W_hn h + b_hn)); h' = (1 − z)∘n + z∘h
//
// F features, H units, P columns of the projection (0: none), S = P or H, D directions, N sequences, G blocks of
// weights (1, 4, 3; PyTorch's order). A row is one step of one sequence; R rows in all.
//
// plan: kind (RECURRENT_KINDS), F, H, P, D, N, steps, row_step
// layout: for each step how many sequences have it (never more than at the step before), then for each step the
//         row of its first sequence; the next sequence's is row_step further
// operands: addresses, as numbers; 0 where there is none. Matrices are dense:
//   x (R, F), out (R, D·S), h0 and h_n (D, N, S), c0 and c_n (D, N, H), reserve (what the backward pass reads again);
//   of each direction ih (G·H, F), hh (G·H, S), bih and bhh (G·H), hr (P, H)
#pragma once
#include "common/abi.h"

#define RECURRENT_KERNELS(X) \
  X(recurrent_forward)       \
  X(recurrent_backward)

#define RECURRENT_KINDS(X) X(rnn_tanh) X(rnn_relu) X(lstm) X(gru)

namespace myelin::MYELIN_ISA {

// operands: out, h_n, c_n, reserve (0: no backward pass follows), x, h0, c0; of each direction ih, hh, bih, bhh, hr.
KERNEL(recurrent_forward)
void recurrent_forward(int32_t dtype, const int32_t* plan, const int32_t* layout, const double* operands);

// operands: the gradients to write of x, h0, c0 and of each direction's ih, hh, bih, bhh, hr; the gradients of out,
// h_n, c_n; out, reserve, x, h0, c0; of each direction ih, hh, bih, bhh, hr.
KERNEL(recurrent_backward)
void recurrent_backward(int32_t dtype, const int32_t* plan, const int32_t* layout, const double* operands);

}  // namespace myelin::MYELIN_ISA

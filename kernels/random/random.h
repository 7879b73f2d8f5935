// Random numbers: PyTorch's CPU generator (mt19937) and its distributions, word for word from the
// stream, so that the same seed gives the same numbers. Where PyTorch's builds differ from one
// another (fused multiply-add, Box–Muller), its AVX2 build is the one followed, on every
// instruction set.
//
// `state` is a block of 628 words that the caller keeps: [0, 624) the twister,
// [624] how many of its words are used up, [625] whether a normal sample is kept, [626, 628) that sample (float64).
#pragma once
#include "common/abi.h"

namespace myelin::MYELIN_ISA {

// out[i] ~ U[from, to): 24 random bits (float32) or 53 (float64).
KERNEL(random_uniform) void random_uniform(int32_t dtype, void* out, int32_t n, double from, double to, uint32_t* state);

// out[i] ~ N(mean, std²). n ≥ 16: Box–Muller in groups of 16; fewer, or `one_by_one`: in float64, a
// pair at a time, the second of which is kept in the state.
KERNEL(random_normal) void random_normal(int32_t dtype, void* out, int32_t n, double mean, double std, int32_t one_by_one,
                                         uint32_t* state);

// out[i] ~ U{from, …, from + range - 1}, range ≥ 1.
KERNEL(random_integers) void random_integers(int32_t dtype, void* out, int32_t n, double from, double range, uint32_t* state);

// A permutation of 0 … n-1 (Fisher–Yates).
KERNEL(random_permutation) void random_permutation(int32_t* out, int32_t n, uint32_t* state);

// out[i] = 1 with probability p, else 0.
KERNEL(random_bernoulli) void random_bernoulli(int32_t dtype, void* out, int32_t n, double p, uint32_t* state);

// out[i] = 1 with probability p[i], else 0; p is of `p_dtype`, float32 or float64.
KERNEL(random_bernoulli_each) void random_bernoulli_each(int32_t dtype, void* out, int32_t p_dtype, const void* p, int32_t n,
                                                         uint32_t* state);

// mask[i] = 1 with probability 1-p, y[i] = x[i] · mask[i]/(1-p).
KERNEL(random_dropout) void random_dropout(int32_t dtype, const void* x, void* y, uint8_t* mask, int32_t n, double p,
                                           uint32_t* state);

// dx[i] = dy[i] · mask[i]/(1-p): the gradient of dropout, and the gradient of that.
KERNEL(dropout_backward) void dropout_backward(int32_t dtype, const void* dy, const uint8_t* mask, void* dx, int32_t n, double p);

// slopes[i] ~ U[lower, upper) in float64 where x[i] ≤ 0, for which alone it draws, else 1; y = x · slopes.
KERNEL(random_rrelu) void random_rrelu(int32_t dtype, const void* x, void* slopes, void* y, int32_t n, double lower,
                                       double upper, uint32_t* state);

// out[i] ~ Exp(rate).
KERNEL(random_exponential) void random_exponential(int32_t dtype, void* out, int32_t n, double rate, uint32_t* state);

// out[i] ~ exp(N(mean, std²)).
KERNEL(random_log_normal) void random_log_normal(int32_t dtype, void* out, int32_t n, double mean, double std, uint32_t* state);

// out[i] ~ Cauchy(median, sigma).
KERNEL(random_cauchy) void random_cauchy(int32_t dtype, void* out, int32_t n, double median, double sigma, uint32_t* state);

// out[i] ~ number of trials up to the first success of probability p.
KERNEL(random_geometric) void random_geometric(int32_t dtype, void* out, int32_t n, double p, uint32_t* state);

// out[i] ~ N(mean, std²) cut off outside [low, high], as torch.nn.init.trunc_normal_ draws it.
KERNEL(random_truncated_normal) void random_truncated_normal(int32_t dtype, void* out, int32_t n, double mean, double std,
                                                             double low, double high, uint32_t* state);

// out (rows, samples): indices drawn from each row of weights (rows, n), with or without putting back.
KERNEL(random_multinomial) void random_multinomial(int32_t dtype, const void* weights, int32_t rows, int32_t n, int32_t samples,
                                                   int32_t replacement, int32_t* out, uint32_t* state);

}  // namespace myelin::MYELIN_ISA

#define RANDOM_KERNELS(X)                                                                                              \
  X(random_uniform) X(random_normal) X(random_integers) X(random_permutation) X(random_bernoulli)       \
  X(random_bernoulli_each) X(random_dropout) X(dropout_backward) X(random_rrelu) X(random_exponential) X(random_log_normal)            \
  X(random_cauchy) X(random_geometric) X(random_truncated_normal) X(random_multinomial)

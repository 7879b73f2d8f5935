// Normalization, forward and backward: contiguous inputs, float32 and float64. Affine parameters
// (gamma, beta) and unwanted results may be null; statistics are of the dtype of x.
#pragma once
#include "common/abi.h"

#define NORM_KERNELS(X)   \
  X(layer_norm)           \
  X(layer_norm_backward)  \
  X(group_norm)           \
  X(group_norm_backward)  \
  X(batch_norm)           \
  X(batch_norm_backward)

namespace myelin::MYELIN_ISA {

// y = (x − mean)·rstd·gamma + beta for each row of x (rows, n), rstd = 1/√(var + eps); gamma and beta (n).
// rms: mean is taken as 0 and is not written.
KERNEL(layer_norm)
void layer_norm(int32_t rms, int32_t dtype, const void* x, const void* gamma, const void* beta, void* y, void* mean,
                void* rstd, int32_t rows, int32_t n, double eps);

KERNEL(layer_norm_backward)
void layer_norm_backward(int32_t rms, int32_t dtype, const void* g, const void* x, const void* mean, const void* rstd,
                         const void* gamma, void* dx, void* dgamma, void* dbeta, int32_t rows, int32_t n);

// x (batch, channels, space): statistics over each of `groups` groups of channels, mean and rstd
// (batch, groups); gamma and beta (channels).
KERNEL(group_norm)
void group_norm(int32_t dtype, const void* x, const void* gamma, const void* beta, void* y, void* mean, void* rstd,
                int32_t batch, int32_t channels, int32_t space, int32_t groups, double eps);

KERNEL(group_norm_backward)
void group_norm_backward(int32_t dtype, const void* g, const void* x, const void* mean, const void* rstd,
                         const void* gamma, void* dx, void* dgamma, void* dbeta, int32_t batch, int32_t channels,
                         int32_t space, int32_t groups);

// x (batch, channels, space): statistics over batch and space, mean and rstd (channels), always written.
// train: statistics of x; running ones, where not null, become running + momentum·(x's − running), the
// variance unbiased. Otherwise the running statistics are used as they are. A residual like x, where not
// null, is added to the result, then relu applied.
KERNEL(batch_norm)
void batch_norm(int32_t train, int32_t relu, int32_t dtype, const void* x, const void* gamma, const void* beta,
                const void* residual, void* y, void* mean, void* rstd, void* running_mean, void* running_var,
                int32_t batch, int32_t channels, int32_t space, double momentum, double eps);

// g: the gradient of what the normalized values became, before a residual and relu.
KERNEL(batch_norm_backward)
void batch_norm_backward(int32_t train, int32_t dtype, const void* g, const void* x, const void* mean, const void* rstd,
                         const void* gamma, void* dx, void* dgamma, void* dbeta, int32_t batch, int32_t channels,
                         int32_t space);

}  // namespace myelin::MYELIN_ISA

// Convolution over N spatial axes (1-D and 2-D are 3-D with axes of extent 1), NCDHW contiguous.
//
// meta: batch, in channels, out channels, groups, then triples (depth, height, width) of input
// extent, output extent, kernel, stride, padding before, dilation: 22 numbers. Padding after is what
// the output extent implies, so asymmetric padding ("same") needs no number of its own.
// activation: 0 none, 1 relu, applied behind the bias.
#pragma once
#include "common/abi.h"

#define CONV_KERNELS(X) \
  X(conv_forward)       \
  X(conv_input_gradient) \
  X(conv_weight_gradient)

namespace myelin::MYELIN_ISA {

// y[n,o,i] = act(bias[o] + Σ_{c,u} w[o,c,u] · x[n,c, i·stride + u·dilation − padding]); bias may be null.
KERNEL(conv_forward)
void conv_forward(int32_t dtype, const void* x, const void* w, const void* bias, void* y, const int32_t* meta,
                  int32_t activation);

// dx = act(bias + gradient of conv_forward in x); with its bias and activation it is also the
// transposed convolution, whose input is dy and whose output is dx. bias has `in channels` elements.
KERNEL(conv_input_gradient)
void conv_input_gradient(int32_t dtype, const void* dy, const void* w, const void* bias, void* dx,
                         const int32_t* meta, int32_t activation);

// dw = gradient in w, dbias[o] = Σ_{n,i} dy[n,o,i] (dbias may be null).
KERNEL(conv_weight_gradient)
void conv_weight_gradient(int32_t dtype, const void* x, const void* dy, void* dw, void* dbias, const int32_t* meta);

}  // namespace myelin::MYELIN_ISA

// Borders around the last three axes.
//
// meta = [planes, D, H, W of the tensor without borders, before and after of W, of H, of D]; negative borders take away.
// mode: 0 constant, 1 reflect, 2 replicate, 3 circular.
#pragma once
#include "common/abi.h"

#define PAD_KERNELS(X) X(pad) X(pad_backward)

namespace myelin::MYELIN_ISA {

// y (planes, D', H', W') = x (planes, D, H, W) with borders
KERNEL(pad)
void pad(int32_t dtype, const void* x, void* y, const int32_t* meta, int32_t mode, double value);
// dx (planes, D, H, W) = for each element, the sum of dy where it stands
KERNEL(pad_backward)
void pad_backward(int32_t dtype, const void* dy, void* dx, const int32_t* meta, int32_t mode);

}  // namespace myelin::MYELIN_ISA

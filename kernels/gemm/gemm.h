// Matrix multiplication: C ← activation(alpha · A·B + beta · C + biases), batched.
#pragma once
#include "common/abi.h"

namespace myelin::MYELIN_ISA {

// meta: m, n, k,
//       a_row, a_k      A's strides, from row to row and along k (a transposed matrix swaps them)
//       b_k, b_col      B's
//       c_row           C's rows; its columns are adjacent
//       rank            batch dimensions r, then r numbers each: the batch's shape and the batch
//                       strides of A, B and C (0 = broadcast; C's may not be)
// dtype is float32, float64 or int32; int32 wraps around and knows no activation.
// row_bias (m), col_bias (n) or null; activation as in gemm_output.h; beta = 0 does not read C.
KERNEL(gemm)
void gemm(int32_t dtype, const int32_t* meta, const void* a, const void* b, void* c, const void* row_bias,
          const void* col_bias, double alpha, double beta, int32_t activation);

}  // namespace myelin::MYELIN_ISA

#define GEMM_KERNELS(X) X(gemm)

#include "gemm.h"

#include "gemm_matrix.h"

namespace myelin::MYELIN_ISA {
namespace {

struct Sizes {
  int m, n, k;
  ptrdiff_t a_row, a_k, b_k, b_col, c_row;
};

template <class T>
void multiply(const Sizes& s, const T* a, const T* b, const GemmOutput<T>& out) {
  gemm_parallel<T>(s.m, s.n, s.k, MatrixRows<T>{a, s.a_row, s.a_k, s.a_row != 1 && s.a_k != 1},
                   MatrixCols<T>{b, s.b_k, s.b_col, s.b_col != 1}, out);
}

template <class T>
void gemm_of(const int32_t* meta, const T* a, const T* b, T* c, const T* row_bias, const T* col_bias, T alpha, T beta,
             int32_t activation) {
  const Sizes s{meta[0], meta[1], meta[2], meta[3], meta[4], meta[5], meta[6], meta[7]};
  GemmOutput<T> out{c, s.c_row, alpha, beta, row_bias, col_bias, activation};
  multiply(s, a, b, out);
}

}  // namespace

void gemm(int32_t dtype, const int32_t* meta, const void* a, const void* b, void* c, const void* row_bias,
          const void* col_bias, double alpha, double beta, int32_t activation) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    gemm_of<T>(meta, (const T*)a, (const T*)b, (T*)c, (const T*)row_bias, (const T*)col_bias, T(alpha), T(beta), activation);
  });
}

}  // namespace myelin::MYELIN_ISA

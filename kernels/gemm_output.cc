// The rare ways a tile of C is written: partial, transposed, with a beta, with bias and activation.
#include "gemm_output.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class T>
inline T add_scaled(T sum, T beta, T old) {
  return beta == 0 ? sum : sum + beta * old;
}

}  // namespace

template <class T>
void gemm_add_tile(T* c, ptrdiff_t stride, bool transposed, int rows, int cols, T beta, const T* tile) {
  constexpr int kCols = GemmTile<T>::kCols;
  if (transposed) {
    for (int j = 0; j < cols; j++, c += stride)
      for (int i = 0; i < rows; i++) c[i] = add_scaled(tile[i * kCols + j], beta, c[i]);
  } else {
    for (int i = 0; i < rows; i++, c += stride, tile += kCols)
      for (int j = 0; j < cols; j++) c[j] = add_scaled(tile[j], beta, c[j]);
  }
}
template void gemm_add_tile(float*, ptrdiff_t, bool, int, int, float, const float*);
template void gemm_add_tile(double*, ptrdiff_t, bool, int, int, double, const double*);

template <class T>
void gemm_finish(T* c, ptrdiff_t stride, int rows, int cols, const T* row_bias, const T* col_bias, int32_t activation) {
  for (int i = 0; i < rows; i++, c += stride) {
    const T bias = row_bias ? row_bias[i] : T(0);
    for (int j = 0; j < cols; j++) {
      const T x = c[j] + bias + (col_bias ? col_bias[j] : T(0));
      c[j] = activation == kActRelu && x < 0 ? T(0) : x;
    }
  }
}
template void gemm_finish(float*, ptrdiff_t, int, int, const float*, const float*, int32_t);
template void gemm_finish(double*, ptrdiff_t, int, int, const double*, const double*, int32_t);

}  // namespace myelin::MYELIN_ISA

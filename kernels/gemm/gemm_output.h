// What happens to a tile of C: scaling, accumulation, bias, activation.
#pragma once
#include "gemm/gemm_tile.h"

namespace myelin::MYELIN_ISA {

enum Activation : int32_t {
  kActNone = 0,
  kActRelu = 1,
  kActTanh = 2,
  kActSigmoid = 3,
  kActGelu = 4,  // x · Φ(x), the exact form
};

// C ← activation(alpha · A·B + beta · C + row_bias[i] + col_bias[j]); C is row-major with `stride`
// elements from row to row. beta = 0 does not read C. A null bias means none.
template <class T>
struct GemmOutput {
  T* c;
  ptrdiff_t stride;
  T alpha = 1, beta = 0;
  const T* row_bias = nullptr;
  const T* col_bias = nullptr;
  int32_t activation = kActNone;
  bool transposed = false;  // element (i, j) is c[j · stride + i]

  bool has_finish() const { return row_bias || col_bias || activation != kActNone; }
};

// Adds the biases (null: none) to rows × cols elements of c and applies the activation, in place.
template <class T>
void gemm_finish(T* c, ptrdiff_t stride, int rows, int cols, const T* row_bias, const T* col_bias, int32_t activation);
extern template void gemm_finish(float*, ptrdiff_t, int, int, const float*, const float*, int32_t);
extern template void gemm_finish(double*, ptrdiff_t, int, int, const double*, const double*, int32_t);

// Writes a tile of kCols columns, of which the first rows × cols count, to its place in C, adding
// beta · C, and in the last slice of k biases and activation. Changes the tile.
template <class T>
void gemm_write_tile(const GemmOutput<T>& out, T* tile, int row, int col, int rows, int cols, T beta, bool last);
extern template void gemm_write_tile(const GemmOutput<float>&, float*, int, int, int, int, float, bool);
extern template void gemm_write_tile(const GemmOutput<double>&, double*, int, int, int, int, double, bool);

// Multiplies one tile of A with one panel of B over a slice of k and puts the result where it
// belongs. `first` and `last` tell the first and the last slice of k.
template <class T>
inline void gemm_output_tile(const GemmOutput<T>& out, int row, int col, int rows, int cols, int depth,
                             const TileRows<T>& a, const PanelCols<T>& b, bool first, bool last) {
  const bool unit_rows = a.row_stride == 1;
  const MicroKernel<T> multiply = micro_kernel<T>(rows, cols, unit_rows);
  const ptrdiff_t a_stride = unit_rows ? a.k_stride : a.row_stride;
  const T beta = first ? out.beta : T(1);
  const bool whole = cols == GemmTile<T>::kCols || cols == kLanes<T>;
  if (out.transposed || !whole || (beta != 0 && beta != 1)) {
    T tile[GemmTile<T>::kRows * GemmTile<T>::kCols];
    multiply(depth, a.p, a_stride, b.p, b.k_stride, tile, GemmTile<T>::kCols, &out.alpha, false);
    return gemm_write_tile(out, tile, row, col, rows, cols, beta, last);
  }
  T* c = out.c + row * out.stride + col;
  multiply(depth, a.p, a_stride, b.p, b.k_stride, c, out.stride, &out.alpha, beta != 0);
  if (last && out.has_finish())
    gemm_finish(c, out.stride, rows, cols, out.row_bias ? out.row_bias + row : nullptr,
                out.col_bias ? out.col_bias + col : nullptr, out.activation);
}

}  // namespace myelin::MYELIN_ISA

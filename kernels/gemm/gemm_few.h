// A few rows times a transposed matrix, C (m × n) = X (m × k) · Wᵀ, where each row of W (n × k) is adjacent in memory,
// as in a linear layer's weights: each element is a dot product along k. W is read once, where it lies.
#pragma once
#include "gemm/gemm_dots.h"
#include "gemm/gemm_driver.h"

namespace myelin::MYELIN_ISA {

constexpr int kFewRows = 16;  // of X

// Rows of X that are multiplied at once: as many as their sums fit in registers.
constexpr int kFewAtOnce = kVectorBytes == 64 ? 6 : kVectorBytes == 32 ? 3 : 2;

template <class T>
using DotRows = void (*)(T* sums, const T* x, ptrdiff_t x_row, const T* const* w, int k);

template <class T, int kRows = kFewAtOnce>
inline DotRows<T> dot_rows_of(int rows) {
  if constexpr (kRows > 1)
    if (rows < kRows) return dot_rows_of<T, kRows - 1>(rows);
  return dot_rows<T, kRows>;
}

// Columns `cols` of C, of which W has the rows: 1 ≤ m ≤ kFewRows, k ≥ kLanes.
template <class T>
void gemm_few(int m, GemmRange cols, int k, const T* x, ptrdiff_t x_row, const T* w, ptrdiff_t w_row,
              const GemmOutput<T>& out) {
  const int groups = (m + kFewAtOnce - 1) / kFewAtOnce;
  for (int col = cols.begin; col < cols.end; col += kDotCols) {
    const int count = cols.end - col < kDotCols ? cols.end - col : kDotCols;
    const T* rows_of_w[kDotCols];
    for (int j = 0; j < kDotCols; j++) rows_of_w[j] = w + (col + (j < count ? j : count - 1)) * w_row;
    for (int group = 0; group < groups; group++) {
      const GemmRange rows = gemm_part(m, 1, groups, group);
      T sums[kFewAtOnce * kDotCols];
      dot_rows_of<T>(rows.size())(sums, x + rows.begin * x_row, x_row, rows_of_w, k);
      for (int i = 0; i < rows.size(); i++) {
        T *sum = sums + i * kDotCols, *c = out.c + (rows.begin + i) * out.stride + col;
        for (int j = 0; j < kDotCols; j++) sum[j] *= out.alpha;
        for (int j = 0; j < count && out.beta != 0; j++) sum[j] += out.beta * c[j];
        if (count == kDotCols) store<T, kDotCols>(c, load<T, kDotCols>(sum));
        else for (int j = 0; j < count; j++) c[j] = sum[j];
      }
    }
  }
  if (out.has_finish())
    gemm_finish(out.c + cols.begin, out.stride, m, cols.size(), out.row_bias,
                out.col_bias ? out.col_bias + cols.begin : nullptr, out.activation);
}

}  // namespace myelin::MYELIN_ISA

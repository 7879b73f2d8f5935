// Matrix × vector, which reads the matrix once and is bound by memory.
#pragma once
#include "gemm/gemm_dots.h"
#include "gemm/gemm_output.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {

// kVectors vectors of Σ x[d] · a[d], rows of A adjacent.
template <class T, int kVectors>
inline void sum_columns(T* sums, const T* a, ptrdiff_t k_stride, const T* x, int k) {
  constexpr int kWidth = kLanes<T>;
  Vec<T> sum[kVectors] = {};
  for (int d = 0; d < k; d++, a += k_stride) {
    const Vec<T> scale = splat<T>(x[d]);
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; v++) sum[v] += load(a + v * kWidth) * scale;
  }
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; v++) store(sums + v * kWidth, sum[v]);
}

// sums[i] = Σ_d a[i · row_stride + d · k_stride] · x[d]; one of the strides is 1, x is contiguous. Up to the next multiple
// of kDotCols, sums are written as well.
template <class T>
void matvec_sums(T* sums, int rows, int k, const T* a, ptrdiff_t row_stride, ptrdiff_t k_stride, const T* x) {
  constexpr int kWidth = kLanes<T>;
  int i = 0;
  if (k_stride == 1) {
    for (; k >= kWidth && i < rows; i += kDotCols) {
      const int last = rows - 1 - i;
      const T *first = a + i * row_stride, *four[kDotCols];
      for (int j = 0; j < kDotCols; j++) four[j] = first + (j < last ? j : last) * row_stride;
      dot_rows<T, 1>(sums + i, x, 0, four, k);
    }
    for (; i < rows; i++) {
      sums[i] = 0;
      for (int d = 0; d < k; d++) sums[i] += a[i * row_stride + d] * x[d];
    }
    return;
  }
  for (; i + 8 * kWidth <= rows; i += 8 * kWidth) sum_columns<T, 8>(sums + i, a + i, k_stride, x, k);
  for (; i + 2 * kWidth <= rows; i += 2 * kWidth) sum_columns<T, 2>(sums + i, a + i, k_stride, x, k);
  for (; i + kWidth <= rows; i += kWidth) sum_columns<T, 1>(sums + i, a + i, k_stride, x, k);
  for (int j = i; j < rows; j++) sums[j] = 0;
  if (i < rows)
    for (int d = 0; d < k; d++)
      for (int j = i; j < rows; j++) sums[j] += a[d * k_stride + j] * x[d];
}

// y[i · y_stride] ← activation(alpha · (A·x)[i] + beta · y + bias[i] + constant). One of A's strides
// is 1. Rows are cut into parts by the sizes alone.
template <class T>
void matvec(int rows, int k, const T* a, ptrdiff_t row_stride, ptrdiff_t k_stride, const T* x, ptrdiff_t x_stride, T* y,
            ptrdiff_t y_stride, T alpha, T beta, const T* bias, T constant, int32_t activation) {
  const Scratch<T> buffer(size_t(rows) + kDotCols + (x_stride == 1 ? 0 : k));
  T* sums = buffer.data();
  if (x_stride != 1) {
    T* copy = sums + rows + kDotCols;
    for (int d = 0; d < k; d++) copy[d] = x[d * x_stride];
    x = copy;
  }
  constexpr int kUnit = 8 * kLanes<T>;
  const int units = (rows + kUnit - 1) / kUnit;
  const double worth = double(rows) * k / 65536;
  const int wanted = worth < 1 ? 1 : worth > 16 ? 16 : int(worth), parts = wanted < units ? wanted : units;
  parallel_for(parts, [&](int32_t part) {
    const int begin = int(int64_t(units) * part / parts) * kUnit;
    const int limit = int(int64_t(units) * (part + 1) / parts) * kUnit, end = limit < rows ? limit : rows;
    matvec_sums(sums + begin, end - begin, k, a + begin * row_stride, row_stride, k_stride, x);
    for (int i = begin; i < end; i++) {
      T value = alpha * sums[i] + constant;
      if (bias) value += bias[i];
      sums[i] = beta == 0 ? value : value + beta * y[i * y_stride];
    }
    if (activation != kActNone)
      gemm_finish<T>(sums + begin, end - begin, 1, end - begin, nullptr, nullptr, activation);
    for (int i = begin; i < end; i++) y[i * y_stride] = sums[i];
  });
}

}  // namespace myelin::MYELIN_ISA

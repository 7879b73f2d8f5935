// Strided matrices as operands of the driver in gemm_driver.h.
#pragma once
#include "gemm_driver.h"
#include "gemm_transpose.h"

namespace myelin::MYELIN_ISA {

// A in memory. A tile is read in place where one of the strides is 1 and `copy` is false.
template <class T>
struct MatrixRows {
  const T* p;
  ptrdiff_t row_stride, k_stride;
  bool copy;

  TileRows<T> operator()(T* buffer, int row, int rows, int k, int depth) const {
    const T* from = p + row * row_stride + k * k_stride;
    if (!copy) return {from, row_stride, k_stride};
    if (k_stride == 1) {
      for (int i = 0; i < rows; i++) __builtin_memcpy(buffer + i * kGemmRowStride, from + i * row_stride, depth * sizeof(T));
      return {buffer, kGemmRowStride, 1};
    }
    constexpr int kRows = GemmTile<T>::kRows;
    for (int d = 0; d < depth; d++)
      for (int i = 0; i < rows; i++) buffer[d * kRows + i] = from[i * row_stride + d * k_stride];
    return {buffer, 1, kRows};
  }
};

// B in memory. A panel is read in place where its columns are adjacent, it is whole and `copy` is
// false.
template <class T>
struct MatrixCols {
  const T* p;
  ptrdiff_t k_stride, col_stride;
  bool copy;

  PanelCols<T> operator()(T* buffer, int col, int cols, int k, int depth) const {
    constexpr int kCols = GemmTile<T>::kCols, kWidth = kLanes<T>;
    const T* from = p + k * k_stride + col * col_stride;
    const bool whole = cols == kCols || cols == kWidth;
    if (col_stride == 1) {
      if (whole && !copy) return {from, k_stride};
      if (cols == kCols) {
        for (int d = 0; d < depth; d++) {
          store(buffer + d * kCols, load(from + d * k_stride));
          store(buffer + d * kCols + kWidth, load(from + d * k_stride + kWidth));
        }
      } else {
        for (int d = 0; d < depth; d++)
          for (int j = 0; j < cols; j++) buffer[d * kCols + j] = from[d * k_stride + j];
      }
    } else if (k_stride == 1) {
      transpose_panel<T>(buffer, kCols, from, col_stride, cols, depth);
    } else {
      for (int d = 0; d < depth; d++)
        for (int j = 0; j < cols; j++) buffer[d * kCols + j] = from[d * k_stride + j * col_stride];
    }
    return {buffer, kCols};
  }
};

}  // namespace myelin::MYELIN_ISA

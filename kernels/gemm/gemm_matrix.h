// Strided matrices as operands of the driver in gemm_driver.h.
#pragma once
#include "gemm/gemm_copy.h"
#include "gemm/gemm_driver.h"
#include "gemm/gemm_transpose.h"

namespace myelin::MYELIN_ISA {

// A in memory. A tile is read in place where one of the strides is 1 and `copy` is false.
template <class T>
struct MatrixRows {
  const T* p;
  ptrdiff_t row_stride, k_stride;
  bool copy;

  TileRows<T> operator()(T* buffer, int row, int rows, int k, int depth) const {
    constexpr int kRows = GemmTile<T>::kRows;
    const T* from = p + row * row_stride + k * k_stride;
    if (!copy && (row_stride == 1 || k_stride == 1)) return {from, row_stride, k_stride};
    if (k_stride == 1 && depth > 0) {
      for (int i = 0; i < rows; i++) copy_run(buffer + i * kGemmRowStride, from + i * row_stride, depth);
      return {buffer, kGemmRowStride, 1};
    }
    if (row_stride == 1) {
      for (int d = 0; d < depth; d++) copy_short<T, kLanes<T>>(buffer + d * kRows, from + d * k_stride, rows);
    } else {
      for (int d = 0; d < depth; d++)
        for (int i = 0; i < rows; i++) buffer[d * kRows + i] = from[i * row_stride + d * k_stride];
    }
    return {buffer, 1, kRows};
  }
};

// Rows of A that are adjacent in memory: a line of the whole block is read before the next.
template <class T>
inline void gemm_read_tiles(TileRows<T>* tiles, const MatrixRows<T>& a, T* buffer, GemmRange rows, int height, int k,
                            int depth) {
  constexpr int kRows = GemmTile<T>::kRows, kTileSize = kRows * kGemmRowStride, kLines = 8;
  const bool lines = a.copy && a.row_stride == 1;
  for (int d = 0; lines && d < depth; d += kLines) {
    T* to = buffer;
    for (int row = rows.begin; row < rows.end; row += height, to += kTileSize) {
      const int count = rows.end - row < height ? rows.end - row : height;
      const T* from = a.p + row + (k + d) * a.k_stride;
      for (int i = d; i < d + kLines && i < depth; i++, from += a.k_stride)
        copy_short<T, kLanes<T>>(to + i * kRows, from, count);
    }
  }
  for (int row = rows.begin; row < rows.end; row += height, buffer += kTileSize) {
    const int count = rows.end - row < height ? rows.end - row : height;
    *tiles++ = lines ? TileRows<T>{buffer, 1, kRows} : a(buffer, row, count, k, depth);
  }
}

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
        for (int d = 0; d < depth; d++) {
          store(buffer + d * kCols + panel_width<T>(cols) - kWidth, Vec<T>{});
          copy_short<T, kWidth>(buffer + d * kCols, from + d * k_stride, cols);
        }
      }
    } else if (k_stride == 1) {
      transpose_panel<T>(buffer, kCols, from, col_stride, cols, depth);
    } else {
      for (int d = 0; d < depth; d++)
        for (int j = 0; j < panel_width<T>(cols); j++)
          buffer[d * kCols + j] = j < cols ? from[d * k_stride + j * col_stride] : T(0);
    }
    return {buffer, kCols};
  }
};

// Columns of B that are adjacent in memory: a row of all the panels is read before the next.
template <class T>
inline void gemm_read_panels(PanelCols<T>* panels, const MatrixCols<T>& b, T* buffer, GemmRange cols, int k, int depth) {
  constexpr int kCols = GemmTile<T>::kCols, kWidth = kLanes<T>, kPanelSize = kGemmDepth * kCols;
  int col = cols.begin;
  if (b.copy && b.col_stride == 1) {
    const int whole = cols.size() / kCols;
    const T* from = b.p + k * b.k_stride + col;
    for (int d = 0; d < depth; d++, from += b.k_stride) {
      T* to = buffer + d * kCols;
      for (int p = 0; p < whole; p++, to += kPanelSize) {
        store(to, load(from + p * kCols));
        store(to + kWidth, load(from + p * kCols + kWidth));
      }
    }
    for (int p = 0; p < whole; p++, buffer += kPanelSize, col += kCols) *panels++ = {buffer, kCols};
  }
  for (; col < cols.end; col += kCols, buffer += kPanelSize)
    *panels++ = b(buffer, col, cols.end - col < kCols ? cols.end - col : kCols, k, depth);
}

template <class T>
inline void gemm_prefetch([[maybe_unused]] const MatrixCols<T>& b, [[maybe_unused]] int col, [[maybe_unused]] int cols,
                          [[maybe_unused]] int k, [[maybe_unused]] int depth, [[maybe_unused]] int part,
                          [[maybe_unused]] int parts) {
#ifndef __wasm__  // has no such instruction
  constexpr int kLine = 64 / sizeof(T);
  const T* from = b.p + k * b.k_stride + col * b.col_stride;
  const bool adjacent_cols = b.col_stride == 1;
  const ptrdiff_t stride = adjacent_cols ? b.k_stride : b.col_stride;
  const int lines = adjacent_cols ? depth : cols, length = adjacent_cols ? cols : depth;
  for (int i = lines * part / parts; i < lines * (part + 1) / parts; i++)
    for (int j = 0; j < length; j += kLine) __builtin_prefetch(from + i * stride + j, 0, 2);
#endif
}

}  // namespace myelin::MYELIN_ISA

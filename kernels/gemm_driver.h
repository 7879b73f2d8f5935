// Blocked matrix multiplication over operands that are read through functors, so that what is
// multiplied need not exist as a matrix (a convolution unfolds its image panel by panel).
//
//   C (m × n) = activation(alpha · A (m × k) · B (k × n) + beta · C + biases)
//
// * gemm_parallel cuts C into blocks by (m, n, k) alone and runs them over the thread pool.
// * gemm_block computes one rectangle of C on the calling thread (inside a parallel_for of the
//   caller's own, over images for instance).
//
// A is given as a functor  TileRows<T>  a(T* buffer, int row, int rows, int k, int depth)
//   rows  ≤ GemmTile<T>::kRows; `buffer` holds kRows × kGemmRowStride elements of the tile's own.
//   Return where elements (row … row+rows) × (k … k+depth) lie: in the operand itself, or copied to
//   the buffer, either {buffer, kGemmRowStride, 1} (k adjacent) or {buffer, 1, kRows} (rows adjacent).
//   Called once per tile and slice of k.
// B is given as a functor  PanelCols<T> b(T* buffer, int col, int cols, int k, int depth)
//   cols  ≤ GemmTile<T>::kCols; `buffer` holds kGemmDepth × kCols elements.
//   Return where elements (k … k+depth) × (col … col+cols) lie: in the operand itself (only if
//   panel_width(cols) elements of every row may be read), or in the buffer as {buffer, kCols}. What
//   lies past `cols` is multiplied and dropped. Called once per panel, slice of k and block of rows.
//
// k is cut into equal slices of at most kGemmDepth, summed in order; nothing depends on the thread
// count. Empty k gives activation(beta · C + biases).
#pragma once
#include "gemm_output.h"
#include "gemm_tile.h"
#include "memory.h"
#include "parallel.h"

namespace myelin::MYELIN_ISA {

constexpr int kGemmDepth = 384;                   // a slice of a panel of B stays in L1
constexpr int kGemmRowStride = kGemmDepth + 16;   // rows of a copied tile start in different cache sets
constexpr int kGemmBlockRows = 504;               // a block's slice of A stays in L2
constexpr int kGemmMaxTiles = kGemmBlockRows / 4 + 1;

struct GemmRange {
  int begin, end;
  int size() const { return end - begin; }
};

// Part `index` of [0, n) cut into `parts` of nearly equal size in units of `unit`.
inline GemmRange gemm_part(int n, int unit, int parts, int index) {
  const int64_t units = (n + unit - 1) / unit;
  const int64_t begin = units * index / parts * unit, end = units * (index + 1) / parts * unit;
  return {int(begin), int(end < n ? end : n)};
}

// The columns that the micro-kernel reads for a panel of `cols`: one vector or two.
template <class T>
constexpr int panel_width(int cols) {
  return cols > kLanes<T> ? GemmTile<T>::kCols : kLanes<T>;
}

template <class T, class A, class B>
void gemm_block(GemmRange row_range, GemmRange col_range, int k, const A& a, const B& b, const GemmOutput<T>& out) {
  constexpr int kRows = GemmTile<T>::kRows, kCols = GemmTile<T>::kCols;
  if (row_range.size() > kGemmBlockRows) {
    const int parts = (row_range.size() + kGemmBlockRows - 1) / kGemmBlockRows;
    for (int i = 0; i < parts; i++) {
      const GemmRange part = gemm_part(row_range.size(), kRows, parts, i);
      gemm_block<T>({row_range.begin + part.begin, row_range.begin + part.end}, col_range, k, a, b, out);
    }
    return;
  }
  if (row_range.size() <= 0 || col_range.size() <= 0) return;
  const int tiles = (row_range.size() + kRows - 1) / kRows;
  const int height = (row_range.size() + tiles - 1) / tiles;
  const int slices = k > kGemmDepth ? (k + kGemmDepth - 1) / kGemmDepth : 1;
  TileRows<T> tile_rows[kGemmMaxTiles];
  const Scratch<T> a_buffer(size_t(tiles) * kRows * kGemmRowStride);
  const Scratch<T> b_buffer(kGemmDepth * kCols);
  for (int slice = 0; slice < slices; slice++) {
    const GemmRange ks = gemm_part(k, 4, slices, slice);
    const bool first = slice == 0, last = slice == slices - 1;
    for (int t = 0, row = row_range.begin; row < row_range.end; t++, row += height) {
      const int rows = row_range.end - row < height ? row_range.end - row : height;
      tile_rows[t] = a(a_buffer.data() + size_t(t) * kRows * kGemmRowStride, row, rows, ks.begin, ks.size());
    }
    for (int col = col_range.begin; col < col_range.end; col += kCols) {
      const int cols = col_range.end - col < kCols ? col_range.end - col : kCols;
      const PanelCols<T> panel = b(b_buffer.data(), col, cols, ks.begin, ks.size());
      for (int t = 0, row = row_range.begin; row < row_range.end; t++, row += height) {
        const int rows = row_range.end - row < height ? row_range.end - row : height;
        gemm_output_tile<T>(out, row, col, rows, cols, ks.size(), tile_rows[t], panel, first, last);
      }
    }
  }
}

struct GemmGrid {
  int row_parts, col_parts;
  int blocks() const { return row_parts * col_parts; }
};

template <class T>
GemmGrid gemm_grid(int m, int n, int k) {
  constexpr int kRows = GemmTile<T>::kRows, kCols = GemmTile<T>::kCols;
  const double work = double(m) * n * (k + 8);
  const int wanted = work < 5e5 ? 1 : work > 8e6 ? 16 : int(work / 5e5);
  const int row_tiles = (m + kRows - 1) / kRows, panels = (n + kCols - 1) / kCols;
  int row_parts = (m + kGemmBlockRows - 1) / kGemmBlockRows;
  int col_parts = (wanted + row_parts - 1) / row_parts;
  if (col_parts * 16 < panels) col_parts = (panels + 15) / 16;
  if (col_parts > panels) {
    col_parts = panels;
    row_parts = (wanted + col_parts - 1) / col_parts;
    if (row_parts > row_tiles) row_parts = row_tiles;
  }
  return {row_parts, col_parts};
}

template <class T, class A, class B>
void gemm_parallel(int m, int n, int k, const A& a, const B& b, const GemmOutput<T>& out) {
  if (m <= 0 || n <= 0) return;
  const GemmGrid grid = gemm_grid<T>(m, n, k);
  parallel_for(grid.blocks(), [&](int32_t block) {
    gemm_block<T>(gemm_part(m, GemmTile<T>::kRows, grid.row_parts, block / grid.col_parts),
                  gemm_part(n, GemmTile<T>::kCols, grid.col_parts, block % grid.col_parts), k, a, b, out);
  });
}

}  // namespace myelin::MYELIN_ISA

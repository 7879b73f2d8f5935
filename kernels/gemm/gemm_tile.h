// The register tile of matrix multiplication: C tile = alpha · A rows · B panel (+ C tile).
//
// One step of k multiplies `rows` broadcast elements of A with one or two vectors of B. A tile is
// as tall as the registers allow: 14 × 2 vectors (AVX-512, 32 registers), 6 × 2 (AVX2, 16), 4 × 2
// (SSE, WASM: more accumulators spill in browsers' engines).
#pragma once
#include "common/simd.h"

namespace myelin::MYELIN_ISA {

template <class T>
struct GemmTile {
  static constexpr int kRows = kVectorBytes == 64 ? 14 : kVectorBytes == 32 ? 6 : 4;
  static constexpr int kVectors = 2;
  static constexpr int kCols = kVectors * kLanes<T>;
};

// A as the micro-kernel reads it: element (i, k) of the tile is p[i · row_stride + k · k_stride],
// and one of the two strides is 1.
template <class T>
struct TileRows {
  const T* p;
  ptrdiff_t row_stride, k_stride;
};

// B as the micro-kernel reads it: element (k, j) is p[k · k_stride + j]. Whole vectors are read:
// columns past the panel's width must be readable, their values do not matter.
template <class T>
struct PanelCols {
  const T* p;
  ptrdiff_t k_stride;
};

template <class T>
using MicroKernel = void (*)(int depth, const T* a, ptrdiff_t a_stride, const T* b, ptrdiff_t b_stride, T* c,
                             ptrdiff_t c_stride, const T* alpha, bool accumulate);

// kUnitRows: rows of A are adjacent and a_stride is the step in k; else k is adjacent and a_stride
// is the step from row to row. `alpha` is behind a pointer to keep it out of the registers until the end.
template <class T, int kRows, int kVectors, bool kUnitRows>
MYELIN_FUSED void gemm_micro(int depth, const T* __restrict a, ptrdiff_t a_stride, const T* __restrict b, ptrdiff_t b_stride,
                T* __restrict c, ptrdiff_t c_stride, const T* alpha, bool accumulate) {
  constexpr int kWidth = kLanes<T>;
  // C is needed last: by then it has come from wherever it was.
#pragma GCC unroll 16
  for (int i = 0; i < kRows; i++)
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; v++) __builtin_prefetch(c + i * c_stride + v * kWidth, 1);
  Vec<T> sum[kRows][kVectors] = {};
  for (int k = 0; k < depth; k++) {
    Vec<T> right[kVectors];
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; v++) right[v] = load(b + v * kWidth);
#pragma GCC unroll 16
    for (int i = 0; i < kRows; i++) {
      const Vec<T> left = splat<T>(kUnitRows ? a[i] : a[i * a_stride]);
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) sum[i][v] += left * right[v];
    }
    a += kUnitRows ? a_stride : 1;
    b += b_stride;
  }
  // Nothing but the sums may live across the loop: one register more and they spill.
  asm volatile("" : "+r"(c), "+r"(c_stride));
  const Vec<T> scale = splat<T>(*alpha);
  if (accumulate) {
#pragma GCC unroll 16
    for (int i = 0; i < kRows; i++)
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) {
        T* at = c + i * c_stride + v * kWidth;
        store(at, load(at) + sum[i][v] * scale);
      }
  } else {
#pragma GCC unroll 16
    for (int i = 0; i < kRows; i++)
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) store(c + i * c_stride + v * kWidth, sum[i][v] * scale);
  }
}

template <class T, int kVectors, bool kUnitRows>
inline MicroKernel<T> micro_kernel_of_height(int rows) {
  switch (rows) {
#define MYELIN_HEIGHT(n) \
  case n:                \
    if constexpr (n <= GemmTile<T>::kRows) return gemm_micro<T, n, kVectors, kUnitRows>; else break;
    MYELIN_HEIGHT(1) MYELIN_HEIGHT(2) MYELIN_HEIGHT(3) MYELIN_HEIGHT(4) MYELIN_HEIGHT(5)
    MYELIN_HEIGHT(6) MYELIN_HEIGHT(7) MYELIN_HEIGHT(8) MYELIN_HEIGHT(9) MYELIN_HEIGHT(10)
    MYELIN_HEIGHT(11) MYELIN_HEIGHT(12) MYELIN_HEIGHT(13) MYELIN_HEIGHT(14)
#undef MYELIN_HEIGHT
  }
  return nullptr;
}

template <class T>
inline MicroKernel<T> micro_kernel(int rows, int cols, bool unit_rows) {
  if (cols > kLanes<T>)
    return unit_rows ? micro_kernel_of_height<T, 2, true>(rows) : micro_kernel_of_height<T, 2, false>(rows);
  return unit_rows ? micro_kernel_of_height<T, 1, true>(rows) : micro_kernel_of_height<T, 1, false>(rows);
}

}  // namespace myelin::MYELIN_ISA

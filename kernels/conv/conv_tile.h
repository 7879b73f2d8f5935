// The register tile of the gather convolution: out[m][place] (+)= Σ_k w[k][m] · src[offset[k] + place].
//
// A product of packed weights with a matrix whose row k is the staged source itself, seen from
// offset[k]: the unfolded image exists only as addresses.
#pragma once
#include "common/simd.h"

namespace myelin::MYELIN_ISA::conv {

// Registers a tile may fill with accumulators and one row of vectors.
constexpr int kRegisters = kVectorBytes == 64 ? 31 : kVectorBytes == 32 ? 15 : 10;
constexpr int kTileRows = kVectorBytes == 64 ? 14 : kVectorBytes == 32 ? 6 : 4;
constexpr int kTileVectors = 8;

// Vectors across a tile of `rows` rows.
constexpr int tile_vectors(int rows) {
  const int fit = kRegisters / (rows + 1);
  return fit > kTileVectors ? kTileVectors : fit;
}

template <class T>
using Tile = void (*)(const T* w, const T* src, const int32_t* offset, int depth, T* out, ptrdiff_t out_stride,
                      bool accumulate);

template <class T, int kRows, int kVectors>
MYELIN_FUSED void conv_tile(const T* __restrict w, const T* __restrict src, const int32_t* __restrict offset, int depth,
               T* __restrict out, ptrdiff_t out_stride, bool accumulate) {
  constexpr int kWidth = kLanes<T>;
  Vec<T> sum[kRows][kVectors] = {};
  for (int k = 0; k < depth; k++, w += kRows) {
    const T* at = src + offset[k];
    Vec<T> x[kVectors];
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; v++) x[v] = load(at + v * kWidth);
#pragma GCC unroll 16
    for (int m = 0; m < kRows; m++) {
      const Vec<T> weight = splat<T>(w[m]);
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; v++) sum[m][v] += weight * x[v];
    }
  }
#pragma GCC unroll 16
  for (int m = 0; m < kRows; m++)
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; v++) {
      T* to = out + m * out_stride + v * kWidth;
      store(to, accumulate ? load(to) + sum[m][v] : sum[m][v]);
    }
}

template <class T, int kRows>
inline Tile<T> tile_of_width(int vectors) {
  switch (vectors) {
#define MYELIN_WIDTH(n) \
  case n:               \
    if constexpr (n <= tile_vectors(kRows)) return conv_tile<T, kRows, n>; else break;
    MYELIN_WIDTH(1) MYELIN_WIDTH(2) MYELIN_WIDTH(3) MYELIN_WIDTH(4)
    MYELIN_WIDTH(5) MYELIN_WIDTH(6) MYELIN_WIDTH(7) MYELIN_WIDTH(8)
#undef MYELIN_WIDTH
  }
  return nullptr;
}

template <class T>
inline Tile<T> conv_tile_for(int rows, int vectors) {
  switch (rows) {
#define MYELIN_HEIGHT(n) \
  case n:                \
    if constexpr (n <= kTileRows) return tile_of_width<T, n>(vectors); else break;
    MYELIN_HEIGHT(1) MYELIN_HEIGHT(2) MYELIN_HEIGHT(3) MYELIN_HEIGHT(4) MYELIN_HEIGHT(5)
    MYELIN_HEIGHT(6) MYELIN_HEIGHT(7) MYELIN_HEIGHT(8) MYELIN_HEIGHT(9) MYELIN_HEIGHT(10)
    MYELIN_HEIGHT(11) MYELIN_HEIGHT(12) MYELIN_HEIGHT(13) MYELIN_HEIGHT(14)
#undef MYELIN_HEIGHT
  }
  return nullptr;
}

}  // namespace myelin::MYELIN_ISA::conv

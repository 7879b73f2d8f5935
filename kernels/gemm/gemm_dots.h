// Dot products of a few rows with four others, all of adjacent elements.
#pragma once
#include "gemm/gemm_transpose.h"

namespace myelin::MYELIN_ISA {

constexpr int kDotCols = 4;

// Keeps the compiler from reading a vector from memory at each use.
template <class V>
inline void keep_in_register([[maybe_unused]] V& v) {
#if defined(__x86_64__)
  asm("" : "+v"(v));
#elif defined(__aarch64__)
  asm("" : "+w"(v));
#endif
}

// The sum of two halves, until kWidth lanes are left.
template <class T, int kWidth, int kFrom, int... kLane>
inline Vec<T, kWidth> fold_lanes(Vec<T, kFrom> v, std::integer_sequence<int, kLane...> lanes) {
  if constexpr (kFrom == kWidth) {
    return v;
  } else {
    const Vec<T, kFrom / 2> sum =
        __builtin_shufflevector(v, v, kLane...) + __builtin_shufflevector(v, v, (kLane + kFrom / 2)...);
    return fold_lanes<T, kWidth, kFrom / 2>(sum, std::make_integer_sequence<int, kFrom / 4>());
  }
}

// sums[i] = the sum of row[i]'s lanes.
template <class T>
inline void sum_rows(T* sums, Vec<T>* row) {
  constexpr int kWidth = kLanes<T>, kSquare = kWidth < kDotCols ? kWidth : kDotCols;
#pragma GCC unroll 2
  for (int i = 0; i < kDotCols; i += kSquare) {
    transpose_squares<T, kWidth, kSquare>(row + i);
    Vec<T> sum = row[i];
#pragma GCC unroll 4
    for (int j = 1; j < kSquare; j++) sum += row[i + j];
    store<T, kSquare>(sums + i, fold_lanes<T, kSquare, kWidth>(sum, std::make_integer_sequence<int, kWidth / 2>()));
  }
}

// Which lanes of the last whole vector before k are beyond the whole vectors from 0.
template <class T>
inline MaskOf<Vec<T>> rest_lanes(int k) {
  MaskOf<Vec<T>> lane;
#pragma GCC unroll 16
  for (int i = 0; i < kLanes<T>; i++) lane[i] = i;
  return lane >= splat<IntOf<T>>(kLanes<T> - k % kLanes<T>);
}

// sum[i][j] += lanes d … of x row i · those of w row j
template <class T, int kRows, class Load>
MYELIN_FUSED inline void add_products(Vec<T> (&sum)[kRows][kDotCols], const T* x, ptrdiff_t x_row, const T* const* w,
                                      const Load& lanes) {
  Vec<T> right[kDotCols];
#pragma GCC unroll 4
  for (int j = 0; j < kDotCols; j++) {
    right[j] = lanes(w[j]);
    keep_in_register(right[j]);
  }
#pragma GCC unroll 8
  for (int i = 0; i < kRows; i++) {
    const Vec<T> left = lanes(x + i * x_row);
#pragma GCC unroll 4
    for (int j = 0; j < kDotCols; j++) sum[i][j] += left * right[j];
  }
}

// sums[i · kDotCols + j] = x row i · w row j, k ≥ kLanes.
template <class T, int kRows>
MYELIN_FUSED void dot_rows(T* sums, const T* x, ptrdiff_t x_row, const T* const* w, int k) {
  constexpr int kWidth = kLanes<T>, kChains = kRows == 1 ? 2 : 1;  // more sums than a product takes cycles
  const T* const rows[kDotCols] = {w[0], w[1], w[2], w[3]};
  Vec<T> sum[kChains][kRows][kDotCols] = {};
  int d = 0;
  for (; d + kChains * kWidth <= k; d += kChains * kWidth)
#pragma GCC unroll 2
    for (int c = 0; c < kChains; c++)
      add_products<T, kRows>(sum[c], x, x_row, rows, [at = d + c * kWidth](const T* p) { return load(p + at); });
  for (; kChains > 1 && d + kWidth <= k; d += kWidth)
    add_products<T, kRows>(sum[0], x, x_row, rows, [d](const T* p) { return load(p + d); });
  if (d < k) {
    const auto rest = rest_lanes<T>(k);
    add_products<T, kRows>(sum[0], x, x_row, rows,
                           [&](const T* p) { return Vec<T>(bits_of(load(p + k - kWidth)) & rest); });
  }
#pragma GCC unroll 8
  for (int i = 0; i < kRows; i++) {
#pragma GCC unroll 4
    for (int j = 0; j < kDotCols && kChains > 1; j++) sum[0][i][j] += sum[1 % kChains][i][j];
    sum_rows<T>(sums + i * kDotCols, sum[0][i]);
  }
}

}  // namespace myelin::MYELIN_ISA

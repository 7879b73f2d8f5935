// Squared Euclidean distances between a block of rows and all rows of a matrix, a panel of rows at a time: differences
// are squared, so points that lie close together lose no digits.
#pragma once
#include "common/memory.h"
#include "reduce/reduce_plan.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class T>
constexpr int kPanel = 2 * kLanes<T>;  // points of a panel

// Rows [0, rows) of points, column by column: packed[c·kPanel + r]; the rows that are missing are zero.
template <class T>
void pack_panel(const T* points, int64_t rows, int64_t width, T* packed) {
  for (int64_t r = 0; r < kPanel<T>; r++)
    for (int64_t c = 0; c < width; c++) packed[c * kPanel<T> + r] = r < rows ? points[r * width + c] : T(0);
}

// out[q·stride + r] for Q rows of queries and the kPanel rows of a packed panel.
template <class T, int Q>
MYELIN_FUSED void distance_tile(const T* queries, const T* packed, int64_t width, T* out, int64_t stride) {
  constexpr int N = kLanes<T>;
  Vec<T> low[Q]{}, high[Q]{};
  for (int64_t c = 0; c < width; c++) {
    const Vec<T> a = load<T>(packed + c * kPanel<T>), b = load<T>(packed + c * kPanel<T> + N);
    for (int q = 0; q < Q; q++) {
      const Vec<T> x = splat<T>(queries[q * width + c]), from_a = a - x, from_b = b - x;
      low[q] += from_a * from_a;
      high[q] += from_b * from_b;
    }
  }
  for (int q = 0; q < Q; q++) {
    store<T>(out + q * stride, low[q]);
    store<T>(out + q * stride + N, high[q]);
  }
}

template <class T>
void distance_block(const T* queries, int64_t rows, const T* packed, int64_t width, T* out, int64_t stride) {
  int64_t q = 0;
  for (; q + 4 <= rows; q += 4) distance_tile<T, 4>(queries + q * width, packed, width, out + q * stride, stride);
  for (; q < rows; q++) distance_tile<T, 1>(queries + q * width, packed, width, out + q * stride, stride);
}

}  // namespace
}  // namespace myelin::MYELIN_ISA

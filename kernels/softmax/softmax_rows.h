// The two sums behind a softmax, its logarithm and the losses made of it: the maximum and Σ e^(x − max),
// of a row, or of every column of a tile.
#pragma once
#include "common/parallel.h"
#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTaskElements = 16384;
constexpr int64_t kTile = 256;  // columns taken together where the axis is not the last

template <class T>
constexpr T kLowest = -std::numeric_limits<T>::infinity();

// The largest element; NaNs may be skipped, because the sum of exponentials shows them.
template <class T>
T row_max(const T* x, int64_t n) {
  constexpr int N = kLanes<T>;
  Vec<T> a = splat<T>(kLowest<T>), b = a, c = a, d = a;
  int64_t i = 0;
  for (; i + 4 * N <= n; i += 4 * N) {
    a = larger(a, load<T>(x + i));
    b = larger(b, load<T>(x + i + N));
    c = larger(c, load<T>(x + i + 2 * N));
    d = larger(d, load<T>(x + i + 3 * N));
  }
  for (; i + N <= n; i += N) a = larger(a, load<T>(x + i));
  if (i < n) b = larger(b, keep<T>(get(x + i, int(n - i)), int(n - i), kLowest<T>));
  return max_of<T>(larger(larger(a, b), larger(c, d)));
}

// Σ e^(x − max); the terms are kept in `terms` where it is not null.
template <class T>
T row_exp_sum(const T* x, int64_t n, T max, T* terms) {
  return sum_of<T>(sum_vectors<T>(n, [&](int64_t i, auto lanes) {
    const Vec<T> e = vexp_negative(Vec<T>(get(x + i, lanes) - max));
    if (terms) put(terms + i, e, lanes);
    return keep<T>(e, lanes);
  }));
}

// Columns [0, width) of one slice: row r stands at r·inner. max and sum have room for `width`.
template <class T>
void columns_max(const T* x, int64_t n, int64_t inner, int64_t width, T* max) {
  for (int64_t j = 0; j < width; j++) max[j] = kLowest<T>;
  for (int64_t r = 0; r < n; r++)
    for_vectors<T>(width, [&](int64_t j, auto lanes) {
      put(max + j, larger(get(max + j, lanes), get(x + r * inner + j, lanes)), lanes);
    });
}

template <class T>
void columns_exp_sum(const T* x, int64_t n, int64_t inner, int64_t width, const T* max, T* sum, T* terms) {
  for (int64_t j = 0; j < width; j++) sum[j] = 0;
  for (int64_t r = 0; r < n; r++)
    for_vectors<T>(width, [&](int64_t j, auto lanes) {
      const Vec<T> e = vexp_negative(Vec<T>(get(x + r * inner + j, lanes) - get(max + j, lanes)));
      if (terms) put(terms + r * inner + j, e, lanes);
      put(sum + j, get(sum + j, lanes) + e, lanes);
    });
}

// row(slice) for each slice where the axis is the last (inner = 1), else columns(slice, first, width) for
// each tile of columns.
template <class Row, class Columns>
void for_slices(int64_t outer, int64_t n, int64_t inner, const Row& row, const Columns& columns) {
  if (outer == 0 || inner == 0) return;
  const int64_t tile = lesser(kTile, inner), tiles = (inner + tile - 1) / tile;
  parallel_ranges(outer * tiles, greater(1, kTaskElements / greater(1, n * tile)), [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t slice = task / tiles, first = task % tiles * tile;
      if (inner == 1) row(slice);
      else columns(slice, first, lesser(tile, inner - first));
    }
  });
}

}  // namespace
}  // namespace myelin::MYELIN_ISA

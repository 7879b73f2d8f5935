// Folding contiguous elements by vectors: along a run, or across columns.
#pragma once
#include "reduce/reduce_ops.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTaskElements = 32768;  // work of one block: 128 KB of float32
constexpr int64_t kRunChunk = 8192;       // elements folded in the narrow type before they are widened
constexpr int64_t kRowChunk = 64;         // the same for rows in the column walk
constexpr int64_t kTileColumns = 1024;

// The folds of one operation over contiguous elements of type C.
template <class Op, class C>
struct Folder {
  using Wide = typename Op::template Wide<C>;
  static constexpr int N = kLanes<C>;

  static Wide merge(Wide a, Wide b) { return Op::merge(a, b); }

  // The lanes of acc and the `rest` < M elements at p, by halves.
  template <int M>
  static C fold_rest(Vec<C, M> acc, const C* p, int64_t rest, C center) {
    if constexpr (M == 2) {
      const Vec<C, 2> all = Op::merge(acc, Vec<C, 2>{acc[1], acc[0]});
      return rest & 1 ? Op::step(all, splat<C, 2>(p[0]), splat<C, 2>(center))[0] : all[0];
    } else {
      constexpr int H = M / 2;
      using Half = std::make_index_sequence<H>;
      Vec<C, H> half = Op::merge(half_of<0, C, M>(acc, Half{}), half_of<H, C, M>(acc, Half{}));
      if (rest & H) {
        half = Op::step(half, load<C, H>(p), splat<C, H>(center));
        p += H;
      }
      return fold_rest<H>(half, p, rest, center);
    }
  }

  __attribute__((noinline)) static Wide fold_chunk(const C* p, int64_t n, C center) {
    using V = Vec<C>;
    constexpr int U = 8;
    const V centers = splat<C>(center);
    int64_t i = 0;
    V total = Op::template identity<V>();
    if (n >= U * N) {
      V acc[U];
      for (V& a : acc) a = Op::template identity<V>();
      for (; i + U * N <= n; i += U * N)
        for (int u = 0; u < U; u++) acc[u] = Op::step(acc[u], load<C>(p + i + u * N), centers);
      for (int half = U / 2; half > 0; half /= 2)
        for (int u = 0; u < half; u++) acc[u] = Op::merge(acc[u], acc[u + half]);
      total = acc[0];
    }
    for (; i + N <= n; i += N) total = Op::step(total, load<C>(p + i), centers);
    return Wide(fold_rest<N>(total, p + i, n - i, center));
  }

  static Wide fold_run(const C* p, int64_t n, C center) {
    Wide total = fold_chunk(p, lesser(n, kRunChunk), center);
    for (int64_t i = kRunChunk; i < n; i += kRunChunk)
      total = merge(total, fold_chunk(p + i, lesser(n - i, kRunChunk), center));
    return total;
  }

  // acc[j] takes in R rows of `width` columns, `row` elements apart.
  template <int R>
  static void fold_rows_in(const C* p, int64_t row, int64_t width, const C* centers, C* acc) {
    int64_t j = 0;
    for (; j + N <= width; j += N) {
      Vec<C> sum = load<C>(acc + j);
      const Vec<C> center = load<C>(centers + j);
      for (int r = 0; r < R; r++) sum = Op::step(sum, load<C>(p + r * row + j), center);
      store<C>(acc + j, sum);
    }
    for (; j < width; j++) {
      stay_scalar();
      for (int r = 0; r < R; r++) acc[j] = Op::step(acc[j], p[r * row + j], centers[j]);
    }
  }

  // total[j] = merge(total[j], fold of column j); bytes are converted a row at a time.
  template <class T>
  __attribute__((noinline)) static void fold_rows(const T* p, int64_t rows, int64_t row, int64_t width,
                                                  const C* centers, Wide* total) {
    C acc[kTileColumns], converted[std::is_same_v<T, C> ? 1 : kTileColumns];
    for (int64_t r = 0; r < rows; r += kRowChunk) {
      const int64_t end = lesser(rows, r + kRowChunk);
      int64_t i = r;
      for (int64_t j = 0; j < width; j++) acc[j] = Op::template identity<C>();
      if constexpr (std::is_same_v<T, C>) {
        for (; i + 8 <= end; i += 8) fold_rows_in<8>(p + i * row, row, width, centers, acc);
        for (; i < end; i++) fold_rows_in<1>(p + i * row, row, width, centers, acc);
      } else {
        for (; i < end; i++) {
          for (int64_t j = 0; j < width; j++) converted[j] = C(p[i * row + j]);
          fold_rows_in<1>(converted, 0, width, centers, acc);
        }
      }
      for (int64_t j = 0; j < width; j++) total[j] = merge(total[j], Wide(acc[j]));
    }
  }
};

}  // namespace
}  // namespace myelin::MYELIN_ISA

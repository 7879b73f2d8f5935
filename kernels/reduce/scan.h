// What walks along the middle axis of a contiguous (outer, n, inner) array shares.
#pragma once
#include "common/parallel.h"
#include "reduce/reduce_fold.h"

namespace myelin::MYELIN_ISA {
namespace {

// f(first, columns): every row of a slice is cut into tiles of columns, which are scanned on their own.
template <class F>
void for_columns(int32_t outer, int32_t n, int32_t inner, const F& f) {
  constexpr int64_t kTile = 256;
  if (outer == 0 || n == 0 || inner == 0) return;
  const int64_t tiles = (inner + kTile - 1) / kTile, tasks = outer * tiles;
  parallel_ranges(tasks, greater(1, kTaskElements / (n * lesser(inner, kTile))), [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t first = task % tiles * kTile;
      f(task / tiles * n * inner + first, lesser(kTile, inner - first));
    }
  });
}

}  // namespace
}  // namespace myelin::MYELIN_ISA

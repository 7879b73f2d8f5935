// Transposes of small blocks in registers.
#pragma once
#include <utility>

#include "common/simd.h"

namespace myelin::MYELIN_ISA {

// One of log2(rows) steps: in every pair of rows kStep apart, exchanges the blocks of kStep lanes
// that lie off the diagonal.
template <class T, int kRows, int kStep, int... kLane>
inline void transpose_step(Vec<T, sizeof...(kLane)>* row, std::integer_sequence<int, kLane...>) {
  constexpr int kWidth = sizeof...(kLane);
#pragma GCC unroll 16
  for (int i = 0; i < kRows; i++) {
    if (i & kStep) continue;
    const Vec<T, kWidth> x = row[i], y = row[i + kStep];
    row[i] = __builtin_shufflevector(x, y, (kLane & kStep ? kWidth + kLane - kStep : kLane)...);
    row[i + kStep] = __builtin_shufflevector(x, y, (kLane & kStep ? kWidth + kLane : kLane + kStep)...);
  }
}

// Transposes the squares of kRows × kRows that lie side by side in kRows vectors of kWidth.
template <class T, int kWidth, int kRows, int kStep = kRows / 2>
inline void transpose_squares(Vec<T, kWidth>* row) {
  transpose_step<T, kRows, kStep>(row, std::make_integer_sequence<int, kWidth>());
  if constexpr (kStep > 1) transpose_squares<T, kWidth, kRows, kStep / 2>(row);
}

// to[d · to_stride + j] = from[j · from_stride + d] for j < cols, d < depth. Columns up to the next
// multiple of the vector's width are written as well, with zeros.
template <class T>
inline void transpose_panel(T* to, ptrdiff_t to_stride, const T* from, ptrdiff_t from_stride, int cols, int depth) {
  constexpr int kWidth = kLanes<T>;
  for (int col = 0; col < cols; col += kWidth, to += kWidth, from += kWidth * from_stride) {
    const int filled = cols - col < kWidth ? cols - col : kWidth;
    for (int next = 0; next < depth && depth >= kWidth; next += kWidth) {
      const int d = next + kWidth <= depth ? next : depth - kWidth;  // the last square may overlap
      Vec<T> row[kWidth];
      if (filled == kWidth) {
#pragma GCC unroll 16
        for (int j = 0; j < kWidth; j++) row[j] = load(from + j * from_stride + d);
      } else {
#pragma GCC unroll 16
        for (int j = 0; j < kWidth; j++) row[j] = j < filled ? load(from + j * from_stride + d) : Vec<T>{};
      }
      transpose_squares<T, kWidth, kWidth>(row);
#pragma GCC unroll 16
      for (int i = 0; i < kWidth; i++) store(to + (d + i) * to_stride, row[i]);
    }
    for (int d = 0; d < depth && depth < kWidth; d++)
      for (int j = 0; j < kWidth; j++) to[d * to_stride + j] = j < filled ? from[j * from_stride + d] : T(0);
  }
}

}  // namespace myelin::MYELIN_ISA

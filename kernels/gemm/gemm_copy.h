// Copies of a few elements, by whole vectors that may overlap.
#pragma once
#include "common/simd.h"

namespace myelin::MYELIN_ISA {

// Copies n elements, 0 < n ≤ 2 · kWidth, by at most two vectors that may overlap.
template <class T, int kWidth>
inline void copy_short(T* to, const T* from, int n) {
  if constexpr (kWidth == 1) {
    to[0] = from[0];
    to[n - 1] = from[n - 1];
  } else {
    if (n < kWidth) return copy_short<T, kWidth / 2>(to, from, n);
    const auto head = load<T, kWidth>(from), tail = load<T, kWidth>(from + n - kWidth);
    store<T, kWidth>(to, head);
    store<T, kWidth>(to + n - kWidth, tail);
  }
}

// Copies n elements, 0 < n.
template <class T>
inline void copy_run(T* to, const T* from, int n) {
  constexpr int kWidth = kLanes<T>;
  for (; n > 2 * kWidth; n -= kWidth, to += kWidth, from += kWidth) store(to, load(from));
  copy_short<T, kWidth>(to, from, n);
}

}  // namespace myelin::MYELIN_ISA

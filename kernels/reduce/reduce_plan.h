// The axes of a reduction: parsed, coalesced, and walked in runs along the last axis.
#pragma once
#include <type_traits>
#include <utility>

#include "common/simd.h"

namespace myelin::MYELIN_ISA {

constexpr int kMaxAxes = 32;

inline int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t greater(int64_t a, int64_t b) { return a > b ? a : b; }

// Axes in the order in which they are walked; never empty: a scalar has one axis of size 1.
struct Axes {
  int rank = 0;
  int64_t size[kMaxAxes], stride[kMaxAxes];
  int64_t count = 1;

  Axes(const int32_t* sizes, const int32_t* strides, int axes, bool any_order) {
    for (int i = 0; i < axes; i++) {
      count *= sizes[i];
      if (sizes[i] == 1) continue;
      int at = rank++;
      // Any order will do: the smallest stride goes last, so that runs are contiguous if possible.
      for (; any_order && at > 0 && stride[at - 1] != 0 && (strides[i] == 0 || stride[at - 1] < strides[i]); at--) {
        size[at] = size[at - 1];
        stride[at] = stride[at - 1];
      }
      size[at] = sizes[i];
      stride[at] = strides[i];
    }
    if (rank == 0) {
      size[0] = stride[0] = 1;
      rank = 1;
      return;
    }
    int last = 0;
    for (int i = 1; i < rank; i++) {
      if (stride[last] == size[i] * stride[i]) {
        size[last] *= size[i];
        stride[last] = stride[i];
      } else {
        last++;
        size[last] = size[i];
        stride[last] = stride[i];
      }
    }
    rank = last + 1;
  }

  int64_t last_size() const { return size[rank - 1]; }
  int64_t last_stride() const { return stride[rank - 1]; }

  int64_t offset(int64_t index) const {
    int64_t sum = 0;
    for (int i = rank - 1; i > 0; i--) {
      sum += index % size[i] * stride[i];
      index /= size[i];
    }
    return sum + index * stride[0];
  }

  // f(offset, length): the positions [begin, end) as runs of `length` steps along the last axis.
  template <class F>
  void for_runs(int64_t begin, int64_t end, const F& f) const {
    if (begin >= end) return;
    if (rank == 1) return f(begin * stride[0], end - begin);
    int64_t index[kMaxAxes];
    for (int64_t i = rank - 1, rest = begin; i >= 0; i--) {
      index[i] = rest % size[i];
      rest /= size[i];
    }
    while (begin < end) {
      int64_t at = 0;
      for (int i = 0; i < rank; i++) at += index[i] * stride[i];
      const int64_t length = lesser(last_size() - index[rank - 1], end - begin);
      f(at, length);
      begin += length;
      index[rank - 1] = 0;
      for (int i = rank - 2; i >= 0 && ++index[i] == size[i]; i--) index[i] = 0;
    }
  }
};

struct ReducePlan {
  Axes kept, reduced;

  explicit ReducePlan(const int32_t* meta)
      : kept(meta + 2, meta + 2 + meta[0], meta[0], false),
        reduced(meta + 2 + 2 * meta[0], meta + 2 + 2 * meta[0] + meta[1], meta[1], true) {}
};

template <class V, bool = std::is_arithmetic_v<V>>
struct ElementOf {
  using type = V;
};
template <class V>
struct ElementOf<V, false> {
  using type = Element<V>;
};

// A scalar or a vector with every lane x, so that one expression serves both.
template <class V>
inline V constant(double x) {
  if constexpr (std::is_arithmetic_v<V>) return V(x);
  else return splat_as<V>(Element<V>(x));
}

// In the body of a loop over a short tail: the compiler leaves the loop scalar, and so small.
inline void stay_scalar() { __asm__ volatile(""); }

template <int Start, class C, int N, size_t... I>
inline Vec<C, N / 2> half_of(Vec<C, N> v, std::index_sequence<I...>) {
  return __builtin_shufflevector(v, v, int(Start + I)...);
}

// Folds the lanes of v by halves: merge(low, high).
template <class C, int N, class F>
inline C fold_lanes(Vec<C, N> v, const F& merge) {
  if constexpr (N == 2) {
    return merge(v, Vec<C, 2>{v[1], v[0]})[0];
  } else {
    using Half = std::make_index_sequence<N / 2>;
    return fold_lanes<C, N / 2>(merge(half_of<0, C, N>(v, Half{}), half_of<N / 2, C, N>(v, Half{})), merge);
  }
}

}  // namespace myelin::MYELIN_ISA

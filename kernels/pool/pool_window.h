// Sliding windows over planes: geometry, and walking an output row vector by vector.
#pragma once
#include <limits>
#include <utility>

#include "common/memory.h"
#include "common/parallel.h"
#include "common/simd.h"

namespace myelin::MYELIN_ISA {

struct Triple {
  int32_t d, h, w;
  int64_t volume() const { return int64_t(d) * h * w; }
};

struct PoolWindow {
  Triple in, out, kernel, stride, padding, dilation;

  explicit PoolWindow(const int32_t* meta) { __builtin_memcpy(this, meta, sizeof *this); }

  // What one plane costs, in elements: no window touches more than the input has.
  int64_t work() const {
    const auto touched = [](int32_t kernel, int32_t in) { return int64_t(kernel < in ? kernel : in); };
    return out.volume() * touched(kernel.d, in.d) * touched(kernel.h, in.h) * touched(kernel.w, in.w);
  }
};

// Kernel positions [first, last) of the window at output index i that lie inside the input.
struct Span {
  int32_t first, last;
  int64_t origin, dilation;

  Span(int32_t i, int32_t in, int32_t kernel, int32_t stride, int32_t padding, int32_t dilation)
      : first(0), last(kernel), origin(int64_t(i) * stride - padding), dilation(dilation) {
    const int64_t before = (dilation - 1 - origin) / dilation, inside = (in - origin + dilation - 1) / dilation;
    if (origin < 0) first = before < kernel ? int32_t(before) : kernel;
    if (inside < kernel) last = in > origin ? int32_t(inside) : 0;
    if (last < first) last = first;
  }

  // Where a kernel position lies in the input.
  int64_t place(int32_t position) const { return origin + position * dilation; }
};

// Calls f(begin, end) for runs of planes on all threads; `work` is what one plane costs, in elements.
template <class F>
inline void for_each_run(int32_t planes, int64_t work, const F& f) {
  parallel_ranges(planes, work >= 16384 ? 1 : 16384 / (work + 1) + 1, f);
}

template <class F>
inline void for_each_plane(int32_t planes, int64_t work, const F& f) {
  for_each_run(planes, work, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; plane++) f(plane);
  });
}

template <class V, int... I>
inline V even_lanes(V a, V b, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(a, b, 2 * I...);
}
template <class V, int... I>
inline V odd_lanes(V a, V b, std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(a, b, 2 * I + 1 ...);
}

// Lanes p[0], p[S], p[2S], …; S = 0 takes the stride from `stride`. With S = 2 the vector ends at the
// last element: where `after` is set the lanes are read together with the ones before them.
template <int N, int S, class T>
inline Vec<T, N> load_strided(const T* p, int stride, bool after) {
  if constexpr (S == 1 && N > 1) {
    return load<T, N>(p);
  } else if constexpr (S == 2 && N > 1) {
    constexpr auto lanes = std::make_integer_sequence<int, N>{};
    if (after) return odd_lanes(load<T, N>(p - 1), load<T, N>(p - 1 + N), lanes);
    return even_lanes(load<T, N>(p), load<T, N>(p + N), lanes);
  } else {
    T lanes[N];
    for (int i = 0; i < N; i++) lanes[i] = p[i * stride];
    return load<T, N>(lanes);
  }
}

template <class V>
inline V lane_numbers() {
  V v;
  for (int i = 0; i < kLanesOf<V>; i++) v[i] = i;
  return v;
}

// A plane whose rows can be read where windows reach over their ends: the plane itself if none does,
// else a copy with `fill` beside the rows.
template <class T>
class PaddedPlane {
 public:
  PaddedPlane(const PoolWindow& w, Scratch<T>* copy, T fill) : window_(w), copy_(copy), fill_(fill) {}

  static int64_t width(const PoolWindow& w) {
    return int64_t(w.out.w - 1) * w.stride.w + int64_t(w.kernel.w - 1) * w.dilation.w + 1;
  }
  static bool needed(const PoolWindow& w) {
    return w.padding.w > 0 || width(w) > w.in.w || (w.stride.w == 2 && w.kernel.w == 1);
  }
  static int64_t row_length(const PoolWindow& w) {
    const int64_t reach = width(w), whole = int64_t(w.in.w) + w.padding.w;
    return (reach > whole ? reach : whole) + 1;
  }
  static size_t copy_size(const PoolWindow& w) { return needed(w) ? size_t(w.in.d) * w.in.h * row_length(w) : 0; }
  // Whether next to all of the copy would be padding.
  static bool unsuitable(const PoolWindow& w) { return row_length(w) > 4 * int64_t(w.in.w) + 4096; }

  // The element of each row at column -padding, and the distance of rows.
  const T* rows(const T* x, int64_t* pitch) const {
    const PoolWindow& w = window_;
    if (!needed(w)) {
      *pitch = w.in.w;
      return x;
    }
    *pitch = row_length(w);
    T* to = copy_->data();
    for (int64_t row = 0; row < int64_t(w.in.d) * w.in.h; row++, to += *pitch) {
      for (int32_t i = 0; i < w.padding.w; i++) to[i] = fill_;
      __builtin_memcpy(to + w.padding.w, x + row * w.in.w, w.in.w * sizeof(T));
      for (int64_t i = w.padding.w + w.in.w; i < *pitch; i++) to[i] = fill_;
    }
    return copy_->data();
  }

 private:
  const PoolWindow& window_;
  Scratch<T>* copy_;
  T fill_;
};

// Covers [0, n) with chunks of N columns, the last one overlapping the one before it, narrower chunks
// where n is less: f(integral_constant<N>, column).
template <int N, class F>
inline void for_each_chunk(int32_t n, const F& f) {
  if constexpr (N == 1) {
    for (int32_t i = 0; i < n; i++) f(std::integral_constant<int, 1>{}, i);
  } else if (n < N) {
    for_each_chunk<(N > 4 ? N / 2 : 1)>(n, f);
  } else {
    int32_t i = 0;
    for (; i + N <= n; i += N) f(std::integral_constant<int, N>{}, i);
    if (i < n) f(std::integral_constant<int, N>{}, n - N);
  }
}

// Calls f with the stride and the kernel width as constants where they are common (0: any).
template <class F>
inline void with_shape(const PoolWindow& w, const F& f) {
  using std::integral_constant;
  const int32_t s = w.stride.w, k = w.kernel.w;
  if (s == 2 && k == 2) f(integral_constant<int, 2>{}, integral_constant<int, 2>{});
  else if (s == 2 && k == 3) f(integral_constant<int, 2>{}, integral_constant<int, 3>{});
  else if (s == 2) f(integral_constant<int, 2>{}, integral_constant<int, 0>{});
  else if (s == 1) f(integral_constant<int, 1>{}, integral_constant<int, 0>{});
  else f(integral_constant<int, 0>{}, integral_constant<int, 0>{});
}

// Feeds every row of the window of output row (od, oh) to the vectors of columns [j, j + N):
// take(values, d, h, column of lane 0).
template <int N, int S, int K, class T, class Take>
inline void walk_window(const PoolWindow& w, const T* rows, int64_t pitch, const Span& d, const Span& h, int32_t j,
                        const Take& take) {
  const int32_t kernel = K ? K : w.kernel.w, dilation = w.dilation.w, stride = w.stride.w;
  for (int32_t a = d.first; a < d.last; a++)
    for (int32_t b = h.first; b < h.last; b++) {
      const int32_t depth = int32_t(d.place(a)), height = int32_t(h.place(b));
      const T* row = rows + (int64_t(depth) * w.in.h + height) * pitch + int64_t(j) * stride;
      for (int32_t k = 0; k < kernel; k++)
        take(load_strided<N, S>(row + k * dilation, stride, k > 0), depth, height, k * dilation);
    }
}

}  // namespace myelin::MYELIN_ISA

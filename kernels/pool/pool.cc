// Max and average pooling with sliding windows. See pool.h.
#include "pool/pool.h"

#include "pool/pool_window.h"

namespace myelin::MYELIN_ISA {
namespace {

// Output rows of one plane: f(od, oh, first output element).
template <class F>
inline void for_each_row(const PoolWindow& w, const F& f) {
  int64_t at = 0;
  for (int32_t od = 0; od < w.out.d; od++) {
    const Span d(od, w.in.d, w.kernel.d, w.stride.d, w.padding.d, w.dilation.d);
    for (int32_t oh = 0; oh < w.out.h; oh++, at += w.out.w)
      f(d, Span(oh, w.in.h, w.kernel.h, w.stride.h, w.padding.h, w.dilation.h), at);
  }
}

template <class T, int S, int K, bool Indexed>
void max_pool_plane(const PoolWindow& w, const T* rows, int64_t pitch, T* y, int32_t* indices) {
  constexpr T kLowest = -std::numeric_limits<T>::infinity();
  for_each_row(w, [&](const Span& d, const Span& h, int64_t at) {
    for_each_chunk<kLanes<T>>(w.out.w, [&](auto lanes, int32_t j) {
      constexpr int N = decltype(lanes)::value;
      using V = Vec<T, N>;
      using I = MaskOf<V>;
      using Int = Element<I>;
      V best = splat_as<V>(kLowest);
      const I columns = (lane_numbers<I>() + Int(j)) * Int(w.stride.w) - Int(w.padding.w);
      // Where all values are -inf the first element of the window is taken.
      I place{};
      if constexpr (Indexed) {
        const Int first_row = Int(d.place(d.first)) * w.in.h + Int(h.place(h.first));
        I first = columns;
        if (w.padding.w > 0)
          for (int i = 0; i < N; i++)
            while (first[i] < 0) first[i] += w.dilation.w;
        place = first_row * Int(w.in.w) + first;
      }
      walk_window<N, S, K>(w, rows, pitch, d, h, j, [&](V v, int32_t depth, int32_t height, int32_t column) {
        const I better = I(v > best) | I(v != v);
        best = better ? v : best;
        if constexpr (Indexed)
          place = better ? I(columns + (Int(depth) * w.in.h + height) * Int(w.in.w) + Int(column)) : place;
      });
      store<T, N>(y + at + j, best);
      if constexpr (Indexed)
        store<int32_t, N>(indices + at + j, __builtin_convertvector(place, Vec<int32_t, N>));
    });
  });
}

// How many elements a window counts along an axis.
int32_t count_axis(const Span& s, int32_t kernel, int32_t in, int32_t padding, bool count_padding) {
  if (!count_padding) return s.last - s.first;
  const int64_t end = int64_t(in) + padding;
  return s.origin + kernel < end ? kernel : int32_t(end - s.origin);
}

Span column_span(const PoolWindow& w, int32_t column) {
  return Span(column, w.in.w, w.kernel.w, w.stride.w, w.padding.w, w.dilation.w);
}

// How many elements the windows of the output columns count.
void count_columns(const PoolWindow& w, bool count_padding, int32_t* counts) {
  for (int32_t i = 0; i < w.out.w; i++)
    counts[i] = count_axis(column_span(w, i), w.kernel.w, w.in.w, w.padding.w, count_padding);
}

// The windows of average pooling, which have no gaps.
PoolWindow without_gaps(const int32_t* window) {
  PoolWindow w(window);
  w.dilation = {1, 1, 1};
  return w;
}

// The places of one window in the input, in order: for windows of which next to all is padding.
template <class F>
inline void for_each_place(const PoolWindow& w, const Span& d, const Span& h, const Span& column, const F& f) {
  for (int32_t a = d.first; a < d.last; a++)
    for (int32_t b = h.first; b < h.last; b++)
      for (int32_t k = column.first; k < column.last; k++)
        f((d.place(a) * w.in.h + h.place(b)) * w.in.w + column.place(k));
}

template <class T>
void max_pool_plane_by_window(const PoolWindow& w, const T* x, T* y, int32_t* indices) {
  for_each_row(w, [&](const Span& d, const Span& h, int64_t at) {
    for (int32_t j = 0; j < w.out.w; j++) {
      T best = -std::numeric_limits<T>::infinity();
      int64_t found = -1;
      for_each_place(w, d, h, column_span(w, j), [&](int64_t place) {
        const T v = x[place];
        if (found >= 0 && !(v > best || v != v)) return;
        found = place;
        best = v;
      });
      y[at + j] = best;
      if (indices) indices[at + j] = int32_t(found);
    }
  });
}

// What the sums of an output row are divided by; kept from one row to the next where they are the same.
template <class T>
struct Divisors {
  const PoolWindow& w;
  const bool count_padding;
  const double divisor;
  const int32_t* columns;
  T* row;
  double known = -1;

  const T* of_row(const Span& d, const Span& h) {
    const double rows = double(count_axis(d, w.kernel.d, w.in.d, w.padding.d, count_padding)) *
                        count_axis(h, w.kernel.h, w.in.h, w.padding.h, count_padding);
    if (rows != known)
      for (int32_t j = 0; j < w.out.w; j++) row[j] = divisor != 0 ? T(divisor) : T(rows * columns[j]);
    known = rows;
    return row;
  }
};

template <class T, int S, int K>
void average_pool_plane(const PoolWindow& w, const T* rows, int64_t pitch, T* y, Divisors<T>& divisors) {
  for_each_row(w, [&](const Span& d, const Span& h, int64_t at) {
    const T* divisor = divisors.of_row(d, h);
    for_each_chunk<kLanes<T>>(w.out.w, [&](auto lanes, int32_t j) {
      constexpr int N = decltype(lanes)::value;
      Vec<T, N> sum{};
      walk_window<N, S, K>(w, rows, pitch, d, h, j, [&](Vec<T, N> v, int32_t, int32_t, int32_t) { sum += v; });
      store<T, N>(y + at + j, sum / load<T, N>(divisor + j));
    });
  });
}

template <class T>
void average_pool_plane_by_window(const PoolWindow& w, const T* x, T* y, Divisors<T>& divisors) {
  for_each_row(w, [&](const Span& d, const Span& h, int64_t at) {
    const T* divisor = divisors.of_row(d, h);
    for (int32_t j = 0; j < w.out.w; j++) {
      T sum = 0;
      for_each_place(w, d, h, column_span(w, j), [&](int64_t place) { sum += x[place]; });
      y[at + j] = sum / divisor[j];
    }
  });
}

template <class T>
void average_pool_backward_plane(const PoolWindow& w, const T* dy, T* dx, Divisors<T>& divisors, T* shares) {
  __builtin_memset(dx, 0, w.in.volume() * sizeof(T));
  for_each_row(w, [&](const Span& d, const Span& h, int64_t at) {
    const T* divisor = divisors.of_row(d, h);
    for (int32_t j = 0; j < w.out.w; j++) shares[j] = dy[at + j] / divisor[j];
    if (PaddedPlane<T>::unsuitable(w)) {
      for (int32_t j = 0; j < w.out.w; j++)
        for_each_place(w, d, h, column_span(w, j), [&](int64_t place) { dx[place] += shares[j]; });
      return;
    }
    for (int32_t a = d.first; a < d.last; a++)
      for (int32_t b = h.first; b < h.last; b++) {
        T* row = dx + (d.place(a) * w.in.h + h.place(b)) * w.in.w;
        for (int32_t k = 0; k < w.kernel.w; k++) {
          const int32_t shift = k - w.padding.w, stride = w.stride.w;
          const int64_t first = shift >= 0 ? 0 : (int64_t(stride) - 1 - shift) / stride;
          for (int64_t j = first; j < w.out.w && j * stride + shift < w.in.w; j++) row[j * stride + shift] += shares[j];
        }
      }
  });
}

}  // namespace

void max_pool(int32_t dtype, const void* x, void* y, int32_t* indices, int32_t planes, const int32_t* window) {
  const PoolWindow w(window);
  const int64_t in = w.in.volume(), out = w.out.volume();
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    if (PaddedPlane<T>::unsuitable(w))
      return for_each_plane(planes, w.work(), [&](int64_t p) {
        max_pool_plane_by_window(w, static_cast<const T*>(x) + p * in, static_cast<T*>(y) + p * out,
                                 indices ? indices + p * out : nullptr);
      });
    with_shape(w, [&](auto stride, auto kernel) {
      constexpr int S = decltype(stride)::value, K = decltype(kernel)::value;
      for_each_run(planes, w.work() / 4, [&](int64_t begin, int64_t end) {
        Scratch<T> copy(PaddedPlane<T>::copy_size(w));
        const PaddedPlane<T> plane(w, &copy, -std::numeric_limits<T>::infinity());
        for (int64_t p = begin; p < end; p++) {
          int64_t pitch;
          const T* rows = plane.rows(static_cast<const T*>(x) + p * in, &pitch);
          T* to = static_cast<T*>(y) + p * out;
          if (indices)
            max_pool_plane<T, S, K, true>(w, rows, pitch, to, indices + p * out);
          else
            max_pool_plane<T, S, K, false>(w, rows, pitch, to, nullptr);
        }
      });
    });
  });
}

void average_pool(int32_t dtype, const void* x, void* y, int32_t planes, const int32_t* window, int32_t count_padding,
                  double divisor) {
  const PoolWindow w = without_gaps(window);
  const int64_t in = w.in.volume(), out = w.out.volume();
  Scratch<int32_t> columns(w.out.w);
  count_columns(w, count_padding, columns.data());
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    if (PaddedPlane<T>::unsuitable(w))
      return for_each_plane(planes, w.work(), [&](int64_t p) {
        Scratch<T> memory(w.out.w);
        Divisors<T> divisors{w, count_padding != 0, divisor, columns.data(), memory.data()};
        average_pool_plane_by_window(w, static_cast<const T*>(x) + p * in, static_cast<T*>(y) + p * out, divisors);
      });
    with_shape(w, [&](auto stride, auto kernel) {
      constexpr int S = decltype(stride)::value, K = decltype(kernel)::value;
      for_each_run(planes, w.work() / 4, [&](int64_t begin, int64_t end) {
        Scratch<T> copy(PaddedPlane<T>::copy_size(w)), memory(w.out.w);
        const PaddedPlane<T> plane(w, &copy, T(0));
        Divisors<T> divisors{w, count_padding != 0, divisor, columns.data(), memory.data()};
        for (int64_t p = begin; p < end; p++) {
          int64_t pitch;
          const T* rows = plane.rows(static_cast<const T*>(x) + p * in, &pitch);
          average_pool_plane<T, S, K>(w, rows, pitch, static_cast<T*>(y) + p * out, divisors);
        }
      });
    });
  });
}

void average_pool_backward(int32_t dtype, const void* dy, void* dx, int32_t planes, const int32_t* window,
                           int32_t count_padding, double divisor) {
  const PoolWindow w = without_gaps(window);
  const int64_t in = w.in.volume(), out = w.out.volume();
  Scratch<int32_t> columns(w.out.w);
  count_columns(w, count_padding, columns.data());
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for_each_run(planes, w.work(), [&](int64_t begin, int64_t end) {
      Scratch<T> memory(w.out.w), shares(w.out.w);
      Divisors<T> divisors{w, count_padding != 0, divisor, columns.data(), memory.data()};
      for (int64_t p = begin; p < end; p++)
        average_pool_backward_plane(w, static_cast<const T*>(dy) + p * out, static_cast<T*>(dx) + p * in, divisors,
                                    shares.data());
    });
  });
}

int32_t first_outside(const int32_t* indices, int32_t n, int32_t size) {
  for (int32_t i = 0; i < n; i++)
    if (uint32_t(indices[i]) >= uint32_t(size)) return i;
  return -1;
}

void plane_scatter(int32_t dtype, const void* x, const int32_t* indices, void* y, int32_t planes, int32_t count,
                   int32_t size, int32_t accumulate) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for_each_plane(planes, count + size / 8, [&](int64_t p) {
      const T* from = static_cast<const T*>(x) + p * count;
      const int32_t* at = indices + p * count;
      T* to = static_cast<T*>(y) + p * size;
      __builtin_memset(to, 0, size * sizeof(T));
      if (accumulate)
        for (int32_t i = 0; i < count; i++) to[at[i]] += from[i];
      else
        for (int32_t i = 0; i < count; i++) to[at[i]] = from[i];
    });
  });
}

void plane_gather(int32_t dtype, const void* x, const int32_t* indices, void* y, int32_t planes, int32_t count, int32_t size) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for_each_plane(planes, count, [&](int64_t p) {
      const T* from = static_cast<const T*>(x) + p * size;
      const int32_t* at = indices + p * count;
      T* to = static_cast<T*>(y) + p * count;
      for (int32_t i = 0; i < count; i++) to[i] = from[at[i]];
    });
  });
}

}  // namespace myelin::MYELIN_ISA

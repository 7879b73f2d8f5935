// Pooling to a given output size. See pool.h.
#include "pool/pool.h"
#include "pool/pool_window.h"

namespace myelin::MYELIN_ISA {
namespace {

// The input elements [begin, end) of output i.
struct Cell {
  int32_t begin, end;
  Cell(int32_t i, int32_t in, int32_t out)
      : begin(int32_t(int64_t(i) * in / out)), end(int32_t((int64_t(i + 1) * in + out - 1) / out)) {}
  int32_t length() const { return end - begin; }
};

// f(d, h, first output element) for the output rows of a plane.
template <class F>
inline void for_each_cell_row(const PoolWindow& w, const F& f) {
  int64_t at = 0;
  for (int32_t od = 0; od < w.out.d; od++)
    for (int32_t oh = 0; oh < w.out.h; oh++, at += w.out.w)
      f(Cell(od, w.in.d, w.out.d), Cell(oh, w.in.h, w.out.h), at);
}

// f(first element of the input row) for the rows of a cell.
template <class F>
inline void for_each_input_row(const PoolWindow& w, const Cell& d, const Cell& h, const F& f) {
  for (int32_t a = d.begin; a < d.end; a++)
    for (int32_t b = h.begin; b < h.end; b++) f((int64_t(a) * w.in.h + b) * w.in.w);
}

template <class T>
T sum_all(const T* x, int64_t n) {
  Vec<T> sum{};
  int64_t i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) sum += load(x + i);
  if (i < n) sum += load_partial(x + i, int(n - i));
  return sum_lanes<T, kLanes<T>>(sum);
}

template <class T>
void average_plane(const PoolWindow& w, const T* x, T* y, T* columns) {
  for_each_cell_row(w, [&](const Cell& d, const Cell& h, int64_t at) {
    const int64_t rows = int64_t(d.length()) * h.length();
    const T* sums = x + (int64_t(d.begin) * w.in.h + h.begin) * w.in.w;
    if (rows > 1) {
      for (int32_t i = 0; i < w.in.w; i++) columns[i] = 0;
      for_each_input_row(w, d, h, [&](int64_t row) {
        for (int32_t i = 0; i < w.in.w; i++) columns[i] += x[row + i];
      });
      sums = columns;
    }
    for (int32_t j = 0; j < w.out.w; j++) {
      const Cell c(j, w.in.w, w.out.w);
      y[at + j] = sum_all(sums + c.begin, c.length()) / T(rows * c.length());
    }
  });
}

template <class T>
void average_backward_plane(const PoolWindow& w, const T* dy, T* dx, T* columns) {
  // Where no two rows of cells share a row of the input, it is written instead of added to.
  const bool apart = w.in.d % w.out.d == 0 && w.in.h % w.out.h == 0;
  const bool columns_apart = w.in.w % w.out.w == 0;
  if (!apart) __builtin_memset(dx, 0, w.in.volume() * sizeof(T));
  for_each_cell_row(w, [&](const Cell& d, const Cell& h, int64_t at) {
    if (!columns_apart)
      for (int32_t i = 0; i < w.in.w; i++) columns[i] = 0;
    for (int32_t j = 0; j < w.out.w; j++) {
      const Cell c(j, w.in.w, w.out.w);
      const T share = dy[at + j] / T(int64_t(d.length()) * h.length() * c.length());
      if (columns_apart)
        for (int32_t i = c.begin; i < c.end; i++) columns[i] = share;
      else
        for (int32_t i = c.begin; i < c.end; i++) columns[i] += share;
    }
    for_each_input_row(w, d, h, [&](int64_t row) {
      if (apart) __builtin_memcpy(dx + row, columns, w.in.w * sizeof(T));
      else
        for (int32_t i = 0; i < w.in.w; i++) dx[row + i] += columns[i];
    });
  });
}

// The largest element of a cell and the first place that has it, the last NaN before all others.
template <class T>
struct Largest {
  T value;
  int64_t place;

  void take(T v, int64_t at) {
    if (v != v ? value == value || at > place : v > value || (v == value && at < place)) {
      value = v;
      place = at;
    }
  }
};

// Cells at least N wide: N columns at a time, each lane with its own maximum.
template <class T, int N>
Largest<T> largest_by_lanes(const PoolWindow& w, const T* x, const Cell& d, const Cell& h, const Cell& c) {
  using V = Vec<T, N>;
  using I = MaskOf<V>;
  V best = splat_as<V>(-std::numeric_limits<T>::infinity());
  I place{};
  const I lanes = lane_numbers<I>();
  const auto step = [&](int64_t at) {
    const V v = load<T, N>(x + at);
    const I better = I(v > best) | I(v != v);
    best = select(better, v, best);
    place = better ? I(lanes + Element<I>(at)) : place;
  };
  // Where all are −∞ it is the first of the cell.
  Largest<T> found{-std::numeric_limits<T>::infinity(), (int64_t(d.begin) * w.in.h + h.begin) * w.in.w + c.begin};
  place = lanes + Element<I>(found.place);
  for_each_input_row(w, d, h, [&](int64_t row) {
    int32_t i = c.begin;
    for (; i + N <= c.end; i += N) step(row + i);
    if (i < c.end) step(row + c.end - N);
  });
  for (int i = 0; i < N; i++) found.take(best[i], int64_t(place[i]));
  return found;
}

template <class T>
Largest<T> largest_in(const PoolWindow& w, const T* x, const Cell& d, const Cell& h, const Cell& c) {
  constexpr int N = kLanes<T>;
  if constexpr (N > 4)
    if (c.length() >= N) return largest_by_lanes<T, N>(w, x, d, h, c);
  if constexpr (N > 8)
    if (c.length() >= N / 2) return largest_by_lanes<T, N / 2>(w, x, d, h, c);
  if constexpr (N >= 4)
    if (c.length() >= 4) return largest_by_lanes<T, 4>(w, x, d, h, c);
  Largest<T> found{-std::numeric_limits<T>::infinity(), (int64_t(d.begin) * w.in.h + h.begin) * w.in.w + c.begin};
  for_each_input_row(w, d, h, [&](int64_t row) {
    for (int32_t i = c.begin; i < c.end; i++) found.take(x[row + i], row + i);
  });
  return found;
}

template <class T>
void max_plane(const PoolWindow& w, const T* x, T* y, int32_t* indices) {
  for_each_cell_row(w, [&](const Cell& d, const Cell& h, int64_t at) {
    for (int32_t j = 0; j < w.out.w; j++) {
      const Largest<T> found = largest_in(w, x, d, h, Cell(j, w.in.w, w.out.w));
      y[at + j] = found.value;
      if (indices) indices[at + j] = int32_t(found.place);
    }
  });
}

}  // namespace

void adaptive_average_pool(int32_t dtype, const void* x, void* y, int32_t planes, const int32_t* window) {
  const PoolWindow w(window);
  const int64_t in = w.in.volume(), out = w.out.volume();
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for_each_plane(planes, in, [&](int64_t p) {
      const T* from = static_cast<const T*>(x) + p * in;
      T* to = static_cast<T*>(y) + p * out;
      if (out == 1) {
        *to = sum_all(from, in) / T(in);
        return;
      }
      Scratch<T> columns(w.in.w);
      average_plane(w, from, to, columns.data());
    });
  });
}

void adaptive_average_pool_backward(int32_t dtype, const void* dy, void* dx, int32_t planes, const int32_t* window) {
  const PoolWindow w(window);
  const int64_t in = w.in.volume(), out = w.out.volume();
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for_each_plane(planes, in, [&](int64_t p) {
      const T* from = static_cast<const T*>(dy) + p * out;
      T* to = static_cast<T*>(dx) + p * in;
      if (out == 1) {
        const T share = *from / T(in);
        for (int64_t i = 0; i < in; i++) to[i] = share;
        return;
      }
      Scratch<T> columns(w.in.w);
      average_backward_plane(w, from, to, columns.data());
    });
  });
}

void adaptive_max_pool(int32_t dtype, const void* x, void* y, int32_t* indices, int32_t planes, const int32_t* window) {
  const PoolWindow w(window);
  const int64_t in = w.in.volume(), out = w.out.volume();
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for_each_plane(planes, in * 2, [&](int64_t p) {
      max_plane(w, static_cast<const T*>(x) + p * in, static_cast<T*>(y) + p * out, indices ? indices + p * out : nullptr);
    });
  });
}

}  // namespace myelin::MYELIN_ISA

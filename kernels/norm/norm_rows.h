// Sums over a contiguous row, rounded to T within a chunk only, and the row that a norm writes.
#pragma once
#include "common/memory.h"
#include "norm/norm.h"
#include "common/parallel.h"
#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTaskElements = 32768;

// A sum over many rows, rounded to T within 4096 elements only.
template <class T>
class Sum {
 public:
  // Adds f(i, lanes) for the vectors of a row of n elements.
  template <class F>
  void add(int64_t n, const F& f) {
    constexpr int N = kLanes<T>;
    constexpr AllLanes<T> all;
    for (int64_t i = 0; i < n;) {
      const int64_t end = lesser(n, i + room_);
      room_ -= (end - i + N - 1) / N * N;
      Vec<T> a = a_, b = b_, c = c_, d = d_;
      for (; i + 4 * N <= end; i += 4 * N) {
        a += f(i, all);
        b += f(i + N, all);
        c += f(i + 2 * N, all);
        d += f(i + 3 * N, all);
      }
      for (; i + N <= end; i += N) a += f(i, all);
      if (i < end) b += f(i, int(end - i));
      a_ = a, b_ = b, c_ = c, d_ = d;
      i = end;
      if (room_ == 0) flush();
    }
  }

  double total() {
    flush();
    return total_;
  }

 private:
  static constexpr int64_t kChunk = 4096;
  Vec<T> a_{}, b_{}, c_{}, d_{};
  double total_ = 0;
  int64_t room_ = kChunk;

  void flush() {
    total_ += double(sum_of<T>((a_ + b_) + (c_ + d_)));
    a_ = b_ = c_ = d_ = Vec<T>{};
    room_ = kChunk;
  }
};

// Σ f(i, lanes) over [0, n).
template <class T, class F>
inline double row_total(int64_t n, const F& f) {
  Sum<T> sum;
  sum.add(n, f);
  return sum.total();
}

template <class T>
inline double row_sum(const T* x, int64_t n) {
  return row_total<T>(n, [&](int64_t i, auto lanes) { return get(x + i, lanes); });
}

// Σ (x − center)²
template <class T>
inline double row_squares(const T* x, int64_t n, T center) {
  return row_total<T>(n, [&](int64_t i, auto lanes) {
    const Vec<T> d = keep<T>(get(x + i, lanes) - center, lanes);
    return d * d;
  });
}

// y = (x − mean)·scale + shift
template <class T>
inline void write_row(const T* x, T* y, int64_t n, T mean, T scale, T shift) {
  for_vectors<T>(n, [&](int64_t i, auto lanes) { put(y + i, (get(x + i, lanes) - mean) * scale + shift, lanes); });
}

// Σ g and Σ g·(x − mean)
template <class T>
struct GradientSums {
  double g = 0, gx = 0;

  void add(const T* grad, const T* x, int64_t n, T mean) {
    g += row_sum(grad, n);
    gx += row_total<T>(n, [&](int64_t i, auto lanes) { return get(grad + i, lanes) * (get(x + i, lanes) - mean); });
  }
};

// dx = a·g + b·(x − mean) + c
template <class T>
inline void write_gradient(const T* g, const T* x, T* dx, int64_t n, T mean, T a, T b, T c) {
  for_vectors<T>(n, [&](int64_t i, auto lanes) {
    put(dx + i, a * get(g + i, lanes) + (b * (get(x + i, lanes) - mean) + c), lanes);
  });
}

}  // namespace
}  // namespace myelin::MYELIN_ISA

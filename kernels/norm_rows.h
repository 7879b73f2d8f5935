// Sums over a contiguous row, rounded to T within a chunk only, and the row that a norm writes.
#pragma once
#include "memory.h"
#include "norm.h"
#include "parallel.h"
#include "rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTaskElements = 32768;

// Σ f(i, lanes) over [0, n).
template <class T, class F>
inline double chunked_sum(int64_t n, const F& f) {
  constexpr int64_t kChunk = 4096;
  double total = 0;
  for (int64_t start = 0; start < n; start += kChunk)
    total += double(sum_of<T>(sum_vectors<T>(lesser(kChunk, n - start), [&](int64_t i, auto lanes) {
      return f(start + i, lanes);
    })));
  return total;
}

template <class T>
inline double row_sum(const T* x, int64_t n) {
  return chunked_sum<T>(n, [&](int64_t i, auto lanes) { return get(x + i, lanes); });
}

// Σ (x − centre)²
template <class T>
inline double row_squares(const T* x, int64_t n, T centre) {
  return chunked_sum<T>(n, [&](int64_t i, auto lanes) {
    const Vec<T> d = keep<T>(get(x + i, lanes) - centre, lanes);
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
    gx += chunked_sum<T>(n, [&](int64_t i, auto lanes) { return get(grad + i, lanes) * (get(x + i, lanes) - mean); });
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

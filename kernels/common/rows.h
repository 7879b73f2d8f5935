// Loops over a contiguous row by vectors, tails included: what softmax, norms and losses are made of.
#pragma once
#include "common/math.h"
#include "reduce/reduce_plan.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace myelin::MYELIN_ISA {

// How many lanes of a vector count: all of them, as a type, or the first few at the end of a row.
template <class T>
using AllLanes = std::integral_constant<int, kLanes<T>>;

// f(i, lanes): vectors at 0, N, …; the last has only `lanes` < N elements.
template <class T, class F>
inline void for_vectors(int64_t n, const F& f) {
  constexpr int N = kLanes<T>;
  int64_t i = 0;
  for (; i + N <= n; i += N) f(i, AllLanes<T>{});
  if (i < n) f(i, int(n - i));
}

// Lanes 0 … N-1 below `lanes`.
template <class T>
inline Vec<IntOf<T>> first_lanes(int lanes) {
  using I = IntOf<T>;
  Vec<I> index;
  for (int i = 0; i < kLanes<T>; i++) index[i] = I(i);
  return index < splat<I>(I(lanes));
}

template <class T, int N>
inline Vec<T> get(const T* p, std::integral_constant<int, N>) {
  return load<T>(p);
}

// The first `lanes` elements of p, then zeros. Processors with masked moves read no byte beyond.
template <class T>
inline Vec<T> get(const T* p, int lanes) {
#if defined(__AVX512F__)
  const unsigned mask = (1u << lanes) - 1;
  if constexpr (sizeof(T) == 4) return (Vec<T>)_mm512_maskz_loadu_ps(__mmask16(mask), p);
  else return (Vec<T>)_mm512_maskz_loadu_pd(__mmask8(mask), p);
#elif defined(__AVX2__)
  if constexpr (sizeof(T) == 4) return (Vec<T>)_mm256_maskload_ps(p, (__m256i)first_lanes<T>(lanes));
  else return (Vec<T>)_mm256_maskload_pd(p, (__m256i)first_lanes<T>(lanes));
#else
  Vec<T> v{};
  v[0] = p[0];
  if (lanes > 1) v[1] = p[1];
  if constexpr (kLanes<T> > 2)
    if (lanes > 2) v[2] = p[2];
  return v;
#endif
}

template <class T, int N>
inline void put(T* p, Vec<T> v, std::integral_constant<int, N>) {
  store<T>(p, v);
}

template <class T>
inline void put(T* p, Vec<T> v, int lanes) {
#if defined(__AVX512F__)
  const unsigned mask = (1u << lanes) - 1;
  if constexpr (sizeof(T) == 4) _mm512_mask_storeu_ps(p, __mmask16(mask), (__m512)v);
  else _mm512_mask_storeu_pd(p, __mmask8(mask), (__m512d)v);
#elif defined(__AVX2__)
  if constexpr (sizeof(T) == 4) _mm256_maskstore_ps(p, (__m256i)first_lanes<T>(lanes), (__m256)v);
  else _mm256_maskstore_pd(p, (__m256i)first_lanes<T>(lanes), (__m256d)v);
#else
  p[0] = v[0];
  if (lanes > 1) p[1] = v[1];
  if constexpr (kLanes<T> > 2)
    if (lanes > 2) p[2] = v[2];
#endif
}

// v in the first lanes, `filler` in the others.
template <class T, int N>
inline Vec<T> keep(Vec<T> v, std::integral_constant<int, N>, T = T(0)) {
  return v;
}
template <class T>
inline Vec<T> keep(Vec<T> v, int lanes, T filler = T(0)) {
  return select(first_lanes<T>(lanes), v, splat<T>(filler));
}

template <class T>
inline T sum_of(Vec<T> v) {
  return fold_lanes<T, kLanes<T>>(v, [](auto a, auto b) { return a + b; });
}

// The larger of each pair; of a NaN and a number either.
template <class V>
inline V larger(V a, V b) {
  return b > a ? b : a;
}
template <class T>
inline T max_of(Vec<T> v) {
  return fold_lanes<T, kLanes<T>>(v, [](auto a, auto b) { return larger(a, b); });
}

// Σ f(i, lanes) over a row, with four accumulators, which hides the latency of the additions.
template <class T, class F>
inline Vec<T> sum_vectors(int64_t n, const F& f) {
  constexpr int N = kLanes<T>;
  Vec<T> a{}, b{}, c{}, d{};
  constexpr AllLanes<T> all;
  int64_t i = 0;
  for (; i + 4 * N <= n; i += 4 * N) {
    a += f(i, all);
    b += f(i + N, all);
    c += f(i + 2 * N, all);
    d += f(i + 3 * N, all);
  }
  for (; i + N <= n; i += N) a += f(i, all);
  if (i < n) b += f(i, int(n - i));
  return (a + b) + (c + d);
}

// One scalar from a scalar, by the vectorised function.
template <class T>
inline T log_of_scalar(T x) {
  return vlog(splat<T>(x))[0];
}

}  // namespace myelin::MYELIN_ISA

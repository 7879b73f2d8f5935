// Vectors of the build's width over GNU vector extensions. One source serves 16 bytes (SSE2, NEON,
// WASM), 32 (AVX2) and 64 (AVX-512).
#pragma once
#include <cstring>
#include <type_traits>

#include "common/abi.h"

#if defined(__AVX512F__) && MYELIN_VECTOR_BYTES == 64
#include <immintrin.h>
#endif

// Marks the inner loops whose products and sums may be fused on WebAssembly with relaxed SIMD. Only these:
// elsewhere the compiler would also relax minima and selections, which then lose NaN.
#ifdef MYELIN_RELAXED_SIMD
#define MYELIN_FUSED __attribute__((target("relaxed-simd")))
#else
#define MYELIN_FUSED
#endif

namespace myelin::MYELIN_ISA {

constexpr int kVectorBytes = MYELIN_VECTOR_BYTES;

template <class T>
constexpr int kLanes = kVectorBytes / int(sizeof(T));

template <class T, int N>
struct VecOf {
  typedef T type __attribute__((vector_size(N * sizeof(T))));
};

template <class T, int N = kLanes<T>>
using Vec = typename VecOf<T, N>::type;

template <class T, int N = kLanes<T>>
inline Vec<T, N> load(const T* p) {
  Vec<T, N> v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

template <class T, int N = kLanes<T>>
inline void store(T* p, Vec<T, N> v) {
  __builtin_memcpy(p, &v, sizeof v);
}

template <class T, int N = kLanes<T>>
inline Vec<T, N> splat(T x) {
  return x - Vec<T, N>{};
}

// The first n lanes of p, the rest zero.
template <class T, int N = kLanes<T>>
inline Vec<T, N> load_partial(const T* p, int n) {
#if defined(__AVX512F__) && MYELIN_VECTOR_BYTES == 64
  if constexpr (N * sizeof(T) == 64 && sizeof(T) == 4)
    return (Vec<T, N>)_mm512_maskz_loadu_epi32(__mmask16((1u << n) - 1), p);
  if constexpr (N * sizeof(T) == 64 && sizeof(T) == 8)
    return (Vec<T, N>)_mm512_maskz_loadu_epi64(__mmask8((1u << n) - 1), p);
  if constexpr (N == 16 && sizeof(T) == 1) return (Vec<T, N>)_mm_maskz_loadu_epi8(__mmask16((1u << n) - 1), p);
#endif
  Vec<T, N> v{};
  __builtin_memcpy(&v, p, n * sizeof(T));
  return v;
}

template <class T, int N = kLanes<T>>
inline void store_partial(T* p, Vec<T, N> v, int n) {
#if defined(__AVX512F__) && MYELIN_VECTOR_BYTES == 64
  if constexpr (N * sizeof(T) == 64 && sizeof(T) == 4)
    return _mm512_mask_storeu_epi32(p, __mmask16((1u << n) - 1), (__m512i)v);
  if constexpr (N * sizeof(T) == 64 && sizeof(T) == 8)
    return _mm512_mask_storeu_epi64(p, __mmask8((1u << n) - 1), (__m512i)v);
  if constexpr (N == 16 && sizeof(T) == 1) return _mm_mask_storeu_epi8(p, __mmask16((1u << n) - 1), (__m128i)v);
#endif
  __builtin_memcpy(p, &v, n * sizeof(T));
}

template <class T, int N>
inline T sum_lanes(Vec<T, N> v) {
  T lanes[N];
  __builtin_memcpy(lanes, &v, sizeof v);
  for (int step = N / 2; step > 0; step /= 2)
    for (int i = 0; i < step; i++) lanes[i] += lanes[i + step];
  return lanes[0];
}

// ---- Lane types of a vector type V, and reinterpretation of its bits ----

template <class V>
using Element = std::remove_cv_t<std::remove_reference_t<decltype(V{}[0])>>;

template <class V>
constexpr int kLanesOf = int(sizeof(V) / sizeof(Element<V>));

template <int Bytes>
struct IntOfSize;
template <>
struct IntOfSize<1> {
  using type = int8_t;
};
template <>
struct IntOfSize<4> {
  using type = int32_t;
};
template <>
struct IntOfSize<8> {
  using type = int64_t;
};

// The signed integer of T's size: what comparisons of Vec<T> yield, lane by lane 0 or -1.
template <class T>
using IntOf = typename IntOfSize<sizeof(T)>::type;

template <class V>
using MaskOf = Vec<IntOf<Element<V>>, kLanesOf<V>>;

// As MaskOf, unsigned: for arithmetic on bits, which wraps.
template <class V>
using BitsOf = Vec<std::make_unsigned_t<IntOf<Element<V>>>, kLanesOf<V>>;

template <class V>
constexpr bool kIsFloat = std::is_floating_point_v<Element<V>>;

// A vector of V's type with every lane x.
template <class V>
inline V splat_as(Element<V> x) {
  return x - V{};
}

template <class V>
inline MaskOf<V> bits_of(V x) {
  return (MaskOf<V>)x;
}

template <class V>
inline V select(MaskOf<V> mask, V yes, V no) {
  return mask ? yes : no;
}

// Whether any lane of a mask is set.
template <class M>
inline bool any(M mask) {
#if defined(__AVX512F__) && MYELIN_VECTOR_BYTES == 64
  if constexpr (sizeof(M) == 64) return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
#endif
  Element<M> lanes[kLanesOf<M>], all = 0;
  __builtin_memcpy(lanes, &mask, sizeof mask);
  for (auto lane : lanes) all |= lane;
  return all != 0;
}

// f applied to each lane: for functions that have no vector form.
template <class V, class F>
inline V per_lane(V x, F f) {
  Element<V> lanes[kLanesOf<V>];
  __builtin_memcpy(lanes, &x, sizeof x);
  for (auto& lane : lanes) lane = f(lane);
  __builtin_memcpy(&x, lanes, sizeof x);
  return x;
}

template <class V, class F>
inline V per_lane(V x, V y, F f) {
  Element<V> a[kLanesOf<V>], b[kLanesOf<V>];
  __builtin_memcpy(a, &x, sizeof x);
  __builtin_memcpy(b, &y, sizeof y);
  for (int i = 0; i < kLanesOf<V>; i++) a[i] = f(a[i], b[i]);
  __builtin_memcpy(&x, a, sizeof x);
  return x;
}

// ---- Lane-wise helpers ----

// The larger (smaller) of a and b; NaN if either is NaN, as torch.maximum and torch.minimum have it.
template <class V>
inline V max_nan(V a, V b) {
  if constexpr (kIsFloat<V>) return select(MaskOf<V>(a != a), a, select(MaskOf<V>(a > b), a, b));
  else return select(MaskOf<V>(a > b), a, b);
}
template <class V>
inline V min_nan(V a, V b) {
  if constexpr (kIsFloat<V>) return select(MaskOf<V>(a != a), a, select(MaskOf<V>(a < b), a, b));
  else return select(MaskOf<V>(a < b), a, b);
}

// x limited to [low, high]; a NaN in x stays.
template <class V>
inline V clamp(V x, V low, V high) {
  x = select(MaskOf<V>(low > x), low, x);
  return select(MaskOf<V>(high < x), high, x);
}

template <class V>
inline V abs(V x) {
  using T = Element<V>;
  if constexpr (std::is_unsigned_v<T>) return x;
  else if constexpr (!kIsFloat<V>) return select(MaskOf<V>(x < V{}), (V)(BitsOf<V>{} - (BitsOf<V>)x), x);
  else return (V)(bits_of(x) & ~bits_of(splat_as<V>(T(-0.0))));
}

// |x| with the sign bit of y.
template <class V>
inline V copysign(V x, V y) {
  const auto sign = bits_of(splat_as<V>(Element<V>(-0.0)));
  return (V)((bits_of(x) & ~sign) | (bits_of(y) & sign));
}

template <class V>
inline V sqrt(V x) {
  if constexpr (sizeof(Element<V>) == 4) return per_lane(x, [](float v) { return __builtin_sqrtf(v); });
  else return per_lane(x, [](double v) { return __builtin_sqrt(v); });
}

// Half to even. Adding and taking away 2^mantissa rounds at the units; larger numbers are whole already.
template <class V>
inline V round_even(V x) {
  using T = Element<V>;
  const V whole = splat_as<V>(sizeof(T) == 4 ? T(8388608.0) : T(4503599627370496.0));
  const V magnitude = abs(x), rounded = (magnitude + whole) - whole;
  return select(MaskOf<V>(magnitude < whole), copysign(rounded, x), x);
}

template <class V>
inline V floor(V x) {
  const V r = round_even(x);
  return copysign(r - select(MaskOf<V>(r > x), splat_as<V>(1), V{}), x);
}

template <class V>
inline V ceil(V x) {
  const V r = round_even(x);
  return copysign(r + select(MaskOf<V>(r < x), splat_as<V>(1), V{}), x);
}

template <class V>
inline V trunc(V x) {
  return copysign(floor(abs(x)), x);
}

}  // namespace myelin::MYELIN_ISA

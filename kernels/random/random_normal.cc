// Normal numbers by Box and Muller (1958), doi:10.1214/aoms/1177706645. In float32 the logarithm,
// sine and cosine are the polynomials of S. Moshier's Cephes library (logf, sinf), evaluated in the
// order in which PyTorch's AVX2 build does, so that the samples agree with it.
#include <cmath>

#include "random/mt19937.h"
#include "random/random.h"

namespace myelin::MYELIN_ISA {
namespace {

using Float8 = Vec<float, 8>;
using Int8 = Vec<int32_t, 8>;
using Double8 = Vec<double, 8>;

inline Float8 fused8(Float8 a, Float8 b, Float8 c) {
#if defined(__FMA__) || defined(__aarch64__)
  return a * b + c;
#else
  const Double8 wide = __builtin_convertvector(a, Double8) * __builtin_convertvector(b, Double8) + __builtin_convertvector(c, Double8);
  return __builtin_convertvector(wide, Float8);
#endif
}
// a·b + (c·d), the second product rounded first; compilers fuse the product that comes first.
inline Float8 fused8(Float8 a, Float8 b, Float8 c, float d) {
#if defined(__FMA__) || defined(__aarch64__)
  const Float8 first = a * b, second = c * d;
  return first + second;
#else
  return fused8(a, b, c * d);
#endif
}
inline Float8 fused8(Float8 a, Float8 b, float c) { return fused8(a, b, splat<float, 8>(c)); }
inline Float8 fused8(Float8 a, float b, Float8 c) { return fused8(a, splat<float, 8>(b), c); }

inline Float8 select8(Int8 mask, Float8 yes, Float8 no) { return (Float8)((mask & (Int8)yes) | (~mask & (Int8)no)); }

inline Float8 sqrt8(Float8 x) {
  Float8 y;
  for (int i = 0; i < 8; i++) y[i] = __builtin_sqrtf(x[i]);
  return y;
}

// Natural logarithm of x in (0, 1].
inline Float8 log8(Float8 x) {
  const Int8 bits = (Int8)x;
  const Float8 m = (Float8)((bits & 0x007fffff) | 0x3f000000);  // in [0.5, 1)
  const Int8 small = m < 0.707106781186547524f;
  const Float8 e = __builtin_convertvector((bits >> 23) - 126 + small, Float8);
  const Float8 f = m - 1.0f + select8(small, m, Float8{});
  const Float8 f2 = f * f;
  Float8 y = splat<float, 8>(7.0376836292e-2f);
  y = fused8(y, f, -1.1514610310e-1f);
  y = fused8(y, f, 1.1676998740e-1f);
  y = fused8(y, f, -1.2420140846e-1f);
  y = fused8(y, f, 1.4249322787e-1f);
  y = fused8(y, f, -1.6668057665e-1f);
  y = fused8(y, f, 2.0000714765e-1f);
  y = fused8(y, f, -2.4999993993e-1f);
  y = fused8(y, f, 3.3333331174e-1f);
  y = y * f;
  y = fused8(y, f2, e, -2.12194440e-4f);
  y = fused8(f2, -0.5f, y);
  return fused8(e, 0.693359375f, f + y);
}

// Sine and cosine of x in [0, 2π].
inline void sincos8(Float8 x, Float8* sine, Float8* cosine) {
  Int8 octant = __builtin_convertvector(x * 1.27323954473516f, Int8);
  octant = (octant + 1) & ~1;
  const Float8 k = __builtin_convertvector(octant, Float8);
  x = fused8(k, -0.78515625f, x);
  x = fused8(k, -2.4187564849853515625e-4f, x);
  x = fused8(k, -3.77489497744594108e-8f, x);
  const Float8 z = x * x;
  Float8 c = splat<float, 8>(2.443315711809948e-5f);
  c = fused8(c, z, -1.388731625493765e-3f);
  c = fused8(c, z, 4.166664568298827e-2f);
  c = c * z;
  c = fused8(c, z, z, -0.5f) + 1.0f;
  Float8 s = splat<float, 8>(-1.9515295891e-4f);
  s = fused8(s, z, 8.3321608736e-3f);
  s = fused8(s, z, -1.6666654611e-1f);
  s = s * z;
  s = fused8(s, x, x);
  const Int8 swap = (octant & 2) != 0;
  const Int8 sine_sign = (octant & 4) << 29, cosine_sign = (~(octant - 2) & 4) << 29;
  *sine = (Float8)((Int8)select8(swap, c, s) ^ sine_sign);
  *cosine = (Float8)((Int8)select8(swap, s, c) ^ cosine_sign);
}

inline void box_muller_16(float* x, float mean, float std) {
  const Float8 radius = sqrt8(log8(1.0f - load<float, 8>(x)) * -2.0f);
  Float8 sine, cosine;
  sincos8(load<float, 8>(x + 8) * 6.283185307179586f, &sine, &cosine);
  const Float8 mean8 = splat<float, 8>(mean);
  store<float, 8>(x, fused8(radius * cosine, std, mean8));
  store<float, 8>(x + 8, fused8(radius * sine, std, mean8));
}

inline void box_muller_16(double* x, double mean, double std) {
  for (int j = 0; j < 8; j++) {
    const double radius = std::sqrt(-2 * std::log(1 - x[j])), angle = 2 * M_PI * x[j + 8];
    x[j] = fused(radius * std::cos(angle), std, mean);
    x[j + 8] = fused(radius * std::sin(angle), std, mean);
  }
}

// One sample of N(0, 1) in float64; each second one was made with the one before.
double next_normal(Mt19937& generator) {
  if (generator.has_normal()) return generator.take_normal();
  const double angle = 2 * M_PI * generator.next_double();
  const double radius = std::sqrt(-2 * std::log1p(-generator.next_double()));
  generator.keep_normal(radius * std::sin(angle));
  return radius * std::cos(angle);
}

}  // namespace

void random_normal(int32_t dtype, void* out, int32_t n, double mean, double std, int32_t one_by_one, uint32_t* state) {
  Mt19937 generator(state);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = static_cast<T*>(out);
    if (n < 16 || one_by_one) {
      for (int32_t i = 0; i < n; i++) y[i] = T(fused(next_normal(generator), std, mean));
      return;
    }
    constexpr int32_t kRun = 256;
    for (int32_t begin = 0; begin < n; begin += kRun) {
      const int32_t count = n - begin < kRun ? n - begin : kRun;
      random_uniform(dtype, y + begin, count, 0, 1, state);
      for (int32_t i = 0; i + 16 <= count; i += 16) box_muller_16(y + begin + i, T(mean), T(std));
    }
    if (n % 16 != 0) {
      random_uniform(dtype, y + n - 16, 16, 0, 1, state);
      box_muller_16(y + n - 16, T(mean), T(std));
    }
  });
}

void random_log_normal(int32_t dtype, void* out, int32_t n, double mean, double std, uint32_t* state) {
  Mt19937 generator(state);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = static_cast<T*>(out);
    for (int32_t i = 0; i < n; i++) y[i] = T(std::exp(fused(next_normal(generator), std, mean)));
  });
}

}  // namespace myelin::MYELIN_ISA

// Functions that a Vec<float> computes in double precision, where short formulas are accurate to the
// last bit of a float, and a Vec<double> takes from the C library, lane by lane.
#pragma once
#include "common/math.h"

#ifdef __FMA__
#include <immintrin.h>
#endif

namespace myelin::MYELIN_ISA {

// ---- Halves of a vector, in registers: memory between two narrow stores and a wide load would stall ----

template <int N, int... I>
struct Lanes : Lanes<N - 1, N - 1, I...> {};

template <int... I>
struct Lanes<0, I...> {
  template <class V>
  static auto low(V v) {
    return __builtin_shufflevector(v, v, I...);
  }
  template <class V>
  static auto high(V v) {
    return __builtin_shufflevector(v, v, (I + int(sizeof...(I)))...);
  }
  template <class H>
  static auto join(H a, H b) {
    return __builtin_shufflevector(a, b, I...);
  }
};

template <class T>
inline Vec<T, kLanes<T> / 2> low_half(Vec<T> v) {
  return Lanes<kLanes<T> / 2>::low(v);
}
template <class T>
inline Vec<T, kLanes<T> / 2> high_half(Vec<T> v) {
  return Lanes<kLanes<T> / 2>::high(v);
}
template <class T>
inline Vec<T> joined(Vec<T, kLanes<T> / 2> low, Vec<T, kLanes<T> / 2> high) {
  return Lanes<kLanes<T>>::join(low, high);
}

using HalfFloat = Vec<float, kLanes<float> / 2>;

inline Vec<double> widened(HalfFloat v) { return __builtin_convertvector(v, Vec<double>); }
inline HalfFloat narrowed(Vec<double> v) { return __builtin_convertvector(v, HalfFloat); }

// f over both halves of x in double precision; f takes as many vectors as there are arguments.
template <class F, class... V>
inline Vec<float> in_double(F f, V... x) {
  return joined<float>(narrowed(Vec<double>(f(widened(low_half<float>(x))...))),
                       narrowed(Vec<double>(f(widened(high_half<float>(x))...))));
}

// x = n·π/2 + r for the nearest whole n. Vectors of double; exact to 2^-69·n.
struct Reduced {
  Vec<double> r, n;
};

inline Reduced reduced(Vec<double> x) {
  using F = FloatFormat<double>;
  const Vec<double> n = (x * 0.63661977236758138 + F::kRounder) - F::kRounder;
  return {((x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69, n};
}

constexpr double kSine[] = {-0.16666666641606293, 0.0083333293834914352, -0.00019839334054090203, 2.7183039656723743e-6};
constexpr double kCosine[] = {0.041666666622793349, -0.0013888883750351379, 0.000024799519187712466, -2.7210168959535827e-7};

// sin and cos of |r| ≤ π/4, z = r².
template <class V>
inline V sine_of(V r, V z) {
  return r + r * (z * polynomial(z, kSine));
}
template <class V>
inline V cosine_of(V z) {
  return z * z * polynomial(z, kCosine) - z * Element<V>(0.5) + Element<V>(1);
}

// As Reduced, in vectors of float, with the last bits of n.
struct ReducedFloat {
  Vec<float> r;
  Vec<int32_t> quadrant;
};

// Beyond this the C library takes over: the parts of π/2 below are too short.
#if defined(__FMA__) && MYELIN_VECTOR_BYTES >= 32
constexpr float kCircleLimit = 1.0e5f;

// a − n·b, rounded once whatever the compiler makes of products and differences.
inline Vec<float> minus_product(Vec<float> a, Vec<float> n, float b) {
  const Vec<float> c = splat<float>(b);
#if MYELIN_VECTOR_BYTES == 64
  return (Vec<float>)_mm512_fnmadd_ps((__m512)n, (__m512)c, (__m512)a);
#else
  return (Vec<float>)_mm256_fnmadd_ps((__m256)n, (__m256)c, (__m256)a);
#endif
}

// The first difference is exact, the others round once.
inline ReducedFloat reduced_float(Vec<float> x) {
  using F = FloatFormat<float>;
  const Vec<float> shifted = x * 0.636619747f + F::kRounder, n = shifted - F::kRounder;
  const Vec<float> r = minus_product(minus_product(minus_product(x, n, 0x1.921fb6p+0f), n, -0x1.777a5cp-25f), n, -0x1.ee59dap-50f);
  return {r, rounded_bits(shifted)};
}
#else
constexpr float kCircleLimit = 1.0e6f;

inline ReducedFloat reduced_float(Vec<float> x) {
  using HalfInt = Vec<int32_t, kLanes<float> / 2>;
  const Reduced low = reduced(widened(low_half<float>(x))), high = reduced(widened(high_half<float>(x)));
  return {joined<float>(narrowed(low.r), narrowed(high.r)),
          joined<int32_t>(__builtin_convertvector(low.n, HalfInt), __builtin_convertvector(high.n, HalfInt))};
}
#endif

// sin of the angle x that lies `turn` quadrants ahead.
inline Vec<float> sine_ahead(Vec<float> x, int32_t turn) {
  const ReducedFloat angle = reduced_float(x);
  const Vec<float> z = angle.r * angle.r;
  const Vec<int32_t> quadrant = angle.quadrant + turn;
  const Vec<float> v = select(Vec<int32_t>((quadrant & 1) != 0), cosine_of(z), sine_of(angle.r, z));
  return (Vec<float>)((Vec<int32_t>)v ^ (quadrant << 30 & std::numeric_limits<int32_t>::min()));
}

// f(x), but `exact`, lane by lane, beyond the limit.
template <class F, class Exact>
inline Vec<float> circular(Vec<float> x, F f, Exact exact) {
  const Vec<int32_t> far = ~Vec<int32_t>(abs(x) < kCircleLimit);
  const Vec<float> r = f(x);
  return any(far) ? select(far, per_lane(x, exact), r) : r;
}

template <class V>
inline V vsin(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::sin(v); });
  else
    return select(MaskOf<V>(x == 0.0f), x,
                  circular(x, [](V v) { return sine_ahead(v, 0); }, [](float v) { return std::sin(v); }));
}

template <class V>
inline V vcos(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::cos(v); });
  else return circular(x, [](V v) { return sine_ahead(v, 1); }, [](float v) { return std::cos(v); });
}

template <class V>
inline V vtan(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::tan(v); });
  else {
    const auto near = [](V v) {
      return in_double([](Vec<double> w) {
        const Reduced angle = reduced(w);
        const Vec<double> z = angle.r * angle.r, sine = sine_of(angle.r, z), cosine = cosine_of(z);
        const Vec<int64_t> odd = (__builtin_convertvector(angle.n, Vec<int64_t>) & 1) != 0;
        return select(odd, -cosine, sine) / select(odd, sine, cosine);
      }, v);
    };
    return select(MaskOf<V>(x == 0.0f), x, circular(x, near, [](float v) { return std::tan(v); }));
  }
}

// atan of any double vector to 2^-35: |x| > 1 through 1/x, then tan(π/8) < |x| through (x-1)/(x+1).
inline Vec<double> atan_short(Vec<double> x) {
  const Vec<double> a = abs(x);
  const Vec<int64_t> outside = a > 1.0;
  const Vec<double> b = select(outside, 1.0 / a, a);
  const Vec<int64_t> upper = b > 0.41421356237309503;
  const Vec<double> t = select(upper, (b - 1.0) / (b + 1.0), b), z = t * t;
  constexpr double p[] = {-0.33333332505574380,  0.19999904328080769,  -0.14282016026574683,
                          0.11044753425688734,  -0.084764122246422987, 0.047439653015670696};
  Vec<double> r = t + t * z * polynomial(z, p);
  r = select(upper, r + 0.78539816339744831, r);
  return copysign(select(outside, 1.5707963267948966 - r, r), x);
}

template <class V>
inline V vatan(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::atan(v); });
  else return select(MaskOf<V>(x == 0.0f), x, in_double(atan_short, x));
}

template <class V>
inline V vasin(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::asin(v); });
  else
    return select(MaskOf<V>(x == 0.0f), x, in_double([](Vec<double> v) {
                    return 2.0 * atan_short(v / (1.0 + sqrt(Vec<double>((1.0 - v) * (1.0 + v)))));
                  }, x));
}

template <class V>
inline V vacos(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::acos(v); });
  else
    return in_double([](Vec<double> v) { return 2.0 * atan_short(sqrt(Vec<double>((1.0 - v) / (1.0 + v)))); }, x);
}

// e^a / 2 for a ≥ 0, which overflows later than e^a.
inline Vec<float> half_exp(Vec<float> a) {
  ExpParts<Vec<float>> parts = exp_parts(select(Vec<int32_t>(a > 90.0f), splat<float>(90.0f), a));
  parts.k -= 1;
  parts.whole -= 1.0f;
  return exp_from_parts(parts);
}

template <class V>
inline V vsinh(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::sinh(v); });
  else {
    constexpr double c[] = {0.16666666666666666, 0.0083333333333333332, 0.00019841269841269841, 2.7557319223985893e-6,
                            2.505210838544172e-8};
    const V a = abs(x), z = x * x, half = half_exp(a);
    return select(MaskOf<V>(a < 1.0f), x + x * (z * polynomial(z, c)), copysign(V(half - 0.25f / half), x));
  }
}

template <class V>
inline V vcosh(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::cosh(v); });
  else {
    const V half = half_exp(abs(x));
    return half + 0.25f / half;
  }
}

template <class V>
inline V vasinh(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::asinh(v); });
  else
    return select(MaskOf<V>(x - x == 0.0f), in_double([](Vec<double> v) {
                    const Vec<double> a = abs(v), square = a * a;
                    return copysign(vlog1p(Vec<double>(a + square / (1.0 + sqrt(Vec<double>(square + 1.0))))), v);
                  }, x), x);
}

template <class V>
inline V vacosh(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::acosh(v); });
  else
    return in_double([](Vec<double> v) {
      const Vec<double> t = select(Vec<int64_t>(v < 1.0), splat<double>(std::numeric_limits<double>::quiet_NaN()), v - 1.0);
      return vlog1p(Vec<double>(t + sqrt(Vec<double>(t * (t + 2.0)))));
    }, x);
}

template <class V>
inline V vatanh(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::atanh(v); });
  else
    return select(MaskOf<V>(x == 0.0f), x, in_double([](Vec<double> v) {
                    return 0.5 * vlog1p(Vec<double>(2.0 * v / (1.0 - v)));
                  }, x));
}

// 1 − erf(x). With t = 2 / (2 + |x|), erfc(|x|) = t·e^(P(t) − x²), to 2^-32 before it is rounded.
template <class V>
inline V verfc(V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, [](double v) { return std::erfc(v); });
  else
    return in_double([](Vec<double> v) {
      constexpr double p[] = {-0.5673654736008621,    0.5785679663481321,    0.017633803958140293,  -0.030776153196846585,
                              -0.0014137953546711865, 0.004033095829017408,  -0.000246522105488679, -0.0006284435366849886,
                              0.00015499650502534372, 8.441264058316112e-05, -4.3300916793373994e-05, -6.66438401570778e-06,
                              6.077979099849042e-06};
      const Vec<double> size = abs(v), t = 2.0 / (2.0 + size), u = t * 2.3636363636363638 - 1.3636363636363635;
      const Vec<double> tail = t * vexp(Vec<double>(polynomial(u, p) - size * size));
      return select(Vec<int64_t>(v < 0.0), 2.0 - tail, tail);
    }, x);
}

// |x|^y of floats in double: e^(y·ln|x|) by base 2. Accurate to 2^-30 before it is rounded.
inline Vec<double> power_of_magnitude(Vec<double> x, Vec<double> y) {
  using V = Vec<double>;
  constexpr double inf = std::numeric_limits<double>::infinity();
  const auto [f, k] = log_parts(x);
  // log2(1 + f) = 2/ln 2 · atanh(s), s = f / (2 + f)
  const V s = f / (f + 2.0), z = s * s;
  constexpr double c[] = {2.8853900817779268, 0.96179669392597561, 0.57707801635558536, 0.41219858311113244,
                          0.32059889797532526, 0.26230818925253887, 0.22195308321368674};
  V log = k + s * polynomial(z, c);
  log = select(Vec<int64_t>(x < inf), log, x);
  log = select(Vec<int64_t>(x == 0.0), splat<double>(-inf), log);
  const V e = clamp(V(y * log), splat<double>(-160.0), splat<double>(136.0));
  const V shifted = e + FloatFormat<double>::kRounder, whole = shifted - FloatFormat<double>::kRounder;
  // 2^r for |r| ≤ ½
  constexpr double d[] = {1.0, 0.69314718055994531, 0.24022650695910072, 0.055504108664821580,
                          0.0096181291076284772, 0.0013333558146428443, 0.00015403530393381610,
                          1.5252733804059841e-5, 1.3215486790144309e-6};
  return polynomial(V(e - whole), d) * power_of_two<V>(rounded_bits(shifted));
}

// x^y with C's rules: 1 for y = 0 and for x = 1, the sign of a negative base kept by odd y, NaN for
// a negative base and a y that is not whole.
template <class V>
inline V vpow(V x, V y) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, y, [](double a, double b) { return std::pow(a, b); });
  else {
    constexpr float inf = std::numeric_limits<float>::infinity();
    const V size = abs(x), one = splat<float>(1);
    V r = in_double([](Vec<double> a, Vec<double> b) { return power_of_magnitude(a, b); }, size, y);
    if (any(MaskOf<V>(bits_of(x) < 0))) {
      const MaskOf<V> negative = bits_of(x) < 0, whole = floor(y) == y, finite = abs(y) < inf;
      const MaskOf<V> odd = whole & finite & (floor(V(y * 0.5f)) != y * 0.5f);
      r = select(MaskOf<V>(negative & odd), -r, r);
      r = select(MaskOf<V>((x < 0.0f) & ~whole & (size < inf)), splat<float>(std::numeric_limits<float>::quiet_NaN()), r);
    }
    r = select(MaskOf<V>((size == 1.0f) & (abs(y) == inf)), one, r);
    return select(MaskOf<V>((x == 1.0f) | (y == 0.0f)), one, r);
  }
}

// √(x² + y²) without overflow; infinite when either is.
template <class V>
inline V vhypot(V x, V y) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(x, y, [](double a, double b) { return std::hypot(a, b); });
  else {
    constexpr float inf = std::numeric_limits<float>::infinity();
    const V r = in_double([](Vec<double> a, Vec<double> b) { return sqrt(Vec<double>(a * a + b * b)); }, x, y);
    return select(MaskOf<V>((abs(x) == inf) | (abs(y) == inf)), splat<float>(inf), r);
  }
}

// The angle of the point (x, y), in (-π, π].
template <class V>
inline V vatan2(V y, V x) {
  if constexpr (sizeof(Element<V>) == 8) return per_lane(y, x, [](double a, double b) { return std::atan2(a, b); });
  else {
    const V r = in_double([](Vec<double> b, Vec<double> a) {
      const Vec<double> across = abs(a), up = abs(b);
      const Vec<int64_t> steep = up > across;
      const Vec<double> large = select(steep, up, across), small = select(steep, across, up);
      // 1 for the corners at infinity, 0 for the origin.
      const Vec<double> slope = select(Vec<int64_t>(large == small), splat<double>(1.0), small / large);
      Vec<double> t = atan_short(select(Vec<int64_t>(large == 0.0), Vec<double>{}, slope));
      t = select(steep, 1.5707963267948966 - t, t);
      return copysign(select(Vec<int64_t>(bits_of(a) < 0), 3.1415926535897931 - t, t), b);
    }, y, x);
    return select(MaskOf<V>((x != x) | (y != y)), x + y, r);
  }
}

// a and b in double precision with the quotient that f rounds: exact while the quotient stays below
// 2^28; `exact` takes over, lane by lane, beyond, and where b is 0 or one of them not finite.
template <class F, class Exact>
inline Vec<float> by_quotient(Vec<float> a, Vec<float> b, F f, Exact exact) {
  const Vec<float> quotient = a / b;
  const Vec<int32_t> beyond = ~Vec<int32_t>((abs(quotient) < 268435456.0f) & (abs(b) < 3.0e38f));
  const Vec<float> r = in_double([f](Vec<double> x, Vec<double> y) { return f(x, y, Vec<double>(x / y)); }, a, b);
  return any(beyond) ? select(beyond, per_lane(a, b, exact), r) : r;
}

}  // namespace myelin::MYELIN_ISA

// Vectorised exp, log and what is made of them, for Vec<float> and Vec<double> of the build's width
// (a lane-by-lane call of the C library where a double needs more than these). Polynomials are
// minimax fits of relative error over the reduced range. Errors: at most 2 ulp.
#pragma once
#include <cmath>
#include <limits>

#include "common/simd.h"

namespace myelin::MYELIN_ISA {

// The binary format of a lane, and ln 2 split so that k·kLn2High is exact for every exponent k.
template <class T>
struct FloatFormat;

template <>
struct FloatFormat<float> {
  static constexpr int kMantissaBits = 23, kBias = 127;
  static constexpr float kRounder = 12582912.0f;  // 1.5·2^23: x + kRounder holds round(x) in its low bits
  static constexpr float kLn2High = 0x1.62ep-1f, kLn2Low = 0x1.0bfbe8e7bcd5ep-15f;
  static constexpr float kLog10Of2High = 0x1.344p-2f, kLog10Of2Low = 0x1.3509f79fef312p-18f;
  static constexpr float kExpMin = -104.5f, kExpMax = 89.0f, kExpm1Min = -30.0f;
  static constexpr float kSubnormalScale = 33554432.0f;  // 2^25
  static constexpr int kSubnormalShift = 25;
  static constexpr float kSqrtHalf = 0x1.6a09e6p-1f;
};

template <>
struct FloatFormat<double> {
  static constexpr int kMantissaBits = 52, kBias = 1023;
  static constexpr double kRounder = 6755399441055744.0;  // 1.5·2^52
  static constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
  static constexpr double kLog10Of2High = 0x1.34413508p-2, kLog10Of2Low = 0x1.f79fef311f12bp-34;
  static constexpr double kExpMin = -746.0, kExpMax = 710.0, kExpm1Min = -60.0;
  static constexpr double kSubnormalScale = 18014398509481984.0;  // 2^54
  static constexpr int kSubnormalShift = 54;
  static constexpr double kSqrtHalf = 0x1.6a09e667f3bcdp-1;
};

// c[0] + c[1]·x + … + c[N-1]·x^(N-1), by Horner's rule.
template <class V, int N>
inline V polynomial(V x, const double (&c)[N]) {
  using T = Element<V>;
  V r = splat_as<V>(T(c[N - 1]));
  for (int i = N - 2; i >= 0; i--) r = r * x + T(c[i]);
  return r;
}

// The whole number that x + kRounder holds in its low bits.
template <class V>
inline MaskOf<V> rounded_bits(V shifted) {
  return (MaskOf<V>)((BitsOf<V>)shifted - (BitsOf<V>)splat_as<V>(FloatFormat<Element<V>>::kRounder));
}

// 2^k for a vector of whole exponents within the normal range.
template <class V>
inline V power_of_two(MaskOf<V> k) {
  using F = FloatFormat<Element<V>>;
  return (V)(((BitsOf<V>)k + F::kBias) << F::kMantissaBits);
}

// x = k·ln2 + r with |r| ≤ ln2/2; expm1(r) = r + r²·(1/2 + r·q(r)).
template <class V>
struct ExpParts {
  V expm1_r, whole;  // whole = k
  MaskOf<V> k;
};

template <class V>
inline ExpParts<V> exp_parts(V x) {
  using T = Element<V>;
  using F = FloatFormat<T>;
  const V shifted = x * T(1.4426950408889634) + F::kRounder;
  const V k = shifted - F::kRounder;
  const V r = (x - k * F::kLn2High) - k * F::kLn2Low;
  V q;
  if constexpr (sizeof(T) == 4) {
    constexpr double c[] = {0.1666666677245203, 0.041666481983772658, 0.0083332821289155976, 0.0013933316181909412,
                            0.00019909704802939699};
    q = polynomial(r, c);
  } else {
    constexpr double c[] = {0.16666666666666666,    0.041666666666666679,   0.0083333333333333372,
                            0.0013888888888877038,  0.00019841269841249531, 2.4801587341429061e-5,
                            2.7557319272063179e-6,  2.7557258529605538e-7,  2.5052051184048487e-8,
                            2.0919702165921283e-9,  1.6092484817907142e-10};
    q = polynomial(r, c);
  }
  return {r + (r * r) * (r * q + T(0.5)), k, rounded_bits(shifted)};
}

// e^r · 2^k. Two factors carry the exponent, so that results below the normal range round once.
template <class V>
inline V exp_from_parts(const ExpParts<V>& parts) {
  const V e = parts.expm1_r + Element<V>(1);
#if defined(__AVX512F__) && MYELIN_VECTOR_BYTES == 64
  if constexpr (sizeof(Element<V>) == 4) return (V)_mm512_maskz_scalef_ps(__mmask16(-1), (__m512)e, (__m512)parts.whole);
  else return (V)_mm512_maskz_scalef_pd(__mmask8(-1), (__m512d)e, (__m512d)parts.whole);
#else
  const MaskOf<V> half = parts.k >> 1;
  return e * power_of_two<V>(half) * power_of_two<V>(parts.k - half);
#endif
}

// e^x.
template <class V>
inline V vexp(V x) {
  using F = FloatFormat<Element<V>>;
  return exp_from_parts(exp_parts(clamp(x, splat_as<V>(F::kExpMin), splat_as<V>(F::kExpMax))));
}

// e^x for x that are not positive.
template <class V>
inline V vexp_negative(V x) {
  const V low = splat_as<V>(FloatFormat<Element<V>>::kExpMin);
  return exp_from_parts(exp_parts(select(MaskOf<V>(low > x), low, x)));
}

// e^x - 1, accurate near 0.
template <class V>
inline V vexpm1(V x) {
  using T = Element<V>;
  using F = FloatFormat<T>;
  const auto [expm1_r, whole, k] = exp_parts(clamp(x, splat_as<V>(F::kExpm1Min), splat_as<V>(F::kExpMax)));
  const V half_scale = power_of_two<V>(k - 1);
  const V r = (half_scale * expm1_r + (half_scale - T(0.5))) * T(2);
  return select(MaskOf<V>(x == T(0)), x, r);
}

// 2^x.
template <class V>
inline V vexp2(V x) {
  using T = Element<V>;
  using F = FloatFormat<T>;
  x = clamp(x, splat_as<V>(T(-1.08) * F::kBias * T(1.1)), splat_as<V>(T(F::kBias + 2)));
  const V whole = (x + F::kRounder) - F::kRounder;
  const MaskOf<V> k = rounded_bits(V(x + F::kRounder));
  const MaskOf<V> half = k >> 1;
  return vexp((x - whole) * T(0.6931471805599453)) * power_of_two<V>(half) * power_of_two<V>(k - half);
}

// x = 2^k·(1 + f), 1 + f in [√½, √2); x must be positive and normal.
template <class V>
struct LogParts {
  V f, k;
};

template <class V>
inline LogParts<V> log_parts(V x) {
  using F = FloatFormat<Element<V>>;
  using Bits = BitsOf<V>;
  const Bits bits = (Bits)x;
  const MaskOf<V> k = (MaskOf<V>)(bits - (Bits)splat_as<V>(F::kSqrtHalf)) >> F::kMantissaBits;
  const V m = (V)(bits - ((Bits)k << F::kMantissaBits));
  return {m - 1, (V)((Bits)k + (Bits)splat_as<V>(F::kRounder)) - F::kRounder};
}

// log(1 + f) = f - (f²/2 - tail) with tail = s·(f²/2 + R(s²)), s = f / (2 + f): f is exact, the rest small.
template <class V>
struct LogTail {
  V half_square, tail;
};

template <class V>
inline LogTail<V> log_tail(V f) {
  using T = Element<V>;
  const V s = f / (f + T(2)), z = s * s;
  V p;
  if constexpr (sizeof(T) == 4) {
    constexpr double c[] = {0.66666665644609976, 0.40000335398869776, 0.28537294379224103, 0.23582436798868933};
    p = polynomial(z, c);
  } else {
    constexpr double c[] = {0.66666666666666661, 0.40000000000006252, 0.28571428569084452, 0.22222222647008727,
                            0.18181775648714171, 0.15387091487846697, 0.13250101713896908, 0.13251478228366912};
    p = polynomial(z, c);
  }
  const V half_square = f * f * T(0.5);
  return {half_square, s * (half_square + z * p)};
}

// What every logarithm does at and outside the ends of its domain, given y = x + offset there.
template <class V>
inline V log_limits(V y, V x, V result) {
  using T = Element<V>;
  constexpr T inf = std::numeric_limits<T>::infinity();
  result = select(MaskOf<V>(y < inf), result, x);
  result = select(MaskOf<V>(y == T(0)), splat_as<V>(-inf), result);
  return select(MaskOf<V>(y < T(0)), splat_as<V>(std::numeric_limits<T>::quiet_NaN()), result);
}

// combine(k, f, tail) of a positive x, subnormals included.
template <class V, class Combine>
inline V log_of(V x, Combine combine) {
  using T = Element<V>;
  using F = FloatFormat<T>;
  const MaskOf<V> subnormal = x < std::numeric_limits<T>::min();
  LogParts<V> parts = log_parts(select(subnormal, x * F::kSubnormalScale, x));
  parts.k = select(subnormal, parts.k - T(F::kSubnormalShift), parts.k);
  return log_limits(x, x, combine(parts.k, parts.f, log_tail(parts.f)));
}

// ln x.
template <class V>
inline V vlog(V x) {
  using F = FloatFormat<Element<V>>;
  return log_of(x, [](V k, V f, LogTail<V> t) {
    return k * F::kLn2High - ((t.half_square - (t.tail + k * F::kLn2Low)) - f);
  });
}

template <class V>
inline V vlog2(V x) {
  using T = Element<V>;
  return log_of(x, [](V k, V f, LogTail<V> t) {
    return k + (f - (t.half_square - t.tail)) * T(1.4426950408889634);
  });
}

template <class V>
inline V vlog10(V x) {
  using T = Element<V>;
  using F = FloatFormat<T>;
  return log_of(x, [](V k, V f, LogTail<V> t) {
    return k * F::kLog10Of2High + (k * F::kLog10Of2Low + (f - (t.half_square - t.tail)) * T(0.43429448190325182));
  });
}

// ln(1 + x), accurate near 0: the rounding error of 1 + x is put back as a relative correction.
template <class V>
inline V vlog1p(V x) {
  using T = Element<V>;
  using F = FloatFormat<T>;
  const V u = x + T(1), back = u - T(1);
  const V lost = (T(1) - (u - back)) + (x - back);
  auto [f, k] = log_parts(u);
  const MaskOf<V> near_one = k == T(0);
  f = select(near_one, x, f);
  const V correction = select(near_one, V{}, lost / u);
  const LogTail<V> t = log_tail(f);
  const V r = k * F::kLn2High - ((t.half_square - (t.tail + (k * F::kLn2Low + correction))) - f);
  return log_limits(u, x, select(MaskOf<V>(x == T(0)), x, r));
}

// x + x³·P(x²) near 0, ±(1 - 2 / (e^2|x| + 1)) beyond.
template <class V>
inline V vtanh(V x) {
  using T = Element<V>;
  const V a = abs(x), capped = select(MaskOf<V>(a > T(20)), splat_as<V>(T(20)), a), z = x * x;
  V p;
  if constexpr (sizeof(T) == 4) {
    constexpr double c[] = {-0.33333298003461243, 0.13331924157356647, -0.053783832290983552, 0.020795976936742002,
                            -0.0058951629228715745};
    p = polynomial(z, c);
  } else {
    constexpr double c[] = {-0.33333333333333325,   0.1333333333333176,    -0.053968253967210986,
                            0.021869488501407662,   -0.0088632348499092918, 0.0035921195382265822,
                            -0.0014557632566779126, 0.00058961859111323526, -0.00023750230879775955,
                            9.2470620305565302e-5,  -3.1159178759847709e-5, 6.4946144258927451e-6};
    p = polynomial(z, c);
  }
  const auto [expm1_r, whole, k] = exp_parts(V(capped * T(2)));
  const V e = (expm1_r + T(1)) * power_of_two<V>(k);
  return copysign(select(MaskOf<V>(a < T(0.6)), a * z * p + a, T(1) - T(2) / (e + T(1))), x);
}

// 1 / (1 + e^-x), written with e^-|x|, which cannot overflow.
template <class V>
inline V vsigmoid(V x) {
  using T = Element<V>;
  const V e = vexp_negative(-abs(x));
  return select(MaskOf<V>(x < T(0)), e, splat_as<V>(T(1))) / (e + T(1));
}

// ln(1 + x) for 0 ≤ x ≤ 1. Float: the series of `log_tail` with terms for the wider range.
template <class V>
inline V vlog1p_of_unit(V x) {
  using T = Element<V>;
  if constexpr (sizeof(T) == 8) {
    return vlog1p(x);
  } else {
    constexpr double c[] = {0.6666667562219246, 0.39998877729290594, 0.2861688510256095, 0.2142765504453433,
                            0.24300943853146456};
    const V s = x / (x + T(2)), z = s * s, half_square = x * x * T(0.5);
    return x - (half_square - s * (half_square + z * polynomial(z, c)));
  }
}

// log(1 + e^x), without overflow: max(x, 0) + log1p(e^-|x|).
template <class V>
inline V vsoftplus(V x) {
  return max_nan(x, V{}) + vlog1p_of_unit(vexp_negative(-abs(x)));
}

// The error function. Float: x·P(x²) within ±1, 1 - e^Q(|x|) beyond.
template <class V>
inline V verf(V x) {
  using T = Element<V>;
  if constexpr (sizeof(T) == 8) {
    return per_lane(x, [](double v) { return std::erf(v); });
  } else {
    constexpr double p[] = {0.12837916572682327, -0.37612625824920031, 0.11283585154976807, -0.026853812190997363,
                            0.0051883281864188620, -0.00080101982624365479, 0.000078538775316191324};
    constexpr double q[] = {0.00018846762810394248, -1.1295803100223738, -0.63321640063507548, -0.10842209466516182,
                            0.025210336185484784,   -0.0042052832750085111, 0.00044147232472329289,
                            -0.000021697584310468495};
    const V a = abs(x), capped = select(MaskOf<V>(a > T(4)), splat_as<V>(T(4)), a);
    const V small = x * polynomial(V(x * x), p) + x;
    const V large = copysign(T(1) - vexp_negative(polynomial(capped, q)), x);
    return select(MaskOf<V>(a < T(1)), small, large);
  }
}

// The normal distribution at x: Φ(x) and its density without 1/√(2π), e^(-x²/2).
template <class V>
struct Normal {
  V cdf, bell;
};

// Float: Φ(-|x|) = e^(-x²/2)·P(1 / (1 + 0.26·|x|)), so that both share the exponential.
template <class V>
inline Normal<V> vnormal(V x) {
  using T = Element<V>;
  const V bell = vexp_negative(x * x * T(-0.5));
  if constexpr (sizeof(T) == 8) {
    return {(verf(V(x * T(0.70710678118654752))) + T(1)) * T(0.5), bell};
  } else {
    constexpr double p[] = {-7.165767792943756e-06, 0.10390659533073507,  0.10171554651661341,  0.1094811050328665,
                            0.031208837296714836,   0.2001154484526273,   -0.20080895602804305, 0.2909806513525508,
                            -0.17051813266341026,   0.03392607319635054};
    const V tail = bell * polynomial(V(T(1) / (abs(x) * T(0.26) + T(1))), p);
    return {select(MaskOf<V>(x < T(0)), tail, T(1) - tail), bell};
  }
}

}  // namespace myelin::MYELIN_ISA

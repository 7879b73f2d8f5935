#include "elementwise/elementwise.h"
#include "elementwise/elementwise_ops.h"
#include "elementwise/elementwise_loop.h"
#include "common/math_float.h"
#include "common/math_scalar.h"

namespace myelin::MYELIN_ISA {
namespace {

#define UNARY(name, ...)                                                           \
  struct op_##name {                                                               \
    template <class V>                                                             \
    static V apply(V x, [[maybe_unused]] V p, [[maybe_unused]] V q) {              \
      [[maybe_unused]] constexpr bool kFloat = kIsFloat<V>;                        \
      using T [[maybe_unused]] = Element<V>;                                       \
      __VA_ARGS__                                                                  \
    }                                                                              \
  };

template <class V>
V where_positive(V x, V yes, V no) {
  return select(MaskOf<V>(x > V{}), yes, no);
}

UNARY(abs, return abs(x);)
UNARY(neg, if constexpr (kFloat) return -x; else return (V)(decltype(wrapping(x)){} - wrapping(x));)
UNARY(sign, return where_positive(x, splat_as<V>(1), select(MaskOf<V>(x < V{}), splat_as<V>(T(-1)), V{}));)
UNARY(square, return (V)(wrapping(x) * wrapping(x));)
UNARY(cube, return (V)(wrapping(x) * wrapping(x) * wrapping(x));)
UNARY(relu, return select(MaskOf<V>(V{} > x), V{}, x);)
UNARY(clamp, return clamp(x, p, q);)
UNARY(bitwiseNot, if constexpr (kFloat) return x; else return ~x;)

UNARY(ceil, return ceil(x);)
UNARY(floor, return floor(x);)
UNARY(round, return round_even(x);)
UNARY(trunc, return trunc(x);)
UNARY(frac, return x - trunc(x);)
UNARY(sqrt, return sqrt(x);)
UNARY(rsqrt, return T(1) / sqrt(x);)
UNARY(reciprocal, return T(1) / x;)
UNARY(exp, return vexp(x);)
UNARY(exp2, return vexp2(x);)
UNARY(expm1, return vexpm1(x);)
UNARY(log, return vlog(x);)
UNARY(log2, return vlog2(x);)
UNARY(log10, return vlog10(x);)
UNARY(log1p, return vlog1p(x);)
UNARY(sin, return vsin(x);)
UNARY(cos, return vcos(x);)
UNARY(tan, return vtan(x);)
UNARY(asin, return vasin(x);)
UNARY(acos, return vacos(x);)
UNARY(atan, return vatan(x);)
UNARY(sinh, return vsinh(x);)
UNARY(cosh, return vcosh(x);)
UNARY(tanh, return vtanh(x);)
UNARY(asinh, return vasinh(x);)
UNARY(acosh, return vacosh(x);)
UNARY(atanh, return vatanh(x);)
UNARY(erf, return verf(x);)
UNARY(erfc, return verfc(x);)
UNARY(erfinv, return per_lane(x, [](double v) { return erf_inverse(v); });)
UNARY(lgamma, return per_lane(x, [](double v) { return log_gamma(v); });)
UNARY(digamma, return per_lane(x, [](double v) { return digamma(v); });)
UNARY(trigamma, return per_lane(x, [](double v) { return trigamma(v); });)
// p for NaN, ±q for the infinities.
UNARY(nanToNum, x = select(MaskOf<V>(x != x), p, x);
      return select(MaskOf<V>(abs(x) == std::numeric_limits<T>::infinity()), copysign(q, x), x);)

UNARY(sigmoid, return vsigmoid(x);)
UNARY(logSigmoid, return min_nan(x, V{}) - vlog1p_of_unit(vexp_negative(-abs(x)));)
UNARY(leakyRelu, return where_positive(x, x, x * p);)
UNARY(elu, return where_positive(x, x, vexpm1(x) * p);)
UNARY(selu, const T scale = T(1.0507009873554804934193349852946), alpha = T(1.6732632423543772848170429916717);
      return where_positive(x, x * scale, vexpm1(x) * (alpha * scale));)
UNARY(celu, return where_positive(x, x, vexpm1(V(x / p)) * p);)
UNARY(gelu, return x * vnormal(x).cdf;)
UNARY(geluTanh, const V inner = (x + x * x * x * T(0.044715)) * T(0.79788456080286536);
      return x * T(0.5) * (vtanh(inner) + T(1));)
UNARY(silu, return x * vsigmoid(x);)
UNARY(mish, return x * vtanh(vsoftplus(x));)
// p = beta, q = threshold.
UNARY(softplus, const V z = x * p; return select(MaskOf<V>(z > q), x, vsoftplus(z) / p);)
UNARY(softsign, return x / (abs(x) + T(1));)
UNARY(hardsigmoid, return clamp(V(x + T(3)), V{}, splat_as<V>(6)) / T(6);)
UNARY(hardswish, return x * clamp(V(x + T(3)), V{}, splat_as<V>(6)) / T(6);)
UNARY(hardshrink, return select(MaskOf<V>((x >= -p) & (x <= p)), V{}, x);)
UNARY(softshrink, return select(MaskOf<V>(x > p), x - p, select(MaskOf<V>(x < -p), x + p, V{}));)
UNARY(tanhshrink, return x - vtanh(x);)
// p = threshold, q = value.
UNARY(threshold, return select(MaskOf<V>(x <= p), q, x);)
UNARY(sinc, const V angle = x * T(3.1415926535897931);
      return select(MaskOf<V>(x == V{}), splat_as<V>(1), vsin(angle) / angle);)
// p = eps, negative where there are no limits.
UNARY(logit, const V z = select(MaskOf<V>(p < V{}), x, clamp(x, p, V(T(1) - p))); return vlog(V(z / (T(1) - z)));)

template <class T>
constexpr Core kNumberCores[] = {
#define ENTRY(name) &unary_core<T, op_##name>,
    UNARY_NUMBER_OPS(ENTRY)
};
template <class T>
constexpr Core kFloatCores[] = {
    UNARY_OPS(ENTRY)
#undef ENTRY
};

#define TEST(name, ...)                                    \
  struct op_##name {                                       \
    template <class V>                                     \
    static MaskOf<V> apply(V x) {                          \
      [[maybe_unused]] constexpr bool kFloat = kIsFloat<V>; \
      using T [[maybe_unused]] = Element<V>;               \
      __VA_ARGS__                                          \
    }                                                      \
  };

TEST(logicalNot, return x == V{};)
TEST(isnan, return x != x;)
TEST(isinf, if constexpr (kFloat) return abs(x) == std::numeric_limits<T>::infinity(); else return MaskOf<V>{};)
TEST(isfinite, if constexpr (kFloat) return abs(x) < std::numeric_limits<T>::infinity(); else return x == x;)
TEST(isposinf, if constexpr (kFloat) return x == std::numeric_limits<T>::infinity(); else return MaskOf<V>{};)
TEST(isneginf, if constexpr (kFloat) return x == -std::numeric_limits<T>::infinity(); else return MaskOf<V>{};)
TEST(signbit, if constexpr (kFloat) return bits_of(x) < MaskOf<V>{}; else return x < V{};)

template <class T>
constexpr Core kTestCores[] = {
#define ENTRY(name) &test_core<T, op_##name>,
    TEST_OPS(ENTRY)
#undef ENTRY
};

}  // namespace

void unary(int32_t op, int32_t dtype, const void* a, void* out, const int32_t* layout, double p, double q) {
  dispatch_all(dtype, [=](auto unit) {
    using T = decltype(unit);
    Core core;
    if constexpr (std::is_floating_point_v<T>) core = kFloatCores<T>[op];
    else core = kNumberCores<T>[op];
    run_loop(core, layout, p, q, LoopOperand{out, sizeof(T)}, LoopOperand{a, sizeof(T)});
  });
}

void test(int32_t op, int32_t dtype, const void* a, void* out, const int32_t* layout) {
  dispatch_all(dtype, [=](auto unit) {
    using T = decltype(unit);
    run_loop(kTestCores<T>[op], layout, 0, 0, LoopOperand{out, 1}, LoopOperand{a, sizeof(T)});
  });
}

}  // namespace myelin::MYELIN_ISA

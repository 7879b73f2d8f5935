// Gradients in one pass: a is the gradient that comes in, b what the forward saved, its operand or its
// result. Each is g · dy/dx; p and q are the forward's parameters.
#include "elementwise/elementwise_binary.h"
#include "common/math_float.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class V>
V where(MaskOf<V> mask, V yes) {
  return select(mask, yes, V{});
}

template <class V>
V one() {
  return splat_as<V>(1);
}

// Saved: the operand x, or the result y where a formula needs no more.
BINARY(absBackward, return select(MaskOf<V>(b > V{}), a, select(MaskOf<V>(b < V{}), -a, V{}));)
BINARY(sqrtBackward, return a / (b + b);)            // of y
BINARY(rsqrtBackward, return a * b * b * b * T(-0.5);)  // of y
BINARY(reciprocalBackward, return -a * b * b;)       // of y
BINARY(squareBackward, return a * (b + b);)
BINARY(cubeBackward, return a * (b * b * T(3));)
BINARY(tanhBackward, return a * (one<V>() - b * b);)     // of y
BINARY(sigmoidBackward, return a * (one<V>() - b) * b;)  // of y
BINARY(reluBackward, return where<V>(~MaskOf<V>(b <= V{}), a);)  // of x or y; passes at NaN, as hardtanh does
BINARY(clampBackward, return where<V>((b >= p) & (b <= q), a);)
BINARY(hardtanhBackward, return where<V>(~MaskOf<V>((b <= p) | (b >= q)), a);)
BINARY(leakyReluBackward, return select(MaskOf<V>(b > V{}), a, a * p);)
// y = q·x for x > 0, p·q·expm1(x) else. NaN stays.
BINARY(eluBackward, return a * select(MaskOf<V>(b > V{}), q, p * q * vexp(b));)
BINARY(celuBackward, return a * select(MaskOf<V>(b > V{}), one<V>(), vexp(V(b / p)));)
// Φ(x) + x·φ(x).
BINARY(geluBackward, const auto [cdf, bell] = vnormal(b); return a * (cdf + b * (bell * T(0.39894228040143268)));)
BINARY(geluTanhBackward, const V square = b * b;
       const V t = vtanh(V((b + b * square * T(0.044715)) * T(0.79788456080286536)));
       const V slope = (square * T(3 * 0.044715) + T(1)) * T(0.79788456080286536);
       return a * T(0.5) * ((t + T(1)) + b * (one<V>() - t * t) * slope);)
BINARY(siluBackward, const V s = vsigmoid(b); return a * s * (b * (one<V>() - s) + T(1));)
BINARY(mishBackward, const V t = vtanh(vsoftplus(b)); return a * (t + b * vsigmoid(b) * (one<V>() - t * t));)
BINARY(softplusBackward, const V z = b * p; return select(MaskOf<V>(z > q), a, a * vsigmoid(z));)
BINARY(logSigmoidBackward, return a * vsigmoid(V(-b));)
// NaN where x is infinite, like the result.
BINARY(softsignBackward, const V d = abs(b) + T(1); return a / (d * d) + (b - b);)
BINARY(hardsigmoidBackward, return where<V>((b > T(-3)) & (b < T(3)), a / T(6));)
BINARY(hardswishBackward, const V middle = a * (b / T(3) + T(0.5));
       return where<V>(~MaskOf<V>(b < T(-3)), select(MaskOf<V>(b > T(3)), a, middle));)
BINARY(shrinkBackward, return where<V>(~MaskOf<V>((b >= -p) & (b <= p)), a);)
BINARY(tanhshrinkBackward, const V t = vtanh(b); return a * t * t;)
BINARY(thresholdBackward, return where<V>(~MaskOf<V>(b <= p), a);)
BINARY(preluWeightBackward, return where<V>(~MaskOf<V>(b > V{}), a * b);)
// (cos πx − sin πx / πx) / x
BINARY(sincBackward, const V angle = b * T(3.1415926535897931); const V scale = angle * b;
       return a * select(MaskOf<V>(scale == V{}), V{}, (angle * vcos(angle) - vsin(angle)) / scale);)
BINARY(sinBackward, return a * vcos(b);)
BINARY(cosBackward, return -a * vsin(b);)
BINARY(tanBackward, return a * (b * b + T(1));)  // of y
BINARY(asinBackward, return a / sqrt(V(one<V>() - b * b));)
BINARY(acosBackward, return -a / sqrt(V(one<V>() - b * b));)
BINARY(atanBackward, return a / (b * b + T(1));)
BINARY(sinhBackward, return a * vcosh(b);)
BINARY(coshBackward, return a * vsinh(b);)
BINARY(asinhBackward, return a / sqrt(V(b * b + T(1)));)
BINARY(acoshBackward, return a / sqrt(V(b * b - T(1)));)
BINARY(atanhBackward, return a / (one<V>() - b * b);)
BINARY(erfBackward, return a * (vexp(V(-b * b)) * T(1.1283791670955126));)
BINARY(erfcBackward, return -a * (vexp(V(-b * b)) * T(1.1283791670955126));)
BINARY(exp2Backward, return a * b * T(0.69314718055994531);)  // of y
BINARY(expm1Backward, return a * (b + T(1));)                 // of y
BINARY(log2Backward, return a / (b * T(0.69314718055994531));)
BINARY(log10Backward, return a / (b * T(2.3025850929940457));)
BINARY(log1pBackward, return a / (b + T(1));)
// p = eps, negative where there are no limits; q beyond them: 0 or NaN.
BINARY(logitBackward, const V low = select(MaskOf<V>(p < V{}), V{}, p);
       const V g = a / (b * (one<V>() - b));
       return select(MaskOf<V>((b < low) | (b > one<V>() - low)), q, g);)

template <class T>
constexpr Core kCores[] = {
#define ENTRY(name) &binary_core<T, op_##name>,
    BACKWARD_OPS(ENTRY)
#undef ENTRY
};

}  // namespace

Core backward_core(size_t bytes, int32_t index) {
  return bytes == sizeof(double) ? kCores<double>[index] : kCores<float>[index];
}

}  // namespace myelin::MYELIN_ISA
